import type { ReferenceSource } from "./classes.ts";
import type { JobOptions, Stage } from "./jobs.ts";
import type { PictureSource } from "./pictures.ts";
import type { Counters } from "./status.ts";
import type { ClassId, ModelId, ReferenceId } from "./units.ts";

/** Faults that tests ask for; reachable only when the page was opened with ?debug. */
type Fault = "lose-device" | "crash" | "hang";

/** A grid of patch tokens, as the model gave them. */
interface DescribedTokens {
  readonly rows: number;
  readonly columns: number;
  readonly dimensions: number;
  /** rows * columns * dimensions. */
  readonly data: Float32Array<ArrayBuffer>;
}

/** All that the engine knows of a picture before it is compared with any class: enough to match it elsewhere. */
export interface PictureDescription {
  readonly model: ModelId;
  /** SHA-256 of the file's bytes, hexadecimal. */
  readonly hash: string;
  /** Of the working image. */
  readonly width: number;
  readonly height: number;
  readonly originalWidth: number;
  readonly originalHeight: number;
  /** RGBA of the working image. */
  readonly pixels: Uint8ClampedArray<ArrayBuffer>;
  /** The grid of patch tokens. */
  readonly rows: number;
  readonly columns: number;
  readonly dimensions: number;
  /** rows * columns * dimensions, as the model gave them. */
  readonly tokens: Float32Array<ArrayBuffer>;
  /** Objectness of every region, 0..1. */
  readonly scores: Float32Array<ArrayBuffer>;
  /** Of a tree: how many of the regions are leaves; 0 when the regions are masks that form no tree. */
  readonly leaves: number;
  /** Of a tree: parent of every region, -1 for roots. */
  readonly parent: Int32Array<ArrayBuffer>;
  /** Of a tree: leaf of every working pixel. */
  readonly leafMap: Uint16Array<ArrayBuffer>;
  /** Of masks: all runs, pairs [start, length]. */
  readonly runs: Uint32Array<ArrayBuffer>;
  /** Of masks: where each one's runs begin, in runs, and the end. */
  readonly offsets: Uint32Array<ArrayBuffer>;
  /** Milliseconds per stage that ran for this call. */
  readonly timings: Readonly<Partial<Record<Stage, number>>>;
}

/** x -> matrix (x - mean). */
interface DescribedWhitening {
  readonly mean: Float32Array<ArrayBuffer>;
  /** D x D row-major. */
  readonly matrix: Float32Array<ArrayBuffer>;
}

/** One view of a reference, or what surrounds the thing in it, as the model in use sees it: raw mean tokens. */
export interface DescribedReference {
  readonly id: ReferenceId;
  readonly source: ReferenceSource;
  /** Where it came from: a file name, or a glyph with its name. */
  readonly provenance: string;
  readonly domain: "photo" | "pictogram";
  readonly vector: Float32Array<ArrayBuffer>;
}

/** A piece of a reference, or of what is near the thing in it. */
export interface DescribedPart extends DescribedReference {
  /** Of the thing; else of what is near it. */
  readonly inside: boolean;
  /** Patches that it covers. */
  readonly patches: number;
}

/** The enabled references of all classes under the model in use, and how its numbers are made comparable. */
export interface BankDescription {
  readonly model: ModelId;
  readonly dimensions: number;
  readonly classes: readonly {
    readonly id: ClassId;
    readonly name: string;
    readonly references: readonly DescribedReference[];
    readonly parts: readonly DescribedPart[];
  }[];
  readonly surroundings: readonly DescribedReference[];
  readonly whitening: {
    readonly photo: DescribedWhitening;
    readonly pictogram: DescribedWhitening;
    /** Whether it rests on sample scenes alone. */
    readonly isGuess: boolean;
  };
}

/** What only developers, measurements and tests ask for. */
export interface DeveloperCalls {
  describePicture(picture: PictureSource, job?: JobOptions): Promise<PictureDescription>;
  /** Spares the model a picture: what it saw in it at another time is taken over. @param hash of the picture's file */
  rememberTokens(hash: string, tokens: DescribedTokens): Promise<void>;
  describeBank(job?: JobOptions): Promise<BankDescription>;
  counters(): Promise<Counters>;
  fault(kind: Fault): Promise<void>;
}
