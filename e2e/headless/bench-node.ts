import { createRequire } from "node:module";
import { cpus, loadavg, totalmem } from "node:os";
import { dirname } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { createServer } from "vite";
import type { benchKernels } from "../../workers/dev/kernel-bench.ts";
import type { openGpu } from "../../workers/gpu/device.ts";

const USAGE = `npm run bench:node -- [--sizes small,medium,large,tree] [--from folder] [--gpu]

Times the kernels and their CPU twins in Node, without a browser, on whatever adapter Dawn finds. It needs the package
"webgpu" (Dawn's binding, 130 MB, so no dependency of the app): npm install --no-save webgpu. --from names a folder that
has it in its node_modules. --gpu fails when the adapter is a processor.
Without a driver Dawn can run on SwiftShader, for example Chromium's: VK_ICD_FILENAMES=.../vk_swiftshader_icd.json`;

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const print = (line: string): void => void process.stdout.write(`${line}\n`);

/** What of the package is used here. */
interface Dawn {
  create(options: readonly string[]): GPU;
  readonly globals: Readonly<Record<string, unknown>>;
}

function isDawn(module: unknown): module is Dawn {
  return typeof module === "object" && module !== null && "create" in module && "globals" in module;
}

async function loadDawn(folder: string): Promise<Dawn | null> {
  let path: string;
  try {
    path = createRequire(`${folder}/`).resolve("webgpu");
  } catch {
    return null;
  }
  const module: unknown = await import(pathToFileURL(path).href);
  return isDawn(module) ? module : null;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      sizes: { type: "string", default: "small,medium,large" },
      from: { type: "string", default: dirname(fileURLToPath(import.meta.url)) },
      gpu: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    print(USAGE);
    return;
  }
  const dawn = await loadDawn(values.from);
  if (!dawn) {
    print('The package "webgpu" is not installed: npm install --no-save webgpu, then run this again.');
    process.exitCode = 1;
    return;
  }
  Object.assign(globalThis, dawn.globals);
  Object.defineProperty(globalThis, "navigator", { value: { gpu: dawn.create([]) }, configurable: true });
  // Vite reads the sources as it does for the browser: kernels are imported as text.
  const server = await createServer({
    root: ROOT,
    configFile: false,
    appType: "custom",
    server: { middlewareMode: true, hmr: false, ws: false },
    optimizeDeps: { noDiscovery: true },
    logLevel: "warn",
  });
  try {
    const [cpu] = cpus();
    print(
      `machine    ${cpus().length} x ${cpu?.model ?? "?"}, ${(totalmem() / 1e9).toFixed(0)} GB, load ${loadavg()[0]?.toFixed(1)}`,
    );
    print(`runtime    Node ${process.versions.node}, Dawn`);
    const device = (await server.ssrLoadModule("/workers/gpu/device.ts")) as { openGpu: typeof openGpu };
    const bench = (await server.ssrLoadModule("/workers/dev/kernel-bench.ts")) as { benchKernels: typeof benchKernels };
    const gpu = await device.openGpu((error) => print(`! ${error.message}`));
    if (gpu.software && values.gpu) throw new Error("The only adapter is a processor.");
    await bench.benchKernels({ gpu, runtimes: [], sizes: values.sizes.split(","), print });
    gpu.destroy();
  } finally {
    await server.close();
  }
}

await main();
// Dawn keeps a thread that would keep Node from ending.
process.exit();
