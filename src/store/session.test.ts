import { describe, expect, test } from "vitest";
import { EngineError, type ModelId } from "../../workers/contract.ts";
import { beginSession, memoryShelf, pictureNamed, until } from "./fixture.ts";
import { toRecord } from "./picture-shelf.ts";
import type { StoreState } from "./store.ts";

const allDone = (state: StoreState): boolean => state.pictures.every((picture) => picture.state === "done");

describe("starting", () => {
  test("the engine gets the stored options and the starter, and is ready", async () => {
    const { engine, store, started } = beginSession({}, { device: "wasm" });
    await started;
    expect(engine.calls).toEqual(["start wasm", "useModel starter"]);
    expect(store.getState().phase).toBe("ready");
    expect(store.getState().status?.reason).toBe("forced-wasm");
    expect(store.getState().models).toHaveLength(1);
  });

  test("a stored model that is gone is told, and the starter takes its place", async () => {
    const { store, started } = beginSession({}, { modelId: "gone" as ModelId });
    await started;
    expect(store.getState().status?.model?.id).toBe("starter");
    expect(store.getState().modelId).toBeNull();
    expect(store.getState().notices.map((notice) => notice.kind)).toEqual(["error"]);
  });

  test("a model looks as finely as it did last time", async () => {
    const { store, started } = beginSession({}, { detail: "fine" });
    await started;
    expect(store.getState().status?.model).toMatchObject({ base: "starter", detail: "fine" });
  });

  test("a model that cannot look finely any more is told, and the starter takes its place at standard detail", async () => {
    let tries = 0;
    const before = (stage: string): void => {
      if (stage === "load-model" && (tries += 1) === 1) throw new EngineError("out-of-memory", "Too large.");
    };
    const { store, started } = beginSession({ before }, { detail: "fine" });
    await started;
    expect(store.getState().status?.model).toMatchObject({ base: "starter", detail: "standard" });
    expect(store.getState().detail).toBe("standard");
    expect(store.getState().notices.map((notice) => notice.kind)).toEqual(["error"]);
  });

  test("without any model pictures still get their thumbnails", async () => {
    const { store, started } = beginSession({
      before: (stage) => {
        if (stage === "load-model") throw new EngineError("model-missing", "The starter is not installed.");
      },
    });
    await started;
    store.getState().insertPictures([pictureNamed("a")]);
    await until(store, (state) => state.pictures[0]?.info !== null);
    expect(store.getState().phase).toBe("no-model");
    expect(store.getState().pictures[0]?.state).toBe("waiting");
  });

  test("an engine that cannot start leaves the page standing, and is told", async () => {
    const { store, started } = beginSession({
      before: () => {
        throw new EngineError("engine-unsupported", "No workers.");
      },
    });
    await started;
    expect(store.getState().phase).toBe("broken");
    expect(store.getState().notices).toHaveLength(1);
  });

  test("last time's pictures are back in their order, and the one looked at last is current", async () => {
    const shelf = memoryShelf(["b", "a"].map((name, order) => toRecord(pictureNamed(name), order)));
    const { store, started } = beginSession({}, { currentId: pictureNamed("a").source.id }, shelf);
    await started;
    expect(store.getState().pictures.map((picture) => picture.source.name)).toEqual(["b", "a"]);
    expect(store.getState().currentId).toBe("a");
  });
});

describe("events", () => {
  test("a bank that arrives late does not replace a newer one", async () => {
    const { engine, store, started } = beginSession();
    await started;
    const older = store.getState().bank;
    await engine.addClass("dog");
    engine.emit({ type: "bank", change: { bank: older.id, from: -1, to: older.revision, changed: [], order: [] } });
    expect(store.getState().bank.classes).toHaveLength(1);
  });

  test("a change of the bank leaves the other classes the objects that they were", async () => {
    const { engine, store, started } = beginSession();
    await started;
    await engine.addClass("dog");
    const { id } = await engine.addClass("cat");
    const [dog] = store.getState().bank.classes;
    await engine.changeClass(id, { name: "tiger" });
    expect(store.getState().bank.classes[0]).toBe(dog);
    expect(store.getState().bank.classes[1]?.name).toBe("tiger");
  });

  test("a change after one that was missed makes the page ask for the whole bank", async () => {
    const { engine, store, started } = beginSession();
    await started;
    await engine.addClass("dog");
    const { id, revision, classes } = store.getState().bank;
    store.setState({ bank: { id, revision: revision - 2, classes: [] } });
    engine.emit({ type: "bank", change: { bank: id, from: revision - 1, to: revision, changed: [], order: null } });
    await until(store, (state) => state.bank.revision === revision);
    expect(store.getState().bank.classes).toEqual(classes);
  });

  test("a class that is gone is no longer hidden or shown alone", async () => {
    const { engine, store, started } = beginSession();
    await started;
    const { id } = await engine.addClass("dog");
    store.getState().setHidden(id, true);
    store.getState().setView({ solo: id });
    await engine.removeClass(id);
    expect(store.getState().hidden).toEqual([]);
    expect(store.getState().solo).toBeNull();
  });

  test("a notice is shown with its advice, and once however often it comes", async () => {
    const { engine, store, started } = beginSession();
    await started;
    for (let time = 0; time < 3; time += 1) {
      engine.emit({ type: "notice", failure: { code: "gpu-lost", message: "The device was lost.", data: {} } });
    }
    expect(store.getState().notices).toHaveLength(1);
    expect(store.getState().notices[0]?.advice).toContain("started it again");
  });

  test("after the engine was replaced the canvas is new, classes are kept and pictures are segmented again", async () => {
    const { engine, store, started } = beginSession();
    await started;
    await engine.addClass("dog");
    store.getState().insertPictures([pictureNamed("a")]);
    await until(store, allDone);
    engine.restart();
    expect(store.getState().canvasGeneration).toBe(1);
    expect(store.getState().notices[0]?.message).toBe("The engine stopped.");
    await until(store, (state) => state.phase === "ready" && allDone(state));
    expect(store.getState().bank.classes).toHaveLength(1);
    expect(engine.calls.filter((call) => call === "segment a")).toHaveLength(2);
  });
});

describe("the canvas", () => {
  test("is asked to show a picture before the picture is segmented, and anew by a fresh engine", async () => {
    const { engine, store, started } = beginSession();
    await started;
    store.getState().insertPictures([pictureNamed("a")]);
    await until(store, allDone);
    const work = (): string[] => engine.calls.filter((call) => /^(?:inspect|show|segment)/.test(call));
    expect(work()).toEqual(["inspect a", "show a", "segment a"]);
    engine.restart();
    await until(store, (state) => state.phase === "ready" && allDone(state));
    expect(work().slice(3)).toEqual(["show a", "segment a"]);
    store.getState().dropPicture(pictureNamed("a").source.id);
    expect(work().at(-1)).toBe("show nothing");
  });

  test("shows nothing for a picture that cannot be read", async () => {
    const { engine, store, started } = beginSession();
    await started;
    store.getState().insertPictures(["a", "bad"].map(pictureNamed));
    await until(store, (state) => state.pictures[1]?.state === "failed");
    store.getState().setCurrent(pictureNamed("bad").source.id);
    expect(engine.calls.at(-1)).toBe("show nothing");
  });
});

describe("the region map", () => {
  test("is at hand for the current picture only", async () => {
    const { engine, store, started } = beginSession();
    await started;
    store.getState().insertPictures(["a", "b"].map(pictureNamed));
    await until(store, (state) => allDone(state) && state.regionMap !== null);
    expect(store.getState().regionMap?.picture).toBe("a");
    expect(engine.calls.filter((call) => call.startsWith("regionMap"))).toEqual(["regionMap a"]);
    store.getState().setCurrent(pictureNamed("b").source.id);
    expect(store.getState().regionMap).toBeNull();
    await until(store, (state) => state.regionMap?.picture === "b");
  });

  test("that the engine no longer has makes the picture be segmented again", async () => {
    const { engine, store, started } = beginSession();
    await started;
    const original = engine.regionMap.bind(engine);
    let forgotten = true;
    engine.regionMap = (picture) => {
      if (!forgotten) return original(picture);
      forgotten = false;
      return Promise.reject(new EngineError("picture-missing", "The picture has not been segmented yet."));
    };
    store.getState().insertPictures([pictureNamed("a")]);
    await until(store, (state) => state.regionMap !== null);
    expect(engine.calls.filter((call) => call === "segment a")).toHaveLength(2);
    expect(store.getState().notices).toEqual([]);
  });
});
