import type { Attribution, Calibration, ClassId, ModelId, ReferenceId, ReferenceSource } from "../../contract.ts";

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

/** Pieces of a thing and of what is near it: what tells the two apart is learned from them. */
interface Parts<Numbers> {
  /** P * dimensions; those of the thing come first. */
  readonly vectors: Numbers;
  /** How many of them are of the thing. */
  readonly inside: number;
  /** P: patches that each covers. */
  readonly patches: Float32Array<ArrayBuffer>;
}

/** What one model sees in one reference; vectors are as the embedding handed them in. */
export interface ReferenceDescriptors {
  readonly dimensions: number;
  /** V * dimensions, V >= 1: one row for each view of the reference. */
  readonly views: Float32Array<ArrayBuffer>;
  /** The crop outside the mask, a ready-made example of "stuff"; null where there is none. */
  readonly surroundings: Float32Array<ArrayBuffer> | null;
  /** Null for pictograms, and where nothing was noted of them. */
  readonly parts: Parts<Float32Array<ArrayBuffer>> | null;
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

/** A reference, without its crop: a bank opens without reading one picture. */
export interface ReferenceRecord extends Omit<ReferenceDraft, "crop"> {
  readonly kind: "reference";
  readonly version: typeof RECORD_VERSION;
  readonly id: ReferenceId;
  readonly classId: ClassId;
  readonly enabled: boolean;
  readonly order: number;
  readonly subcategory: string | null;
  readonly attribution: Attribution | null;
  /** SHA-256 of the crop's picture: references of one picture share it. Null when it was stored before that was noted. */
  readonly picture: string | null;
}

/** The crop of one reference; read when it is asked for. Made once and never changed. */
export interface CropRecord extends Crop {
  readonly kind: "crop";
  readonly version: typeof RECORD_VERSION;
  readonly referenceId: ReferenceId;
}

/** Descriptors as they are kept: numbers of 16 bits, see half-floats.ts. */
export interface PackedDescriptors {
  readonly dimensions: number;
  /** V * dimensions. */
  readonly views: Uint16Array<ArrayBuffer>;
  readonly surroundings: Uint16Array<ArrayBuffer> | null;
  readonly parts: Parts<Uint16Array<ArrayBuffer>> | null;
}

export interface DescriptorRecord extends PackedDescriptors {
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

/** How far the match can be trusted, as it was last estimated under one model, kept so that it is known at once. */
export interface CalibrationRecord extends Omit<Calibration, "wrong"> {
  readonly kind: "calibration";
  readonly version: typeof RECORD_VERSION;
  readonly modelId: ModelId;
  /** SHA-256 of all that it was estimated on; of anything else it says nothing. */
  readonly of: string;
  readonly wrong: readonly number[];
}

/** What is held in memory. */
export type BankRecord = ClassRecord | ReferenceRecord | DescriptorRecord | AnchorRecord | CalibrationRecord;
/** What is stored. */
export type StoredRecord = BankRecord | CropRecord;

export const classKey = (id: ClassId): string => `class:${id}`;
export const referenceKey = (id: ReferenceId): string => `reference:${id}`;
export const descriptorKey = (model: ModelId, id: ReferenceId): string => `descriptor:${id}:${model}`;
export const cropKey = (id: ReferenceId): string => `crop:${id}`;
export const calibrationKey = (model: ModelId): string => `calibration:${model}`;
export const anchorKey = (model: ModelId): string => `anchors:${model}`;

export function keyOf(record: StoredRecord): string {
  switch (record.kind) {
    case "class":
      return classKey(record.id);
    case "reference":
      return referenceKey(record.id);
    case "descriptor":
      return descriptorKey(record.modelId, record.referenceId);
    case "crop":
      return cropKey(record.referenceId);
    case "anchors":
      return anchorKey(record.modelId);
    case "calibration":
      return calibrationKey(record.modelId);
  }
}

export const keyed = (record: StoredRecord): readonly [string, StoredRecord] => [keyOf(record), record];
