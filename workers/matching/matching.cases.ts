import type { Descriptors } from "../imaging/patch-tokens.ts";
import { randomNumbers, seededRandom } from "../seeded-random.ts";
import { DEFAULT_PARAMETERS } from "./ranking/layout.ts";
import type { MatchParameters } from "./ranking/layout.ts";
import { buildReferenceTable } from "./reference-table.ts";
import type { ReferenceTable } from "./reference-table.ts";

/** One case of the match, for the kernels and for their CPU twins. */
export interface MatchingCase {
  readonly name: string;
  readonly descriptors: Descriptors;
  readonly table: ReferenceTable;
  readonly parameters: MatchParameters;
}

/** How far a cosine of the kernel, which sums in single precision, may be from the twin's. */
export const SIMILARITY_TOLERANCE = 2e-6;

/**
 * How far a divergence may be: single precision cosines are divided by tau (0.06 by default) before they are compared,
 * over up to eight choices.
 */
export const DIVERGENCE_TOLERANCE = 2e-3;

type Random = () => number;

function unit(values: Float32Array<ArrayBuffer>): Float32Array<ArrayBuffer> {
  const length = Math.hypot(...values);
  return length > 0 ? values.map((value) => value / length) : values;
}

/** A class: vectors around a common centre, as references of one kind of thing are. */
function cluster(count: number, dimensions: number, random: Random): Float32Array<ArrayBuffer>[] {
  const centre = unit(randomNumbers(dimensions, random));
  return Array.from({ length: count }, () => {
    const noise = unit(randomNumbers(dimensions, random));
    return unit(centre.map((value, d) => value + 1.2 * (noise[d] ?? 0)));
  });
}

function tableOf(counts: readonly number[], anchors: readonly number[], dimensions: number): ReferenceTable {
  const random = seededRandom(counts.length * 7919 + dimensions);
  const clusters = (sizes: readonly number[]) => sizes.map((size) => cluster(size, dimensions, random));
  return buildReferenceTable(dimensions, clusters(counts), clusters(anchors));
}

/** Regions that resemble one reference each, in turn, with noise. */
function regionsLike(table: ReferenceTable, count: number): Descriptors {
  const { dimensions, references } = table;
  const random = seededRandom(count + 3);
  const rows = references.length / dimensions;
  const data = new Float32Array(count * dimensions);
  for (let region = 0; region < count; region += 1) {
    const noise = unit(randomNumbers(dimensions, random));
    const start = ((region * 5) % Math.max(1, rows)) * dimensions;
    data.set(unit(noise.map((value, d) => value + 0.8 * (references[start + d] ?? 0))), region * dimensions);
  }
  return { count, dimensions, data };
}

function caseOf(
  name: string,
  table: ReferenceTable,
  regions: number,
  parameters: Partial<MatchParameters> = {},
): MatchingCase {
  return {
    name,
    table,
    descriptors: regionsLike(table, regions),
    parameters: { ...DEFAULT_PARAMETERS, ...parameters },
  };
}

/** Two classes with the very same references, and a region equal to one of them. */
function twins(): MatchingCase {
  const vectors = cluster(3, 16, seededRandom(4));
  const table = buildReferenceTable(16, [vectors, vectors, cluster(2, 16, seededRandom(5))]);
  return { ...caseOf("classes and references that tie", table, 6), descriptors: regionsLike(table, 6) };
}

/** Zero descriptors among others, and a zero reference. */
function zeros(): MatchingCase {
  const table = buildReferenceTable(12, [
    [new Float32Array(12), unit(randomNumbers(12, seededRandom(6)))],
    [unit(randomNumbers(12, seededRandom(7)))],
    [new Float32Array(12)],
  ]);
  const descriptors = regionsLike(table, 5);
  descriptors.data.fill(0, 0, 12);
  descriptors.data.fill(0, 36, 48);
  return { ...caseOf("zero descriptors and zero references", table, 5), descriptors };
}

/** References that cancel out: the prototype is undefined. */
function opposites(): MatchingCase {
  const vector = unit(randomNumbers(8, seededRandom(8)));
  const against = vector.map((value) => -value);
  return caseOf("references that cancel out", buildReferenceTable(8, [[vector, against], [vector], [against]]), 4);
}

const many = Array.from({ length: 40 }, (_, index) => index % 4);

export const matchingCases: readonly MatchingCase[] = [
  caseOf("one region, one class, one reference", tableOf([1], [], 4), 1),
  caseOf("no regions", tableOf([2, 3], [], 8), 0),
  caseOf("one class with many references", tableOf([150], [], 20), 5),
  caseOf("two classes, fewer than k", tableOf([3, 2], [], 10), 9),
  caseOf("only single references", tableOf([1, 1, 1, 1], [], 16), 7),
  caseOf("classes without references among others", tableOf(many, [0, 2], 24), 17),
  caseOf("no class at all", tableOf([], [], 8), 2),
  caseOf("no class with references", tableOf([0, 0], [], 8), 3),
  caseOf("numbers that are not a multiple of four", tableOf([4, 5, 6, 3], [2], 19), 18),
  caseOf("anchors beside classes", tableOf([5, 4], [3, 1, 1, 2, 6, 2, 1], 32), 33),
  caseOf("384 numbers, a class larger than a group", tableOf([70, 3, 9, 2], [4, 4], 384), 21),
  caseOf("a class of exactly a group, one of one more, and none around them", tableOf([0, 64, 0, 65, 0], [0], 40), 35),
  caseOf("one region against many small classes", tableOf(many.concat(many, many), [1], 8), 1),
  caseOf("768 numbers", tableOf([3, 3, 1, 8, 5], [2, 2], 768), 11),
  caseOf("rankings of eight", tableOf([3, 2, 5, 4, 1, 2, 2, 6, 3, 2, 2], [1], 32), 12, { k: 8 }),
  caseOf("rankings of one", tableOf([3, 2, 5], [], 12), 6, { k: 1 }),
  caseOf("a soft temperature and a strong ranking", tableOf([3, 2, 5, 4], [2, 2], 12), 8, { tau: 0.3, lambda: 1 }),
  caseOf("without the ranking", tableOf([3, 2, 5, 4], [2, 2], 12), 8, { lambda: 0 }),
  twins(),
  zeros(),
  opposites(),
];
