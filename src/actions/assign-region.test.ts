import { describe, expect, test } from "vitest";
import type { ClassId, RegionIndex } from "../../workers/contract.ts";
import { turns, until } from "../store/fixture.ts";
import type { StoreState } from "../store/store.ts";
import { addClasses } from "./add-classes.ts";
import { addPictures } from "./add-pictures.ts";
import { assignNewClass, assignNth, assignOther, assignRegion, chooseClass, releaseRegion } from "./assign-region.ts";
import { type FixtureApp, fileNamed, startApp } from "./fixture.ts";
import { redo, undo } from "./undo.ts";

const FIRST = 0 as RegionIndex;

/** An app with a segmented picture and two classes, the first region pinned. */
async function opened(): Promise<FixtureApp> {
  const app = await startApp({}, { threshold: 0 });
  await addClasses.run(app, { text: "dog, cat" });
  await addPictures.run(app, [fileNamed("a")]);
  await settled(app);
  app.store.getState().setView({ selected: FIRST });
  return app;
}

const isSettled = ({ pictures, jobs }: StoreState): boolean =>
  jobs.length === 0 && pictures.every(({ state }) => state === "done");

async function settled(app: FixtureApp): Promise<void> {
  await turns();
  await until(app.store, isSettled);
}

const regionOf = ({ store }: FixtureApp, index = FIRST) =>
  store.getState().pictures[0]?.segmentation?.regions.find((region) => region.index === index);
const classAt = ({ store }: FixtureApp, place: number): ClassId => {
  const found = store.getState().bank.classes[place];
  if (!found) throw new Error("There is no such class.");
  return found.id;
};
const referencesOf = ({ store }: FixtureApp, place: number) => store.getState().bank.classes[place]?.references ?? [];

describe("saying what a region is", () => {
  test("names it whatever the match says, and makes it a reference of that class", async () => {
    const app = await opened();
    expect(regionOf(app)?.classId).toBe(classAt(app, 0));
    await assignNth[1]?.run(app, undefined);
    await settled(app);
    expect(regionOf(app)).toMatchObject({ classId: classAt(app, 1), confidence: 1 });
    expect(referencesOf(app, 1)).toHaveLength(4);
    expect(app.engine.calls).toContain("addReference a mask");
    expect(app.store.getState().pictures[0]?.source.corrections?.[0]?.reference).toBe(referencesOf(app, 1)[3]?.id);
  });

  test("is undone whole: the match names the region again and the reference is gone", async () => {
    const app = await opened();
    await assignRegion.run(app, { region: FIRST, classId: classAt(app, 1) });
    undo.run(app, undefined);
    await settled(app);
    await until(app.store, ({ bank }) => bank.classes[1]?.references.length === 3);
    expect(regionOf(app)).toMatchObject({ classId: classAt(app, 0), correction: null });
    expect(app.store.getState().pictures[0]?.source.corrections).toEqual([]);
  });

  test("is undone whole even while the engine still learns from it", async () => {
    const app = await opened();
    const assigning = assignRegion.run(app, { region: FIRST, classId: classAt(app, 1) });
    await until(app.store, ({ notices }) => notices.some((notice) => notice.undo !== null));
    undo.run(app, undefined);
    await assigning;
    await settled(app);
    await until(app.store, ({ bank }) => bank.classes[1]?.references.length === 3);
    expect(app.store.getState().pictures[0]?.source.corrections).toEqual([]);
  });

  test("is undone and redone with the bank's own steps, after its message has gone", async () => {
    const app = await opened();
    await assignRegion.run(app, { region: FIRST, classId: classAt(app, 1) });
    await settled(app);
    for (const { id } of app.store.getState().notices) app.store.getState().dismiss(id);
    await undo.run(app, undefined);
    expect(referencesOf(app, 1)).toHaveLength(3);
    expect(app.store.getState().pictures[0]?.source.corrections).toEqual([]);
    for (const { id } of app.store.getState().notices) app.store.getState().dismiss(id);
    await redo.run(app, undefined);
    await settled(app);
    expect(referencesOf(app, 1)).toHaveLength(4);
    expect(regionOf(app)).toMatchObject({ classId: classAt(app, 1), confidence: 1 });
  });

  test("a second time replaces the first, with what was learned from it", async () => {
    const app = await opened();
    await assignRegion.run(app, { region: FIRST, classId: classAt(app, 1) });
    await settled(app);
    await assignRegion.run(app, { region: FIRST, classId: classAt(app, 0) });
    await settled(app);
    expect(app.store.getState().pictures[0]?.source.corrections).toHaveLength(1);
    expect([referencesOf(app, 0).length, referencesOf(app, 1).length]).toEqual([4, 3]);
    undo.run(app, undefined);
    await until(app.store, ({ bank }) => bank.classes[1]?.references.length === 4);
    await settled(app);
    expect(regionOf(app)?.classId).toBe(classAt(app, 1));
    expect(referencesOf(app, 0)).toHaveLength(3);
  });

  test("as none of the classes teaches no class anything", async () => {
    const app = await opened();
    await assignOther.run(app, undefined);
    await settled(app);
    expect(regionOf(app)).toMatchObject({ classId: null, confidence: 1 });
    expect(app.engine.calls.some((call) => call.startsWith("addReference"))).toBe(false);
  });

  test("as a class that is not there yet makes it, with the region as a reference", async () => {
    const app = await opened();
    await assignNewClass.run(app, { region: FIRST, name: "unknown beast" });
    await settled(app);
    expect(referencesOf(app, 2)).toHaveLength(1);
    expect(regionOf(app)?.classId).toBe(classAt(app, 2));
  });

  test("can be taken back later, which forgets what was learned, and that can be undone too", async () => {
    const app = await opened();
    await assignRegion.run(app, { region: FIRST, classId: classAt(app, 1) });
    await settled(app);
    await releaseRegion.run(app, FIRST);
    await settled(app);
    expect(regionOf(app)?.correction).toBeNull();
    expect(referencesOf(app, 1)).toHaveLength(3);
    undo.run(app, undefined);
    await until(app.store, ({ bank }) => bank.classes[1]?.references.length === 4);
    await settled(app);
    expect(regionOf(app)?.classId).toBe(classAt(app, 1));
  });

  test("needs a region to speak of, and a class for the digit", async () => {
    const app = await opened();
    expect([assignNth[1], assignNth[2]].map((action) => action?.isAvailable(app))).toEqual([true, false]);
    app.store.getState().setView({ selected: null, hovered: null });
    expect([chooseClass, assignOther, assignNth[0]].some((action) => action?.isAvailable(app))).toBe(false);
    app.store.getState().setView({ hovered: FIRST });
    chooseClass.run(app, undefined);
    expect(app.store.getState().dialog).toEqual({ kind: "assign", region: FIRST });
    expect(app.store.getState().selected).toBe(FIRST);
  });
});
