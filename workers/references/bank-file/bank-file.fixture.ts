import { encodePng } from "../../../e2e/fixtures/pictures/png.ts";
import type { ReferenceId } from "../../contract.ts";
import { browser, MODEL } from "../bank/bank.fixture.ts";
import type { Bank } from "../bank/bank.ts";
import type { ReferenceDraft } from "../bank/records.ts";

/** A real little picture; another one for every shade. */
async function picture(width: number, height: number, shade: number): Promise<Blob> {
  const data = new Uint8Array(width * height * 3).fill(shade);
  return new Blob([await encodePng({ width, height, channels: 3, data })], { type: "image/png" });
}

/** A reference of a picture of 4 x 3. */
export async function realDraft(shade: number, over: Partial<ReferenceDraft> = {}): Promise<ReferenceDraft> {
  return {
    source: "example",
    provenance: `picture ${shade}.jpg`,
    domain: "photo",
    crop: { image: await picture(4, 3, shade), width: 4, height: 3, runs: new Uint32Array([1, 2, 5, 2]) },
    ...over,
  };
}

/** A bank as a person might have it: of two classes one has references, one of them switched off. */
export async function smallBank(): Promise<Bank> {
  const bank = await browser().tab({ channel: null });
  const dog = (await bank.addClass("dog")).info;
  await bank.addClass("<b>grass</b>");
  const [one, two] = await bank.addReferences(dog.id, [
    await realDraft(1),
    await realDraft(2, {
      source: "photo-search",
      subcategory: "corgi",
      attribution: {
        provider: "Openverse",
        title: "A corgi",
        author: "Ann",
        licence: "CC BY 4.0",
        licenceUrl: "https://creativecommons.org/licenses/by/4.0/",
        pageUrl: "https://example.org/1",
      },
    }),
  ]);
  const id = one?.id ?? ("" as ReferenceId);
  await bank.storeDescriptors(MODEL, [
    {
      referenceId: id,
      dimensions: 2,
      views: new Float32Array([1, 0.1, -3, 4]),
      surroundings: new Float32Array([0.5, 0.25]),
      parts: { vectors: new Float32Array([1, 2, -1, 0.5]), inside: 1, patches: new Float32Array([3, 7.5]) },
    },
  ]);
  await bank.changeReferences([two?.id ?? id], { enabled: false });
  return bank;
}

/** What a bank holds, without the ids that are its own: equal for banks that hold the same. */
export async function contentsOf(bank: Bank): Promise<unknown> {
  const classes = [];
  for (const { id, name, colour, references } of bank.snapshot().classes) {
    const held = [];
    for (const { id: reference, ...info } of references) {
      const { image, width, height, runs } = await bank.crop(reference);
      const pixels = [...new Uint8Array(await image.arrayBuffer())];
      const seen = [...bank.records.descriptorsOf(reference).values()].map(
        ({ modelId, dimensions, views, surroundings, parts }) => ({ modelId, dimensions, views, surroundings, parts }),
      );
      held.push({ ...info, crop: { type: image.type, pixels, width, height, runs }, seen });
    }
    classes.push({ name, colour, references: held, known: bank.records.referencesOf(id).length });
  }
  return classes;
}
