import "fake-indexeddb/auto";
import { createStore, set } from "idb-keyval";
import { beforeEach, expect, test } from "vitest";
import { type ClassId, type Correction, EngineError, type ImagePx } from "../../workers/contract.ts";
import { memoryShelf, pictureNamed, turns } from "./fixture.ts";
import { keepPictures } from "./keep-pictures.ts";
import { createPictureShelf, toRecord, type PictureShelf } from "./picture-shelf.ts";
import { createPageStore, type Store } from "./store.ts";

let name = "";
let number = 0;
beforeEach(() => {
  number += 1;
  name = `pictures-${number}`;
});

const names = (store: Store): string[] => store.getState().pictures.map((picture) => picture.source.name);

/** Writes go one after another in the background: as many turns as there can be writes. */
async function written(): Promise<void> {
  for (let turn = 0; turn < 60; turn += 1) await turns();
}

async function open(shelf: PictureShelf = createPictureShelf(name)): Promise<Store> {
  const store = createPageStore();
  await keepPictures(store, shelf);
  return store;
}

test("pictures come back with name, content and order", async () => {
  const store = await open();
  store.getState().insertPictures(["one.png", "two.png", "<img onerror>.png"].map(pictureNamed));
  await written();
  const again = await open();
  expect(names(again)).toEqual(["one.png", "two.png", "<img onerror>.png"]);
  await expect(again.getState().pictures[1]?.source.blob.text()).resolves.toBe("two.png");
});

test("a removed picture stays away, and one that was brought back is in its old place", async () => {
  const store = await open();
  store.getState().insertPictures(["a", "b", "c", "d"].map(pictureNamed));
  store.getState().dropPicture(pictureNamed("b").source.id);
  store.getState().dropPicture(pictureNamed("c").source.id);
  store.getState().insertPictures([pictureNamed("b")], 1);
  await written();
  expect(names(await open())).toEqual(["a", "b", "d"]);
});

test("a damaged record is set aside and told, and the rest is kept", async () => {
  const store = await open();
  store.getState().insertPictures(["a", "b"].map(pictureNamed));
  await written();
  const raw = createStore(name, "pictures");
  await set("a", { version: 1, id: "a", name: "a", blob: "no blob", order: 0, info: null }, raw);
  await set("stranger", { version: 99 }, raw);
  const again = await open();
  expect(names(again)).toEqual(["b"]);
  expect(again.getState().notices[0]?.message).toContain("2 stored pictures");
  expect(names(await open())).toEqual(["b"]);
  const aside = createStore(`${name}-damaged`, "pictures");
  await expect(
    aside(
      "readonly",
      (store) =>
        new Promise((resolve) => {
          const request = store.count();
          request.addEventListener("success", () => resolve(request.result));
        }),
    ),
  ).resolves.toBe(2);
});

test.each([
  ["refused", new EngineError("storage-unavailable", "Pictures cannot be kept in this browser.")],
  ["full", new EngineError("storage-full", "There is no room left to keep pictures.")],
])("when storage is %s it is told once, and pictures stay for this visit", async (_case, error) => {
  const shelf: PictureShelf = { ...memoryShelf(), put: () => Promise.reject(error) };
  const store = await open(shelf);
  store.getState().insertPictures(["a", "b", "c"].map(pictureNamed));
  await written();
  expect(names(store)).toEqual(["a", "b", "c"]);
  expect(store.getState().notices.map((notice) => notice.message)).toEqual([error.message]);
  expect(store.getState().picturesPersist).toBe(false);
});

test("once there is room again everything is kept, what was refused before included, and that is told", async () => {
  let full = true;
  const kept = createPictureShelf(name);
  const ifRoom = async (work: () => Promise<void>): Promise<void> => {
    if (full) throw new EngineError("storage-full", "There is no room left to keep pictures.");
    await work();
  };
  const store = await open({
    ...kept,
    put: (record) => ifRoom(() => kept.put(record)),
    putMarks: (id, marks) => ifRoom(() => kept.putMarks(id, marks)),
  });
  store.getState().insertPictures(["a", "b", "c"].map(pictureNamed));
  store.getState().changeMarks(pictureNamed("a").source.id, { corrections: [correction] });
  await written();
  store.getState().dropPicture(pictureNamed("c").source.id);
  await written();
  expect(store.getState().picturesPersist).toBe(false);
  expect(names(await open())).toEqual([]);
  full = false;
  store.getState().dropPicture(pictureNamed("b").source.id);
  store.getState().insertPictures([pictureNamed("d")]);
  await written();
  expect(store.getState().picturesPersist).toBe(true);
  expect(store.getState().notices.at(-1)?.message).toContain("room again");
  const again = await open();
  expect(names(again)).toEqual(["a", "d"]);
  expect(again.getState().pictures[0]?.source.corrections).toEqual([correction]);
});

test("when nothing can be read at all the app goes on, and that is told", async () => {
  const refused = (): Promise<never> => Promise.reject(new EngineError("storage-unavailable", "Refused."));
  const store = await open({ readAll: refused, put: refused, putMarks: refused, remove: refused });
  store.getState().insertPictures([pictureNamed("a")]);
  await written();
  expect(names(store)).toEqual(["a"]);
  expect(store.getState().notices).toHaveLength(1);
});

test("a picture added while the stored ones are read is kept too, behind them", async () => {
  const shelf = memoryShelf([toRecord(pictureNamed("old"), 0)]);
  const store = createPageStore();
  const kept = keepPictures(store, shelf);
  store.getState().insertPictures([pictureNamed("new")]);
  await kept;
  await written();
  expect(names(store)).toEqual(["old", "new"]);
  expect(shelf.size()).toBe(2);
});

const correction: Correction = {
  id: "c1",
  classId: "dog" as ClassId,
  mask: { width: 4 as ImagePx, height: 2 as ImagePx, runs: Uint32Array.from([1, 2, 5, 1]) },
  reference: null,
};

test("what was named by hand and what was turned down come back with their picture, and go with it", async () => {
  const store = await open();
  const { id } = pictureNamed("a").source;
  store.getState().insertPictures([pictureNamed("a")]);
  store.getState().changeMarks(id, { corrections: [correction] });
  store.getState().changeMarks(id, { dismissed: [{ classId: "cat" as ClassId, mask: correction.mask }] });
  await written();
  const again = await open();
  expect(again.getState().pictures[0]?.source.corrections).toEqual([correction]);
  expect(again.getState().pictures[0]?.dismissed).toEqual([{ classId: "cat", mask: correction.mask }]);
  again.getState().dropPicture(id);
  await written();
  again.getState().insertPictures([pictureNamed("a")]);
  await written();
  expect((await open()).getState().pictures[0]?.source.corrections).toEqual([]);
});

test("of damaged marks the readable ones are kept, the whole is set aside, and that is told", async () => {
  const first = await open();
  first.getState().insertPictures([pictureNamed("a")]);
  await written();
  const broken = { ...correction, mask: { ...correction.mask, runs: Uint32Array.from([1, 20]) } };
  const shelf = createStore(`${name}-marks`, "marks");
  await set("a", { version: 1, corrections: [correction, broken, "junk"], dismissed: [] }, shelf);
  const store = await open();
  expect(store.getState().pictures[0]?.source.corrections).toEqual([correction]);
  expect(
    store
      .getState()
      .notices.map(({ message }) => message)
      .join(),
  ).toContain("named by hand in one picture");
  expect((await open()).getState().notices).toEqual([]);
});
