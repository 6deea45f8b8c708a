import type { Coverage } from "../imaging/coverage.ts";
import type { Descriptors, PatchTokens } from "../imaging/patch-tokens.ts";
import { buildReferenceTable, type ReferenceTable } from "../matching/reference-table.ts";
import { randomNumbers, seededRandom } from "../seeded-random.ts";

/** One size of a match: so many regions against so many classes with so many references each, D numbers a row. */
export interface MatchSize {
  readonly name: string;
  readonly regions: number;
  readonly classes: number;
  readonly references: number;
  readonly dimensions: number;
}

export const MATCH_SIZES: readonly MatchSize[] = [
  { name: "tree", regions: 1800, classes: 100, references: 4, dimensions: 384 },
  { name: "small", regions: 50, classes: 10, references: 8, dimensions: 384 },
  { name: "medium", regions: 300, classes: 80, references: 16, dimensions: 384 },
  { name: "large", regions: 300, classes: 1203, references: 16, dimensions: 768 },
];

export interface MatchInput {
  readonly descriptors: Descriptors;
  readonly table: ReferenceTable;
  /** C x C. What stands in them does not change how long a ranking takes. */
  readonly lists: Float32Array<ArrayBuffer>;
}

/** Unit rows that point anywhere: how alike they are does not change how long they take. */
export function matchInput({ regions, classes, references, dimensions }: MatchSize): MatchInput {
  const random = seededRandom(regions + classes);
  const vectors = (count: number) => Array.from({ length: count }, () => randomNumbers(dimensions, random));
  const rows = buildReferenceTable(dimensions, [vectors(regions)]);
  return {
    descriptors: { count: regions, dimensions, data: rows.references },
    table: buildReferenceTable(
      dimensions,
      Array.from({ length: classes }, () => vectors(references)),
    ),
    lists: randomNumbers(classes * classes, random),
  };
}

/** Patches along either side of the grid that is pooled, and leaves of the tree: those of a photograph at 448 px. */
export const POOLING_GRID = 32;
const LEAVES = 850;
const PATCHES_A_LEAF = 6;

/** Tokens of a photograph and a balanced tree over leaves of a few patches each. */
export function poolingInput(dimensions: number): { readonly tokens: PatchTokens; readonly tree: Coverage } {
  const random = seededRandom(dimensions);
  const patches = POOLING_GRID * POOLING_GRID;
  const entries = LEAVES * PATCHES_A_LEAF;
  const nodes = 2 * LEAVES - 1;
  return {
    tokens: {
      rows: POOLING_GRID,
      columns: POOLING_GRID,
      dimensions,
      data: randomNumbers(patches * dimensions, random),
    },
    tree: {
      count: LEAVES,
      offsets: Uint32Array.from({ length: LEAVES + 1 }, (_, leaf) => leaf * PATCHES_A_LEAF),
      patches: Uint32Array.from({ length: entries }, (_, entry) => Math.floor((entry * patches) / entries)),
      weights: new Float32Array(entries).map(() => 0.05 + 0.9 * random()),
      parent: Int32Array.from({ length: nodes }, (_, node) => (node < nodes - 1 ? LEAVES + (node >> 1) : -1)),
    },
  };
}
