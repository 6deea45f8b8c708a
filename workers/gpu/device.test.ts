import { afterEach, expect, test, vi } from "vitest";
import { openGpu } from "./device.ts";

afterEach(() => {
  vi.unstubAllGlobals();
});

test("without WebGPU in the browser, opening a device says so as an error with the reason", async () => {
  vi.stubGlobal("navigator", {});
  await expect(openGpu()).rejects.toMatchObject({ code: "gpu-unavailable", data: { reason: "no-webgpu-api" } });
});
