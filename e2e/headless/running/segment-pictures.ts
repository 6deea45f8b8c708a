import type { ClassId, Segmentation } from "../../../workers/contract.ts";
import type { AppRun } from "./app-run.ts";

/** A class that takes part. */
export interface TakingPart {
  readonly id: ClassId;
  readonly name: string;
  /** #rrggbb. */
  readonly colour: string;
  readonly references: number;
}

/** What the app made of one picture. */
export interface SegmentedPicture {
  readonly segmentation: Segmentation;
  /** Of the picture as it was given, upright. */
  readonly width: number;
  readonly height: number;
  /** width * height: 0 other, n + 1 the n-th class. */
  readonly classMap: Uint16Array<ArrayBuffer>;
  /** Of the working image: 0 none, index + 1. */
  readonly regionMap: Uint16Array<ArrayBuffer>;
  /** PNG of the working image with its class colours. */
  readonly overlay: Buffer;
  readonly milliseconds: number;
}

/** How the overlay looks: as on the canvas when the app is opened for the first time. */
const STYLE = { opacity: 0.6, outlineWidth: 2, solo: null, hidden: [] };

/** The classes of the engine's bank. */
export function classesOf(run: AppRun): Promise<TakingPart[]> {
  return run.page.evaluate(async () => {
    const { classes } = await window.lookalike.engine.bank();
    return classes.map(({ id, name, colour, references }) => ({ id, name, colour, references: references.length }));
  });
}

/** Segments the file at a place among those handed to the page. @throws Error as the engine says */
export async function segmentHanded(
  run: AppRun,
  at: number,
  classes: readonly ClassId[],
  threshold: number,
): Promise<SegmentedPicture> {
  const result = await run.page.evaluate(
    async ([index, settings, style]) => {
      const { engine } = window.lookalike;
      const blob = window.handed[index];
      if (!blob) return { failure: "The file was not handed over." };
      type Source = Parameters<typeof engine.segment>[0];
      const source: Source = { id: `handed ${index}` as Source["id"], name: blob.name, blob };
      const send = (name: string, body: BodyInit): Promise<unknown> =>
        fetch(`/measured/${name}`, { method: "PUT", body });
      try {
        const begun = performance.now();
        const segmentation = await engine.segment(source, settings);
        const milliseconds = performance.now() - begun;
        const classMap = await engine.classMap(source, settings);
        await send("classes", classMap.data);
        await send("regions", (await engine.regionMap(source)).data);
        await send("overlay", await engine.overlayImage(source, settings, style));
        const { width, height } = classMap;
        return { found: { segmentation, milliseconds, width: Number(width), height: Number(height) } };
      } catch (cause) {
        return { failure: cause instanceof Error ? cause.message : String(cause) };
      }
    },
    [at, { classes, threshold }, STYLE] as const,
  );
  if (!result.found) throw new Error(result.failure);
  const labels = (name: string): Uint16Array<ArrayBuffer> => new Uint16Array(Uint8Array.from(run.take(name)).buffer);
  return {
    ...result.found,
    classMap: labels("classes"),
    regionMap: labels("regions"),
    overlay: run.take("overlay"),
  };
}
