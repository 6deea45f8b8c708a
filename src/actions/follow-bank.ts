import type { Correction, PictureId, ReferenceId } from "../../workers/contract.ts";
import { findPicture, marksOf } from "../store/images.ts";
import type { Store } from "../store/store.ts";
import type { App } from "./action.ts";

interface Aside {
  readonly picture: PictureId;
  readonly correction: Correction;
}

/** Corrections that went with their reference, and come back with it. For the life of the page. */
const aside = new WeakMap<Store, Map<ReferenceId, Aside>>();

function asideOf(store: Store): Map<ReferenceId, Aside> {
  const known = aside.get(store) ?? new Map<ReferenceId, Aside>();
  aside.set(store, known);
  return known;
}

const referencesIn = ({ store }: App): ReadonlySet<ReferenceId> =>
  new Set(store.getState().bank.classes.flatMap(({ references }) => references.map(({ id }) => id)));

/**
 * Undoes or redoes a step of the bank, and with it what was said in pictures: a correction whose reference goes is taken
 * back, one whose reference returns holds again. References that are removed by hand take no correction with them.
 */
export async function withCorrections<Value>(app: App, step: () => Promise<Value>): Promise<Value> {
  const { store } = app;
  const before = referencesIn(app);
  const value = await step();
  const after = referencesIn(app);
  const kept = asideOf(store);
  for (const picture of store.getState().pictures) {
    const { corrections } = marksOf(picture);
    const gone = corrections.filter(
      ({ reference }) => reference !== null && before.has(reference) && !after.has(reference),
    );
    if (gone.length === 0) continue;
    const { id } = picture.source;
    for (const correction of gone) {
      if (correction.reference !== null) kept.set(correction.reference, { picture: id, correction });
    }
    store.getState().changeMarks(id, { corrections: corrections.filter((entry) => !gone.includes(entry)) });
  }
  for (const [reference, { picture, correction }] of kept) {
    if (!after.has(reference)) continue;
    kept.delete(reference);
    const known = findPicture(store.getState(), picture);
    if (!known || marksOf(known).corrections.some(({ id }) => id === correction.id)) continue;
    store.getState().changeMarks(picture, { corrections: [...marksOf(known).corrections, correction] });
  }
  return value;
}
