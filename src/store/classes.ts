import type { StateCreator } from "zustand/vanilla";
import type {
  Bank,
  BankChange,
  ClassId,
  ClassInfo,
  History,
  NameReading,
  ReferenceId,
  ReferenceInfo,
} from "../../workers/contract.ts";
import type { StoreState } from "./store.ts";

export interface ClassesSlice {
  /** The engine's bank as last heard; the engine is its only writer. */
  readonly bank: Bank;
  readonly history: History;
  /** Takes a newer bank; an older one that arrives late is ignored. */
  takeBank(bank: Bank): void;
  /** Takes over what changed; what did not stays the same objects. False: something in between is not known here. */
  takeChange(change: BankChange): boolean;
  takeHistory(history: History): void;
  /** What typed names were taken for, by class; known until the page is closed or the person has seen to it. */
  readonly readings: ReadonlyMap<ClassId, readonly NameReading[]>;
  takeReadings(id: ClassId, readings: readonly NameReading[]): void;
  /** The readings of a class's own name (null) or of one of its sub-categories have been seen to. */
  dropReadings(id: ClassId, subcategory: string | null): void;
}

export function findClass(state: Pick<ClassesSlice, "bank">, id: ClassId | null): ClassInfo | null {
  return state.bank.classes.find((entry) => entry.id === id) ?? null;
}

export function findReference(
  state: Pick<ClassesSlice, "bank">,
  id: ReferenceId,
): { readonly owner: ClassInfo; readonly reference: ReferenceInfo } | null {
  for (const owner of state.bank.classes) {
    const reference = owner.references.find((entry) => entry.id === id);
    if (reference) return { owner, reference };
  }
  return null;
}

/** Nothing to undo, nothing to redo. */
export const NO_HISTORY: History = { undo: null, redo: null };

/** The bank after a change. */
function changedBank({ classes }: Bank, { to, changed, order }: BankChange): Bank {
  const known = new Map(classes.map((entry) => [entry.id, entry]));
  for (const entry of changed) known.set(entry.id, entry);
  const ids = order ?? classes.map((entry) => entry.id);
  return { revision: to, classes: ids.flatMap((id) => known.get(id) ?? []) };
}

export const createClasses: StateCreator<StoreState, [], [], ClassesSlice> = (set, get) => ({
  bank: { revision: -1, classes: [] },
  history: NO_HISTORY,

  takeBank: (bank) =>
    set((state) => {
      if (bank.revision <= state.bank.revision) return {};
      const alive = new Set(bank.classes.map((entry) => entry.id));
      return {
        bank,
        hidden: state.hidden.filter((id) => alive.has(id)),
        solo: state.solo !== null && alive.has(state.solo) ? state.solo : null,
      };
    }),
  takeChange: (change) => {
    const { bank, takeBank } = get();
    if (change.from > bank.revision) return false;
    takeBank(changedBank(bank, change));
    return true;
  },
  takeHistory: (history) => set({ history }),

  readings: new Map(),
  takeReadings: (id, readings) => set((state) => ({ readings: new Map(state.readings).set(id, readings) })),
  dropReadings: (id, subcategory) =>
    set((state) => {
      const left = (state.readings.get(id) ?? []).filter((reading) => reading.subcategory !== subcategory);
      return { readings: new Map(state.readings).set(id, left) };
    }),
});
