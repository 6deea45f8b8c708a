import { describe, expect, test } from "vitest";
import { turns, until } from "../store/fixture.ts";
import { keepHarvest } from "../store/harvest.ts";
import type { StoreState } from "../store/store.ts";
import { addClasses } from "./add-classes.ts";
import { addPictures } from "./add-pictures.ts";
import { type FixtureApp, fileNamed, startApp } from "./fixture.ts";
import { confirmHarvest, dismissHarvest } from "./harvest.ts";
import { undo } from "./undo.ts";

const isSettled = ({ pictures, jobs }: StoreState): boolean =>
  jobs.length === 0 && pictures.every(({ state }) => state === "done");

/** Two pictures, of which the fake engine offers two regions each for the first class. */
async function opened(): Promise<FixtureApp> {
  const app = await startApp();
  keepHarvest(app.engine, app.store, 0);
  await addClasses.run(app, { text: "dog, cat" });
  await addPictures.run(app, [fileNamed("a"), fileNamed("b")]);
  await turns();
  await until(app.store, isSettled);
  await until(app.store, ({ harvest }) => harvest.length === 4);
  return app;
}

const referencesOf = ({ store }: FixtureApp) => store.getState().bank.classes[0]?.references ?? [];
const correctionsOf = ({ store }: FixtureApp) =>
  store.getState().pictures.map(({ source }) => source.corrections?.length ?? 0);

describe("what the person's own pictures could teach", () => {
  test("is offered once the page rests, and confirmed regions join the bank and are so in their pictures", async () => {
    const app = await opened();
    const before = referencesOf(app).length;
    const offered = app.store.getState().harvest;
    await confirmHarvest.run(app, offered.slice(0, 3));
    expect(referencesOf(app)).toHaveLength(before + 3);
    expect(correctionsOf(app)).toEqual([2, 1]);
    await turns();
    await until(app.store, isSettled);
    await until(app.store, ({ harvest }) => harvest.length === 1);
    expect(app.store.getState().harvest[0]?.picture).toBe(offered[3]?.picture);
  });

  test("can be taken back whole", async () => {
    const app = await opened();
    const before = referencesOf(app).length;
    await confirmHarvest.run(app, app.store.getState().harvest);
    undo.run(app, undefined);
    await until(app.store, ({ bank }) => bank.classes[0]?.references.length === before);
    expect(correctionsOf(app)).toEqual([0, 0]);
    await until(app.store, ({ harvest }) => harvest.length === 4);
  });

  test("is not offered again when turned down, until that is undone", async () => {
    const app = await opened();
    dismissHarvest.run(app, app.store.getState().harvest.slice(0, 1));
    expect(app.store.getState().pictures[0]?.dismissed).toHaveLength(1);
    await turns();
    await turns();
    expect(app.store.getState().harvest).toHaveLength(3);
    undo.run(app, undefined);
    await until(app.store, ({ harvest }) => harvest.length === 4);
  });

  test("is gone with its class", async () => {
    const app = await opened();
    const [dog] = app.store.getState().bank.classes;
    if (dog) await app.engine.removeClass(dog.id);
    expect(app.store.getState().harvest.some(({ classId }) => classId === dog?.id)).toBe(false);
  });
});
