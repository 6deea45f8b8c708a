import { goodPictures } from "../fixtures/pictures/good-pictures.ts";
import { asUpload } from "../fixtures/pictures/uploads.ts";
import { expect, type FaultyApp, fixtureModel, test } from "../faulty-app.ts";

/** Opens the page with the tiny model, three classes and one picture that was segmented once. */
async function begin(app: FaultyApp, query: string): Promise<void> {
  await app.openWith(query);
  await app.ready();
  await app.useModel(fixtureModel("tiny-features.onnx"));
  await app.addClasses(["dog", "banana", "grass"]);
  const [first] = await goodPictures();
  if (!first) throw new Error("There are no good pictures.");
  await app.addPictures([asUpload(first)]);
  await app.settled(1);
}

/** Adds another picture and makes the fault as soon as the engine is at it. */
async function faultInMidJob(app: FaultyApp, fault: "crash" | "hang"): Promise<readonly string[]> {
  const [, second] = await goodPictures();
  if (!second) throw new Error("There is no second picture.");
  const outcomes = app.page.evaluate(
    (kind) =>
      new Promise<string[]>((resolve) => {
        const { engine, store } = window.lookalike;
        const stop = store.subscribe((state) => {
          const busy = state.pictures.find((picture) => picture.state === "working" && picture.progress);
          if (state.pictures.length < 2 || !busy) return;
          stop();
          const codeOf = (call: Promise<unknown>): Promise<string> =>
            call.then(
              () => "resolved",
              (cause: unknown) => (cause instanceof Error && "code" in cause ? String(cause.code) : String(cause)),
            );
          const settings = { classes: state.bank.classes.map((entry) => entry.id), threshold: 0 };
          const calls = [engine.fault(kind), engine.segment(busy.source, settings), engine.addClass("lost name")];
          resolve(Promise.all(calls.map(codeOf)));
        });
      }),
    fault,
  );
  await app.addPictures([asUpload(second)]);
  return outcomes;
}

for (const { fault, query, code, words } of [
  { fault: "crash", query: "device=wasm", code: "engine-lost", words: /stopped.*started again/is },
  {
    fault: "hang",
    query: "device=wasm&patience=15000",
    code: "engine-stuck",
    words: /no sign of life.*started again/is,
  },
] as const) {
  test(`after a ${fault} in mid-job pending calls are rejected, the page says so, and all pictures are segmented`, async ({
    faulty: app,
  }) => {
    await begin(app, query);
    const before = (await app.snapshot()).status?.model?.id;
    const outcomes = await faultInMidJob(app, fault);
    expect(outcomes.filter((outcome) => outcome !== "resolved")).not.toHaveLength(0);
    expect(new Set(outcomes.filter((outcome) => outcome !== "resolved"))).toEqual(new Set([code]));

    await expect.poll(() => app.notices()).toEqual([expect.stringMatching(words)]);
    await app.done("pattern.png");
    // The other keeps its result, and is made anew as soon as it is looked at.
    expect((await app.outcomes()).every(({ shares }) => shares !== null)).toBe(true);
    await app.tile("pattern.jpg").click();
    await app.done("pattern.jpg");
    expect((await app.snapshot()).status?.model?.id).toBe(before);
    expect(await app.classNames()).toEqual(["dog", "banana", "grass"]);
    expect(await app.canvasColours()).toBeGreaterThan(1);

    // What was stored before the fault is there after it.
    await app.page.reload();
    await app.ready();
    expect(await app.classNames()).toEqual(["dog", "banana", "grass"]);
    expect((await app.settled(2)).map((picture) => picture.state)).toEqual(["done", "done"]);
  });
}
