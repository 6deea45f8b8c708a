import type { ClassId, ModelId, ReferenceId } from "./contract.ts";
import { whiten } from "./features/whitening.ts";
import { functionsOf, type Lesson, Lessons } from "./lessons.ts";
import { buildReferenceTable, type ClassVectors, type ReferenceTable } from "./matching/reference-table.ts";
import { type MatchSpace, MatchSpaces } from "./match-space.ts";
import type { ModelProfile } from "./model-profile.ts";
import type { Discriminant } from "./matching/discriminant.ts";
import type { Bank, ReferenceDescriptor } from "./references/bank/bank.ts";

/** A reference table together with what its numbers stand for. */
export interface MatchTable {
  readonly table: ReferenceTable;
  /** What tells each of the classes from all others of the bank, and from what surrounds things; null: nothing is known. */
  readonly discriminant: Discriminant | null;
  /** How far that is to be trusted, 0..1. */
  readonly trust: number;
  /** What its rows are numbers of. */
  readonly space: MatchSpace;
  /** What it comes from. */
  readonly lesson: Lesson;
  readonly classes: readonly ClassId[];
  /** Names of all classes of the table, anchors included. */
  readonly names: readonly string[];
  /** Reference of every row; anchors' rows have none. */
  readonly references: readonly (ReferenceId | null)[];
  /** Of every anchor: the reference whose surroundings it is. */
  readonly anchors: readonly ReferenceId[];
}

/** Surroundings this like a class's prototype (cosine) shows the same, and would rob it. */
const TOO_LIKE = 0.6;

/**
 * Anchors of a table, at most: more would take the places of classes in the ranking, and where there are more references
 * than this, what was learned from all their surroundings (lessons.ts) tells "other" better than any one of them.
 */
const MOST_SURROUNDINGS = 24;

type Domain = ReferenceDescriptor["domain"];

/** What of the bank the match needs. */
export interface DescribedBank extends Pick<Bank, "descriptorsOf" | "surroundingsOf" | "partsOf"> {
  snapshot(): { readonly revision: number };
}

/**
 * Tables for the match, from the bank's raw descriptors and a model's profile. What was made is kept: a reference is
 * whitened once, so adding one costs one row; and as long as no row changes it is the same table, which is the key under
 * which the matcher keeps its buffers.
 */
export class MatchTables {
  readonly #bank: DescribedBank;
  readonly #lessons = new Lessons();
  readonly #spaces = new MatchSpaces();
  #units: UnitVectors | null = null;
  #last: { readonly made: MatchTable & { names: readonly string[] }; readonly of: TableRows } | null = null;
  #key = "";

  constructor(bank: DescribedBank) {
    this.#bank = bank;
  }

  /** Looks again: descriptors were added without a change of the bank's revision. */
  invalidate(): void {
    this.#key = "";
  }

  /** What a reference's row is in the table: whitened, of unit length. */
  unitsOf(model: ModelId, dimensions: number, profile: ModelProfile): UnitVectors {
    return this.#unitsIn(dimensions, this.#spaces.of(this.#bank.partsOf(model), profile));
  }

  #unitsIn(dimensions: number, space: MatchSpace): UnitVectors {
    if (this.#units?.space !== space) this.#units = new UnitVectors(dimensions, space);
    return this.#units;
  }

  tableOf(model: ModelId, dimensions: number, profile: ModelProfile, wanted: readonly ClassId[]): MatchTable {
    const key = `${this.#bank.snapshot().revision} ${model} ${wanted.join(" ")}`;
    if (this.#last?.of.profile === profile && key === this.#key) return this.#last.made;
    this.#key = key;

    const taught = this.#bank.partsOf(model);
    const space = this.#spaces.of(taught, profile);
    const units = this.#unitsIn(dimensions, space);

    const known = new Map(this.#bank.descriptorsOf(model).map((one) => [one.classId, one]));
    const names = wanted.map((id) => known.get(id)?.name ?? "");
    const of: TableRows = {
      profile,
      space,
      classes: wanted,
      things: wanted.map((id) => known.get(id)?.references ?? []),
      // What surrounds the examples is most likely none of the classes.
      surroundings: someOf(this.#bank.surroundingsOf(model)),
      lesson: this.#lessons.learn(taught, dimensions, units),
    };
    if (this.#last && areSame(this.#last.of, of)) {
      const { made } = this.#last;
      made.names = [...names, ...made.names.slice(names.length)];
      return made;
    }

    const things = of.things.map((rows) => rows.map((row) => units.of(row)));
    const surroundings = of.surroundings.map((row) => ({ referenceId: row.referenceId, unit: units.of(row) }));
    units.compute();
    const prototypes = things.filter((one) => one.length > 0).map(meanDirection);
    const anchors = surroundings.filter((one) => !prototypes.some((prototype) => dot(prototype, one.unit) > TOO_LIKE));
    const made = {
      table: buildReferenceTable(
        dimensions,
        things,
        anchors.map((anchor) => [anchor.unit]),
      ),
      discriminant: functionsOf(of.lesson, wanted),
      trust: of.lesson.trust,
      space,
      lesson: of.lesson,
      classes: wanted,
      names: [...names, ...anchors.map(() => "surroundings")],
      references: [...of.things.flatMap((rows) => rows.map((row) => row.referenceId)), ...anchors.map(() => null)],
      anchors: anchors.map(({ referenceId }) => referenceId),
    };
    this.#last = { made, of };
    return made;
  }
}

/** The rows that a table was made of. */
interface TableRows {
  readonly profile: ModelProfile;
  readonly space: MatchSpace;
  readonly classes: readonly ClassId[];
  readonly things: readonly (readonly ReferenceDescriptor[])[];
  readonly surroundings: readonly ReferenceDescriptor[];
  readonly lesson: Lesson;
}

function areSame(a: TableRows, b: TableRows): boolean {
  const equal = <Item>(one: readonly Item[], other: readonly Item[]): boolean =>
    one.length === other.length && one.every((item, at) => item === other[at]);
  return (
    a.profile === b.profile &&
    a.space === b.space &&
    a.lesson === b.lesson &&
    equal(a.classes, b.classes) &&
    equal(a.surroundings, b.surroundings) &&
    a.things.every((rows, at) => equal(rows, b.things[at] ?? []))
  );
}

/**
 * At most MOST_SURROUNDINGS of them. Ids are
 * random, so the first by id are a sample that hardly changes when references come and go.
 */
function someOf(surroundings: readonly ReferenceDescriptor[]): readonly ReferenceDescriptor[] {
  if (surroundings.length <= MOST_SURROUNDINGS) return surroundings;
  return [...surroundings].sort((a, b) => (a.referenceId < b.referenceId ? -1 : 1)).slice(0, MOST_SURROUNDINGS);
}

/** Whitened rows, each made once. Those asked for are made together, by domain; `of` then has been filled in. */
export class UnitVectors {
  readonly space: MatchSpace;
  readonly #dimensions: number;
  readonly #known = new WeakMap<ReferenceDescriptor, Float32Array>();
  #pending: { readonly row: ReferenceDescriptor; readonly unit: Float32Array }[] = [];

  constructor(dimensions: number, space: MatchSpace) {
    this.#dimensions = dimensions;
    this.space = space;
  }

  /** The row's unit vector; its numbers are there after `compute`. */
  of(row: ReferenceDescriptor): Float32Array {
    const known = this.#known.get(row);
    if (known) return known;
    const unit = new Float32Array(this.#dimensions);
    this.#known.set(row, unit);
    this.#pending.push({ row, unit });
    return unit;
  }

  compute(): void {
    const dimensions = this.#dimensions;
    const waiting = this.#pending;
    this.#pending = [];
    for (const domain of ["photo", "pictogram"] as const satisfies readonly Domain[]) {
      const pending = waiting.filter(({ row }) => row.domain === domain);
      const data = new Float32Array(pending.length * dimensions);
      pending.forEach(({ row }, index) => data.set(row.vector, index * dimensions));
      const whitened = whiten({ count: pending.length, dimensions, data }, this.space[domain]).data;
      pending.forEach(({ unit }, index) => unit.set(whitened.subarray(index * dimensions, (index + 1) * dimensions)));
    }
  }
}

function meanDirection(vectors: ClassVectors): Float32Array {
  const sum = new Float32Array(vectors[0]?.length ?? 0);
  for (const vector of vectors) for (let d = 0; d < sum.length; d += 1) sum[d] = (sum[d] ?? 0) + (vector[d] ?? 0);
  const length = Math.sqrt(dot(sum, sum));
  return length > 0 ? sum.map((value) => value / length) : sum;
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let d = 0; d < a.length; d += 1) sum += (a[d] ?? 0) * (b[d] ?? 0);
  return sum;
}
