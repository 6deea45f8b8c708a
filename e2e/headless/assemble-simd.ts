import { readFileSync, writeFileSync } from "node:fs";
import wabt from "wabt";

/** Assembles dot-products.wat into the module that ships: `npm run simd`. */
const folder = new URL("../../workers/dot-products/", import.meta.url);
const { parseWat } = await wabt();
const text = readFileSync(new URL("dot-products.wat", folder), "utf8");
writeFileSync(
  new URL("dot-products.wasm", folder),
  parseWat("dot-products.wat", text, { simd: true }).toBinary({}).buffer,
);
