import type { ClassId, ReferenceId } from "./contract.ts";
import {
  type Discriminant,
  fitDiscriminant,
  MOST_SAMPLES,
  type Sample,
  SURROUNDINGS,
  trustIn,
} from "./matching/discriminant.ts";
import type { MatchSpace } from "./match-space.ts";
import type { ClassParts, ReferenceDescriptor } from "./references/bank/bank.ts";

/** What was learned from the references of some classes. */
export interface Lesson {
  readonly classes: readonly ClassId[];
  /** What it was learned from. */
  readonly samples: readonly (Sample & { readonly referenceId: ReferenceId })[];
  /** Null: nothing was shown. */
  readonly discriminant: Discriminant | null;
  /** How far it is to be trusted, 0..1. */
  readonly trust: number;
}

/** Unit vectors of rows in a space, each made once; their numbers are there after `compute`. */
interface Units {
  readonly space: MatchSpace;
  of(row: ReferenceDescriptor): Float32Array;
  compute(): void;
}

/**
 * Learns from all photographs in the bank what tells its classes apart, and from what surrounds them. All classes take
 * part, asked for or not: what a thing is not is known from them too. The last lesson is kept as long as nothing that it
 * was learned from changes.
 */
export class Lessons {
  #last: { readonly space: MatchSpace; readonly taught: readonly ClassParts[]; readonly lesson: Lesson } | null = null;

  learn(taught: readonly ClassParts[], dimensions: number, units: Units): Lesson {
    const { space } = units;
    if (this.#last?.space === space && areSame(this.#last.taught, taught)) return this.#last.lesson;
    const lesson = learned(taught, dimensions, units);
    this.#last = { space, taught, lesson };
    return lesson;
  }
}

function areSame(some: readonly ClassParts[], others: readonly ClassParts[]): boolean {
  return (
    some.length === others.length &&
    some.every(({ classId, parts }, at) => {
      const other = others[at];
      return (
        other?.classId === classId &&
        parts.length === other.parts.length &&
        parts.every((part, index) => part === other.parts[index])
      );
    })
  );
}

/** Places that are its multiples, less whole turns, lie evenly, however a class's pieces follow each other. */
const GOLDEN = (Math.sqrt(5) - 1) / 2;

function learned(taught: readonly ClassParts[], dimensions: number, units: Units): Lesson {
  const classes = taught.map(({ classId }) => classId);
  const all = taught.reduce((sum, { parts }) => sum + parts.length, 0);
  const references = new Set(taught.flatMap(({ parts }) => parts.map(({ referenceId }) => referenceId)));
  const trust = trustIn(references.size);
  // Of a very large bank not all are needed. Which of them are changes by halves only, so that one more reference leaves
  // the others as they were.
  const share = 2 ** -Math.max(0, Math.ceil(Math.log2(all / MOST_SAMPLES)));
  const some = taught.flatMap(({ parts }, index) =>
    parts.filter((_, at) => (at * GOLDEN) % 1 < share).map((part) => ({ part, index })),
  );
  const samples = some.map(({ part, index }) => ({
    referenceId: part.referenceId,
    vector: units.of(part),
    classIndex: part.inside ? index : SURROUNDINGS,
    patches: part.patches,
  }));
  units.compute();
  return { classes, samples, discriminant: fitDiscriminant(dimensions, taught.length, samples, trust), trust };
}

/** The functions of some classes, in their order; one that nothing was learned of gains what "other" gains. */
export function functionsOf({ classes, discriminant }: Lesson, wanted: readonly ClassId[]): Discriminant | null {
  if (!discriminant) return null;
  const { dimensions, functions } = discriminant;
  const size = dimensions + 1;
  const places = new Map(classes.map((id, index) => [id, index + 1]));
  const chosen = new Float32Array((wanted.length + 1) * size);
  chosen.set(functions.subarray(0, size));
  for (const [index, id] of wanted.entries()) {
    const place = places.get(id) ?? 0;
    chosen.set(functions.subarray(place * size, (place + 1) * size), (index + 1) * size);
  }
  return { dimensions, classes: wanted.length, functions: chosen };
}
