import { expect, type FaultyApp, fixtureModel, test } from "../faulty-app.ts";
import { sceneNamed, sceneUpload } from "../scenes.ts";

const SCENE = "breakfast.webp";

/**
 * Opens the page on the software adapter with the tiny model, two classes and one scene that was segmented. The model is
 * dropped on WASM and comes back from storage: the software adapter would take minutes over the starter.
 */
async function begin(app: FaultyApp): Promise<void> {
  await app.open();
  await app.useModel(fixtureModel("tiny-features.onnx"));
  await app.addClasses(["orange", "banana"]);
  await app.addPictures([sceneUpload(sceneNamed("breakfast"))]);
  await app.done(SCENE);
  await app.openWith("device=webgpu");
  await app.ready();
  await app.done(SCENE);
}

/** Destroys the engine's device; resolves when the engine says that it has another, or does without. */
function loseDevice(app: FaultyApp): Promise<void> {
  return app.page.evaluate(
    () =>
      new Promise<void>((resolve, reject) => {
        const { engine, store } = window.lookalike;
        const stop = store.subscribe(({ status }, before) => {
          if (status === before.status) return;
          stop();
          resolve();
        });
        engine.fault("lose-device").catch(reject);
      }),
  );
}

test("a device that is lost in mid-job is replaced, and the job gives what it gave before", async ({ faulty: app }) => {
  await begin(app);
  expect((await app.snapshot()).status).toMatchObject({ device: "webgpu", painter: "webgpu" });
  const before = await app.done(SCENE);
  const retried = await app.page.evaluate(async () => {
    const { engine, store } = window.lookalike;
    const { pictures, bank, threshold } = store.getState();
    const [picture] = pictures;
    if (!picture) throw new Error("There is no picture.");
    const classes = bank.classes.map((entry) => entry.id);
    // Under a new identity nothing of it is known but its tokens.
    const again = { ...picture.source, id: `${picture.source.id} again` as typeof picture.source.id };
    let losses = 0;
    const stages: string[] = [];
    const result = await engine.segment(
      again,
      { classes, threshold },
      {
        onProgress: ({ stage }) => {
          stages.push(stage);
          if (stage !== "propose" || losses > 0) return;
          losses += 1;
          void engine.fault("lose-device");
        },
      },
    );
    return { shares: result.areas.map((area) => area.share), regions: result.regions.length, stages, losses };
  });
  expect(retried.losses).toBe(1);
  // The stage that the loss interrupted ran twice.
  expect(retried.stages.filter((stage) => stage === "match")).toHaveLength(2);
  expect(retried.shares).toEqual(Object.values(before.shares ?? {}));
  await expect.poll(() => app.notices()).toContainEqual(expect.stringMatching(/graphics device was lost.*again/is));
  expect((await app.snapshot()).status).toMatchObject({ device: "webgpu", painter: "webgpu", model: { patch: 14 } });
  expect(await app.canvasColours()).toBeGreaterThan(16);
});

test("a device that is lost four times is given up: WASM goes on, and the picture is painted", async ({
  faulty: app,
}) => {
  await begin(app);
  for (let loss = 1; loss <= 3; loss += 1) {
    await loseDevice(app);
    expect((await app.snapshot()).status?.device).toBe("webgpu");
  }
  await loseDevice(app);
  await expect
    .poll(async () => (await app.snapshot()).status)
    .toMatchObject({ device: "wasm", reason: "lost-too-often", painter: "2d", model: { patch: 14 } });
  await expect(app.page.getByText(/WASM, .*lost too often/)).toBeVisible();
  await app.done(SCENE);
  expect(await app.canvasColours()).toBeGreaterThan(16);

  // It still segments.
  await app.addPictures([sceneUpload(sceneNamed("garden"))]);
  expect((await app.done("garden.webp")).shares).not.toBeNull();
  expect(await app.canvasColours()).toBeGreaterThan(16);
});
