import type { BankId, BanksCalls, JobOptions } from "../contract.ts";
import type { EngineCore } from "../engine-core.ts";
import type { StageContext } from "../pictures.ts";
import { importBank, knownOf } from "../references/bank-file/merge.ts";
import { readBank } from "../references/bank-file/read.ts";
import { writeBank } from "../references/bank-file/write.ts";

const jobOf = ({ signal, onProgress }: StageContext): JobOptions => ({ signal, ...(onProgress ? { onProgress } : {}) });

/** The person's banks, and a bank as a whole. */
export function banksCalls(core: EngineCore): BanksCalls {
  const nameOf = (id: BankId): string => core.banks().banks.find((one) => one.id === id)?.name ?? "";
  return {
    banks: async () => core.banks(),

    newBank: (name) => core.job(null, {}, async (context) => core.useBank(await core.use().shelf.add(name), context)),

    renameBank: (id, name) =>
      core.job(null, {}, async (context) => {
        const { shelf, bank } = core.use();
        await shelf.rename(id, name);
        return core.useBank(bank.id, context);
      }),

    duplicateBank: (id, name, job) =>
      core.job(null, job, async (context) => {
        const { shelf, bank } = core.use();
        const source = id === bank.id ? bank : await shelf.openBank(id);
        try {
          await shelf.addFilled(name, (copy) => copy.fillFrom(source));
        } finally {
          if (source !== bank) await source.close();
        }
        return core.useBank(bank.id, context);
      }),

    useBank: (id) => core.job(null, {}, (context) => core.useBank(id, context)),

    removeBank: (id) =>
      core.job(null, {}, async (context) => {
        const { shelf, bank } = core.use();
        // Nothing may work on what is being removed.
        if (id === bank.id) {
          const other = shelf.banks.find((one) => one.id !== id)?.id ?? (await shelf.add("My classes"));
          await core.useBank(other, context);
        }
        await shelf.remove(id);
        return core.useBank(core.use().bank.id, context);
      }),

    restoreBank: (id) =>
      core.job(null, {}, async (context) => {
        await core.use().shelf.restore(id);
        return core.useBank(id, context);
      }),

    exportBank: (job) =>
      core.job(null, job, (context) => {
        const { bank } = core.use();
        return writeBank(bank, nameOf(bank.id), jobOf(context));
      }),

    importBank: (file, into, job) =>
      core.job(null, job, async (context) => {
        const { bank, shelf } = core.use();
        const read = await readBank(file, jobOf(context));
        const { name, leftOut } = read;
        if (into === "new") {
          const { id, value } = await shelf.addFilled(name, (fresh) => fresh.apply(importBank(read, new Map())));
          await core.useBank(id, context);
          return { name, leftOut, ...value.value };
        }
        const { value } = await bank.apply(importBank(read, await knownOf(bank, read)));
        await core.learn(context);
        return { name, leftOut, ...value };
      }),

    advice: (job) => core.job("advice", job, (context) => core.advice(jobOf(context))),
  };
}
