import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./build.ts";

function sourceFiles(path: string): string[] {
  if (!statSync(join(ROOT, path)).isDirectory()) return [path];
  return readdirSync(join(ROOT, path))
    .sort()
    .flatMap((name) => sourceFiles(`${path}/${name}`));
}

const isCode = (path: string): boolean =>
  /\.(?:ts|wgsl|json)$/.test(path) && !/\.(?:test|cases|fixture)\.ts$/.test(path);

/** Comments and white space do not change what a stage does. */
const bare = (text: string): string => text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/[^\n]*|\s+/g, "");

/** A short hash of the code of some files and folders of the repository: another when what they do may have changed. */
export function codeVersion(paths: readonly string[]): string {
  const hash = createHash("sha256");
  for (const path of paths.flatMap(sourceFiles).filter(isCode)) {
    hash.update(`${path}\n${bare(readFileSync(join(ROOT, path), "utf8"))}\n`);
  }
  return hash.digest("hex").slice(0, 12);
}
