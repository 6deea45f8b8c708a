import { describe, expect, it } from "vitest";
import { draft } from "./bank.fixture.ts";
import { readRecord } from "./records.ts";

const key = "class:c1";
const record = { kind: "class", version: 2, id: "c1", name: "dog", colour: "#0793ee", order: 0 };
const migrations = {
  class: { 1: ({ title, ...rest }: Readonly<Record<string, unknown>>) => ({ ...rest, name: title }) },
  reference: {},
  descriptor: {},
  anchors: {},
};

describe("a stored record", () => {
  it("of today's version is read as it is, without what does not belong to it", () => {
    expect(readRecord(key, { ...record, extra: 1 })).toEqual({ state: "good", record });
  });

  it("of an older version is migrated step by step", () => {
    const { name, ...rest } = record;
    const old = { ...rest, version: 1, title: name };
    expect(readRecord(key, old, migrations)).toEqual({ state: "good", record });
  });

  it("of an older version without a migration is damaged, and so is one that a migration leaves unfit", () => {
    expect(readRecord(key, { ...record, version: 0 })).toMatchObject({ state: "damaged" });
    expect(readRecord(key, { ...record, version: 1, title: 7 }, migrations)).toMatchObject({ state: "damaged" });
  });

  it("of a later version is neither read nor called damaged", () => {
    expect(readRecord(key, { ...record, version: 3, name: { en: "dog" } })).toEqual({ state: "newer" });
  });

  const descriptor = {
    kind: "descriptor",
    version: 2,
    referenceId: "r1",
    modelId: "m",
    dimensions: 2,
    views: new Float32Array([1, 2, 3, 4]),
    surroundings: null,
  };

  const reference = {
    ...draft(),
    kind: "reference",
    version: 2,
    id: "r1",
    classId: "c1",
    enabled: true,
    order: 0,
    subcategory: null,
    attribution: null,
  };

  it("of a reference of version 1 gets no sub-category and no attribution", () => {
    const { subcategory, attribution, ...old } = { ...reference, version: 1 };
    expect([subcategory, attribution]).toEqual([null, null]);
    expect(readRecord("reference:r1", old)).toEqual({ state: "good", record: reference });
  });

  it.each([
    ["an empty sub-category", { subcategory: "" }],
    ["an attribution that lacks its licence", { attribution: { provider: "x", title: "", author: "", pageUrl: "" } }],
    ["a source nobody knows", { source: "rumour" }],
  ])("of a reference with %s is damaged", (_, damage) => {
    expect(readRecord("reference:r1", reference).state).toBe("good");
    expect(readRecord("reference:r1", { ...reference, ...damage }).state).toBe("damaged");
  });

  it.each([
    ["numbers that are not finite", { views: new Float32Array([1, Number.NaN]) }],
    ["rows cut short", { views: new Float32Array([1, 2, 3]) }],
    ["no rows", { views: new Float32Array() }],
    ["surroundings of another length", { surroundings: new Float32Array(3) }],
  ])("with %s is damaged", (_, damage) => {
    expect(readRecord("descriptor:r1:m", descriptor).state).toBe("good");
    expect(readRecord("descriptor:r1:m", { ...descriptor, ...damage }).state).toBe("damaged");
  });
});
