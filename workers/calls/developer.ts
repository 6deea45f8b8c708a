import type { DeveloperCalls } from "../contract.ts";
import type { EngineCore } from "../engine-core.ts";

/** What only developers and tests ask for. */
export function developerCalls(core: EngineCore): DeveloperCalls {
  return {
    async counters() {
      const { machine } = core.use();
      const { buffers, textures, bytes } = machine.gpu?.counters.read() ?? { buffers: 0, textures: 0, bytes: 0 };
      return { buffers, textures, bytes, wasmBytes: machine.wasmBytes, cachedPictures: core.pictures.size };
    },

    async fault(kind) {
      if (kind === "lose-device") core.use().machine.gpu?.device.destroy();
      else if (kind === "crash") self.close();
      else for (;;);
    },
  };
}
