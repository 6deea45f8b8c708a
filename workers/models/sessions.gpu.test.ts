import { afterAll, beforeAll, describe, expect, it } from "vitest";
import memoryHungryUrl from "../../e2e/fixtures/models/memory-hungry.onnx?url";
import notFiniteUrl from "../../e2e/fixtures/models/not-finite.onnx?url";
import featuresUrl from "../../e2e/fixtures/models/tiny-features.onnx?url";
import registersUrl from "../../e2e/fixtures/models/tiny-registers.onnx?url";
import fixedSizeUrl from "../../e2e/fixtures/models/fixed-size.onnx?url";
import wrongContractUrl from "../../e2e/fixtures/models/wrong-contract.onnx?url";
import { EngineError, type Failure } from "../contract.ts";
import { openGpu, type Gpu } from "../gpu/device.ts";
import type { PatchTokens } from "../imaging/patch-tokens.ts";
import { ModelCatalogue } from "./catalogue.ts";
import type { FeatureSession } from "./feature-session.ts";
import type { ModelRuntime } from "./inference.ts";
import { openRuntime } from "./runtime.ts";

async function fixture(url: string, name: string): Promise<File> {
  return new File([await (await fetch(url)).blob()], name);
}

/** Two pictures with colour, edges and noise, batch x 3 x height x width. */
function pictures(height: number, width: number): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length: 2 * 3 * height * width }, (_, index) => {
    const noise = ((index * 2654435761) % 1009) / 1009;
    return Math.sin(index / 40) + (index % width > width / 2 ? 1 : 0) + 0.3 * noise;
  });
}

function largestDifference(one: PatchTokens, other: PatchTokens): number {
  expect([one.rows, one.columns, one.dimensions]).toEqual([other.rows, other.columns, other.dimensions]);
  return one.data.reduce((most, value, index) => Math.max(most, Math.abs(value - (other.data[index] ?? NaN))), 0);
}

/** What `open` is refused with. */
async function refusal(open: Promise<unknown>): Promise<EngineError> {
  const cause: unknown = await open.then(
    () => new Error("it was accepted"),
    (error: unknown) => error,
  );
  if (!(cause instanceof EngineError)) throw cause;
  return cause;
}

const failures: Failure[] = [];
let catalogue: ModelCatalogue;

beforeAll(async () => {
  catalogue = await ModelCatalogue.open(location.href, (failure) => failures.push(failure));
});

const HEIGHT = 70;
const WIDTH = 112;

describe.each(["wasm", "webgpu"] as const)("models on %s", (executor) => {
  let gpu: Gpu | null = null;
  let runtime: ModelRuntime;
  const openFile = async (url: string, name: string): Promise<FeatureSession> =>
    catalogue.openSession({ kind: "file", file: await fixture(url, name) }, runtime);

  beforeAll(async () => {
    gpu = executor === "webgpu" ? await openGpu() : null;
    runtime = await openRuntime(gpu?.device ?? null, 0);
  });
  afterAll(async () => {
    await runtime.dispose();
    gpu?.destroy();
  });

  it("runs on the build that was asked for", () => {
    expect(runtime.kind).toBe(executor === "webgpu" ? "jspi" : "wasm");
  });

  it("finds patch, dimensions and prefix, and gives one grid a picture without the prefix", async () => {
    for (const [url, patch, dimensions] of [
      [featuresUrl, 14, 32],
      [registersUrl, 16, 16],
    ] as const) {
      const session = await openFile(url, "tiny.onnx");
      expect(session.info).toMatchObject({ name: "tiny.onnx", origin: "file", patch, dimensions });
      expect(session.preferredLongSide).toBe(32 * patch);
      const tokens = await session.run(pictures(2 * patch, 3 * patch), 2, 2 * patch, 3 * patch);
      expect(tokens.map(({ rows, columns, data }) => [rows, columns, data.length])).toEqual([
        [2, 3, 6 * dimensions],
        [2, 3, 6 * dimensions],
      ]);
      await session.dispose();
    }
  });

  it("describes each patch where it is", async () => {
    const session = await openFile(featuresUrl, "tiny.onnx");
    const plain = new Float32Array(3 * 42 * 56);
    const marked = plain.slice();
    // Patch (2, 1) of channel 0.
    for (let y = 28; y < 42; y++) marked.fill(2, y * 56 + 14, y * 56 + 28);
    const [before] = await session.run(plain, 1, 42, 56);
    const [after] = await session.run(marked, 1, 42, 56);
    const size = (token: number): number => {
      const at = token * 32;
      return Math.hypot(
        ...Array.from({ length: 32 }, (_, i) => (after?.data[at + i] ?? 0) - (before?.data[at + i] ?? 0)),
      );
    };
    const changes = Array.from({ length: 12 }, (_, token) => size(token));
    expect(changes.indexOf(Math.max(...changes))).toBe(2 * 4 + 1);
    expect(changes[0]).toBeLessThan(1e-6);
    await session.dispose();
  });

  it("finishes two runs and an opening that were asked for at once", async () => {
    const session = await openFile(featuresUrl, "tiny.onnx");
    const values = pictures(HEIGHT, WIDTH);
    const [one, second, other] = await Promise.all([
      session.run(values, 2, HEIGHT, WIDTH),
      openFile(registersUrl, "registers.onnx"),
      session.run(values, 2, HEIGHT, WIDTH),
    ]);
    expect(one.map(({ data }) => data)).toEqual(other.map(({ data }) => data));
    expect(values.length).toBe(2 * 3 * HEIGHT * WIDTH);
    await Promise.all([session.dispose(), second.dispose(), session.dispose()]);
    expect((await refusal(session.run(values, 2, HEIGHT, WIDTH))).code).toBe("model-failed");
  });

  it("refuses what is no feature model, with the right code, and goes on", async () => {
    const bytes = await fixture(featuresUrl, "tiny.onnx");
    const open = (file: File): Promise<EngineError> => refusal(catalogue.openSession({ kind: "file", file }, runtime));
    const text = await open(new File(["no model at all"], "a.onnx"));
    expect([text.code, text.message]).toEqual(["model-not-onnx", "a.onnx is not an ONNX model."]);
    const short = await open(new File([bytes.slice(0, 5000)], "b.onnx"));
    expect([short.code, short.message]).toEqual(["model-not-onnx", "b.onnx is an ONNX model that was cut short."]);
    const garbled = new Uint8Array(await bytes.arrayBuffer()).fill(0x55, 200, 1200);
    expect((await open(new File([garbled], "c.onnx"))).code).toMatch(/^model-(not-onnx|failed)$/);
    const classifier = await open(await fixture(wrongContractUrl, "d.onnx"));
    expect(classifier.code).toBe("model-wrong-contract");
    expect(classifier.message).toContain("inputs images (float32 [batch, 3, height, width]); outputs logits");
    const fixed = await open(await fixture(fixedSizeUrl, "e.onnx"));
    expect([fixed.code, fixed.message]).toEqual(["model-wrong-contract", expect.stringContaining("56 x 56 only")]);
    const broken = await open(await fixture(notFiniteUrl, "f.onnx"));
    expect([broken.code, broken.message]).toEqual(["model-wrong-contract", expect.stringContaining("not finite")]);

    const session = await openFile(featuresUrl, "tiny.onnx");
    expect(await session.run(pictures(28, 28), 2, 28, 28)).toHaveLength(2);
    await session.dispose();
  });

  it("refuses pixel values that do not fit", async () => {
    const session = await openFile(featuresUrl, "tiny.onnx");
    expect((await refusal(session.run(new Float32Array(3 * 28 * 28), 2, 28, 28))).code).toBe("internal");
    expect((await refusal(session.run(new Float32Array(3 * 30 * 28), 1, 30, 28))).code).toBe("internal");
    await session.dispose();
  });

  it("takes no more memory for sessions that were opened and closed again and again", async () => {
    const cycle = async (): Promise<void> => {
      const session = await openFile(featuresUrl, "tiny.onnx");
      await session.run(pictures(HEIGHT, WIDTH), 2, HEIGHT, WIDTH);
      await session.dispose();
    };
    await cycle();
    const before = runtime.wasmBytes();
    for (let round = 0; round < 10; round++) await cycle();
    expect(before).toBeGreaterThan(0);
    expect(runtime.wasmBytes()).toBe(before);
  });
});

it("gives the same tokens on WASM and on WebGPU", async () => {
  const gpu = await openGpu();
  const results: PatchTokens[][] = [];
  for (const runtime of [await openRuntime(null, 1), await openRuntime(gpu.device, 1)]) {
    const file = await fixture(featuresUrl, "tiny.onnx");
    const session = await catalogue.openSession({ kind: "file", file }, runtime);
    results.push(await session.run(pictures(HEIGHT, WIDTH), 2, HEIGHT, WIDTH));
    await session.dispose();
    await runtime.dispose();
  }
  gpu.destroy();
  const [wasm = [], webgpu = []] = results;
  expect(wasm).toHaveLength(2);
  wasm.forEach((tokens, index) => {
    const other = webgpu[index];
    if (!other) throw new Error("a picture is missing");
    expect(largestDifference(tokens, other)).toBeLessThan(1e-3);
    expect(Math.max(...tokens.data)).toBeGreaterThan(0.1);
  });
});

it("goes on with an earlier session after a model ran out of WebAssembly memory", async () => {
  const runtime = await openRuntime(null, 1);
  const open = async (url: string, name: string): Promise<FeatureSession> =>
    catalogue.openSession({ kind: "file", file: await fixture(url, name) }, runtime);
  const session = await open(featuresUrl, "tiny.onnx");
  const before = await session.run(pictures(28, 42), 2, 28, 42);
  expect((await refusal(open(memoryHungryUrl, "hungry.onnx"))).code).toBe("out-of-memory");
  const after = await session.run(pictures(28, 42), 2, 28, 42);
  expect(after).toEqual(before);
  await session.dispose();
  await runtime.dispose();
  expect((await refusal(session.run(pictures(28, 42), 2, 28, 42))).code).toBe("model-failed");
});

it("gives WebAssembly memory back when the runtime ends", async () => {
  const runtime = await openRuntime(null, 1);
  const file = await fixture(featuresUrl, "tiny.onnx");
  await catalogue.openSession({ kind: "file", file }, runtime);
  expect(runtime.wasmBytes()).toBeGreaterThan(0);
  await runtime.dispose();
  expect(runtime.wasmBytes()).toBe(0);
  expect((await refusal(runtime.open(file))).code).toBe("model-failed");
});
