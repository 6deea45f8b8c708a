import { downloadZip } from "client-zip";
import { EngineError, type BankArchive, type JobOptions, type LeftOut, type ModelId } from "../../contract.ts";
import { sha256 } from "../../imaging/hash.ts";
import type { Bank } from "../bank/bank.ts";
import type { DescriptorRecord, ReferenceRecord } from "../bank/records.ts";
import {
  classPath,
  cropPath,
  descriptorPath,
  FILE_VERSION,
  type FileReference,
  FORMAT,
  MANIFEST,
  type Manifest,
} from "./format.ts";

interface Entry {
  readonly name: string;
  readonly input: Uint8Array<ArrayBuffer> | Blob;
}

/** What one model saw, row after row. */
interface ModelRows {
  readonly id: ModelId;
  readonly dimensions: number;
  readonly parts: Uint16Array<ArrayBuffer>[];
  rows: number;
}

/** Numbers as they are in the file: little-endian, which is what every browser's machine has. */
const bytesOf = (parts: readonly Uint16Array<ArrayBuffer>[]): Promise<ArrayBuffer> =>
  new Blob([...parts]).arrayBuffer();

class BankWriter {
  readonly #bank: Bank;
  readonly #name: string;
  readonly #job: JobOptions;
  readonly #entries: Record<string, { readonly bytes: number; readonly sha256: string }> = {};
  readonly #models = new Map<ModelId, ModelRows>();
  readonly leftOut: LeftOut[] = [];

  constructor(bank: Bank, name: string, job: JobOptions) {
    this.#bank = bank;
    this.#name = name;
    this.#job = job;
  }

  /** All entries, the manifest last: it says what the others are. */
  async *entries(): AsyncGenerator<Entry> {
    const { records } = this.#bank;
    const classes = records.classes();
    for (const [index, record] of classes.entries()) {
      this.#job.onProgress?.({ stage: "export", done: index, total: classes.length });
      const references: FileReference[] = [];
      for (const reference of records.referencesOf(record.id)) {
        if (this.#job.signal?.aborted) throw new EngineError("cancelled", "Saving the bank was stopped.");
        const picture = await this.#picture(reference, record.name);
        if (!picture) continue;
        if (picture.entry) yield picture.entry;
        references.push(picture.reference);
      }
      const { name, colour } = record;
      yield await this.#json(classPath(index), { name, colour, references });
    }
    const models = [...this.#models.values()];
    for (const [index, { parts }] of models.entries()) {
      const data = new Uint8Array(await bytesOf(parts));
      yield await this.#entry(descriptorPath(index), data, await sha256(data));
    }
    const manifest: Manifest = {
      format: FORMAT,
      version: FILE_VERSION,
      name: this.#name,
      classes: classes.map((_, index) => classPath(index)),
      models: models.map(({ id, dimensions }, index) => ({ id, dimensions, file: descriptorPath(index) })),
      entries: this.#entries,
    };
    yield { name: MANIFEST, input: new TextEncoder().encode(JSON.stringify(manifest, null, 1)) };
  }

  async #entry(name: string, input: Uint8Array<ArrayBuffer>, hash: string): Promise<Entry> {
    this.#entries[name] = { bytes: input.length, sha256: hash };
    return { name, input };
  }

  async #json(name: string, value: unknown): Promise<Entry> {
    const bytes = new TextEncoder().encode(JSON.stringify(value));
    return this.#entry(name, bytes, await sha256(bytes));
  }

  /** A reference, and its picture as an entry unless another reference brought it. Null: it cannot be read. */
  async #picture(reference: ReferenceRecord, className: string) {
    const { id, source, provenance, domain, enabled, subcategory, attribution } = reference;
    try {
      const { image, width, height, runs } = await this.#bank.crop(id);
      const bytes = new Uint8Array(await image.arrayBuffer());
      const hash = await sha256(bytes);
      const crop = cropPath(hash, image.type);
      const entry = crop in this.#entries ? null : await this.#entry(crop, bytes, hash);
      const file: FileReference = {
        source,
        provenance,
        domain,
        enabled,
        subcategory,
        attribution,
        crop,
        width,
        height,
        mask: [...runs],
        descriptors: [...this.#bank.records.descriptorsOf(id).values()].map((record) => this.#rows(record)),
      };
      return { reference: file, entry };
    } catch (cause) {
      if (!(cause instanceof EngineError && cause.code === "storage-damaged")) throw cause;
      this.leftOut.push({ what: `${className}: ${provenance}`, why: "its picture cannot be read" });
      return null;
    }
  }

  #rows({ modelId, dimensions, views, surroundings, parts }: DescriptorRecord): FileReference["descriptors"][number] {
    const known = this.#models.get(modelId);
    const rows = known ?? { id: modelId, dimensions, parts: [], rows: 0 };
    if (!known) this.#models.set(modelId, rows);
    const row = rows.rows;
    const count = views.length / dimensions;
    rows.parts.push(views, ...(surroundings ? [surroundings] : []), ...(parts ? [parts.vectors] : []));
    rows.rows += count + (surroundings ? 1 : 0) + (parts?.patches.length ?? 0);
    const model = [...this.#models.keys()].indexOf(modelId);
    return {
      model,
      row,
      views: count,
      surroundings: surroundings !== null,
      parts: parts && { inside: parts.inside, patches: [...parts.patches] },
    };
  }
}

/**
 * A bank as one file. References whose pictures cannot be read are left out, and named.
 * @throws EngineError cancelled
 */
export async function writeBank(bank: Bank, name: string, job: JobOptions = {}): Promise<BankArchive> {
  const writer = new BankWriter(bank, name, job);
  const archive = await downloadZip(writer.entries()).blob();
  return { archive: new Blob([archive], { type: "application/zip" }), leftOut: writer.leftOut };
}
