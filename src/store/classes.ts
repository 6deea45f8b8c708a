import type { StateCreator } from "zustand/vanilla";
import type {
  Bank,
  BankChange,
  BankId,
  BankList,
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
  /** The person's banks; null until the engine has told. */
  readonly banks: BankList | null;
  takeBanks(banks: BankList): void;
  /** Takes another bank, or a newer state of this one; an older one that arrives late is ignored. */
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

/** Before the engine has told of any bank. */
const NO_BANK = "" as BankId;

/** The bank after a change. */
function changedBank({ id, classes }: Bank, { to, changed, order }: BankChange): Bank {
  const known = new Map(classes.map((entry) => [entry.id, entry]));
  for (const entry of changed) known.set(entry.id, entry);
  const ids = order ?? classes.map((entry) => entry.id);
  return { id, revision: to, classes: ids.flatMap((id) => known.get(id) ?? []) };
}

export const createClasses: StateCreator<StoreState, [], [], ClassesSlice> = (set, get) => ({
  bank: { id: NO_BANK, revision: -1, classes: [] },
  banks: null,
  history: NO_HISTORY,

  takeBank: (bank) =>
    set((state) => {
      if (bank.id === state.bank.id && bank.revision <= state.bank.revision) return {};
      const alive = new Set(bank.classes.map((entry) => entry.id));
      return {
        bank,
        hidden: state.hidden.filter((id) => alive.has(id)),
        solo: state.solo !== null && alive.has(state.solo) ? state.solo : null,
      };
    }),
  takeChange: (change) => {
    const { bank, takeBank } = get();
    if (change.bank !== bank.id || change.from > bank.revision) return false;
    takeBank(changedBank(bank, change));
    return true;
  },
  takeBanks: (banks) => set({ banks }),
  takeHistory: (history) => set({ history }),

  readings: new Map(),
  takeReadings: (id, readings) => set((state) => ({ readings: new Map(state.readings).set(id, readings) })),
  dropReadings: (id, subcategory) =>
    set((state) => {
      const left = (state.readings.get(id) ?? []).filter((reading) => reading.subcategory !== subcategory);
      return { readings: new Map(state.readings).set(id, left) };
    }),
});
