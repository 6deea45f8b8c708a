import { describe, expect, test } from "vitest";
import type { ClassId, ReferenceId } from "../../workers/contract.ts";
import { turns, until } from "../store/fixture.ts";
import { addClasses } from "./add-classes.ts";
import { addExamples, confirmExample, pointAtExample, skipExample } from "./add-example.ts";
import { addPictures } from "./add-pictures.ts";
import { recolourClass, removeClass, renameClass } from "./change-class.ts";
import { changePictograms } from "./choose-pictograms.ts";
import { toggleHidden, toggleSolo } from "./change-overlay.ts";
import { enableReference, removeReference } from "./change-reference.ts";
import { fileNamed, startApp, type FixtureApp } from "./fixture.ts";
import { undo } from "./undo.ts";

const classNames = ({ store }: FixtureApp): string[] => store.getState().bank.classes.map((entry) => entry.name);

function firstClass({ store }: FixtureApp): ClassId {
  const [first] = store.getState().bank.classes;
  if (!first) throw new Error("There is no class.");
  return first.id;
}

function firstReference({ store }: FixtureApp): ReferenceId {
  const reference = store.getState().bank.classes[0]?.references[0];
  if (!reference) throw new Error("There is no reference.");
  return reference.id;
}

describe("adding classes", () => {
  test("adds what is new, and says what is there already", async () => {
    const app = await startApp();
    await addClasses.run(app, { text: "dog, frisbee" });
    await addClasses.run(app, { text: "Dog, grass" });
    expect(classNames(app)).toEqual(["dog", "frisbee", "grass"]);
    expect(app.store.getState().notices.map((notice) => notice.message)).toEqual(["Dog: already in your classes."]);
  });

  test("looks at the picture once for a list of names", async () => {
    const app = await startApp();
    await addPictures.run(app, [fileNamed("a")]);
    await until(app.store, (state) => state.pictures[0]?.state === "done");
    await addClasses.run(app, { text: "dog, frisbee, grass" });
    await until(app.store, (state) => state.pictures[0]?.segmentation?.classes.length === 3);
    expect(app.engine.calls.filter((call) => call === "segment a")).toHaveLength(2);
  });

  test("keeps what each name was taken for, until the person has seen to it", async () => {
    const app = await startApp();
    await addClasses.run(app, { text: "misspelt dog: unknown kind, corgi" });
    const id = firstClass(app);
    const matches = (): unknown =>
      app.store
        .getState()
        .readings.get(id)
        ?.map(({ typed, match, took }) => [typed, match, took]);
    expect(matches()).toEqual([
      ["misspelt dog", "spelling", "dog"],
      ["unknown kind", "none", ""],
      ["corgi", "name", "corgi"],
    ]);
    app.store.getState().dropReadings(id, null);
    expect(matches()).toEqual([
      ["unknown kind", "none", ""],
      ["corgi", "name", "corgi"],
    ]);
  });

  test("adds to a known class only what is a new sub-category", async () => {
    const app = await startApp();
    await addClasses.run(app, { text: "dog: corgi" });
    await addClasses.run(app, { text: "Dog: Corgi" });
    expect(app.engine.calls.filter((call) => call === "addTypedClass dog")).toHaveLength(1);
    await addClasses.run(app, { text: "dog: corgi, poodle" });
    expect(app.engine.calls.filter((call) => call === "addTypedClass dog")).toHaveLength(2);
  });

  test("takes a chosen name as it stands, colon and all", async () => {
    const app = await startApp();
    await addClasses.run(app, { names: [{ name: "flag: France", subcategories: [] }] });
    expect(classNames(app)).toEqual(["flag: France"]);
  });

  test("takes a name of 10,000 characters", async () => {
    const app = await startApp();
    await addClasses.run(app, { text: "x".repeat(10_000) });
    expect(classNames(app)[0]).toHaveLength(10_000);
  });
});

describe("choosing pictograms", () => {
  test("adds and removes in one go, and the note about the name is gone", async () => {
    const app = await startApp();
    await addClasses.run(app, { text: "misspelt dog" });
    const id = firstClass(app);
    await changePictograms.run(app, { classId: id, add: ["🐩"], remove: [firstReference(app)], subcategory: null });
    const provenances = app.store.getState().bank.classes[0]?.references.map(({ provenance }) => provenance);
    expect(provenances).toEqual(["misspelt dog, side", "misspelt dog, outline", "🐩 🐩"]);
    expect(app.store.getState().readings.get(id)).toEqual([]);
  });

  test("may leave none", async () => {
    const app = await startApp();
    await addClasses.run(app, { text: "dog" });
    const all = app.store.getState().bank.classes[0]?.references.map(({ id }) => id) ?? [];
    await changePictograms.run(app, { classId: firstClass(app), add: [], remove: all, subcategory: null });
    expect(app.store.getState().bank.classes[0]?.references).toEqual([]);
  });
});

describe("changing a class", () => {
  test("renames and recolours it", async () => {
    const app = await startApp();
    await addClasses.run(app, { text: "dog" });
    await renameClass.run(app, { id: firstClass(app), name: "hound" });
    await recolourClass.run(app, { id: firstClass(app), colour: "#102030" });
    expect(app.store.getState().bank.classes[0]).toMatchObject({ name: "hound", colour: "#102030" });
  });

  test("undo takes back the newest change, whatever older one still has its message on show", async () => {
    const app = await startApp();
    await addClasses.run(app, { text: "dog, cat" });
    await removeClass.run(app, firstClass(app));
    await removeClass.run(app, firstClass(app));
    const [, newest] = app.store.getState().notices;
    if (!newest) throw new Error("There are no messages.");
    app.store.getState().dismiss(newest.id);
    await undo.run(app, undefined);
    expect(classNames(app)).toEqual(["cat"]);
    await undo.run(app, undefined);
    expect(classNames(app).toSorted()).toEqual(["cat", "dog"]);
    // What is undone is not offered to be undone.
    expect(app.store.getState().notices.filter((notice) => notice.undo !== null)).toEqual([]);
  });

  test("removing it can be undone, with its references", async () => {
    const app = await startApp();
    await addClasses.run(app, { text: "dog" });
    await removeClass.run(app, firstClass(app));
    expect(classNames(app)).toEqual([]);
    undo.run(app, undefined);
    await until(app.store, (state) => state.bank.classes.length === 1);
    expect(app.store.getState().bank.classes[0]?.references).toHaveLength(3);
  });

  test("one that was removed in another tab is told, not thrown", async () => {
    const app = await startApp();
    await renameClass.run(app, { id: "gone" as ClassId, name: "x" });
    expect(app.store.getState().notices[0]?.kind).toBe("error");
  });

  test("hiding and showing alone are switches", async () => {
    const app = await startApp();
    await addClasses.run(app, { text: "dog" });
    const id = firstClass(app);
    toggleHidden.run(app, id);
    toggleSolo.run(app, id);
    expect(app.store.getState()).toMatchObject({ hidden: [id], solo: id });
    toggleHidden.run(app, id);
    toggleSolo.run(app, id);
    expect(app.store.getState()).toMatchObject({ hidden: [], solo: null });
  });
});

describe("references", () => {
  test("switching one off leaves it there, and the picture is compared anew", async () => {
    const app = await startApp();
    await addClasses.run(app, { text: "dog" });
    await addPictures.run(app, [fileNamed("a")]);
    await until(app.store, (state) => state.pictures[0]?.state === "done");
    await enableReference.run(app, { id: firstReference(app), enabled: false });
    expect(app.store.getState().bank.classes[0]?.references.map((entry) => entry.enabled)).toEqual([false, true, true]);
    await turns();
    expect(app.engine.calls.filter((call) => call === "segment a")).toHaveLength(2);
  });

  test("removing one can be undone", async () => {
    const app = await startApp();
    await addClasses.run(app, { text: "dog" });
    await removeReference.run(app, firstReference(app));
    expect(app.store.getState().bank.classes[0]?.references).toHaveLength(2);
    undo.run(app, undefined);
    await until(app.store, (state) => state.bank.classes[0]?.references.length === 3);
  });
});

describe("showing examples", () => {
  test("of a class walks through the pictures, those that are confirmed become references", async () => {
    const app = await startApp();
    await addClasses.run(app, { text: "unknown thing" });
    const classId = firstClass(app);
    await addExamples.run(app, { classId, files: ["a", "b", "c"].map((name) => fileNamed(name)) });
    await confirmExample.run(app, { target: { kind: "proposal", proposal: 1 }, newName: "" });
    skipExample.run(app, undefined);
    expect(app.store.getState().dialog).toMatchObject({
      kind: "examples",
      total: 3,
      pending: [{ source: { name: "c" } }],
    });
    await confirmExample.run(app, { target: { kind: "whole" }, newName: "" });
    expect(app.store.getState().dialog).toBeNull();
    expect(app.store.getState().bank.classes[0]?.references.map((entry) => entry.provenance)).toEqual(["a", "c"]);
  });

  test("of a new class makes one class of all pictures of the drop", async () => {
    const app = await startApp();
    await addExamples.run(app, { classId: null, files: [fileNamed("a"), fileNamed("b")] });
    await confirmExample.run(app, { target: { kind: "whole" }, newName: "unknown gizmo" });
    await confirmExample.run(app, { target: { kind: "whole" }, newName: "" });
    expect(classNames(app)).toEqual(["unknown gizmo"]);
    expect(app.store.getState().bank.classes[0]?.references).toHaveLength(2);
  });

  test("stays at the picture when the engine refuses it, and says why", async () => {
    const app = await startApp();
    await addExamples.run(app, { classId: "gone" as ClassId, files: [fileNamed("a")] });
    await confirmExample.run(app, { target: { kind: "whole" }, newName: "" });
    expect(app.store.getState().dialog?.kind).toBe("examples");
    expect(app.store.getState().notices[0]?.advice).toContain("Add it again");
  });
});

test("an object of the current picture can be pointed at as an example", async () => {
  const app = await startApp();
  await addClasses.run(app, { text: "unknown thing" });
  expect(pointAtExample.isAvailable(app)).toBe(false);
  await addPictures.run(app, [fileNamed("a")]);
  await until(app.store, (state) => state.pictures[0]?.state === "done");
  pointAtExample.run(app, firstClass(app));
  await confirmExample.run(app, { target: { kind: "proposal", proposal: 2 }, newName: "" });
  expect(app.store.getState().bank.classes[0]?.references.map((entry) => entry.provenance)).toEqual(["a"]);
  expect(app.store.getState().dialog).toBeNull();
});
