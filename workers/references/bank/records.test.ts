import { describe, expect, it } from "vitest";
import { toHalves } from "../../half-floats.ts";
import { draft } from "./bank.fixture.ts";
import { readRecord } from "./schemas.ts";

const key = "class:c1";
const record = { kind: "class", version: 2, id: "c1", name: "dog", colour: "#0793ee", order: 0 };
const migrations = {
  class: { 1: ({ title, ...rest }: Readonly<Record<string, unknown>>) => ({ record: { ...rest, name: title } }) },
  reference: {},
  crop: {},
  descriptor: {},
  anchors: {},
  calibration: {},
};

describe("a stored record", () => {
  it("of today's version is read as it is, without what does not belong to it", () => {
    expect(readRecord(key, { ...record, extra: 1 })).toEqual({ state: "good", record });
  });

  it("of an older version is migrated step by step", () => {
    const { name, ...rest } = record;
    const old = { ...rest, version: 1, title: name };
    expect(readRecord(key, old, migrations)).toEqual({ state: "good", record, migrated: [[key, record]] });
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
    views: toHalves(new Float32Array([1, 2, 3, 4])),
    surroundings: null,
    parts: null,
  };

  it("of version 1 had numbers of 32 bits, which are packed", () => {
    const views = new Float32Array([0.1, -3, 1e-3, 70_000]);
    const read = readRecord("descriptor:r1:m", { ...descriptor, version: 1, views, surroundings: views.slice(2) });
    const packed = { ...descriptor, views: toHalves(views), surroundings: toHalves(views.slice(2)) };
    expect(read).toEqual({ state: "good", record: packed, migrated: [["descriptor:r1:m", packed]] });
    const broken = { ...descriptor, version: 1, views: new Float32Array([1, Number.NaN]) };
    expect(readRecord("descriptor:r1:m", broken).state).toBe("damaged");
  });

  const { crop, ...rest } = draft();
  const reference = {
    ...rest,
    kind: "reference",
    version: 2,
    id: "r1",
    classId: "c1",
    enabled: true,
    order: 0,
    subcategory: null,
    attribution: null,
    picture: null,
  };

  it("of a reference of version 1 is parted from its crop, and gets no sub-category and no attribution", () => {
    const { subcategory, attribution, picture, ...old } = { ...reference, version: 1, crop };
    expect([subcategory, attribution, picture]).toEqual([null, null, null]);
    const parted = { kind: "crop", version: 2, referenceId: "r1", ...crop };
    const migrated = [
      ["reference:r1", reference],
      ["crop:r1", parted],
    ];
    expect(readRecord("reference:r1", old)).toEqual({ state: "good", record: reference, migrated });
    expect(readRecord("crop:r1", parted)).toEqual({ state: "good", record: parted });
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
    ["numbers that are not finite", { views: new Uint16Array([1, 0x7c00]) }],
    ["rows cut short", { views: new Uint16Array([1, 2, 3]) }],
    ["no rows", { views: new Uint16Array() }],
    ["surroundings of another length", { surroundings: new Uint16Array(3) }],
    ["numbers of 32 bits", { views: new Float32Array([1, 2]) }],
    ["more pieces than rows", { parts: { vectors: new Uint16Array(2), inside: 1, patches: new Float32Array([1, 1]) } }],
    [
      "a piece that covers nothing",
      { parts: { vectors: new Uint16Array(2), inside: 1, patches: new Float32Array([0]) } },
    ],
  ])("with %s is damaged", (_, damage) => {
    expect(readRecord("descriptor:r1:m", descriptor).state).toBe("good");
    expect(readRecord("descriptor:r1:m", { ...descriptor, ...damage }).state).toBe("damaged");
  });
});
