import type { DeviceReason, EngineStatus, Progress, Stage } from "../../workers/contract.ts";
import type { Phase } from "./settings.ts";

const STAGE_WORDS: Record<Stage, string> = {
  start: "Starting the engine",
  "load-model": "Loading the model",
  "prepare-model": "Preparing the model",
  "embed-references": "Studying the examples",
  decode: "Opening the picture",
  describe: "Looking closely",
  propose: "Finding regions",
  "read-dataset": "Reading the data set",
  "import-dataset": "Taking over examples",
  localise: "Looking for what they have in common",
  "search-photos": "Fetching photographs",
  match: "Comparing with your classes",
  compose: "Putting the map together",
  paint: "Painting",
  export: "Making the file",
  import: "Reading the file",
};

const REASON_WORDS: Record<Exclude<DeviceReason, "webgpu">, string> = {
  "forced-wasm": "chosen in Settings",
  "no-webgpu-api": "this browser has no WebGPU",
  "no-adapter": "no graphics device was found",
  "software-adapter": "the graphics device is only imitated in software",
  "device-failed": "the graphics device could not be opened",
  "lost-too-often": "the graphics device was lost too often",
};

/** A stage in plain words, with how far it is where that says something. */
export function progressWords(progress: Progress | null): string {
  if (!progress) return "Waiting for its turn";
  const words = STAGE_WORDS[progress.stage];
  return progress.total > 1 ? `${words}, ${percent(progress.done / progress.total)}` : words;
}

/** What a picture that is not worked on waits for. */
export function waitingWords(phase: Phase): string {
  switch (phase) {
    case "starting":
      return "Waiting for the engine and its model to start";
    case "no-model":
      return "Waiting for a model to be loaded";
    case "broken":
      return "Not begun: the engine could not be started";
    case "ready":
      return "Waiting for its turn";
  }
}

/** What the engine runs on, and why. */
export function deviceWords(status: EngineStatus): string {
  if (status.device === "webgpu") return status.adapter ? `WebGPU (${status.adapter})` : "WebGPU";
  const threads = status.threads === 1 ? "1 thread" : `${status.threads} threads`;
  const reasons = [
    ...(status.reason === "webgpu" ? [] : [REASON_WORDS[status.reason]]),
    ...(status.crossOriginIsolated ? [] : ["this page is served without cross-origin isolation"]),
  ];
  return reasons.length > 0 ? `WASM, ${threads}: ${reasons.join("; ")}` : `WASM, ${threads}`;
}

/** 0..1 as whole percent; what is there but rounds to nothing reads "<1%". */
export function percent(share: number): string {
  if (share > 0 && share < 0.005) return "<1%";
  return `${Math.round(share * 100)}%`;
}

/** How often something is wrong, 0..1, as one says it: in round numbers, for it is an estimate. */
export function wrongWords(share: number): string {
  if (share >= 0.55) return "more than half";
  if (share >= 0.42) return "about half";
  if (share < 0.01) return "fewer than 1 in 100";
  const of = Math.round(1 / share);
  return `about 1 in ${of > 12 ? 5 * Math.round(of / 5) : of}`;
}

/** Bytes as a person reads them; MB = 10^6. */
export function fileSize(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`;
  if (bytes < 1e6) return `${Math.round(bytes / 1000)} kB`;
  return `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;
}
