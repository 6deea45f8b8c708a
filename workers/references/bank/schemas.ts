import * as v from "valibot";
import { type ClassId, EngineError, type ModelId, type ReferenceId } from "../../contract.ts";
import { areFiniteHalves, toHalves } from "../../half-floats.ts";
import { keyed, keyOf, RECORD_VERSION, type StoredRecord } from "./records.ts";

const isFloats = (value: unknown): value is Float32Array<ArrayBuffer> =>
  value instanceof Float32Array && value.length > 0 && value.every(Number.isFinite);
const floats = v.custom<Float32Array<ArrayBuffer>>(isFloats, "finite numbers");

const isHalves = (value: unknown): value is Uint16Array<ArrayBuffer> =>
  value instanceof Uint16Array && value.length > 0 && areFiniteHalves(value);
const halves = v.custom<Uint16Array<ArrayBuffer>>(isHalves, "finite numbers");

/** Whether these are a mask's run lengths over so many pixels, as Crop has them. */
export function areRuns(runs: unknown, pixels: number): boolean {
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

const attribution = v.object({
  provider: v.string(),
  title: v.string(),
  author: v.string(),
  licence: v.string(),
  licenceUrl: v.string(),
  pageUrl: v.string(),
});
const partsSchema = v.pipe(
  v.object({
    vectors: halves,
    inside: v.pipe(v.number(), v.integer(), v.minValue(0)),
    patches: floats,
  }),
  v.check(({ inside, patches }) => inside <= patches.length && patches.every((count) => count > 0), "parts of a size"),
);

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
    picture: v.nullable(v.pipe(v.string(), v.regex(/^[\da-f]{64}$/u))),
  }),
  crop: v.pipe(
    v.object({
      kind: v.literal("crop"),
      version,
      referenceId: text<ReferenceId>(),
      image: v.instance(Blob),
      width: side,
      height: side,
      runs: v.custom<Uint32Array<ArrayBuffer>>((value) => value instanceof Uint32Array),
    }),
    v.check((crop) => crop.image.size > 0 && areRuns(crop.runs, crop.width * crop.height), "a mask inside the crop"),
  ),
  descriptor: v.pipe(
    v.object({
      kind: v.literal("descriptor"),
      version,
      referenceId: text<ReferenceId>(),
      modelId: text<ModelId>(),
      dimensions: side,
      views: halves,
      surroundings: v.nullable(halves),
      parts: v.optional(v.nullable(partsSchema), null),
    }),
    v.check(
      ({ views, surroundings, parts, dimensions }) =>
        views.length % dimensions === 0 &&
        (surroundings === null || surroundings.length === dimensions) &&
        (parts === null || parts.vectors.length === parts.patches.length * dimensions),
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
  calibration: v.object({
    kind: v.literal("calibration"),
    version,
    modelId: text<ModelId>(),
    of: v.pipe(v.string(), v.regex(/^[\da-f]{64}$/u)),
    basis: v.picklist(["bank", "general"]),
    samples: v.pipe(v.number(), v.integer(), v.minValue(0)),
    wrong: v.pipe(v.array(v.pipe(v.number(), v.minValue(0), v.maxValue(1))), v.minLength(2), v.maxLength(1001)),
  }),
};

/** What a record of an older version becomes: one record, and perhaps more that were parts of it. */
type Migration = (record: Loose) => { readonly record: Loose; readonly parts?: readonly Loose[] };
type Loose = Readonly<Record<string, unknown>>;

/** Version 1 kept numbers of 32 bits. What is not a list of finite numbers stays as it is, and is found damaged. */
const packed = (value: unknown): unknown => (isFloats(value) ? toHalves(value) : value);

/** Version 1 kept the crop inside the reference. */
function referenceFrom1({ crop, ...rest }: Loose): ReturnType<Migration> {
  const image = typeof crop === "object" && crop !== null ? crop : {};
  const { width, height, runs, image: picture } = { width: 0, height: 0, runs: null, image: null, ...image };
  return {
    record: { ...rest, subcategory: null, attribution: null, picture: null },
    parts: [{ kind: "crop", version: 2, referenceId: rest["id"], image: picture, width, height, runs }],
  };
}

/** Per kind: MIGRATIONS[kind][n] turns a record of version n into one of version n + 1. */
const MIGRATIONS: Readonly<Record<StoredRecord["kind"], Readonly<Record<number, Migration>>>> = {
  class: { 1: (record) => ({ record }) },
  reference: { 1: referenceFrom1 },
  crop: {},
  descriptor: {
    1: (record) => ({
      record: { ...record, views: packed(record["views"]), surroundings: packed(record["surroundings"]) },
    }),
  },
  anchors: { 1: (record) => ({ record }) },
  calibration: {},
};

const headOfRecord = v.looseObject({
  kind: v.picklist(["class", "reference", "crop", "descriptor", "anchors", "calibration"]),
  version: v.pipe(v.number(), v.integer(), v.minValue(0)),
});

export type ReadRecord =
  | {
      readonly state: "good";
      readonly record: StoredRecord;
      /** Set when it was of an older version: all that is to be stored in its place, by key. */
      readonly migrated?: readonly (readonly [string, StoredRecord])[];
    }
  /** Written by a later Lookalike: left alone. */
  | { readonly state: "newer" }
  | { readonly state: "damaged"; readonly reason: string };

/**
 * A stored value as a record of today's version, migrated when older.
 * @param migrations per kind and version, see MIGRATIONS.
 */
export function readRecord(key: string, value: unknown, migrations: typeof MIGRATIONS = MIGRATIONS): ReadRecord {
  const head = v.safeParse(headOfRecord, value);
  if (!head.success) return { state: "damaged", reason: "not a record" };
  const { kind, version: written } = head.output;
  if (written > RECORD_VERSION) return { state: "newer" };
  let migrated: Loose = head.output;
  const parts: Loose[] = [];
  for (let reached = written; reached < RECORD_VERSION; reached++) {
    const migrate = migrations[kind][reached];
    if (!migrate) return { state: "damaged", reason: `no way from version ${reached}` };
    const step = migrate(migrated);
    migrated = { ...step.record, version: reached + 1 };
    parts.push(...(step.parts ?? []));
  }
  const read = parse(kind, migrated);
  if (typeof read === "string") return { state: "damaged", reason: read };
  if (keyOf(read) !== key) return { state: "damaged", reason: "a key of another record" };
  if (written === RECORD_VERSION) return { state: "good", record: read };
  const readParts: StoredRecord[] = [];
  for (const part of parts) {
    const { kind: partKind } = v.parse(headOfRecord, part);
    const readPart = parse(partKind, part);
    if (typeof readPart === "string") return { state: "damaged", reason: readPart };
    readParts.push(readPart);
  }
  return { state: "good", record: read, migrated: [read, ...readParts].map(keyed) };
}

/** The record, or why it is none. */
function parse(kind: StoredRecord["kind"], value: unknown): StoredRecord | string {
  const parsed = v.safeParse(schemas[kind], value);
  return parsed.success ? parsed.output : parsed.issues[0].message;
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
