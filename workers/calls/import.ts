import type { DatasetFile, ImportCalls, Stage } from "../contract.ts";
import type { EngineCore } from "../engine-core.ts";
import { decodePicture } from "../imaging/decode.ts";
import { idOfFile, importClasses } from "../importing.ts";
import type { StageContext } from "../pictures.ts";
import { type Breathe, type Dataset, nameOf } from "../references/datasets/dataset.ts";
import { readDataset, summaryOf } from "../references/datasets/read-dataset.ts";

/** Whole data sets. */
export function importCalls(core: EngineCore): ImportCalls {
  /** The data set read last: choosing its classes does not read it again. */
  let last: { readonly key: string; readonly dataset: Dataset } | null = null;

  async function open(files: readonly DatasetFile[], context: StageContext): Promise<Dataset> {
    const key = files.map(({ path, blob }) => `${path} ${blob.size}`).join("\n");
    if (last?.key !== key) last = { key, dataset: await readDataset(files, telling(context, "read-dataset")) };
    return last.dataset;
  }

  return {
    readDataset: (files, job) => core.job(null, job, async (context) => summaryOf(await open(files, context))),

    importDataset: (files, choice, job) =>
      core.job("import", job, async (context) => {
        const dataset = await open(files, context);
        const quiet: StageContext = { ...context, onProgress: undefined };
        return importClasses(dataset, choice, {
          bank: core.use().bank,
          prepared: core.ready(),
          breathe: telling(context, "import-dataset"),
          decode: (file) => decodePicture(file.blob, nameOf(file.path), context.signal),
          describe: (file) => core.describe({ id: idOfFile(file), name: nameOf(file.path), blob: file.blob }, quiet),
          learn: () => core.learn(context),
        });
      }),
  };
}

/** Tells how far a stage is, and lets messages in. */
const telling =
  (context: StageContext, stage: Stage): Breathe =>
  async (done, total) => {
    context.onProgress?.({ stage, done, total });
    await context.breathe();
  };
