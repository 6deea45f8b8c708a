import * as v from "valibot";
import { EngineError, type JobOptions, type LeftOut, type ModelId } from "../../contract.ts";
import { areFiniteHalves } from "../../half-floats.ts";
import { readPictureHeader } from "../../imaging/decode-header-readers.ts";
import { SNIFF_BYTES, sniffType } from "../../imaging/decode-sniff.ts";
import { sha256 } from "../../imaging/hash.ts";
import { cleanName, cleanText } from "../bank/names.ts";
import type { HashedDraft } from "../bank/operations.ts";
import type { Crop, PackedDescriptors } from "../bank/records.ts";
import { areRuns } from "../bank/schemas.ts";
import { SafeArchive } from "./archive.ts";
import {
  classSchema,
  FILE_VERSION,
  type FileReference,
  isClassPath,
  MANIFEST,
  type Manifest,
  manifestHead,
  manifestSchema,
  referenceSchema,
} from "./format.ts";

/** A reference of a file, ready to be put into a bank. */
interface ReadReference {
  readonly draft: HashedDraft;
  readonly enabled: boolean;
  readonly descriptors: readonly (PackedDescriptors & { readonly modelId: ModelId })[];
}

export interface ReadClass {
  readonly name: string;
  /** As the file says; whether it is a colour is seen when it is put into a bank. */
  readonly colour: string;
  readonly references: readonly ReadReference[];
}

/** What could be read of a file. */
export interface ReadBank {
  readonly name: string;
  readonly classes: readonly ReadClass[];
  readonly leftOut: readonly LeftOut[];
}

type Migration = (manifest: Readonly<Record<string, unknown>>) => Record<string, unknown>;

/** MIGRATIONS[n] turns a manifest of version n into one of version n + 1. Version 1 is the first. */
const MIGRATIONS: Readonly<Record<number, Migration>> = {};

/**
 * A manifest of any version as one of today's; null when it is none.
 * @throws EngineError bank-file-newer
 */
export function migrateManifest(
  value: unknown,
  migrations: Readonly<Record<number, Migration>> = MIGRATIONS,
  today = FILE_VERSION,
): Readonly<Record<string, unknown>> | null {
  const head = v.safeParse(manifestHead, value);
  if (!head.success) return null;
  if (head.output.version > today) {
    throw new EngineError("bank-file-newer", "The bank was saved by a newer Lookalike.", {
      version: head.output.version,
    });
  }
  let manifest: Readonly<Record<string, unknown>> = head.output;
  for (let version = head.output.version; version < today; version += 1) {
    const migrate = migrations[version];
    if (!migrate) return null;
    manifest = { ...migrate(manifest), version: version + 1 };
  }
  return manifest;
}

/** The manifest, or one made of what else is there: a class without a list of contents is a class still. */
async function readManifest(archive: SafeArchive): Promise<Manifest> {
  const json = await archive.json(MANIFEST);
  const migrated = typeof json === "string" ? null : migrateManifest(json.value);
  const parsed = migrated && v.safeParse(manifestSchema, migrated);
  if (parsed?.success) {
    archive.promised = { ...parsed.output.entries };
    return parsed.output;
  }
  const classes = archive.paths.filter(isClassPath).sort();
  if (classes.length === 0) {
    throw new EngineError("bank-file-invalid", "The file is not a bank of Lookalike, or it was cut short.");
  }
  archive.refuse(MANIFEST, "cannot be read: the rest was taken without its checksums");
  return { format: "lookalike-bank", version: FILE_VERSION, name: "Recovered bank", classes, models: [], entries: {} };
}

interface ModelFile {
  readonly id: ModelId;
  readonly dimensions: number;
  readonly halves: Uint16Array<ArrayBuffer>;
}

async function readModels(archive: SafeArchive, { models }: Manifest): Promise<readonly (ModelFile | null)[]> {
  const read: (ModelFile | null)[] = [];
  for (const { id, dimensions, file } of models) {
    const bytes = await archive.bytes(file);
    if (typeof bytes === "string" || bytes.length % (2 * dimensions) !== 0) {
      const why = typeof bytes === "string" ? bytes : "has rows cut short";
      read.push(archive.refuse(file, `${why}: its model will look at the references again`));
    } else {
      read.push({ id: id as ModelId, dimensions, halves: new Uint16Array(bytes.buffer) });
    }
  }
  return read;
}

/** What models saw in a reference; whatever does not add up is left out without a word, and computed anew. */
function descriptorsOf(reference: FileReference, models: readonly (ModelFile | null)[]): ReadReference["descriptors"] {
  return reference.descriptors.flatMap(({ model, row, views, surroundings, parts }) => {
    const file = models[model];
    if (!file) return [];
    const { id, dimensions, halves } = file;
    const end = row + views;
    const firstPart = end + (surroundings ? 1 : 0);
    const last = firstPart + (parts?.patches.length ?? 0);
    if (last * dimensions > halves.length || (parts && parts.inside > parts.patches.length)) return [];
    const seen = halves.slice(row * dimensions, end * dimensions);
    const around = surroundings ? halves.slice(end * dimensions, (end + 1) * dimensions) : null;
    const vectors = halves.slice(firstPart * dimensions, last * dimensions);
    if (!areFiniteHalves(seen) || (around && !areFiniteHalves(around)) || (parts && !areFiniteHalves(vectors)))
      return [];
    const pieces = parts && { inside: parts.inside, patches: Float32Array.from(parts.patches), vectors };
    return [{ modelId: id, dimensions, views: seen, surroundings: around, parts: pieces }];
  });
}

interface CropPicture {
  readonly image: Blob;
  readonly width: number;
  readonly height: number;
  /** SHA-256. */
  readonly hash: string;
}

/** Reads crops, each once however many references share it. */
class Pictures {
  readonly #archive: SafeArchive;
  readonly #known = new Map<string, CropPicture | string>();

  constructor(archive: SafeArchive) {
    this.#archive = archive;
  }

  /** A reference's crop and its picture's hash, or why there is none. */
  async crop({ crop: path, width, height, mask }: FileReference): Promise<{ crop: Crop; picture: string } | string> {
    let picture = this.#known.get(path);
    if (picture === undefined) {
      picture = await this.#read(path);
      this.#known.set(path, picture);
    }
    if (typeof picture === "string") return picture;
    if (picture.width !== width || picture.height !== height) return "its picture has another size than its mask";
    const runs = Uint32Array.from(mask);
    if (!areRuns(runs, width * height)) return "its mask is not one";
    return { crop: { image: picture.image, width, height, runs }, picture: picture.hash };
  }

  async #read(path: string): Promise<CropPicture | string> {
    const bytes = await this.#archive.bytes(path);
    if (typeof bytes === "string") return `its picture ${bytes}`;
    // By its bytes, whatever it is called: no SVG, whose scripts might run, and nothing else either.
    const type = sniffType(bytes.subarray(0, SNIFF_BYTES));
    const format = type.kind === "picture" ? type.format : null;
    if (format !== "png" && format !== "webp") return "its picture is neither PNG nor WebP";
    const header = readPictureHeader(bytes, format);
    // A picture that says that it is huge is not decoded to find out.
    if (!header) return "its picture is damaged";
    const { width, height } = header;
    return { image: new Blob([bytes], { type: `image/${format}` }), width, height, hash: await sha256(bytes) };
  }
}

/**
 * Reads a bank's file as far as it can be read, and names what was left out. Nothing in it is trusted.
 * @throws EngineError bank-file-invalid, bank-file-newer, cancelled
 */
export async function readBank(file: Blob, { signal, onProgress }: JobOptions = {}): Promise<ReadBank> {
  const archive = await SafeArchive.open(file);
  try {
    const manifest = await readManifest(archive);
    const models = await readModels(archive, manifest);
    const pictures = new Pictures(archive);
    const classes: ReadClass[] = [];
    for (const [index, path] of manifest.classes.entries()) {
      if (signal?.aborted) throw new EngineError("cancelled", "Opening the bank was stopped.");
      onProgress?.({ stage: "import", done: index, total: manifest.classes.length });
      const json = await archive.json(path);
      const parsed = typeof json === "string" ? null : v.safeParse(classSchema, json.value);
      if (!parsed?.success) {
        archive.refuse(path, typeof json === "string" ? json : "is not a class");
        continue;
      }
      const name = nameOf(parsed.output.name);
      const references: ReadReference[] = [];
      for (const [at, value] of parsed.output.references.entries()) {
        const read = v.safeParse(referenceSchema, value);
        if (!read.success) {
          archive.refuse(`${name}: reference ${at + 1}`, "is not well-formed");
          continue;
        }
        const reference = read.output;
        const crop = await pictures.crop(reference);
        if (typeof crop === "string") {
          archive.refuse(`${name}: ${cleanText(reference.provenance).text || `reference ${at + 1}`}`, crop);
          continue;
        }
        const { source, provenance, domain, subcategory, attribution, enabled } = reference;
        const draft = { source, provenance, domain, subcategory, attribution, ...crop };
        references.push({ draft, enabled, descriptors: descriptorsOf(reference, models) });
      }
      classes.push({ name, colour: parsed.output.colour, references });
    }
    return { name: cleanText(manifest.name).text, classes, leftOut: archive.leftOut };
  } finally {
    await archive.close();
  }
}

/** A class without a name that can be shown gets one. */
function nameOf(raw: string): string {
  try {
    return cleanName(raw).name;
  } catch {
    return "Unnamed class";
  }
}
