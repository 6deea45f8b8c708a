import "fake-indexeddb/auto";
import { describe, expect, it } from "vitest";
import { EngineError, type ModelId, type Progress } from "../contract.ts";
import { areaOfRuns } from "../imaging/runs.ts";
import { browser, draft, MODEL } from "./bank/bank.fixture.ts";
import type { Bank } from "./bank/bank.ts";
import type { ReferenceDraft } from "./bank/records.ts";
import { embedAnchors, type EmbeddingModel, embedReferences, type MaskedPicture, surroundingsOf } from "./embedding.ts";
import { partMasksOf } from "./parts.ts";
import type { Picture } from "./sources/crop-image.ts";

const solid = (width: number, height: number, value: number): Picture => ({
  width,
  height,
  pixels: new Uint8ClampedArray(4 * width * height).fill(value),
});

/** Crops of the test are 4 x 3 and say their grey in their text. */
const decode = async (image: Blob): Promise<Picture> => {
  const text = await image.text();
  if (text === "unreadable") {
    throw new EngineError("storage-damaged", "No picture.");
  }
  return solid(text === "resized" ? 9 : 4, 3, 200);
};

/** Sees the area of each mask and the first pixel's red. */
function watchedModel(seen: MaskedPicture[] = []): EmbeddingModel {
  return {
    id: MODEL,
    patch: 14,
    embed: async (pictures) => {
      seen.push(...pictures);
      return pictures.map(({ picture, masks }) =>
        masks.map((runs) => new Float32Array([areaOfRuns(runs), picture.pixels[0] ?? 0])),
      );
    },
  };
}

const pictogram: ReferenceDraft = { ...draft("🦓 zebra"), source: "pictogram", domain: "pictogram" };

async function bankWith(...drafts: readonly ReferenceDraft[]): Promise<Bank> {
  const bank = await browser().tab();
  const { info } = await bank.addClass("thing");
  await bank.addReferences(info.id, drafts);
  return bank;
}

describe("embedding references", () => {
  it("sees a photograph once, under its mask, under its surroundings, and under the pieces of both", async () => {
    const bank = await bankWith(draft());
    const seen: MaskedPicture[] = [];
    expect(await embedReferences(bank, watchedModel(seen), { decode })).toEqual([]);
    expect(seen).toHaveLength(1);
    const { runs } = draft().crop;
    const pieces = partMasksOf(runs, 4, 3);
    const around = new Uint32Array([0, 1, 3, 2, 7, 5]);
    expect(seen[0]?.masks).toEqual([runs, ...pieces.masks, around]);
    const parts = bank.partsOf(MODEL)[0]?.parts ?? [];
    expect(parts.map(({ vector, inside }) => [vector[0], inside])).toEqual(
      pieces.masks.map((mask, index) => [areaOfRuns(mask), index < pieces.inside]),
    );
    expect(bank.descriptorsOf(MODEL)[0]?.references.map(({ vector }) => vector)).toEqual([new Float32Array([4, 200])]);
    expect(bank.surroundingsOf(MODEL).map(({ vector }) => vector)).toEqual([new Float32Array([8, 200])]);
  });

  it("sees a picture once for all references that are masks in it, and each gets what is under its own", async () => {
    const two = (runs: readonly number[]): ReferenceDraft => {
      const { crop, ...rest } = draft("one picture");
      return { ...rest, crop: { ...crop, runs: new Uint32Array(runs) } };
    };
    const bank = await bankWith(two([0, 1]), draft("another one"), two([5, 2, 9, 2]));
    const seen: MaskedPicture[] = [];
    await embedReferences(bank, watchedModel(seen), { decode });
    const counts = [[0, 1], [5, 2, 9, 2], [...draft().crop.runs]].map(
      (runs) => 2 + partMasksOf(Uint32Array.from(runs), 4, 3).masks.length,
    );
    expect(seen.map(({ masks }) => masks.length)).toEqual([(counts[0] ?? 0) + (counts[1] ?? 0), counts[2]]);
    const areas = bank.descriptorsOf(MODEL)[0]?.references.map(({ vector }) => vector[0]);
    expect(areas).toEqual([1, 4, 4]);
  });

  it("sees a pictogram in several square views of whole patches, without surroundings", async () => {
    const bank = await bankWith(pictogram);
    const seen: MaskedPicture[] = [];
    await embedReferences(bank, watchedModel(seen), { decode });
    expect(seen.map(({ picture }) => [picture.width, picture.height])).toEqual([
      [168, 168],
      [168, 168],
    ]);
    expect(new Set(seen.map(({ picture }) => picture.pixels[0])).size).toBe(2);
    expect(bank.descriptorsOf(MODEL)[0]?.references).toHaveLength(2);
    expect(bank.surroundingsOf(MODEL)).toEqual([]);
  });

  it("does not look at a pictogram of which the model brought what is to be seen in it", async () => {
    const bank = await bankWith(pictogram, draft(), { ...pictogram, provenance: "🐕 dog" });
    const seen: MaskedPicture[] = [];
    const known = new Float32Array([7, 8]);
    const knownPictogram = (glyph: string): Float32Array<ArrayBuffer> | null => (glyph === "🦓" ? known : null);
    await embedReferences(bank, { ...watchedModel(seen), knownPictogram }, { decode });
    expect(seen.map(({ domain }) => domain)).toEqual(["photo", "pictogram", "pictogram"]);
    expect(bank.descriptorsOf(MODEL)[0]?.references.map(({ vector }) => vector)).toContainEqual(known);
    expect(bank.missingDescriptors(MODEL)).toEqual([]);
  });

  it("does only what is missing: nothing again, what was added, and everything for another model", async () => {
    const bank = await bankWith(draft("1"), draft("2"));
    const seen: MaskedPicture[] = [];
    const model = watchedModel(seen);
    await embedReferences(bank, model, { decode });
    await embedReferences(bank, model, { decode });
    expect(seen).toHaveLength(2);
    await bank.addReferences(bank.snapshot().classes[0]?.id ?? ("" as never), [draft("3")]);
    await embedReferences(bank, model, { decode });
    expect(seen).toHaveLength(3);
    await embedReferences(bank, { ...model, id: "model-b" as ModelId }, { decode });
    expect(seen).toHaveLength(6);
  });

  it("keeps what was done when it is stopped, and goes on from there", async () => {
    const bank = await bankWith(...Array.from({ length: 11 }, (_, index) => draft(`${index}`)));
    const seen: MaskedPicture[] = [];
    const model = watchedModel(seen);
    const stop = new AbortController();
    const onProgress = ({ done }: Progress): void => {
      if (done === 8) {
        stop.abort();
      }
    };
    const stopped = embedReferences(bank, model, { decode, onProgress, signal: stop.signal });
    await expect(stopped).rejects.toMatchObject({ code: "cancelled" });
    expect(bank.missingDescriptors(MODEL)).toHaveLength(3);
    await embedReferences(bank, model, { decode });
    expect(bank.missingDescriptors(MODEL)).toEqual([]);
    expect(seen).toHaveLength(11);
  });

  it("reports its progress up to the end", async () => {
    const bank = await bankWith(...Array.from({ length: 6 }, (_, index) => draft(`${index}`)));
    const reports: Progress[] = [];
    await embedReferences(bank, watchedModel(), { decode, onProgress: (one) => reports.push(one) });
    expect(reports.map(({ done, total }) => [done, total])).toEqual([
      [0, 6],
      [4, 6],
      [6, 6],
    ]);
  });

  it("goes past crops that cannot be read or have another size than their mask, and names them", async () => {
    const bank = await bankWith(draft("unreadable"), draft("good"), draft("resized"));
    const [bad, , resized] = bank.snapshot().classes[0]?.references ?? [];
    expect(await embedReferences(bank, watchedModel(), { decode })).toEqual([bad?.id, resized?.id]);
    expect(bank.descriptorsOf(MODEL)[0]?.references).toHaveLength(1);
  });

  it("leaves out a reference that is removed while the model looks at it", async () => {
    const bank = await bankWith(draft("1"), draft("2"));
    const [first] = bank.snapshot().classes[0]?.references ?? [];
    const model = watchedModel();
    const embed: EmbeddingModel["embed"] = async (pictures) => {
      await bank.removeReferences(first ? [first.id] : []);
      return await model.embed(pictures);
    };
    await embedReferences(bank, { ...model, embed }, { decode });
    expect(bank.descriptorsOf(MODEL)[0]?.references).toHaveLength(1);
  });

  it("passes on the model's failure and keeps the groups before it", async () => {
    const bank = await bankWith(...Array.from({ length: 6 }, (_, index) => draft(`${index}`)));
    const model = watchedModel();
    let calls = 0;
    const embed: EmbeddingModel["embed"] = async (pictures) => {
      if (++calls === 2) {
        throw new EngineError("model-failed", "Out of luck.");
      }
      return await model.embed(pictures);
    };
    const failed = embedReferences(bank, { ...model, embed }, { decode });
    await expect(failed).rejects.toMatchObject({ code: "model-failed" });
    expect(bank.missingDescriptors(MODEL)).toHaveLength(2);
  });
});

describe("surroundings", () => {
  it("are what the mask leaves, and nothing when it leaves next to nothing", () => {
    expect(surroundingsOf({ width: 4, height: 1, runs: new Uint32Array([1, 2]) })).toEqual(
      new Uint32Array([0, 1, 3, 1]),
    );
    expect(surroundingsOf({ width: 40, height: 1, runs: new Uint32Array([0, 39]) })).toBeNull();
    expect(surroundingsOf({ width: 4, height: 1, runs: new Uint32Array([0, 4]) })).toBeNull();
  });
});

describe("embedding anchors", () => {
  it("paints and sees them once per model, then takes them from the bank", async () => {
    const bank = await bankWith();
    let painted = 0;
    const paint = async (): Promise<readonly { name: string; glyph: string; picture: Picture }[]> => {
      painted += 1;
      return Array.from({ length: 10 }, (_, index) => ({ name: `${index}`, glyph: "x", picture: solid(5, 5, 255) }));
    };
    const first = await embedAnchors(bank, watchedModel(), paint);
    expect(first.names).toEqual(Array.from({ length: 10 }, (_, index) => `${index}`));
    expect(first.vectors).toHaveLength(20);
    expect(await embedAnchors(bank, watchedModel(), paint)).toMatchObject(first);
    expect(painted).toBe(1);
  });
});
