import type { Coverage } from "../../imaging/coverage.ts";
import type { Descriptors, PatchTokens } from "../../imaging/patch-tokens.ts";
import { randomNumbers, seededRandom } from "../../seeded-random.ts";
import { POOLING_WORKGROUP } from "./layout.ts";

/** One case of masked pooling, for the kernel and for its CPU twin. */
export interface PoolingCase {
  readonly name: string;
  readonly tokens: PatchTokens;
  readonly coverage: Coverage;
}

/** How far the kernel, which sums in single precision, may be from the twin: tokens here are within -1..1. */
export const POOLING_TOLERANCE = 1e-5;

type Mask = readonly (readonly [patch: number, weight: number])[];

function coverageOf(masks: readonly Mask[]): Coverage {
  const offsets = new Uint32Array(masks.length + 1);
  masks.forEach((mask, index) => (offsets[index + 1] = (offsets[index] ?? 0) + mask.length));
  const entries = masks.flat();
  return {
    count: masks.length,
    offsets,
    patches: Uint32Array.from(entries, ([patch]) => patch),
    weights: Float32Array.from(entries, ([, weight]) => weight),
    parent: null,
  };
}

/** Leaves under a random forest: every node but the last few gets one of those after it for a parent. */
function forest(leaves: Coverage, nodes: number, roots: number): Coverage {
  const random = seededRandom(nodes + roots);
  const parent = Int32Array.from({ length: nodes }, (_, node) => {
    const first = Math.max(leaves.count, node + 1);
    return node < nodes - roots ? first + Math.floor(random() * Math.min(6, nodes - first)) : -1;
  });
  return { ...leaves, parent };
}

function tokensOf(rows: number, columns: number, dimensions: number): PatchTokens {
  const data = randomNumbers(rows * columns * dimensions, seededRandom(rows + 31 * columns + 977 * dimensions));
  return { rows, columns, dimensions, data };
}

function scattered(masks: number, patches: number, share: number): Coverage {
  const random = seededRandom(masks * patches);
  return coverageOf(
    Array.from({ length: masks }, () =>
      Array.from({ length: patches }, (_, patch) => [patch, random()] as const).filter(() => random() < share),
    ),
  );
}

export const poolingCases: readonly PoolingCase[] = [
  { name: "no mask at all", tokens: tokensOf(2, 2, 4), coverage: coverageOf([]) },
  { name: "one patch, one mask", tokens: tokensOf(1, 1, 3), coverage: coverageOf([[[0, 1]]]) },
  { name: "a sliver of one patch", tokens: tokensOf(2, 3, 8), coverage: coverageOf([[[4, 1 / 4096]]]) },
  {
    name: "masks without coverage among others",
    tokens: tokensOf(2, 3, 5),
    coverage: coverageOf([
      [],
      [[1, 0.5]],
      [],
      [
        [0, 1],
        [5, 0.25],
      ],
      [],
    ]),
  },
  { name: "one number a token", tokens: tokensOf(3, 3, 1), coverage: scattered(7, 9, 0.5) },
  {
    name: "fewer numbers than threads, and not a multiple of four",
    tokens: tokensOf(4, 4, POOLING_WORKGROUP - 3),
    coverage: scattered(9, 16, 0.4),
  },
  { name: "384 numbers a token", tokens: tokensOf(8, 6, 384), coverage: scattered(20, 48, 0.3) },
  {
    name: "leaves that are no one's children",
    tokens: tokensOf(3, 4, 6),
    coverage: forest(scattered(5, 12, 0.4), 5, 5),
  },
  {
    name: "a tree with leaves without coverage",
    tokens: tokensOf(2, 2, 9),
    coverage: { ...coverageOf([[], [[0, 0.5]], [], [[3, 1]]]), parent: Int32Array.of(4, 5, 4, 5, 6, 6, -1) },
  },
  { name: "a deep forest", tokens: tokensOf(9, 7, 70), coverage: forest(scattered(60, 63, 0.1), 117, 3) },
  { name: "768 numbers a token", tokens: tokensOf(5, 7, 768), coverage: scattered(12, 35, 0.6) },
];

/** The mean written down directly from the definition, entry by entry: what both must give. */
export function poolByDefinition({ tokens, coverage }: PoolingCase): Descriptors {
  const { dimensions } = tokens;
  const { offsets, patches, weights, parent } = coverage;
  const count = parent?.length ?? coverage.count;
  const data = new Float32Array(count * dimensions);
  for (let i = 0; i < data.length; i += 1) {
    const mask = Math.floor(i / dimensions);
    const entries = Array.from({ length: coverage.count }, (_, leaf) => leaf)
      .filter((leaf) => isWithin(leaf, mask, parent))
      .flatMap((leaf) =>
        Array.from(patches.slice(offsets[leaf], offsets[leaf + 1]), (_, k) => (offsets[leaf] ?? 0) + k),
      );
    const total = entries.reduce((sum, entry) => sum + (weights[entry] ?? 0), 0);
    const sum = entries.reduce((sum, entry) => {
      const value = tokens.data[(patches[entry] ?? 0) * dimensions + (i % dimensions)] ?? 0;
      return sum + (weights[entry] ?? 0) * value;
    }, 0);
    data[i] = total === 0 ? 0 : sum / total;
  }
  return { count, dimensions, data };
}

function isWithin(leaf: number, node: number, parent: Coverage["parent"]): boolean {
  for (let above = leaf; above >= 0; above = parent?.[above] ?? -1) if (above === node) return true;
  return false;
}
