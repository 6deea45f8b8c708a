import { encodePng } from "../fixtures/pictures/png.ts";
import { randomNumbers } from "../fixtures/pictures/bytes.ts";
import type { Counters } from "../../workers/contract.ts";
import type { Upload } from "../app.ts";
import { expect, type FaultyApp, fixtureModel, test } from "../faulty-app.ts";

/** More than twice as many as the engine keeps; hundreds of photographs are for `npm run endurance`. */
const PICTURES = 30;
/** Of pictures the engine keeps pixels and regions of a few. */
const MOST_CACHED = 12;
/** When the caches have filled and every size of buffer has been asked for. */
const WARM = 15;
/** Growth of all JavaScript memory, workers included, over the pictures after the caches were full. */
const MOST_GROWTH = 75e6;

const WIDTH = 240;
const HEIGHT = 180;

/** A picture of coloured discs on a slope of colour, different for every seed. */
async function generatedPicture(seed: number): Promise<Upload> {
  const random = randomNumbers(seed);
  const discs = Array.from({ length: 9 }, () => ({
    x: random() * WIDTH,
    y: random() * HEIGHT,
    radius: 10 + random() * 40,
    colour: [random() * 255, random() * 255, random() * 255],
  }));
  const data = new Uint8Array(WIDTH * HEIGHT * 3);
  for (let y = 0; y < HEIGHT; y += 1) {
    for (let x = 0; x < WIDTH; x += 1) {
      const disc = discs.find((one) => Math.hypot(x - one.x, y - one.y) < one.radius);
      data.set(disc?.colour ?? [x, y, (seed * 40) % 256], (y * WIDTH + x) * 3);
    }
  }
  const buffer = Buffer.from(await encodePng({ width: WIDTH, height: HEIGHT, channels: 3, data }));
  return { name: `generated-${seed}.png`, mimeType: "image/png", buffer };
}

const counters = (app: FaultyApp): Promise<Counters> => app.page.evaluate(() => window.lookalike.engine.counters());

/** Bytes of JavaScript memory of the page and its workers, after a collection. */
async function memoryOf(app: FaultyApp): Promise<number> {
  return app.page.evaluate(async () => {
    if (!("measureUserAgentSpecificMemory" in performance)) throw new Error("This browser does not measure memory.");
    const measure = performance.measureUserAgentSpecificMemory as () => Promise<{ readonly bytes: number }>;
    return (await measure.call(performance)).bytes;
  });
}

/** Waits until the picture in front of the person is the one wanted, segmented as wished, and shown. */
async function shown(app: FaultyApp, at: number): Promise<void> {
  await app.done(`generated-${at}.png`);
  // The map for hovering comes last: by then the engine has made anew what it had let go, and shows the picture.
  await app.page.waitForFunction(
    (name) => {
      const { pictures, currentId, regionMap } = window.lookalike.store.getState();
      const current = pictures.find(({ source }) => source.id === currentId);
      return current?.source.name === name && current.state === "done" && regionMap?.picture === currentId;
    },
    `generated-${at}.png`,
    { timeout: 60_000 },
  );
}

test("after thirty pictures in a row there are as many GPU objects as after the first, and memory is flat", async ({
  faulty: app,
}) => {
  test.setTimeout(1_200_000);
  await app.open();
  await app.useModel(fixtureModel("tiny-features.onnx"));
  await app.addClasses(["orange", "banana", "grass"]);
  await app.openWith("device=webgpu");
  await app.ready();
  expect((await app.snapshot()).status?.device).toBe("webgpu");

  const pictures = await Promise.all(Array.from({ length: PICTURES }, (_, seed) => generatedPicture(seed)));
  await app.addPictures(pictures.slice(0, 1));
  await shown(app, 0);
  const first = await counters(app);
  expect(first.buffers).toBeGreaterThan(0);
  expect(first.textures).toBeGreaterThan(0);

  let warm = first;
  let memory = 0;
  for (let at = 1; at < PICTURES; at += 1) {
    await app.addPictures(pictures.slice(at, at + 1));
    await shown(app, at);
    const now = await counters(app);
    expect(now.cachedPictures).toBeLessThanOrEqual(MOST_CACHED);
    if (at !== WARM) continue;
    warm = now;
    memory = await memoryOf(app);
  }
  const outcomes = await app.settled(PICTURES);
  expect(outcomes.every(({ state }) => state === "done")).toBe(true);

  await app.tiles.first().click();
  await shown(app, 0);
  const { buffers, textures, bytes, wasmBytes } = await counters(app);
  expect({ buffers, textures, bytes }).toEqual({
    buffers: first.buffers,
    textures: first.textures,
    bytes: first.bytes,
  });
  expect(wasmBytes).toBe(warm.wasmBytes);
  const growth = (await memoryOf(app)) - memory;
  const description = `${buffers} buffers, ${textures} textures, ${bytes} GPU bytes as after the first; WebAssembly ${wasmBytes} bytes; JavaScript ${memory} bytes after ${WARM} pictures, ${growth} more after ${PICTURES}`;
  test.info().annotations.push({ type: "memory", description });
  process.stdout.write(`${description}\n`);
  expect(growth).toBeLessThan(MOST_GROWTH);
});
