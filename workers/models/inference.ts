/** What the rest of the engine needs of a model runtime, whatever it runs on. */

/** A dense float tensor, row-major. */
export interface FloatTensor {
  readonly data: Float32Array<ArrayBuffer>;
  readonly dims: readonly number[];
}

/** One input or output as the graph declares it. A named (dynamic) dimension is a string. */
export interface ValueInfo {
  readonly name: string;
  /** ONNX Runtime's name of the element type, such as "float32"; "not a tensor" for sequences and maps. */
  readonly type: string;
  /** Empty when the graph declares no shape. */
  readonly shape: readonly (number | string)[];
}

/** One opened graph. */
export interface ModelSession {
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
  /**
   * Runs the graph; calls issued at once run one after the other. The feeds stay the caller's.
   *
   * @returns the outputs named in `outputs`, in memory that belongs to the caller.
   * @throws EngineError model-failed, out-of-memory, gpu-lost.
   */
  run(feeds: Readonly<Record<string, FloatTensor>>, outputs: readonly string[]): Promise<Record<string, FloatTensor>>;
  /** Frees the session. Calling it again does nothing. */
  close(): Promise<void>;
}

/** A running copy of ONNX Runtime. */
export interface ModelRuntime {
  /** Which build of ONNX Runtime Web this is; "jspi" and "asyncify" run on WebGPU. */
  readonly kind: "jspi" | "asyncify" | "wasm";
  /** WebAssembly threads, the calling one included. */
  readonly threads: number;
  /**
   * Opens a graph with its weights inside.
   *
   * @throws EngineError model-not-onnx, model-wrong-contract (weights in a second file), model-failed, out-of-memory,
   *   gpu-lost.
   */
  open(model: Blob): Promise<ModelSession>;
  /** The same on the processor, also where there is a device: for devices that the processor only imitates. */
  openOnProcessor(model: Blob): Promise<ModelSession>;
  /** Bytes of WebAssembly memory now; it grows and never shrinks while the runtime lives. */
  wasmBytes(): number;
  /** Ends the runtime. On WASM its memory goes back to the browser; sessions can no longer run. */
  dispose(): Promise<void>;
}
