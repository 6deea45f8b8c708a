import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ClassId, ImagePx, Point } from "../../workers/contract.ts";
import { beginSession, type Fixture, pictureNamed, turns, until } from "./fixture.ts";
import { heatAt } from "./heat.ts";

const point = (x: number, y: number): Point => ({ x: x as ImagePx, y: y as ImagePx });

async function opened(): Promise<Fixture> {
  const fixture = beginSession();
  const { engine, store, started } = fixture;
  await started;
  await engine.addClass("dog");
  store.getState().insertPictures([pictureNamed("a"), pictureNamed("b")]);
  await until(store, ({ pictures }) => pictures.every(({ state }) => state === "done"));
  return fixture;
}

const heatCalls = ({ engine }: Fixture): readonly string[] => engine.calls.filter((call) => /heat/i.test(call));

describe("the heat map", () => {
  test("is asked for once, kept while nothing changes, and taken away", async () => {
    const fixture = await opened();
    const { store } = fixture;
    const [dog] = store.getState().bank.classes;
    store.getState().setView({ heat: { kind: "class", classId: dog?.id ?? ("" as ClassId) } });
    await until(store, ({ heatMap }) => heatMap !== null);
    store.getState().setView({ opacity: 0.3 });
    store.getState().setView({ pointer: point(5, 5) });
    await turns();
    expect(heatCalls(fixture)).toEqual(["showHeat a class"]);
    store.getState().setView({ heat: null });
    await turns();
    expect(heatCalls(fixture)).toEqual(["showHeat a class", "hideHeat"]);
    expect(store.getState().heatMap).toBeNull();
  });

  test("follows to another picture, and comes anew with another result", async () => {
    const fixture = await opened();
    const { engine, store } = fixture;
    const [dog] = store.getState().bank.classes;
    store.getState().setView({ heat: { kind: "class", classId: dog?.id ?? ("" as ClassId) } });
    await until(store, ({ heatMap }) => heatMap !== null);
    store.getState().setCurrent(pictureNamed("b").source.id);
    await until(store, ({ heatMap }) => heatMap?.picture === "b");
    await engine.addClass("cat");
    await until(store, () => heatCalls(fixture).length === 3);
    expect(heatCalls(fixture)).toEqual(["showHeat a class", "showHeat b class", "showHeat b class"]);
  });

  test("of what is here follows the pointer from patch to patch, and the pinned region without one", async () => {
    const fixture = await opened();
    const { store } = fixture;
    store.getState().setView({ heat: { kind: "here" } });
    await turns();
    expect(heatCalls(fixture)).toEqual([]);
    store.getState().setView({ pointer: point(10, 10) });
    await until(store, ({ heatMap }) => heatMap !== null);
    const first = heatCalls(fixture).length;
    store.getState().setView({ pointer: point(12, 90) });
    await turns();
    // The fake's patches are 40 pixels wide and as high as the picture.
    store.getState().setView({ pointer: point(50, 10) });
    await turns();
    expect(heatCalls(fixture).length - first).toBeLessThanOrEqual(2);
    const region = store.getState().pictures[0]?.segmentation?.regions[2]?.index ?? null;
    store.getState().setView({ pointer: null, selected: region });
    await until(store, () => heatCalls(fixture).at(-1) === "showHeat a region");
  });

  test("is given up, and that is told, when what it compares with takes no part", async () => {
    const fixture = await opened();
    const { engine, store } = fixture;
    engine.showHeat = () => Promise.reject(new Error("No such class."));
    store.getState().setView({ heat: { kind: "class", classId: "gone" as ClassId } });
    await until(store, ({ heat }) => heat === null);
    expect(store.getState().notices).toHaveLength(1);
  });
});

test("the value at a place is the patch's at its centre, and never beyond the values around", () => {
  const map = {
    columns: 3,
    rows: 2,
    values: Float32Array.from([0, 1, 2, 3, 4, 5]),
    regions: new Float32Array(0),
    low: 0,
    high: 5,
    stops: [],
  };
  const size = { width: 30, height: 20 };
  map.values.forEach((value, at) =>
    expect(heatAt(map, size, point((at % 3) * 10 + 5, Math.floor(at / 3) * 10 + 5))).toBeCloseTo(value),
  );
  expect(heatAt(map, size, point(10, 5))).toBeCloseTo(0.5);
  fc.assert(
    fc.property(fc.double({ min: 0, max: 30, noNaN: true }), fc.double({ min: 0, max: 20, noNaN: true }), (x, y) => {
      const value = heatAt(map, size, point(x, y));
      expect(value >= 0 && value <= 5).toBe(true);
    }),
  );
});
