import { downloadZip } from "client-zip";
import type { JobOptions } from "../../workers/contract.ts";
import { classesJson } from "../export/classes-json.ts";
import { encodeIndexedPng } from "../export/indexed-png.ts";
import { safeFileName } from "../export/safe-file-name.ts";
import { currentPicture, type Picture } from "../store/images.ts";
import { runJob } from "../store/jobs.ts";
import { matchSettings } from "../store/segmentation.ts";
import { guarded, type Action, type App } from "./action.ts";

/** What becomes of a picture: an indexed PNG at its original size, and what the indices stand for. */
interface MaskFiles {
  readonly png: Blob;
  readonly json: Blob;
}

async function makeMask({ engine, store }: App, picture: Picture, job: Required<JobOptions>): Promise<MaskFiles> {
  const state = store.getState();
  const settings = matchSettings(state);
  const known = state.bank.classes.filter((entry) => settings.classes.includes(entry.id));
  const { areas } = await engine.segment(picture.source, settings, job);
  const map = await engine.classMap(picture.source, settings, job);
  const shareOf = (id: (typeof areas)[number]["classId"]): number =>
    areas.find((area) => area.classId === id)?.share ?? 0;
  const png = await encodeIndexedPng(
    map,
    known.map((entry) => entry.colour),
  );
  const json = classesJson(
    { name: picture.source.name, width: map.width, height: map.height },
    shareOf(null),
    known.map(({ id, name, colour }) => ({ name, colour, share: shareOf(id) })),
  );
  return { png, json: new Blob([json], { type: "application/json" }) };
}

/** Names that are each other's equal would overwrite each other when the archive is unpacked. */
function distinct(name: string, taken: Set<string>): string {
  let candidate = name;
  for (let copy = 2; taken.has(candidate.toLowerCase()); copy += 1) candidate = `${name} ${copy}`;
  taken.add(candidate.toLowerCase());
  return candidate;
}

async function zipMasks(app: App, pictures: readonly Picture[], job: Required<JobOptions>): Promise<Blob> {
  const taken = new Set<string>();
  async function* files(): AsyncGenerator<{ name: string; input: Blob }> {
    for (const picture of pictures) {
      const { png, json } = await makeMask(app, picture, job);
      const stem = distinct(safeFileName(picture.source.name, ""), taken);
      yield { name: `${stem}-classes.png`, input: png };
      yield { name: `${stem}-classes.json`, input: json };
    }
  }
  return downloadZip(files()).blob();
}

const canSave = ({ store }: App): boolean => {
  const state = store.getState();
  return state.phase === "ready" && (currentPicture(state)?.segmentation ?? null) !== null;
};

function saving(app: App, work: (picture: Picture, job: Required<JobOptions>) => Promise<void>): Promise<void> {
  return guarded(app, async () => {
    const picture = currentPicture(app.store.getState());
    if (!picture) return;
    const { name } = picture.source;
    await runJob(app.store, { label: `Saving ${name}` }, (job) => work(picture, job));
  });
}

/** Saves one archive with the current picture's mask as an indexed PNG, and its class names and colours as JSON. */
export const saveMask: Action = {
  id: "save-mask",
  label: "Save mask and class names",
  shortcut: "$mod+s",
  isAvailable: canSave,
  run: (app) =>
    saving(app, async (picture, job) => {
      app.page.saveFile(safeFileName(picture.source.name, "-classes.zip"), await zipMasks(app, [picture], job));
    }),
};

/** Saves the indexed PNG alone. */
export const saveMaskPicture: Action = {
  id: "save-mask-picture",
  label: "Save the mask alone (PNG)",
  shortcut: null,
  isAvailable: canSave,
  run: (app) =>
    saving(app, async (picture, job) => {
      app.page.saveFile(safeFileName(picture.source.name, "-classes.png"), (await makeMask(app, picture, job)).png);
    }),
};

/** Saves one archive with the masks of all pictures that are segmented. */
export const saveAllMasks: Action = {
  id: "save-all-masks",
  label: "Save the masks of all pictures",
  shortcut: null,
  isAvailable: (app) => canSave(app) && app.store.getState().pictures.length > 1,
  run: (app) =>
    guarded(app, async () => {
      const pictures = app.store.getState().pictures.filter((picture) => picture.segmentation !== null);
      const archive = await runJob(app.store, { label: `Saving ${pictures.length} masks` }, (job) =>
        zipMasks(app, pictures, job),
      );
      app.page.saveFile("lookalike-classes.zip", archive);
    }),
};
