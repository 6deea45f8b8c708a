import * as v from "valibot";
import {
  type Attribution,
  type ClassId,
  EngineError,
  type ModelId,
  type ReferenceId,
  type ReferenceSource,
} from "../../contract.ts";

/** Version written into every record; each kind's migrations lead from any older one to it. */
export const RECORD_VERSION = 2;

/** Photographs and pictograms are centred on different means, see docs/method.md. */
export type Domain = "photo" | "pictogram";

/** A small picture of the thing with its surroundings, and where in it the thing is. */
export interface Crop {
  /** PNG or WebP, long side <= 448 px. A pictogram has transparent surroundings. */
  readonly image: Blob;
  readonly width: number;
  readonly height: number;
  /** Mask over the crop's pixels, row-major: pairs [start, length], ascending, not touching. */
  readonly runs: Uint32Array<ArrayBuffer>;
}

/** A reference that is not in the bank yet. */
export interface ReferenceDraft {
  readonly source: ReferenceSource;
  /** A file name, or a glyph with its name. Text only. */
  readonly provenance: string;
  readonly domain: Domain;
  readonly crop: Crop;
  /** Name of the sub-category inside its class; left out: none. */
  readonly subcategory?: string | null;
  /** Whose an openly licensed photograph is; left out: nobody's but the person's. */
  readonly attribution?: Attribution | null;
}

/** What one model sees in one reference; vectors are as the embedding handed them in. */
export interface ReferenceDescriptors {
  readonly dimensions: number;
  /** V * dimensions, V >= 1: one row for each view of the reference. */
  readonly views: Float32Array<ArrayBuffer>;
  /** The crop outside the mask, a ready-made example of "stuff"; null where there is none. */
  readonly surroundings: Float32Array<ArrayBuffer> | null;
}

/** Descriptors of the hidden anchors under one model, kept so that they are computed once. */
export interface AnchorDescriptors {
  readonly dimensions: number;
  /** A * dimensions, in the order of `names`. */
  readonly vectors: Float32Array<ArrayBuffer>;
  /** A names, one for each row. */
  readonly names: readonly string[];
}

export interface ClassRecord {
  readonly kind: "class";
  readonly version: typeof RECORD_VERSION;
  readonly id: ClassId;
  readonly name: string;
  readonly colour: string;
  readonly order: number;
}

export interface ReferenceRecord extends ReferenceDraft {
  readonly kind: "reference";
  readonly version: typeof RECORD_VERSION;
  readonly id: ReferenceId;
  readonly classId: ClassId;
  readonly enabled: boolean;
  readonly order: number;
  readonly subcategory: string | null;
  readonly attribution: Attribution | null;
}

export interface DescriptorRecord extends ReferenceDescriptors {
  readonly kind: "descriptor";
  readonly version: typeof RECORD_VERSION;
  readonly referenceId: ReferenceId;
  readonly modelId: ModelId;
}

export interface AnchorRecord extends AnchorDescriptors {
  readonly kind: "anchors";
  readonly version: typeof RECORD_VERSION;
  readonly modelId: ModelId;
  /** Which set of anchors these are; another set makes them stale. */
  readonly set: string;
}

export type BankRecord = ClassRecord | ReferenceRecord | DescriptorRecord | AnchorRecord;

export const classKey = (id: ClassId): string => `class:${id}`;
export const referenceKey = (id: ReferenceId): string => `reference:${id}`;
export const descriptorKey = (model: ModelId, id: ReferenceId): string => `descriptor:${id}:${model}`;
export const anchorKey = (model: ModelId): string => `anchors:${model}`;

function keyOf(record: BankRecord): string {
  switch (record.kind) {
    case "class":
      return classKey(record.id);
    case "reference":
      return referenceKey(record.id);
    case "descriptor":
      return descriptorKey(record.modelId, record.referenceId);
    case "anchors":
      return anchorKey(record.modelId);
  }
}

export const keyed = (record: BankRecord): readonly [string, BankRecord] => [keyOf(record), record];

// ---------------------------------------------------------------------------------------------------- schemas

const isFloats = (value: unknown): value is Float32Array<ArrayBuffer> =>
  value instanceof Float32Array && value.length > 0 && value.every(Number.isFinite);
const floats = v.custom<Float32Array<ArrayBuffer>>(isFloats, "finite numbers");

function areRuns(runs: unknown, pixels: number): boolean {
  if (!(runs instanceof Uint32Array) || runs.length === 0 || runs.length % 2 !== 0) {
    return false;
  }
  let free = 0;
  for (let at = 0; at < runs.length; at += 2) {
    const start = runs[at] ?? 0;
    const length = runs[at + 1] ?? 0;
    if (start < free || length === 0) {
      return false;
    }
    free = start + length;
  }
  return free <= pixels;
}

const text = <Text extends string>(): v.GenericSchema<Text> =>
  v.custom<Text>((value) => typeof value === "string" && value !== "", "text");
const side = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(4096));
const order = v.pipe(v.number(), v.finite());
const version = v.literal(RECORD_VERSION);

const cropSchema = v.pipe(
  v.object({
    image: v.instance(Blob),
    width: side,
    height: side,
    runs: v.custom<Uint32Array<ArrayBuffer>>((value) => value instanceof Uint32Array),
  }),
  v.check((crop) => crop.image.size > 0 && areRuns(crop.runs, crop.width * crop.height), "a mask inside the crop"),
);

const attribution = v.object({
  provider: v.string(),
  title: v.string(),
  author: v.string(),
  licence: v.string(),
  licenceUrl: v.string(),
  pageUrl: v.string(),
});

const schemas = {
  class: v.object({
    kind: v.literal("class"),
    version,
    id: text<ClassId>(),
    name: text<string>(),
    colour: v.pipe(v.string(), v.regex(/^#[\da-f]{6}$/u)),
    order,
  }),
  reference: v.object({
    kind: v.literal("reference"),
    version,
    id: text<ReferenceId>(),
    classId: text<ClassId>(),
    source: v.picklist(["example", "pictogram", "import", "photo-search", "harvest"]),
    provenance: v.string(),
    domain: v.picklist(["photo", "pictogram"]),
    enabled: v.boolean(),
    order,
    subcategory: v.nullable(text<string>()),
    attribution: v.nullable(attribution),
    crop: cropSchema,
  }),
  descriptor: v.pipe(
    v.object({
      kind: v.literal("descriptor"),
      version,
      referenceId: text<ReferenceId>(),
      modelId: text<ModelId>(),
      dimensions: side,
      views: floats,
      surroundings: v.nullable(floats),
    }),
    v.check(
      ({ views, surroundings, dimensions }) =>
        views.length % dimensions === 0 && (surroundings === null || surroundings.length === dimensions),
      "rows of equal length",
    ),
  ),
  anchors: v.pipe(
    v.object({
      kind: v.literal("anchors"),
      version,
      modelId: text<ModelId>(),
      set: text<string>(),
      dimensions: side,
      vectors: floats,
      names: v.array(v.string()),
    }),
    v.check(({ vectors, names, dimensions }) => vectors.length === names.length * dimensions, "one row a name"),
  ),
};

type Migration = (record: Readonly<Record<string, unknown>>) => Record<string, unknown>;

/** Per kind: MIGRATIONS[kind][n] turns a record of version n into one of version n + 1. */
const MIGRATIONS: Readonly<Record<BankRecord["kind"], Readonly<Record<number, Migration>>>> = {
  class: { 1: (record) => ({ ...record }) },
  reference: { 1: (record) => ({ ...record, subcategory: null, attribution: null }) },
  descriptor: { 1: (record) => ({ ...record }) },
  anchors: { 1: (record) => ({ ...record }) },
};

const headOfRecord = v.looseObject({
  kind: v.picklist(["class", "reference", "descriptor", "anchors"]),
  version: v.pipe(v.number(), v.integer(), v.minValue(0)),
});

export type ReadRecord =
  | { readonly state: "good"; readonly record: BankRecord }
  /** Written by a later Lookalike: left alone. */
  | { readonly state: "newer" }
  | { readonly state: "damaged"; readonly reason: string };

/**
 * A stored value as a record of today's version, migrated when older.
 * @param migrations per kind and version, see MIGRATIONS.
 */
export function readRecord(key: string, value: unknown, migrations: typeof MIGRATIONS = MIGRATIONS): ReadRecord {
  const head = v.safeParse(headOfRecord, value);
  if (!head.success) {
    return { state: "damaged", reason: "not a record" };
  }
  const kind = head.output.kind;
  let migrated: Record<string, unknown> = head.output;
  let reached = head.output.version;
  if (reached > RECORD_VERSION) {
    return { state: "newer" };
  }
  for (; reached < RECORD_VERSION; reached++) {
    const migrate = migrations[kind][reached];
    if (!migrate) {
      return { state: "damaged", reason: `no way from version ${reached}` };
    }
    migrated = { ...migrate(migrated), version: reached + 1 };
  }
  const parsed = v.safeParse(schemas[kind], migrated);
  if (!parsed.success) {
    return { state: "damaged", reason: parsed.issues[0].message };
  }
  const record: BankRecord = parsed.output;
  return keyOf(record) === key ? { state: "good", record } : { state: "damaged", reason: "a key of another record" };
}

/** What could not be read back is never written. @throws EngineError internal */
export function requireReadable([key, value]: readonly [string, unknown]): void {
  const read = readRecord(key, value);
  if (read.state !== "good") {
    throw new EngineError("internal", "An entry of the class bank was not well-formed and was refused.", {
      key,
      reason: read.state === "damaged" ? read.reason : read.state,
    });
  }
}
