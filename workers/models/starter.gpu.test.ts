import { describe, expect, it } from "vitest";
import type { Failure } from "../contract.ts";
import { openGpu } from "../gpu/device.ts";
import { ModelCatalogue } from "./catalogue.ts";
import { checkFeatureContract } from "./contract-check.ts";
import { openRuntime } from "./runtime.ts";
import { loadStarter } from "./starter.ts";

const BASE = new URL("/", location.href).href;

describe("the starter that ships", () => {
  it("keeps the contract that its description states, with statistics of its dimensions", async () => {
    const starter = await loadStarter(BASE);
    const { patch, dimensions } = starter.info;
    const runtime = await openRuntime(null, 0);
    const session = await runtime.open(starter.file);
    const { prefixTokens } = starter;
    expect(await checkFeatureContract(session, "starter")).toEqual({ patch, dimensions, prefixTokens });
    expect(starter.preferredLongSide % patch).toBe(0);
    expect(starter.statistics?.whitening).toHaveLength(dimensions * dimensions);
    await runtime.dispose();
  });

  it("is itself when its file is dropped as a person's", async () => {
    const failures: Failure[] = [];
    const catalogue = await ModelCatalogue.open(BASE, (failure) => failures.push(failure));
    const { file } = await loadStarter(BASE);
    const runtime = await openRuntime(null, 0);
    const dropped = new File([file], "my copy.onnx");
    const session = await catalogue.openSession({ kind: "file", file: dropped }, runtime);
    expect(session.info.origin).toBe("starter");
    expect(session.statistics).not.toBeNull();
    expect((await catalogue.list()).map(({ origin }) => origin)).toEqual(["starter"]);
    expect(failures).toEqual([]);
    await runtime.dispose();
  });

  it("gives the same tokens on WASM and on WebGPU", async () => {
    const { file, info } = await loadStarter(BASE);
    const gpu = await openGpu();
    const side = 3 * info.patch;
    const data = Float32Array.from({ length: 3 * side * side }, (_, index) => Math.sin(index / 11));
    const outputs: Float32Array[] = [];
    for (const runtime of [await openRuntime(null, 0), await openRuntime(gpu.device, 1)]) {
      const session = await runtime.open(file);
      const results = await session.run({ pixel_values: { data, dims: [1, 3, side, side] } }, ["last_hidden_state"]);
      outputs.push(results["last_hidden_state"]?.data ?? new Float32Array());
      await session.close();
      await runtime.dispose();
    }
    gpu.destroy();
    const [wasm = new Float32Array(), webgpu = new Float32Array()] = outputs;
    expect(wasm.length).toBe((1 + 9) * info.dimensions);
    const scale = Math.max(...wasm.map(Math.abs));
    const difference = Math.max(...wasm.map((value, index) => Math.abs(value - (webgpu[index] ?? Number.NaN))));
    expect(difference / scale).toBeLessThan(1e-3);
  });
});
