import { readdirSync, readFileSync } from "node:fs";

interface Process {
  readonly id: number;
  readonly parent: number;
  readonly isRenderer: boolean;
  /** Most that was ever resident, bytes. */
  readonly peak: number;
}

function processes(): Process[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const status = readFileSync(`/proc/${name}/status`, "utf8");
        const field = (key: string): number => Number(new RegExp(`^${key}:\\s+(\\d+)`, "m").exec(status)?.[1] ?? 0);
        const isRenderer = readFileSync(`/proc/${name}/cmdline`, "utf8").includes("--type=renderer");
        return [{ id: Number(name), parent: field("PPid"), isRenderer, peak: field("VmHWM") * 1024 }];
      } catch {
        // It ended meanwhile.
        return [];
      }
    });
}

/**
 * The most memory, in bytes, that any page process of the browsers started from here was ever given: the page, its
 * workers and their WebAssembly live in one. Null where there is no /proc to read it from.
 */
export function peakPageMemory(): number | null {
  try {
    const all = processes();
    const family = new Set([process.pid]);
    for (let grown = true; grown;) {
      const before = family.size;
      for (const { id, parent } of all) if (family.has(parent)) family.add(id);
      grown = family.size > before;
    }
    const peaks = all.filter(({ id, isRenderer }) => isRenderer && family.has(id)).map(({ peak }) => peak);
    return peaks.length > 0 ? Math.max(...peaks) : null;
  } catch {
    return null;
  }
}
