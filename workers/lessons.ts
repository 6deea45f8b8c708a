import type { ClassId, ReferenceId } from "./contract.ts";
import { whiten } from "./features/whitening.ts";
import {
  type Discriminant,
  fitDiscriminant,
  MOST_SAMPLES,
  type Sample,
  SURROUNDINGS,
  trustIn,
} from "./matching/discriminant.ts";
import type { MatchSpace } from "./match-space.ts";
import type { ClassParts } from "./references/bank/bank.ts";

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

/**
 * Learns from all photographs in the bank what tells its classes apart, and from what surrounds them. All classes take
 * part, asked for or not: what a thing is not is known from them too. The last lesson is kept as long as nothing that it
 * was learned from changes.
 */
export class Lessons {
  #last: { readonly space: MatchSpace; readonly taught: readonly ClassParts[]; readonly lesson: Lesson } | null = null;

  learn(taught: readonly ClassParts[], dimensions: number, space: MatchSpace): Lesson {
    if (this.#last?.space === space && areSame(this.#last.taught, taught)) return this.#last.lesson;
    const lesson = learned(taught, dimensions, space);
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

function learned(taught: readonly ClassParts[], dimensions: number, space: MatchSpace): Lesson {
  const classes = taught.map(({ classId }) => classId);
  const all = taught.flatMap(({ parts }, index) => parts.map((part) => ({ part, index })));
  const trust = trustIn(new Set(all.map(({ part }) => part.referenceId)).size);
  // Thinned out before they are unpacked: of a very large bank not all are needed.
  const step = Math.max(1, all.length / MOST_SAMPLES);
  const some = Array.from({ length: Math.floor(all.length / step) }, (_, at) => all[Math.floor(at * step)]).flatMap(
    (one) => one ?? [],
  );
  const raw = new Float32Array(some.length * dimensions);
  some.forEach(({ part }, at) => raw.set(part.vector, at * dimensions));
  const { data } = whiten({ count: some.length, dimensions, data: raw }, space.photo);
  const samples = some.map(({ part: { referenceId, inside, patches }, index }, at) => ({
    referenceId,
    vector: data.subarray(at * dimensions, (at + 1) * dimensions),
    classIndex: inside ? index : SURROUNDINGS,
    patches,
  }));
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
