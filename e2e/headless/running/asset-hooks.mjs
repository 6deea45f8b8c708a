import { readFile } from "node:fs/promises";

/** Gives `import address from "x.wasm?url&inline"` the data address that a build gives it. */
export async function load(url, context, next) {
  const { protocol, pathname } = new URL(url);
  if (protocol !== "file:" || !pathname.endsWith(".wasm")) return next(url, context);
  const base64 = (await readFile(new URL(pathname, url))).toString("base64");
  return { format: "module", shortCircuit: true, source: `export default "data:application/wasm;base64,${base64}";` };
}
