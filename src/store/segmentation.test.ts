import { describe, expect, test } from "vitest";
import { EngineError, type Stage } from "../../workers/contract.ts";
import { beginSession, createGate, pictureNamed, turns, until, type Fixture } from "./fixture.ts";
import { findPicture, type Picture } from "./images.ts";
import type { StoreState } from "./store.ts";

const segmented = ({ engine }: Fixture): string[] =>
  engine.calls.filter((call) => call.startsWith("segment ")).map((call) => call.slice("segment ".length));

const pictureOf = (state: StoreState, name: string): Picture | undefined =>
  state.pictures.find((picture) => picture.source.name === name);

const stateOf = (state: StoreState, name: string): string | undefined => pictureOf(state, name)?.state;

const allDone = (state: StoreState): boolean =>
  state.pictures.every((picture) => picture.state === "done" || picture.state === "failed");

describe("the order of work", () => {
  test("the current picture is segmented first, the others follow in the order of the gallery", async () => {
    const fixture = beginSession();
    await fixture.started;
    fixture.store.getState().insertPictures(["a", "b", "c", "d"].map(pictureNamed));
    fixture.store.getState().setCurrent(pictureNamed("c").source.id);
    await until(fixture.store, allDone);
    // "a" was current for a moment, and made way.
    expect(segmented(fixture).filter((name) => name !== "a")).toEqual(["c", "b", "d"]);
    expect(stateOf(fixture.store.getState(), "a")).toBe("done");
  });

  test("every picture has its thumbnail before the second one is segmented", async () => {
    const fixture = beginSession();
    await fixture.started;
    fixture.store.getState().insertPictures(["a", "b", "c"].map(pictureNamed));
    await until(fixture.store, allDone);
    const calls = fixture.engine.calls.filter((call) => /^(?:inspect|segment)/.test(call));
    expect(calls).toEqual(["inspect a", "segment a", "inspect b", "inspect c", "segment b", "segment c"]);
  });

  test("looking at another picture cancels the one in the background, which is done later", async () => {
    const gate = createGate();
    const fixture = beginSession({
      before: (stage: Stage, subject) => (stage === "describe" && subject === "b" ? gate.passed : undefined),
    });
    await fixture.started;
    fixture.store.getState().insertPictures(["a", "b", "c"].map(pictureNamed));
    await until(fixture.store, (state) => pictureOf(state, "b")?.progress?.stage === "describe");
    fixture.store.getState().setCurrent(pictureNamed("c").source.id);
    gate.open();
    await until(fixture.store, allDone);
    expect(segmented(fixture)).toEqual(["a", "b", "c", "b"]);
  });

  test("while the work is held nothing begins, and one in the background makes way", async () => {
    const gate = createGate();
    const fixture = beginSession({
      before: (stage, subject) => (stage === "describe" && subject === "b" ? gate.passed : undefined),
    });
    await fixture.started;
    fixture.store.getState().insertPictures(["a", "b"].map(pictureNamed));
    await until(fixture.store, (state) => pictureOf(state, "b")?.progress?.stage === "describe");
    const release = fixture.segmenter.hold();
    gate.open();
    await turns();
    expect(stateOf(fixture.store.getState(), "b")).toBe("waiting");
    expect(fixture.store.getState().jobs).toEqual([]);
    release();
    await until(fixture.store, allDone);
  });
});

describe("a newer wish", () => {
  test("waits for the run it overtakes, and of many only the newest runs", async () => {
    const gate = createGate();
    let held = true;
    const fixture = beginSession({ before: (stage) => (stage === "match" && held ? gate.passed : undefined) });
    await fixture.started;
    await fixture.engine.addClass("dog");
    fixture.store.getState().insertPictures([pictureNamed("a")]);
    await until(fixture.store, (state) => pictureOf(state, "a")?.progress?.stage === "match");
    for (const threshold of [0.4, 0.5, 0.6, 0.7]) fixture.store.getState().setSettings({ threshold });
    held = false;
    gate.open();
    await until(fixture.store, (state) => pictureOf(state, "a")?.segmentedFor?.includes(" 0.7 ") ?? false);
    expect(segmented(fixture)).toEqual(["a", "a"]);
  });

  test("changes at once what the current picture is named", async () => {
    const fixture = beginSession();
    await fixture.started;
    await fixture.engine.addClass("dog");
    fixture.store.getState().insertPictures([pictureNamed("a")]);
    await until(fixture.store, allDone);
    const named = (state: StoreState): number =>
      pictureOf(state, "a")?.segmentation?.regions.filter((region) => region.classId !== null).length ?? -1;
    const before = named(fixture.store.getState());
    fixture.store.getState().setSettings({ threshold: 0.8 });
    await until(fixture.store, (state) => named(state) === 1);
    expect(before).toBeGreaterThan(1);
  });

  test("leaves pictures in the background alone until they are looked at", async () => {
    const fixture = beginSession();
    await fixture.started;
    fixture.store.getState().insertPictures(["a", "b"].map(pictureNamed));
    await until(fixture.store, allDone);
    fixture.store.getState().setSettings({ threshold: 0.8 });
    await until(fixture.store, allDone);
    await turns();
    expect(segmented(fixture)).toEqual(["a", "b", "a"]);
    fixture.store.getState().setCurrent(pictureNamed("b").source.id);
    await until(fixture.store, (state) => pictureOf(state, "b")?.segmentedFor?.includes(" 0.8 ") ?? false);
  });

  test("is not a new name or another colour", async () => {
    const fixture = beginSession();
    await fixture.started;
    const { id } = await fixture.engine.addClass("dog");
    fixture.store.getState().insertPictures([pictureNamed("a")]);
    await until(fixture.store, allDone);
    await fixture.engine.changeClass(id, { name: "hound", colour: "#123456" });
    await turns();
    expect(fixture.store.getState().bank.classes[0]?.name).toBe("hound");
    expect(segmented(fixture)).toEqual(["a"]);
  });

  test("keeps the pinned region when it is still there", async () => {
    const fixture = beginSession();
    await fixture.started;
    fixture.store.getState().insertPictures([pictureNamed("a")]);
    await until(fixture.store, allDone);
    const third = pictureOf(fixture.store.getState(), "a")?.segmentation?.regions[3]?.index ?? null;
    fixture.store.getState().setView({ selected: third });
    await fixture.engine.addClass("dog");
    await until(fixture.store, (state) => pictureOf(state, "a")?.segmentation?.classes.length === 1);
    expect(fixture.store.getState().selected).toBe(third);
  });
});

describe("failures", () => {
  test("pictures that cannot be read fail alone, and all others are done", async () => {
    const fixture = beginSession();
    await fixture.started;
    const names = Array.from({ length: 40 }, (_, index) => `${index % 4 === 0 ? "good" : "bad"} ${index}`);
    fixture.store.getState().insertPictures(names.map(pictureNamed));
    await until(fixture.store, allDone);
    const { pictures } = fixture.store.getState();
    expect(pictures.filter((picture) => picture.state === "done")).toHaveLength(10);
    const failed = pictures.filter((picture) => picture.state === "failed");
    expect(failed.every(({ source, failure }) => failure?.message.includes(source.name))).toBe(true);
    // Their tiles tell it: thirty messages on top would hide each other.
    expect(fixture.store.getState().notices).toEqual([]);
  });

  test("a failed picture is tried again only when asked for", async () => {
    let broken = true;
    const fixture = beginSession({
      before: (stage) => {
        if (broken && stage === "describe") throw new EngineError("out-of-memory", "There is not enough memory.");
      },
    });
    await fixture.started;
    fixture.store.getState().insertPictures([pictureNamed("a")]);
    await until(fixture.store, allDone);
    broken = false;
    fixture.store.getState().setSettings({ threshold: 0.9 });
    await turns();
    expect(stateOf(fixture.store.getState(), "a")).toBe("failed");
    fixture.segmenter.retry(pictureNamed("a").source.id);
    await until(fixture.store, (state) => stateOf(state, "a") === "done");
  });

  test("another model gets its chance at what failed with the last one", async () => {
    const fixture = beginSession({
      before: (stage) => {
        if (stage === "describe" && fixture.store.getState().status?.model?.id === "starter") {
          throw new EngineError("model-failed", "The model failed.");
        }
      },
    });
    await fixture.started;
    fixture.store.getState().insertPictures(["a", "bad"].map(pictureNamed));
    await until(fixture.store, allDone);
    expect(stateOf(fixture.store.getState(), "a")).toBe("failed");
    await fixture.engine.useModel({ kind: "file", file: new File([], "other.onnx") });
    await until(fixture.store, (state) => stateOf(state, "a") === "done");
    expect(stateOf(fixture.store.getState(), "bad")).toBe("failed");
  });

  test("a picture that was lost with the engine is tried once more, and then fails", async () => {
    const fixture = beginSession({
      before: (stage) => {
        if (stage === "propose") throw new EngineError("engine-lost", "The engine stopped.");
      },
    });
    await fixture.started;
    fixture.store.getState().insertPictures([pictureNamed("a")]);
    await until(fixture.store, allDone);
    expect(segmented(fixture)).toEqual(["a", "a"]);
    expect(findPicture(fixture.store.getState(), pictureNamed("a").source.id)?.failure?.code).toBe("engine-lost");
  });

  test("a picture stopped by the person stays stopped until it is retried", async () => {
    const gate = createGate();
    const fixture = beginSession({ before: (stage) => (stage === "describe" ? gate.passed : undefined) });
    await fixture.started;
    fixture.store.getState().insertPictures([pictureNamed("a")]);
    await until(fixture.store, (state) => pictureOf(state, "a")?.progress?.stage === "describe");
    fixture.store.getState().jobs[0]?.cancel();
    gate.open();
    await until(fixture.store, (state) => stateOf(state, "a") === "stopped");
    await turns();
    expect(fixture.store.getState().jobs).toEqual([]);
    fixture.segmenter.retry(pictureNamed("a").source.id);
    await until(fixture.store, allDone);
  });

  test("removing the picture that is running cancels its job", async () => {
    const gate = createGate();
    const fixture = beginSession({ before: (stage) => (stage === "describe" ? gate.passed : undefined) });
    await fixture.started;
    fixture.store.getState().insertPictures([pictureNamed("a")]);
    await until(fixture.store, (state) => pictureOf(state, "a")?.progress?.stage === "describe");
    fixture.store.getState().dropPicture(pictureNamed("a").source.id);
    gate.open();
    await until(fixture.store, (state) => state.jobs.length === 0);
    expect(fixture.engine.calls.filter((call) => call.startsWith("regionMap"))).toEqual([]);
  });
});
