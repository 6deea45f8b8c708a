import type { Bank as BankSnapshot, BankChange, BankId, ClassId, Failure, History } from "../../contract.ts";
import type { SharedRecords } from "./shared-records.ts";

export type BankEvent =
  /** Classes or references changed, in whichever tab; descriptors may have come with them. */
  | { readonly type: "bank"; readonly bank: BankSnapshot; readonly change: BankChange }
  /** Descriptors or anchors were stored; what the page may see is as before. */
  | { readonly type: "descriptors" }
  /** Another step can now be undone or redone. */
  | { readonly type: "history"; readonly history: History }
  | { readonly type: "notice"; readonly failure: Failure };

/** Who is told of a bank's changes, and what. Notices from before anybody listens wait for the first who does. */
export class Announcements {
  readonly #id: BankId;
  readonly #records: SharedRecords;
  #snapshot: BankSnapshot | null = null;
  /** Revision and order of the classes when they were last announced. */
  #announced: { readonly revision: number; readonly order: readonly ClassId[] } = { revision: -1, order: [] };
  readonly #listeners = new Set<(event: BankEvent) => void>();
  #unheard: BankEvent[] = [];

  constructor(id: BankId, records: SharedRecords) {
    this.#id = id;
    this.#records = records;
  }

  /** Classes in palette order with their references. The same objects until something of them changes. */
  snapshot(): BankSnapshot {
    const { index, revision } = this.#records;
    this.#snapshot ??= { id: this.#id, revision, classes: index.classes().map((record) => index.info(record)) };
    return this.#snapshot;
  }

  /** Calls the listener with every event from now on. Returns what ends it. */
  subscribe(listener: (event: BankEvent) => void): () => void {
    this.#listeners.add(listener);
    const unheard = this.#unheard;
    this.#unheard = [];
    unheard.forEach(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Tells nobody anything from now on. */
  stop(): void {
    this.#listeners.clear();
  }

  /** Records were changed: of classes and references everybody is told what changed, of all else that it did. */
  changed(keys: readonly string[]): void {
    this.#snapshot = null;
    if (!keys.some((key) => key.startsWith("class:") || key.startsWith("reference:"))) {
      this.emit({ type: "descriptors" });
      return;
    }
    const { index } = this.#records;
    const bank = this.snapshot();
    const touched = index.takeTouched();
    const order = bank.classes.map((one) => one.id);
    const sameOrder =
      order.length === this.#announced.order.length && order.every((id, at) => id === this.#announced.order[at]);
    const change: BankChange = {
      bank: this.#id,
      from: this.#announced.revision,
      to: bank.revision,
      changed: bank.classes.filter((one) => touched.has(one.id)),
      order: sameOrder ? null : order,
    };
    this.#announced = { revision: bank.revision, order };
    this.emit({ type: "bank", bank, change });
  }

  notify(failure: Failure): void {
    const event: BankEvent = { type: "notice", failure };
    if (this.#listeners.size === 0) this.#unheard.push(event);
    this.emit(event);
  }

  emit(event: BankEvent): void {
    this.#listeners.forEach((listener) => listener(event));
  }
}
