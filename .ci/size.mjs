// The size budget: JavaScript that the page loads before any model, gzipped, and which runtime files are shipped.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { root } from "./install.mjs";

const PAGE_BUDGET_KB = 200;
const dist = `${root}dist/`;

/** Every script reachable from index.html by static imports, as paths below dist/. */
function pageScripts() {
  const html = readFileSync(`${dist}index.html`, "utf8");
  const queue = [...html.matchAll(/(?:src|href)="\.?\/?([^"]+\.js)"/g)].map((match) => match[1]);
  const seen = new Set();
  while (queue.length > 0) {
    const path = queue.pop();
    if (seen.has(path)) continue;
    seen.add(path);
    const code = readFileSync(`${dist}${path}`, "utf8");
    const folder = path.slice(0, path.lastIndexOf("/") + 1);
    for (const match of code.matchAll(/(?:from|import)\s*["']\.\/([^"']+\.js)["']/g)) queue.push(folder + match[1]);
  }
  return [...seen];
}

const kilobytes = (bytes) => Math.round(bytes / 100) / 10;
let page = 0;
for (const path of pageScripts()) page += gzipSync(readFileSync(`${dist}${path}`)).length;
console.log(`page JavaScript before any model: ${kilobytes(page)} kB gzip (budget ${PAGE_BUDGET_KB})`);

let failed = page / 1000 > PAGE_BUDGET_KB || page === 0;
for (const name of readdirSync(dist, { recursive: true })) {
  if (typeof name !== "string" || !name.endsWith(".wasm")) continue;
  console.log(`runtime file: ${name} ${kilobytes(statSync(`${dist}${name}`).size / 1000)} MB`);
  // The old JSEP build is what the default entry of ONNX Runtime pulls in: nothing here uses it.
  if (name.includes("jsep")) {
    console.log(`✗ ${name} is not used and must not be shipped`);
    failed = true;
  }
}
process.exit(failed ? 1 : 0);
