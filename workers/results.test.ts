import { expect, test } from "vitest";
import type { ClassId, ModelId, PictureId, RegionIndex, RegionSummary, ScreenPx, View } from "./contract.ts";
import type { Labelled } from "./labelling.ts";
import { enlarged, mapCopy, paintViewOf, summaryOf } from "./results.ts";

const NO_WHITENING = { mean: new Float32Array(0), matrix: new Float32Array(0) };
const NO_SPACE = { photo: NO_WHITENING, pictogram: NO_WHITENING, again: null };

const dog = "dog" as ClassId;
const cat = "cat" as ClassId;

const region = (index: number, classId: ClassId | null, area: number): RegionSummary => ({
  index: index as RegionIndex,
  classId,
  score: 0.5,
  margin: 0.1,
  confidence: 0.6,
  runnerUp: null,
  correction: null,
  nearest: [],
  area,
  box: { x: 0, y: 0, width: 1, height: 1 } as RegionSummary["box"],
});

/** A 4 x 2 picture: the left half is a dog, the right half is nothing. */
const labelled: Labelled = {
  width: 4,
  height: 2,
  classes: [dog, cat],
  regionMap: Uint16Array.from([1, 1, 2, 2, 1, 1, 2, 2]),
  classMap: Uint16Array.from([1, 1, 0, 0, 1, 1, 0, 0]),
  regions: [region(0, dog, 4), region(1, null, 4)],
  match: {
    table: {
      dimensions: 1,
      classes: 2,
      anchorsFrom: 2,
      references: new Float32Array(0),
      classOffsets: new Uint32Array(3),
      sumLengths: new Float32Array(2),
    },
    classes: [dog, cat],
    names: ["dog", "cat"],
    references: [],
    anchors: [],
    discriminant: null,
    trust: 0,
    lesson: { classes: [], samples: [], discriminant: null, trust: 0 },
    space: NO_SPACE,
  },
  result: {
    count: 0,
    slots: 1,
    candidates: new Uint32Array(0),
    similarity: new Float32Array(0),
    divergence: new Float32Array(0),
    score: new Float32Array(0),
    nearest: new Uint32Array(0),
    best: new Uint32Array(0),
    bestSlot: new Uint8Array(0),
    runnerUp: new Uint32Array(0),
    bestScore: new Float32Array(0),
    margin: new Float32Array(0),
    other: null,
  },
  units: { count: 0, dimensions: 1, data: new Float32Array(0) },
  descriptors: { count: 0, dimensions: 1, data: new Float32Array(0) },
  gains: null,
  nodes: [0, 1],
};

test("shares of all classes, absent ones and other included, add up to the whole picture", () => {
  const { areas } = summaryOf("p" as PictureId, "m" as ModelId, labelled, {});
  expect(areas).toEqual([
    { classId: dog, share: 0.5, regions: 1 },
    { classId: cat, share: 0, regions: 0 },
    { classId: null, share: 0.5, regions: 1 },
  ]);
});

test("an enlarged class map keeps every pixel's label at any size", () => {
  const { width, height, data } = enlarged(labelled, 8, 6);
  expect([width, height]).toEqual([8, 6]);
  for (let y = 0; y < 6; y += 1) {
    for (let x = 0; x < 8; x += 1) expect(data[y * 8 + x]).toBe(x < 4 ? 1 : 0);
  }
  expect([...enlarged(labelled, 2, 1).data]).toEqual([1, 0]);
  expect([...enlarged(labelled, 1, 1).data]).toEqual([0]);
});

test("a map that is given away is a copy", () => {
  const copy = mapCopy(labelled, labelled.regionMap);
  copy.data.fill(9);
  expect(labelled.regionMap[0]).toBe(1);
});

test("in a view, classes become labels; one that takes no part leaves nothing coloured when it is alone", () => {
  const view: View = {
    width: 10 as ScreenPx,
    height: 10 as ScreenPx,
    scale: 1,
    offset: { x: 0 as ScreenPx, y: 0 as ScreenPx },
    opacity: 0.5,
    outlineWidth: 1,
    hovered: null,
    selected: null,
    solo: cat,
    hidden: [dog, "gone" as ClassId],
    bare: false,
    background: "#000000",
  };
  expect(paintViewOf(view, labelled.classes)).toMatchObject({ solo: 2, hidden: [1] });
  expect(paintViewOf({ ...view, solo: "gone" as ClassId }, labelled.classes).solo).toBe(3);
  expect(paintViewOf({ ...view, solo: null }, labelled.classes).solo).toBeNull();
});
