import type { PictureId } from "../../workers/contract.ts";
import { createFakeEngine, type FakeEngine, type FakeOptions } from "../engine/fake.ts";
import { newPicture, type Picture } from "./images.ts";
import type { PictureMarks } from "./picture-marks.ts";
import type { PictureShelf, ShelfRecord } from "./picture-shelf.ts";
import { startSession, type Session } from "./session.ts";
import { createPageStore, type Store, type StoreState } from "./store.ts";

/** For tests: a shelf in memory. */
export function memoryShelf(records: readonly ShelfRecord[] = [], damaged = 0): PictureShelf & { size(): number } {
  const kept = new Map(records.map((record) => [record.id, record]));
  const said = new Map<PictureId, PictureMarks>();
  return {
    size: () => kept.size,
    readAll: () =>
      Promise.resolve({
        records: [...kept.values()].sort((left, right) => left.order - right.order),
        marks: said,
        damaged,
        damagedMarks: 0,
      }),
    putMarks: async (id, marks) => void said.set(id, marks),
    put: async (record) => void kept.set(record.id, record),
    remove: async (id) => void kept.delete(id),
  };
}

/** For tests: a picture of that name; the fake engine cannot read one whose name begins with "bad". */
export function pictureNamed(name: string): Picture {
  return newPicture({ id: name as PictureId, name, blob: new Blob([name]) });
}

export interface Fixture extends Session {
  readonly engine: FakeEngine;
  readonly store: Store;
}

/** For tests: a session on the fake engine, nothing awaited. */
export function beginSession(
  options: FakeOptions = {},
  initial: Partial<StoreState> = {},
  shelf: PictureShelf = memoryShelf(),
): Fixture {
  const engine = createFakeEngine(options);
  const store = createPageStore(initial);
  return { engine, store, ...startSession(engine, store, shelf) };
}

/** Resolves as soon as the state is as described; a test that waits in vain fails by its own time limit. */
export function until(store: Store, holds: (state: StoreState) => boolean): Promise<void> {
  return new Promise((resolve) => {
    if (holds(store.getState())) {
      resolve();
      return;
    }
    const stop = store.subscribe((state) => {
      if (!holds(state)) return;
      stop();
      resolve();
    });
  });
}

/** All that is already under way has had its turn. */
export function turns(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 0);
  });
}

/** A door that work waits at until it is opened. */
export function createGate(): { readonly passed: Promise<void>; open(): void } {
  let open = (): void => undefined;
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { passed, open: () => open() };
}
