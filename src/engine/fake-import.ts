import {
  type ClassInfo,
  type DatasetFile,
  EngineError,
  type ImportCalls,
  type JobOptions,
  type ReferenceInfo,
  type Stage,
} from "../../workers/contract.ts";

/** What the fake engine lends to its calls about data sets. */
interface FakeParts {
  readonly calls: string[];
  readonly pass: (stages: readonly Stage[], subject: string, job?: JobOptions) => Promise<void>;
  readonly newClass: (name: string, references: readonly ReferenceInfo[]) => ClassInfo;
  readonly reference: (source: ReferenceInfo["source"], provenance: string) => ReferenceInfo;
}

const isBad = ({ path }: DatasetFile): boolean => /(?:^|\/)bad[^/]*$/u.test(path);

/** A class for each folder; files named "bad…" are skipped when they are taken over. */
export function fakeImportCalls({ calls, pass, newClass, reference }: FakeParts): ImportCalls {
  const foldersOf = (files: readonly DatasetFile[]): ReadonlyMap<string, readonly DatasetFile[]> => {
    const folders = new Map<string, DatasetFile[]>();
    for (const file of files) {
      const [folder = ""] = file.path.split("/").slice(-2, -1);
      if (folder !== "") folders.set(folder, [...(folders.get(folder) ?? []), file]);
    }
    return folders;
  };
  return {
    async readDataset(files, job) {
      calls.push(`readDataset ${files.length}`);
      await pass(["read-dataset"], "dataset", job);
      const folders = foldersOf(files);
      if (folders.size === 0) throw new EngineError("dataset-unreadable", "There are no pictures in what was given.");
      const classes = [...folders].map(([name, own]) => ({ name, pictures: own.length, things: own.length }));
      return { kind: "folders", pictures: files.length, classes, skipped: [] };
    },
    async importDataset(files, { classes, perClass }, job) {
      calls.push(`importDataset ${classes.join(" ")} ${perClass}`);
      await pass(["import-dataset", "embed-references"], "dataset", job);
      const wanted = [...foldersOf(files)].filter(([name]) => classes.includes(name));
      const added = wanted.map(([name, own]) => {
        const good = own.filter((file) => !isBad(file)).slice(0, perClass);
        newClass(
          name,
          good.map(({ path }) => reference("import", path)),
        );
        return { name, added: good.length };
      });
      const bad = wanted.flatMap(([, own]) => own.filter(isBad).map(({ path }) => path));
      const skipped = bad.length > 0 ? [{ reason: "pictures are damaged", count: bad.length, examples: bad }] : [];
      return { classes: added, skipped };
    },
  };
}
