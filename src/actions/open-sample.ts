import * as v from "valibot";
import { EngineError } from "../../workers/contract.ts";
import { guarded, type Action } from "./action.ts";
import { addClasses } from "./add-classes.ts";
import { addPictures } from "./add-pictures.ts";

const SAMPLES = v.object({
  samples: v.array(
    v.object({
      file: v.string(),
      name: v.string(),
      /** Everything that can be seen in it. */
      classes: v.array(v.string()),
      /** What to look for at first. */
      suggest: v.optional(v.array(v.string())),
    }),
  ),
});

/** A scene that comes with the app, and names that fit it. */
export type Sample = v.InferOutput<typeof SAMPLES>["samples"][number];

const address = (file: string): string => `samples/${encodeURIComponent(file)}`;

async function fetchFile(file: string): Promise<Response> {
  const response = await fetch(address(file)).catch(() => null);
  if (!response?.ok) throw new EngineError("picture-missing", `The sample file ${file} could not be loaded.`);
  return response;
}

/** Where a sample's picture is, for an image element. */
export const sampleAddress = (sample: Sample): string => address(sample.file);

/** The names that a sample is opened with. */
export const namesFor = ({ suggest, classes }: Sample): readonly string[] => suggest ?? classes;

/** The scenes that come with the app; none when their list is missing. */
export async function listSamples(): Promise<readonly Sample[]> {
  const response = await fetch("samples/samples.json").catch(() => null);
  if (!response?.ok) return [];
  const parsed = v.safeParse(SAMPLES, await response.json().catch(() => null));
  return parsed.success ? parsed.output.samples : [];
}

/** Adds a sample scene with its classes, so that the first picture is segmented without typing anything. */
export const openSample: Action<Sample> = {
  id: "open-sample",
  label: "Open a sample scene",
  shortcut: null,
  isAvailable: () => true,
  run: (app, sample) =>
    guarded(app, async () => {
      const blob = await (await fetchFile(sample.file)).blob();
      await addPictures.run(app, [new File([blob], sample.file, { type: blob.type })]);
      await addClasses.run(app, { text: namesFor(sample).join(", "), quiet: true });
    }),
};
