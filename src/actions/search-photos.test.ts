import { describe, expect, test } from "vitest";
import type { ClassId, FoundPhoto } from "../../workers/contract.ts";
import { addClasses } from "./add-classes.ts";
import { type FixtureApp, startApp } from "./fixture.ts";
import { addFoundPhotos, agreeToService, searchPhotos } from "./search-photos.ts";

async function withClass(name: string): Promise<{ readonly app: FixtureApp; readonly classId: ClassId }> {
  const app = await startApp();
  await addClasses.run(app, { text: name });
  const [entry] = app.store.getState().bank.classes;
  if (!entry) throw new Error("There is no class.");
  return { app, classId: entry.id };
}

const found = async ({ engine }: FixtureApp, name: string): Promise<readonly FoundPhoto[]> =>
  (await engine.searchPhotos(name, ["openverse"])).photos;

describe("searching for photographs", () => {
  test("opens the dialog and sends nothing", async () => {
    const { app, classId } = await withClass("dog");
    await searchPhotos.run(app, { classId, subcategory: "corgi" });
    expect(app.store.getState().dialog).toEqual({ kind: "photos", classId, subcategory: "corgi" });
    expect(app.engine.calls.filter((call) => call.startsWith("searchPhotos"))).toEqual([]);
    expect(app.store.getState().photoProviders).toEqual([]);
  });

  test("remembers each service that was agreed to, until that is taken back", async () => {
    const { app } = await withClass("dog");
    await agreeToService.run(app, { provider: "commons", agreed: true });
    await agreeToService.run(app, { provider: "openverse", agreed: true });
    await agreeToService.run(app, { provider: "commons", agreed: true });
    expect(app.store.getState().photoProviders).toEqual(["openverse", "commons"]);
    await agreeToService.run(app, { provider: "openverse", agreed: false });
    expect(app.store.getState().photoProviders).toEqual(["commons"]);
  });
});

describe("chosen photographs", () => {
  test("become references of what they have in common, with their credits and the sub-category", async () => {
    const { app, classId } = await withClass("dog: unknown kind");
    await addFoundPhotos.run(app, { classId, photos: await found(app, "dog"), subcategory: "unknown kind" });
    expect(app.engine.calls.at(-1)).toBe("addPhotos proposal proposal");
    const added = app.store.getState().bank.classes[0]?.references.filter(({ source }) => source === "photo-search");
    expect(added?.map(({ subcategory, attribution }) => [subcategory, attribution?.author])).toEqual([
      ["unknown kind", "Ann"],
      ["unknown kind", "Ann"],
    ]);
    // The note that the kind has no pictogram has been seen to.
    expect(
      app.store
        .getState()
        .readings.get(classId)
        ?.map(({ typed }) => typed),
    ).toEqual(["dog"]);
    expect(app.store.getState().notices.at(-1)?.message).toContain("2 photographs are examples now.");
  });

  test("that cannot be opened are left out, and the others taken", async () => {
    const { app, classId } = await withClass("dog");
    const photos = await found(app, "dog");
    const [first] = photos;
    if (!first) throw new Error("Nothing was found.");
    const bad: FoundPhoto = { ...first, source: { ...first.source, name: "bad one" } };
    await addFoundPhotos.run(app, { classId, photos: [bad, ...photos.slice(1)], subcategory: null });
    expect(app.engine.calls.at(-1)).toBe("addPhotos proposal");
  });
});
