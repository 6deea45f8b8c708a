/**
 * Watches for the WebAssembly memory that a module makes for itself, which ONNX Runtime does not show. While `work` runs,
 * memories with any pages that are made through `WebAssembly.Memory` are noted.
 *
 * @returns the result of `work`, and a function that gives the last such memory's size in bytes now.
 */
export async function watchWasmMemory<Value>(
  work: () => Promise<Value>,
): Promise<{ value: Value; wasmBytes: () => number }> {
  const Original = WebAssembly.Memory;
  const seen: WebAssembly.Memory[] = [];
  WebAssembly.Memory = new Proxy(Original, {
    construct(target, [descriptor]: [WebAssembly.MemoryDescriptor]) {
      const memory = new target(descriptor);
      if (descriptor.initial > 0) seen.push(memory);
      return memory;
    },
  });
  try {
    const value = await work();
    const memory = seen.at(-1);
    return { value, wasmBytes: () => memory?.buffer.byteLength ?? 0 };
  } finally {
    WebAssembly.Memory = Original;
  }
}
