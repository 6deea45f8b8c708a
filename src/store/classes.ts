import type { StateCreator } from "zustand/vanilla";
import type { Bank, ClassId, ClassInfo, ReferenceId, ReferenceInfo } from "../../workers/contract.ts";
import type { StoreState } from "./store.ts";

export interface ClassesSlice {
  /** The engine's bank as last heard; the engine is its only writer. */
  readonly bank: Bank;
  /** Takes a newer bank; an older one that arrives late is ignored. */
  takeBank(bank: Bank): void;
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

export const createClasses: StateCreator<StoreState, [], [], ClassesSlice> = (set) => ({
  bank: { revision: -1, classes: [] },

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
});
