import type { PictureId } from "../../workers/contract.ts";
import { findPicture, marksOf, newPicture, type Picture } from "./images.ts";
import { report } from "./jobs.ts";
import { NO_MARKS } from "./picture-marks.ts";
import { toRecord, type PictureShelf } from "./picture-shelf.ts";
import type { Store } from "./store.ts";

/** Brings last time's pictures back into the gallery. Never rejects: what goes wrong is told. */
async function restorePictures(store: Store, shelf: PictureShelf, orders: Map<PictureId, number>): Promise<void> {
  const { records, marks, damaged, damagedMarks } = await shelf.readAll();
  for (const record of records) orders.set(record.id, record.order);
  const known = new Set(store.getState().pictures.map((picture) => picture.source.id));
  const fresh = records.filter((record) => !known.has(record.id));
  const { currentId } = store.getState();
  store.getState().insertPictures(
    fresh.map(({ id, name, blob, info }) => {
      const { corrections, dismissed } = marks.get(id) ?? NO_MARKS;
      return newPicture({ id, name, blob, corrections }, info, dismissed);
    }),
    0,
  );
  const { pictures } = store.getState();
  if (!pictures.some((picture) => picture.source.id === currentId)) {
    store.getState().setCurrent(pictures[0]?.source.id ?? null);
  }
  if (damaged > 0) {
    store.getState().notify({
      kind: "error",
      message:
        damaged === 1 ? "One stored picture could not be read." : `${damaged} stored pictures could not be read.`,
      advice: "They were set aside; the rest was kept.",
    });
  }
  if (damagedMarks > 0) {
    store.getState().notify({
      kind: "error",
      message: `Some of what you named by hand in ${damagedMarks === 1 ? "one picture" : `${damagedMarks} pictures`} could not be read.`,
      advice: "It was set aside; the rest was kept.",
    });
  }
}

/** Where a picture stands among its neighbours, as a number between theirs: the others need no rewriting. */
function orderAt(pictures: readonly Picture[], index: number, orders: ReadonlyMap<PictureId, number>): number {
  const orderOf = (at: number): number | undefined => {
    const picture = pictures[at];
    return picture && orders.get(picture.source.id);
  };
  const before = orderOf(index - 1);
  let after: number | undefined;
  for (let at = index + 1; at < pictures.length && after === undefined; at += 1) after = orderOf(at);
  if (before === undefined) return after === undefined ? 0 : after - 1;
  return after === undefined ? before + 1 : (before + after) / 2;
}

/** Whether what was said about parts of a picture is as it was; of a picture that is new: whether there is nothing. */
function isSaidAlike(previous: Picture | undefined, picture: Picture): boolean {
  if (previous) {
    return previous.source.corrections === picture.source.corrections && previous.dismissed === picture.dismissed;
  }
  const { corrections, dismissed } = marksOf(picture);
  return corrections.length === 0 && dismissed.length === 0;
}

/**
 * Restores the stored pictures, then keeps the shelf as the gallery is: what is added is stored, what is removed is
 * deleted. When storage is refused or full the person is told once, and the app goes on in memory; whenever a picture is
 * added or removed it is tried again, and what was not stored until then is.
 */
export async function keepPictures(store: Store, shelf: PictureShelf): Promise<void> {
  const orders = new Map<PictureId, number>();
  const giveUp = (cause: unknown): void => {
    if (!store.getState().picturesPersist) return;
    store.getState().setSettings({ picturesPersist: false });
    report(store, cause);
  };

  // Writes go one after another, so that a removal never overtakes the addition it undoes.
  let tail: Promise<void> = Promise.resolve();
  /** Pictures of which something could not be stored. */
  const owed = new Set<PictureId>();
  const write = (id: PictureId, work: () => Promise<void>): void => {
    tail = tail
      .then(async () => {
        owed.add(id);
        if (!store.getState().picturesPersist) return;
        await work();
        owed.delete(id);
      })
      .catch(giveUp);
  };
  /** Stores what could not be stored before; gives up quietly at the first that still cannot. */
  const catchUp = async (): Promise<void> => {
    for (const id of owed) {
      const picture = findPicture(store.getState(), id);
      if (picture) {
        await shelf.put(toRecord(picture, orders.get(id) ?? 0));
        await shelf.putMarks(id, marksOf(picture));
      }
      owed.delete(id);
    }
    store.getState().setSettings({ picturesPersist: true });
    store.getState().notify({ message: "There is room again: all pictures are kept in this browser." });
  };
  // Also when nothing more is kept: what was removed must not come back, and makes room on a full disk.
  const remove = (id: PictureId): void => {
    tail = tail.then(() => shelf.remove(id)).catch(giveUp);
  };

  const keep = (pictures: readonly Picture[], before: readonly Picture[]): void => {
    const old = new Map(before.map((picture) => [picture.source.id, picture]));
    for (const [index, picture] of pictures.entries()) {
      const { id } = picture.source;
      const previous = old.get(id);
      old.delete(id);
      if (!isSaidAlike(previous, picture)) write(id, () => shelf.putMarks(id, marksOf(picture)));
      if (previous && previous.info === picture.info) continue;
      const order = orders.get(id) ?? orderAt(pictures, index, orders);
      orders.set(id, order);
      write(id, () => shelf.put(toRecord(picture, order)));
    }
    for (const id of old.keys()) {
      orders.delete(id);
      remove(id);
    }
    const isOther = old.size > 0 || pictures.length !== before.length;
    if (isOther)
      tail = tail.then(() => (store.getState().picturesPersist ? undefined : catchUp())).catch(() => undefined);
  };

  try {
    await restorePictures(store, shelf, orders);
  } catch (cause) {
    giveUp(cause);
  }
  const restored = store.getState().pictures.filter((picture) => orders.has(picture.source.id));
  store.subscribe((state, previous) => {
    if (state.pictures !== previous.pictures) keep(state.pictures, previous.pictures);
  });
  // What was added while the stored ones were read.
  if (store.getState().pictures.length > restored.length) keep(store.getState().pictures, restored);
}
