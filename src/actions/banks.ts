import type { BankId, ImportReport, LeftOut } from "../../workers/contract.ts";
import { safeFileName } from "../export/safe-file-name.ts";
import { runJob } from "../store/jobs.ts";
import { guarded, type Action, type App } from "./action.ts";

const isReady = ({ store }: App): boolean => store.getState().banks !== null;
const currentName = ({ store }: App): string => {
  const { banks } = store.getState();
  return banks?.banks.find((entry) => entry.id === banks.current)?.name ?? "Bank";
};

export const switchBank: Action<BankId> = {
  id: "use-bank",
  label: "Use this bank",
  shortcut: null,
  isAvailable: isReady,
  run: (app, id) => guarded(app, async () => void (await app.engine.useBank(id))),
};

export const newBank: Action<string> = {
  id: "new-bank",
  label: "New bank…",
  shortcut: null,
  isAvailable: isReady,
  run: (app, name) => guarded(app, async () => void (await app.engine.newBank(name))),
};

export const renameBank: Action<{ readonly id: BankId; readonly name: string }> = {
  id: "rename-bank",
  label: "Rename this bank…",
  shortcut: null,
  isAvailable: isReady,
  run: (app, { id, name }) => guarded(app, async () => void (await app.engine.renameBank(id, name))),
};

export const duplicateBank: Action<{ readonly id: BankId; readonly name: string }> = {
  id: "duplicate-bank",
  label: "Duplicate this bank",
  shortcut: null,
  isAvailable: isReady,
  run: (app, { id, name }) =>
    guarded(app, async () => {
      await runJob(app.store, { label: "Copying the bank" }, (job) => app.engine.duplicateBank(id, name, job));
      app.store.getState().notify({ message: "The copy is among your banks now." });
    }),
};

export const removeBank: Action<BankId> = {
  id: "remove-bank",
  label: "Remove this bank…",
  shortcut: null,
  isAvailable: isReady,
  run: (app, id) =>
    guarded(app, async () => {
      const name = app.store.getState().banks?.banks.find((entry) => entry.id === id)?.name ?? "The bank";
      await app.engine.removeBank(id);
      const undo = (): void => void guarded(app, async () => void (await app.engine.restoreBank(id)));
      app.store.getState().notify({ message: `${name} was removed.`, undo });
    }),
};

const MOST_NAMED = 3;

/** What was left out, in a sentence. */
function leftOutWords(leftOut: readonly LeftOut[]): string {
  if (leftOut.length === 0) return "";
  const named = leftOut.slice(0, MOST_NAMED).map(({ what, why }) => `${what} (${why})`);
  const more = leftOut.length > MOST_NAMED ? `, and ${leftOut.length - MOST_NAMED} more` : "";
  return `Left out: ${named.join(", ")}${more}.`;
}

/** Saves the bank in use as one file. */
export const saveBank: Action = {
  id: "save-bank",
  label: "Save the bank as a file",
  shortcut: null,
  isAvailable: isReady,
  run: (app) =>
    guarded(app, async () => {
      const name = currentName(app);
      const { archive, leftOut } = await runJob(app.store, { label: `Saving ${name}` }, (job) =>
        app.engine.exportBank(job),
      );
      app.page.saveFile(safeFileName(name, ".lookalike.zip"), archive);
      if (leftOut.length > 0) app.store.getState().notify({ kind: "error", message: leftOutWords(leftOut) });
    }),
};

const plural = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;

function importWords({ classes, joined, references, doubled }: ImportReport): string {
  const parts = [plural(classes, "new class", "new classes"), plural(references, "new reference", "new references")];
  const known = joined > 0 ? ` ${plural(joined, "class", "classes")} joined one of the same name.` : "";
  const twins = doubled > 0 ? ` ${plural(doubled, "reference was", "references were")} there already.` : "";
  return `Opened: ${parts.join(", ")}.${known}${twins}`;
}

/** Opens a bank's file: into the bank in use, or as a new one. Without a file the person chooses one. */
export const openBankFile: Action<{ readonly into: "current" | "new"; readonly file?: File }> = {
  id: "open-bank-file",
  label: "Open a bank’s file…",
  shortcut: null,
  isAvailable: isReady,
  run: (app, { into, file }) =>
    guarded(app, async () => {
      const [chosen] = file ? [file] : await app.page.pickFiles({ accept: ".zip,application/zip", multiple: false });
      if (!chosen) return;
      const release = app.segmenter.hold();
      try {
        const report = await runJob(app.store, { label: `Opening ${chosen.name}` }, (job) =>
          app.engine.importBank(chosen, into, job),
        );
        app.store.getState().notify({
          kind: report.leftOut.length > 0 ? "error" : "info",
          message: importWords(report),
          advice: leftOutWords(report.leftOut),
        });
      } finally {
        release();
      }
    }),
};
