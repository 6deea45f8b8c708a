import { describe, expect, it } from "vitest";
import type { ClassId, ModelId, ReferenceId } from "./contract.ts";
import { type DescribedBank, MatchTables } from "./match-table.ts";
import type { ModelProfile } from "./model-profile.ts";
import type { ClassDescriptors, ReferenceDescriptor } from "./references/bank/bank.ts";

const DIMENSIONS = 4;
const identity = {
  mean: new Float32Array(4),
  matrix: Float32Array.from({ length: 16 }, (_, at) => Number(at % 5 === 0)),
};
const profile: ModelProfile = { photo: identity, pictogram: identity, isGuess: true };
const model = "m" as ModelId;
const [dog, cat] = ["dog" as ClassId, "cat" as ClassId];

/** A row that counts how often its numbers are asked for. */
function row(id: string, ...vector: readonly number[]): ReferenceDescriptor & { readonly asked: () => number } {
  let asked = 0;
  return {
    referenceId: id as ReferenceId,
    domain: "photo",
    get vector() {
      asked += 1;
      return Float32Array.from(vector);
    },
    asked: () => asked,
  };
}

/** A bank whose content the test sets. */
function bankOf(classes: readonly ClassDescriptors[], around: readonly ReferenceDescriptor[] = []) {
  const state = { revision: 1, classes, around };
  const bank: DescribedBank = {
    snapshot: () => ({ revision: state.revision }),
    descriptorsOf: () => state.classes,
    surroundingsOf: () => state.around,
    partsOf: () => [],
  };
  return { state, bank };
}

describe("match tables", () => {
  const one = row("1", 1, 0, 0, 0);
  const two = row("2", 0, 2, 0, 0);
  const dogs = { classId: dog, name: "dog", references: [one] };
  const cats = { classId: cat, name: "cat", references: [two] };

  it("read a reference once: adding one touches its row alone", () => {
    const [a, b, c] = [row("1", 1, 0, 0, 0), row("2", 0, 2, 0, 0), row("3", 0, 0, 3, 0)];
    const { state, bank } = bankOf([
      { ...dogs, references: [a] },
      { ...cats, references: [b] },
    ]);
    const tables = new MatchTables(bank);
    tables.tableOf(model, DIMENSIONS, profile, [dog, cat]);
    state.revision += 1;
    state.classes = [
      { ...dogs, references: [a, c] },
      { ...cats, references: [b] },
    ];
    const { table, references } = tables.tableOf(model, DIMENSIONS, profile, [dog, cat]);
    expect([a.asked(), b.asked(), c.asked()]).toEqual([1, 1, 1]);
    expect(references).toEqual(["1", "3", "2"]);
    expect([...table.references]).toEqual([1, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0, 0]);
  });

  it("are the same table as long as no row changes: a new name matches nothing anew", () => {
    const { state, bank } = bankOf([dogs, cats]);
    const tables = new MatchTables(bank);
    const before = tables.tableOf(model, DIMENSIONS, profile, [dog, cat]);
    state.revision += 1;
    state.classes = [{ ...dogs, name: "hound" }, cats];
    const after = tables.tableOf(model, DIMENSIONS, profile, [dog, cat]);
    expect(after).toBe(before);
    expect(after.names).toEqual(["hound", "cat"]);
  });

  it("are others for other classes, another profile, and after descriptors came", () => {
    const { state, bank } = bankOf([dogs, cats]);
    const tables = new MatchTables(bank);
    const both = tables.tableOf(model, DIMENSIONS, profile, [dog, cat]);
    expect(tables.tableOf(model, DIMENSIONS, profile, [dog])).not.toBe(both);
    expect(tables.tableOf(model, DIMENSIONS, { ...profile }, [dog])).not.toBe(both);
    const last = tables.tableOf(model, DIMENSIONS, profile, [dog, cat]);
    state.classes = [{ ...dogs, references: [one, row("9", 1, 1, 0, 0)] }, cats];
    expect(tables.tableOf(model, DIMENSIONS, profile, [dog, cat])).toBe(last);
    tables.invalidate();
    expect(tables.tableOf(model, DIMENSIONS, profile, [dog, cat]).references).toEqual(["1", "9", "2"]);
  });

  it("take no more surroundings than the match can bear, and the same ones when references come and go", () => {
    const around = Array.from({ length: 700 }, (_, at) => row(`r${(at * 7919) % 700}`.padStart(5, "0"), 0, 0, 0, 1));
    const { state, bank } = bankOf([dogs, cats], around);
    const tables = new MatchTables(bank);
    const before = tables.tableOf(model, DIMENSIONS, profile, [dog, cat]);
    expect(before.references).toHaveLength(2 + 24);
    state.revision += 1;
    state.around = around.slice(1);
    tables.tableOf(model, DIMENSIONS, profile, [dog, cat]);
    expect(around.filter((one) => one.asked() > 1)).toEqual([]);
    expect(around.filter((one) => one.asked() === 1).length).toBeLessThanOrEqual(25);
  });
});
