import type { ClassId, GivenMasks, ImportedReference, PictureSource } from "../contract.ts";
import type { EngineCore } from "../engine-core.ts";
import type { WorkingImage } from "../imaging/working-image.ts";
import { type SeenThing, seenThings } from "../mean-tokens.ts";
import type { StageContext } from "../pictures.ts";
import type { Bank } from "../references/bank/bank.ts";
import type { ReferenceDescriptors, ReferenceDraft } from "../references/bank/records.ts";
import { draftPlacedMasks, type PlacedMasks, placeGivenMasks } from "../references/sources/given-masks.ts";

/** All things of one picture as references, seen in the picture itself, once. */
export async function importReferences(
  core: EngineCore,
  picture: PictureSource,
  given: GivenMasks,
  context: StageContext,
): Promise<readonly ImportedReference[]> {
  const { bank } = core.use();
  const image = await core.pictures.decode(picture, context);
  const placed = placeGivenMasks(image, given, picture.name);
  const drafts = await draftPlacedMasks(image, placed, picture.name);
  const seen = core.prepared && (await seePlaced(core, image, placed, context));
  const imported = await addGivenMasks(bank, given, drafts);
  if (seen) await bank.storeDescriptors(core.ready().session.info.id, descriptorsOf(imported, seen));
  // Without a model now, they are seen in the copy that is kept, as soon as there is one.
  await core.learn(context);
  return imported;
}

/** What the model in use sees of the things in a picture. */
async function seePlaced(
  core: EngineCore,
  image: WorkingImage,
  { width, height, masks }: PlacedMasks,
  context: StageContext,
): Promise<readonly SeenThing[]> {
  const tokens = await core.pictures.rawTokens(image, core.ready().session, context);
  return seenThings(tokens, width, height, masks);
}

type Described = ReferenceDescriptors & { readonly referenceId: ImportedReference["id"] };

function descriptorsOf(imported: readonly ImportedReference[], seen: readonly SeenThing[]): Described[] {
  return imported.flatMap(({ id }, index) => {
    const one = seen[index];
    if (!one) return [];
    const { thing, surroundings, parts } = one;
    return [{ referenceId: id, dimensions: thing.length, views: thing, surroundings, parts }];
  });
}

/** Adds the drafts of given masks, in the order of the masks, to the classes that the masks name. */
async function addGivenMasks(
  bank: Bank,
  { masks }: GivenMasks,
  drafts: readonly ReferenceDraft[],
): Promise<readonly ImportedReference[]> {
  // All classes first: a name that cannot be taken leaves no half of a picture behind.
  const classes = new Map<string, ClassId>();
  const group = { label: masks.length === 1 ? "Imported a reference" : `Imported ${masks.length} references` };
  for (const { className } of masks) {
    if (!classes.has(className)) classes.set(className, (await bank.addClass(className, group)).info.id);
  }
  const imported: ImportedReference[] = [];
  for (const [name, classId] of classes) {
    const places = masks.flatMap(({ className }, at) => (className === name ? [at] : []));
    const added = await bank.addReferences(
      classId,
      places.flatMap((at) => drafts[at] ?? []),
      group,
    );
    for (const [index, at] of places.entries()) {
      const info = added[index];
      if (info) imported[at] = { ...info, classId };
    }
  }
  return imported;
}
