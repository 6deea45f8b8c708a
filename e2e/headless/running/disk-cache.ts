import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";

/** Versions of a stage that nobody has asked for in this many milliseconds are thrown away. */
const KEPT_FOR = 3 * 24 * 3600 * 1000;

/** What is kept: some facts and some bytes. */
export interface Kept<Facts> {
  readonly facts: Facts;
  /** Aligned to 8 bytes. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/**
 * Results of one stage on disk, by key, in a folder of the stage's version: a changed stage finds nothing. Several runs
 * may share a folder: files appear whole.
 */
export class DiskCache<Facts> {
  readonly #folder: string;

  constructor(root: string, stage: string, version: string) {
    const stages = join(root, stage);
    this.#folder = join(stages, version);
    mkdirSync(this.#folder, { recursive: true });
    const now = new Date();
    utimesSync(this.#folder, now, now);
    for (const name of readdirSync(stages)) {
      const path = join(stages, name);
      if (now.getTime() - statSync(path).mtimeMs > KEPT_FOR) rmSync(path, { recursive: true });
    }
  }

  has(key: string): boolean {
    return existsSync(join(this.#folder, key));
  }

  /** Null when there is nothing under the key. */
  read(key: string): Kept<Facts> | null {
    let file: Buffer;
    try {
      file = readFileSync(join(this.#folder, key));
    } catch {
      return null;
    }
    const length = file.readUInt32LE(0);
    const facts = JSON.parse(file.toString("utf8", 4, 4 + length)) as Facts;
    return { facts, bytes: Uint8Array.from(file.subarray(4 + length)) };
  }

  /** What is under the key; made and kept when there is nothing. */
  async readOr(key: string, make: () => Promise<Kept<Facts>>): Promise<Kept<Facts>> {
    const known = this.read(key);
    if (known) return known;
    const made = await make();
    this.write(key, made);
    return made;
  }

  write(key: string, { facts, bytes }: Kept<Facts>): void {
    const head = Buffer.from(JSON.stringify(facts));
    const length = Buffer.alloc(4);
    length.writeUInt32LE(head.length);
    const path = join(this.#folder, key);
    writeFileSync(`${path}.${process.pid}`, Buffer.concat([length, head, bytes]));
    renameSync(`${path}.${process.pid}`, path);
  }
}
