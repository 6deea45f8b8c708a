import wasmUrl from "onnxruntime-web/ort-wasm-simd-threaded.wasm?url";
import { EngineError } from "../contract.ts";
import type { ModelSession } from "./inference.ts";
import { configureOnnx, onnxWasmBytes, openOnnxSession, type OnnxRuntime } from "./onnx-executor.ts";
import { toRuntimeError } from "./runtime-failure.ts";
import type { HostReply, HostRequest } from "./wasm-host-protocol.ts";

/*
 * The thread in which models run without a GPU. A run blocks its thread for seconds; here it blocks nobody. (The
 * runtime's own proxy does the same, but only for a thread that has a document.) Ending this worker is also the only way
 * to give WebAssembly memory back.
 */

const sessions = new Map<number, ModelSession>();
let nextSession = 1;
let loaded: Promise<OnnxRuntime> | null = null;

async function load(threads: number): Promise<OnnxRuntime> {
  const runtime = await import("onnxruntime-web/wasm");
  configureOnnx(runtime, threads, wasmUrl);
  return runtime;
}

function sessionOf(number: number): ModelSession {
  const session = sessions.get(number);
  if (!session) throw new EngineError("model-failed", "The model was closed.");
  return session;
}

async function answer(request: HostRequest): Promise<HostReply> {
  switch (request.kind) {
    case "open": {
      loaded ??= load(request.threads);
      const opened = await openOnnxSession(await loaded, request.model, ["wasm"], null);
      const session = nextSession++;
      sessions.set(session, opened);
      const { inputs, outputs } = opened;
      return { kind: "opened", session, inputs, outputs, wasmBytes: onnxWasmBytes() };
    }
    case "run": {
      const outputs = await sessionOf(request.session).run(request.feeds, request.outputs);
      return { kind: "ran", outputs, wasmBytes: onnxWasmBytes() };
    }
    case "close": {
      const session = sessions.get(request.session);
      sessions.delete(request.session);
      await session?.close();
      return { kind: "closed", wasmBytes: onnxWasmBytes() };
    }
  }
}

async function reply(request: HostRequest): Promise<void> {
  try {
    const done = await answer(request);
    const buffers = done.kind === "ran" ? Object.values(done.outputs).map(({ data }) => data.buffer) : [];
    self.postMessage(done, { transfer: buffers });
  } catch (cause) {
    const { code, message, data } = toRuntimeError("start", cause);
    const failed: HostReply = { kind: "failed", failure: { code, message, data }, wasmBytes: onnxWasmBytes() };
    self.postMessage(failed);
  }
}

self.addEventListener("message", (event: MessageEvent<HostRequest>) => {
  void reply(event.data);
});
