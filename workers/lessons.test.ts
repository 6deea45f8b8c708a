import { expect, test } from "vitest";
import type { ClassId, ReferenceId } from "./contract.ts";
import { Lessons } from "./lessons.ts";
import { MOST_SAMPLES } from "./matching/discriminant.ts";
import type { MatchSpace } from "./match-space.ts";
import type { ClassParts, ReferenceDescriptor } from "./references/bank/bank.ts";

const whitening = { mean: new Float32Array(2), matrix: Float32Array.of(1, 0, 0, 1) };
const space: MatchSpace = { photo: whitening, pictogram: whitening, again: null };

/** Units that count how often a row was made. */
function counting() {
  const made = new Map<ReferenceDescriptor, Float32Array>();
  return {
    made,
    space,
    of(row: ReferenceDescriptor): Float32Array {
      const unit = made.get(row) ?? row.vector;
      made.set(row, unit);
      return unit;
    },
    compute: () => undefined,
  };
}

const partsOf = (id: string, count: number): ClassParts["parts"] =>
  Array.from({ length: count }, (_, at) => ({
    referenceId: `${id} ${Math.floor(at / 8)}` as ReferenceId,
    domain: "photo",
    vector: Float32Array.of(at % 8 < 4 ? 1 : 0, at % 8 < 4 ? 0 : 1),
    inside: at % 8 < 4,
    patches: 3,
  }));

test("of a very large bank some pieces are enough, of things and of what surrounds them alike", () => {
  const taught = ["dog", "cat", "sky"].map((id) => ({ classId: id as ClassId, parts: partsOf(id, 16_000) }));
  const { samples } = new Lessons().learn(taught, 2, counting());
  expect(samples.length).toBeLessThanOrEqual(MOST_SAMPLES);
  expect(samples.length).toBeGreaterThan(MOST_SAMPLES / 2 - 10);
  const inside = samples.filter(({ classIndex }) => classIndex >= 0).length / samples.length;
  expect(inside).toBeCloseTo(0.5, 2);
});

test("one more reference has no other piece be made anew", () => {
  const taught = ["dog", "cat", "sky"].map((id) => ({ classId: id as ClassId, parts: partsOf(id, 16_000) }));
  const units = counting();
  const lessons = new Lessons();
  const first = lessons.learn(taught, 2, units);
  const before = units.made.size;
  const [dog, ...others] = taught;
  if (!dog) throw new Error("There is no class.");
  const more = [{ ...dog, parts: [...dog.parts, ...partsOf("more", 8)] }, ...others];
  const second = lessons.learn(more, 2, units);
  expect(units.made.size - before).toBeLessThanOrEqual(8);
  expect(second.samples.length - first.samples.length).toBe(units.made.size - before);
});
