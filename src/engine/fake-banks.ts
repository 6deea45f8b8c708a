import {
  EngineError,
  type BankId,
  type BankInfo,
  type BankList,
  type BanksCalls,
  type EngineEvent,
} from "../../workers/contract.ts";

/** The banks of the fake engine: names only; all of them show the same classes. */
export function fakeBanksCalls(emit: (event: EngineEvent) => void, calls: string[]): BanksCalls {
  let banks: readonly BankInfo[] = [{ id: FAKE_BANK, name: "My classes" }];
  let removed: readonly BankInfo[] = [];
  let current = FAKE_BANK;
  let nextId = 2;

  const tell = (): BankList => {
    const list = { current, banks };
    emit({ type: "banks", banks: list });
    return list;
  };
  const add = (name: string): BankId => {
    const id = `bank-${nextId}` as BankId;
    nextId += 1;
    banks = [...banks, { id, name }];
    return id;
  };
  return {
    banks: () => Promise.resolve({ current, banks }),
    async newBank(name) {
      current = add(name);
      return tell();
    },
    async renameBank(id, name) {
      banks = banks.map((entry) => (entry.id === id ? { id, name } : entry));
      return tell();
    },
    async duplicateBank(_id, name) {
      add(name);
      return tell();
    },
    async useBank(id) {
      if (!banks.some((entry) => entry.id === id)) throw new EngineError("bank-missing", "That bank is gone.");
      current = id;
      return tell();
    },
    async removeBank(id) {
      removed = [...removed, ...banks.filter((entry) => entry.id === id)];
      banks = banks.filter((entry) => entry.id !== id);
      current = banks[0]?.id ?? FAKE_BANK;
      return tell();
    },
    async restoreBank(id) {
      const entry = removed.find((one) => one.id === id);
      if (!entry) throw new EngineError("bank-missing", "That bank is gone.");
      banks = [...banks, entry];
      current = id;
      return tell();
    },
    async exportBank() {
      calls.push("exportBank");
      return { archive: new Blob(["bank"]), leftOut: [] };
    },
    async importBank(file, into) {
      calls.push(`importBank ${into}`);
      if ((await file.text()).startsWith("bad")) throw new EngineError("bank-file-invalid", "The file is not a bank.");
      return { name: "A bank", classes: 1, joined: 0, references: 2, doubled: 1, leftOut: [] };
    },
    advice: () => Promise.resolve([]),
  };
}

export const FAKE_BANK = "bank-1" as BankId;
