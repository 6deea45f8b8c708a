import * as v from "valibot";
import type { ReferenceSource } from "../../contract.ts";
import type { Domain } from "../bank/records.ts";

/**
 * A bank as one file, a zip archive:
 *
 *     manifest.json            what it is, its classes, its models, and size and SHA-256 of every other entry
 *     classes/0001.json        one class: name, colour, references with their masks
 *     crops/<sha-256>.webp     pictures of references (or .png), each once
 *     descriptors/0.f16        what one model saw: rows of 16-bit numbers, little-endian
 */
export const FORMAT = "lookalike-bank";
export const FILE_VERSION = 1;
export const MANIFEST = "manifest.json";

export const classPath = (index: number): string => `classes/${String(index + 1).padStart(4, "0")}.json`;
export const cropPath = (hash: string, type: string): string =>
  `crops/${hash}.${type === "image/png" ? "png" : "webp"}`;
export const descriptorPath = (model: number): string => `descriptors/${model}.f16`;

const CLASS_PATH = /^classes\/\d{4,6}\.json$/u;
const CROP_PATH = /^crops\/[\da-f]{64}\.(?:webp|png)$/u;
const DESCRIPTOR_PATH = /^descriptors\/\d{1,3}\.f16$/u;

/** Most bytes that are taken of an entry, by what it is; 0 for what belongs to no bank. Crops are 448 px at most. */
export function mostBytes(path: string): number {
  if (path === MANIFEST) return 64e6;
  if (CLASS_PATH.test(path)) return 64e6;
  if (CROP_PATH.test(path)) return 4e6;
  return DESCRIPTOR_PATH.test(path) ? 1e9 : 0;
}
export const isClassPath = (path: string): boolean => CLASS_PATH.test(path);

/** More of anything than this is no bank that a person made. */
export const MOST_ENTRIES = 200_000;
/** Bytes of all entries together, inflated. */
export const MOST_BYTES = 4e9;
const MOST_CLASSES = 20_000;
const MOST_REFERENCES = 100_000;
const MOST_RUNS = 400_000;

const path = (pattern: RegExp) => v.pipe(v.string(), v.regex(pattern));
const size = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(4096));
const count = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(MOST_REFERENCES * 64));
/** Cleaned and cut when it is taken over; longer than this it is not worth looking at. */
const text = v.pipe(v.string(), v.maxLength(4000));
const sha256 = v.pipe(v.string(), v.regex(/^[\da-f]{64}$/u));

export const manifestSchema = v.object({
  format: v.literal(FORMAT),
  version: v.literal(FILE_VERSION),
  name: text,
  classes: v.pipe(v.array(path(CLASS_PATH)), v.maxLength(MOST_CLASSES)),
  models: v.pipe(
    v.array(
      v.object({
        id: v.pipe(v.string(), v.minLength(1), v.maxLength(400)),
        dimensions: size,
        file: path(DESCRIPTOR_PATH),
      }),
    ),
    v.maxLength(64),
  ),
  entries: v.record(v.string(), v.object({ bytes: count, sha256 })),
});
export type Manifest = v.InferOutput<typeof manifestSchema>;

/** What may stand at the beginning of a manifest of any version. */
export const manifestHead = v.looseObject({
  format: v.literal(FORMAT),
  version: v.pipe(v.number(), v.integer(), v.minValue(1)),
});

const attributionSchema = v.object({
  provider: text,
  title: text,
  author: text,
  licence: text,
  licenceUrl: text,
  pageUrl: text,
});

const SOURCES: readonly [ReferenceSource, ...ReferenceSource[]] = [
  "example",
  "pictogram",
  "import",
  "photo-search",
  "harvest",
];
const DOMAINS: readonly [Domain, ...Domain[]] = ["photo", "pictogram"];

export const referenceSchema = v.object({
  source: v.picklist(SOURCES),
  provenance: text,
  domain: v.picklist(DOMAINS),
  enabled: v.boolean(),
  subcategory: v.nullable(text),
  attribution: v.nullable(attributionSchema),
  crop: path(CROP_PATH),
  width: size,
  height: size,
  /** Pairs of start and length over the crop's pixels, row by row. */
  mask: v.pipe(v.array(v.pipe(v.number(), v.integer(), v.minValue(0))), v.maxLength(MOST_RUNS)),
  /** What models saw: first row in the model's file, how many views, and whether a row of surroundings follows them. */
  descriptors: v.pipe(
    v.array(
      v.object({
        model: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(63)),
        row: count,
        views: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(64)),
        surroundings: v.boolean(),
        parts: v.optional(
          v.nullable(
            v.object({
              inside: v.pipe(v.number(), v.integer(), v.minValue(0)),
              patches: v.pipe(v.array(v.pipe(v.number(), v.finite(), v.gtValue(0))), v.minLength(1), v.maxLength(64)),
            }),
          ),
          null,
        ),
      }),
    ),
    v.maxLength(64),
  ),
});
export type FileReference = v.InferOutput<typeof referenceSchema>;

/** A class's own file. Its references are looked at one by one, so that one that is wrong is alone left out. */
export const classSchema = v.object({
  name: text,
  colour: v.string(),
  references: v.pipe(v.array(v.unknown()), v.maxLength(MOST_REFERENCES)),
});
