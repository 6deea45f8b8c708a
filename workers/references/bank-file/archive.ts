import type { FileEntry, ZipReader as Reader } from "@zip.js/zip.js";
import { EngineError, type LeftOut } from "../../contract.ts";
import { sha256 } from "../../imaging/hash.ts";
import { type Manifest, MOST_BYTES, MOST_ENTRIES, mostBytes } from "./format.ts";

const notABank = (cause?: unknown): EngineError =>
  new EngineError("bank-file-invalid", "The file is not a bank of Lookalike, or it was cut short.", {}, cause);

/** More characters of an entry's name than this are not repeated to the person. */
const NAME_SHOWN = 80;

/** Why an entry's bytes are not taken. */
class Refusal extends Error {}

/**
 * The entries of an archive that somebody handed in, which may be damaged or meant to harm. It is read where it lies,
 * entry by entry; an entry is stopped as soon as it gives more than it may, whatever it says of its size.
 */
export class SafeArchive {
  readonly #reader: Reader<unknown>;
  readonly #entries: ReadonlyMap<string, FileEntry>;
  /** What is not taken, and why. Text only. */
  readonly leftOut: LeftOut[];
  #taken = 0;
  /** What the manifest says of the entries; null: nobody knows. */
  promised: Manifest["entries"] | null = null;

  private constructor(reader: Reader<unknown>, entries: ReadonlyMap<string, FileEntry>, leftOut: LeftOut[]) {
    this.#reader = reader;
    this.#entries = entries;
    this.leftOut = leftOut;
  }

  /** Reads the directory. @throws EngineError bank-file-invalid */
  static async open(file: Blob): Promise<SafeArchive> {
    // Fetched only by those who import a bank.
    const { BlobReader, configure, ZipReader } = await import("@zip.js/zip.js/lib/zip-core-native.js");
    // This is a worker already; the browser's own decompression does the rest.
    configure({ useWebWorkers: false, useCompressionStream: true });
    // Names are judged here, by a list of what may be there; one that is wrong must not keep the others from being read.
    const lenient = { filenameValidation: "tolerant", strictness: "tolerant", checkOverlappingEntry: true } as const;
    const reader = new ZipReader(new BlobReader(file), lenient);
    const entries = new Map<string, FileEntry>();
    const leftOut: LeftOut[] = [];
    const refuse = (name: string, why: string): void => void leftOut.push({ what: name.slice(0, NAME_SHOWN), why });
    let count = 0;
    try {
      for await (const entry of reader.getEntriesGenerator()) {
        count += 1;
        if (count > MOST_ENTRIES) throw notABank();
        const { filename } = entry;
        if (entry.directory) continue;
        if (mostBytes(filename) === 0) refuse(filename, "is not part of a bank");
        else if (entries.has(filename)) refuse(filename, "is there twice");
        else if (entry.encrypted) refuse(filename, "is encrypted");
        else entries.set(filename, entry);
      }
    } catch (cause) {
      throw cause instanceof EngineError ? cause : notABank(cause);
    }
    return new SafeArchive(reader, entries, leftOut);
  }

  close(): Promise<void> {
    return this.#reader.close();
  }

  get paths(): readonly string[] {
    return [...this.#entries.keys()];
  }

  /** Notes that something is not taken. */
  refuse(what: string, why: string): null {
    this.leftOut.push({ what, why });
    return null;
  }

  /** The bytes of an entry, or why there are none to be had. */
  async bytes(path: string): Promise<Uint8Array<ArrayBuffer> | string> {
    const entry = this.#entries.get(path);
    const promise = this.promised?.[path];
    if (!entry) return "is missing";
    if (this.promised && !promise) return "is not in the list of contents";
    const most = Math.min(mostBytes(path), promise?.bytes ?? Infinity, MOST_BYTES - this.#taken);
    try {
      const bytes = await inflate(entry, most);
      this.#taken += bytes.length;
      if (promise && (bytes.length !== promise.bytes || (await sha256(bytes)) !== promise.sha256)) {
        return "does not match its checksum";
      }
      return bytes;
    } catch (cause) {
      return cause instanceof Refusal ? cause.message : "cannot be read";
    }
  }

  /** The JSON of an entry, or why there is none to be had. */
  async json(path: string): Promise<{ readonly value: unknown } | string> {
    const bytes = await this.bytes(path);
    if (typeof bytes === "string") return bytes;
    try {
      return { value: JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)) as unknown };
    } catch {
      return "is not well-formed";
    }
  }
}

/** An entry's bytes, `most` at the most. @throws Refusal when there are more; whatever the reader throws */
async function inflate(entry: FileEntry, most: number): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  await entry.getData(
    new WritableStream<Uint8Array>({
      write(chunk) {
        length += chunk.length;
        // Thrown in the middle of inflating: a bomb never goes off.
        if (length > most) throw new Refusal("is larger than it may be");
        chunks.push(chunk);
      },
    }),
  );
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}
