/** Shows what the bench worker prints; `data-state` of the body says when it has ended. */

interface BenchMessage {
  readonly line?: string;
  readonly ended?: string;
}

const query = new URLSearchParams(location.search);
const lines = document.getElementById("lines");
const worker = new Worker(new URL("../../workers/dev/bench.worker.ts", import.meta.url), { type: "module" });

const show = (line: string): void => lines?.append(`${line}\n`);
worker.addEventListener("message", ({ data }: MessageEvent<BenchMessage>) => {
  if (data.line !== undefined) show(data.line);
  if (data.ended !== undefined) document.body.dataset["state"] = data.ended;
});
worker.addEventListener("error", (event) => {
  show(`! ${event.message || "The worker could not be started."}`);
  document.body.dataset["state"] = "failed";
});
worker.postMessage({
  sizes: (query.get("sizes") ?? "small,medium,large").split(","),
  onWebGpu: query.get("onnx") !== "wasm",
  gpu: query.get("gpu") !== "off",
});
