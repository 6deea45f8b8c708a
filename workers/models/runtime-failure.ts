import { EngineError } from "../contract.ts";

/** What ONNX Runtime was doing when it failed. */
export type RuntimeAction = "start" | "open" | "run" | "close";

// A SafeInt overflow is a size that 32-bit addresses do not reach.
const MEMORY = new RegExp(
  [
    "bad_alloc",
    "SafeInt",
    "out of memory",
    "Aborted\\(",
    "memory access out of bounds",
    "allocation failed",
    "failed to allocate",
    "Cannot enlarge memory",
    "Invalid typed array length",
  ].join("|"),
  "i",
);
const NOT_ONNX = /protobuf parsing failed|Failed to load model because protobuf|INVALID_PROTOBUF/i;
const EXTERNAL_WEIGHTS = /external data|external initializer|External file/i;

const SENTENCES: Record<RuntimeAction, string> = {
  start: "The model runtime could not be started.",
  open: "The model could not be opened by ONNX Runtime.",
  run: "The model failed while it ran.",
  close: "The model could not be closed.",
};

function describe(cause: unknown): string {
  return (cause instanceof Error ? cause.message : String(cause)).slice(0, 2000);
}

/**
 * Gives a failure of ONNX Runtime Web its place in the closed set. C++ exceptions reach JavaScript as messages, or, when
 * even the message could not be made, as the bare number of a pointer: that has only been seen when memory ran out.
 */
export function toRuntimeError(action: RuntimeAction, cause: unknown): EngineError {
  if (cause instanceof EngineError) return cause;
  const detail = describe(cause);
  const data = { action, detail };
  if (typeof cause === "number" || cause instanceof RangeError || MEMORY.test(detail)) {
    return new EngineError("out-of-memory", "The model needs more memory than there is.", data, cause);
  }
  if (action === "open" && NOT_ONNX.test(detail)) {
    return new EngineError("model-not-onnx", "The file is not a readable ONNX model.", data, cause);
  }
  if (action === "open" && EXTERNAL_WEIGHTS.test(detail)) {
    const message = "The model keeps its weights in a second file; one .onnx file with everything in it is needed.";
    return new EngineError("model-wrong-contract", message, data, cause);
  }
  return new EngineError("model-failed", SENTENCES[action], data, cause);
}
