import type { Failure } from "./failures.ts";

/**
 * What the page and the engine agree on: types, string unions, and the closed set of failures (failures.ts, exported from here).
 * The one file of workers/ that src/ may import.
 */

// ---------------------------------------------------------------------------------------------------- units

declare const unit: unique symbol;
type Branded<Base, Unit extends string> = Base & { readonly [unit]: Unit };

/** Pixels of the working image: origin top left, x right, y down; the long side is at most 1024. */
export type ImagePx = Branded<number, "working image px">;
/** Pixels of the picture as it was given, after EXIF orientation. */
export type OriginalPx = Branded<number, "original picture px">;
/** Device pixels of the canvas (CSS pixels times the device pixel ratio). */
export type ScreenPx = Branded<number, "screen px">;

export type PictureId = Branded<string, "picture">;
export type ClassId = Branded<string, "class">;
export type ReferenceId = Branded<string, "reference">;
export type ModelId = Branded<string, "model">;
/** Index of a region of one picture under one model, as it stands in region maps minus one. */
export type RegionIndex = Branded<number, "region">;

export interface Point<Unit extends number = ImagePx> {
  readonly x: Unit;
  readonly y: Unit;
}
/** Half-open: covers x <= column < x + width. */
export interface Box<Unit extends number = ImagePx> {
  readonly x: Unit;
  readonly y: Unit;
  readonly width: Unit;
  readonly height: Unit;
}

// ---------------------------------------------------------------------------------------------------- failures

export { ADVICE, EngineError } from "./failures.ts";
export type { ErrorCode, Failure } from "./failures.ts";

// ---------------------------------------------------------------------------------------------------- jobs

/** What the engine is doing; the order is the order in which a picture passes through. */
export type Stage =
  | "start"
  | "load-model"
  | "prepare-model"
  | "embed-references"
  | "decode"
  | "describe"
  | "propose"
  | "match"
  | "compose"
  | "paint"
  | "export";

export interface Progress {
  readonly stage: Stage;
  /** 0..total, in steps of the stage. */
  readonly done: number;
  readonly total: number;
}

/** Last argument of every call that can take long. */
export interface JobOptions {
  /** Aborting rejects the call with code "cancelled"; work already done stays cached. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

// ---------------------------------------------------------------------------------------------------- status

/** Why the engine runs on what it runs on. */
export type DeviceReason =
  | "webgpu"
  | "forced-wasm"
  /** There is an adapter, but it is the processor in disguise: WASM is faster. */
  | "software-adapter"
  | "no-webgpu-api"
  | "no-adapter"
  | "device-failed"
  | "lost-too-often";

export interface EngineStatus {
  readonly device: "webgpu" | "wasm";
  readonly reason: DeviceReason;
  /** Adapter description as the browser gives it; empty on WASM. */
  readonly adapter: string;
  readonly shaderF16: boolean;
  readonly runtime: "jspi" | "asyncify" | "wasm";
  readonly threads: number;
  readonly crossOriginIsolated: boolean;
  /** Painting can go on in 2D while models run on WASM, and the other way round. */
  readonly painter: "webgpu" | "2d" | "none";
  readonly model: ModelInfo | null;
  /** False when IndexedDB is refused: the bank lives in memory only. */
  readonly storagePersists: boolean;
}

export interface EngineOptions {
  /** "auto" takes WebGPU when there is a hardware adapter; "webgpu" takes a software one too. */
  readonly device: "auto" | "webgpu" | "wasm";
  /** WASM threads; 0 lets the engine choose. */
  readonly threads: number;
}

/** Live GPU objects by kind, GPU bytes, and WASM heap bytes: for the leak test and the developer's panel. */
export interface Counters {
  readonly buffers: number;
  readonly textures: number;
  readonly bytes: number;
  readonly wasmBytes: number;
  readonly cachedPictures: number;
}

// ---------------------------------------------------------------------------------------------------- models

export interface ModelInfo {
  readonly id: ModelId;
  readonly name: string;
  readonly origin: "starter" | "file";
  readonly licence: string;
  readonly bytes: number;
  readonly sha256: string;
  /** Side of a patch in model pixels. */
  readonly patch: number;
  /** Numbers per patch token (D). */
  readonly dimensions: number;
}

export type ModelSource =
  | { readonly kind: "starter" }
  | { readonly kind: "file"; readonly file: File }
  | { readonly kind: "stored"; readonly id: ModelId };

// ---------------------------------------------------------------------------------------------------- pictures

/** A picture as the page holds it. The blob is a handle: passing it copies nothing. */
export interface PictureSource {
  readonly id: PictureId;
  /** File name, shown as text only. */
  readonly name: string;
  readonly blob: Blob;
}

export interface PictureInfo {
  readonly id: PictureId;
  readonly width: ImagePx;
  readonly height: ImagePx;
  readonly originalWidth: OriginalPx;
  readonly originalHeight: OriginalPx;
  /** SHA-256 of the file's bytes, hexadecimal. */
  readonly hash: string;
  /** WebP or PNG, long side at most 256 px. */
  readonly thumbnail: Blob;
}

// ---------------------------------------------------------------------------------------------------- matching

export interface MatchSettings {
  /** Classes that take part, in palette order; label n+1 in a class map is classes[n], 0 is "other". */
  readonly classes: readonly ClassId[];
  /** 0..1: how sure the match must be before a region is named; 0 names everything that beats "other". */
  readonly threshold: number;
}

/** One labelled piece of the picture, as the person sees it. */
export interface RegionSummary {
  readonly index: RegionIndex;
  /** Null: "other". */
  readonly classId: ClassId | null;
  /** z of the label, see docs/method.md; about -1..1. */
  readonly score: number;
  /** Lead of the label over the runner-up, 0..2. */
  readonly margin: number;
  /** 0..1, monotone in score and margin; compared with the threshold. */
  readonly confidence: number;
  readonly runnerUp: ClassId | null;
  /** The references it resembles most, best first, at most four. */
  readonly nearest: readonly ReferenceId[];
  /** Working pixels covered. */
  readonly area: number;
  readonly box: Box;
}

export interface ClassArea {
  readonly classId: ClassId | null;
  /** Share of the picture, 0..1. */
  readonly share: number;
  readonly regions: number;
}

export interface Segmentation {
  readonly picture: PictureId;
  readonly model: ModelId;
  readonly classes: readonly ClassId[];
  readonly width: ImagePx;
  readonly height: ImagePx;
  readonly regions: readonly RegionSummary[];
  readonly areas: readonly ClassArea[];
  /** Milliseconds per stage that ran for this call; a stage that came from a cache is absent. */
  readonly timings: Readonly<Partial<Record<Stage, number>>>;
}

/** One candidate of a region, for "why this class". */
export interface Candidate {
  /** Null: an anchor (a hidden common thing), that is "other". */
  readonly classId: ClassId | null;
  readonly name: string;
  /** s_c: half prototype, half nearest reference, cosine units. */
  readonly similarity: number;
  /** D_c: divergence of the region's ranking from the class's own; null when outside the top k. */
  readonly divergence: number | null;
  /** z_c = s_c - lambda tau D_c. */
  readonly score: number;
}

export interface Explanation {
  readonly region: RegionIndex;
  readonly candidates: readonly Candidate[];
  readonly nearest: readonly {
    readonly reference: ReferenceId;
    readonly classId: ClassId;
    readonly similarity: number;
  }[];
}

/** Transferred, row-major, top row first. */
export interface LabelMap<Unit extends number = ImagePx> {
  readonly width: Unit;
  readonly height: Unit;
  /** Class map: 0 other, n+1 = classes[n]. Region map: 0 none, index+1. */
  readonly data: Uint16Array<ArrayBuffer>;
}

/** A region proposed at a place, with its outline for display. */
export interface RegionChoice {
  readonly proposal: number;
  readonly box: Box;
  readonly area: number;
  /** Objectness, 0..1. */
  readonly score: number;
  /** SVG path data in working pixels (M, L and Z only). */
  readonly outline: string;
}

// ---------------------------------------------------------------------------------------------------- classes

export type ReferenceSource = "example" | "pictogram" | "import";

export interface ReferenceInfo {
  readonly id: ReferenceId;
  readonly source: ReferenceSource;
  /** Where it came from: a file name, or a glyph with its name. Text only. */
  readonly provenance: string;
  readonly enabled: boolean;
}

export interface ClassInfo {
  readonly id: ClassId;
  readonly name: string;
  /** #rrggbb. */
  readonly colour: string;
  readonly references: readonly ReferenceInfo[];
}

export interface Bank {
  /** Grows by one with every change, in whichever tab. */
  readonly revision: number;
  readonly classes: readonly ClassInfo[];
}

/** What of an example picture is the example. */
export type ExampleTarget =
  | { readonly kind: "proposal"; readonly proposal: number }
  | { readonly kind: "region"; readonly region: RegionIndex }
  | { readonly kind: "whole" };

// ---------------------------------------------------------------------------------------------------- painting

/** How the canvas shows the picture. Lengths are device pixels; all numbers finite. */
export interface View {
  readonly width: ScreenPx;
  readonly height: ScreenPx;
  /** Device pixels per working pixel. */
  readonly scale: number;
  /** Where the picture's top left corner is on the canvas. */
  readonly offset: Point<ScreenPx>;
  /** 0..1: strength of the class colours. */
  readonly opacity: number;
  /** Device pixels; 0 for none. */
  readonly outlineWidth: number;
  readonly hovered: RegionIndex | null;
  readonly selected: RegionIndex | null;
  /** Only these are coloured; null colours all but the hidden. */
  readonly solo: ClassId | null;
  readonly hidden: readonly ClassId[];
  /** True while the overlay is held away to compare with the bare picture. */
  readonly bare: boolean;
  /** Behind the picture, #rrggbb. */
  readonly background: string;
}

// ---------------------------------------------------------------------------------------------------- events

export type EngineEvent =
  | { readonly type: "status"; readonly status: EngineStatus }
  /** The bank changed, here or in another tab. */
  | { readonly type: "bank"; readonly bank: Bank }
  /** Something went wrong that belongs to no call: a lost device, a damaged record. */
  | { readonly type: "notice"; readonly failure: Failure };

/** Faults that tests ask for; reachable only when the page was opened with ?debug. */
export type Fault = "lose-device" | "crash" | "hang";

// ---------------------------------------------------------------------------------------------------- the engine

/**
 * Everything the page can ask for. Implemented by workers/engine.ts and, over the wire, by the proxy in src/engine/.
 * Every method rejects with an EngineError. Whatever a method returns is given away (buffers are transferred).
 */
export interface Engine {
  start(options: EngineOptions): Promise<EngineStatus>;

  useModel(source: ModelSource, job?: JobOptions): Promise<ModelInfo>;
  /** The starter first, then what is stored. */
  models(): Promise<readonly ModelInfo[]>;
  forgetModel(id: ModelId): Promise<void>;

  /** Decodes only: size, hash and thumbnail. */
  inspect(picture: PictureSource, job?: JobOptions): Promise<PictureInfo>;
  /** The whole way; stages whose result is cached are not run again. A newer call for the same picture cancels an older. */
  segment(picture: PictureSource, settings: MatchSettings, job?: JobOptions): Promise<Segmentation>;
  explain(picture: PictureSource, region: RegionIndex, settings: MatchSettings): Promise<Explanation>;
  /** For hover: which region is where. */
  regionMap(picture: PictureSource): Promise<LabelMap>;
  /** For export, at the picture's original size. */
  classMap(picture: PictureSource, settings: MatchSettings, job?: JobOptions): Promise<LabelMap<OriginalPx>>;
  /** Proposals at a place, the likeliest first, then from small to large. Never empty inside the picture. */
  proposalsAt(picture: PictureSource, point: Point, job?: JobOptions): Promise<readonly RegionChoice[]>;
  /** The picture's most salient proposal: what an example most likely shows. */
  salientProposal(picture: PictureSource, job?: JobOptions): Promise<RegionChoice>;

  bank(): Promise<Bank>;
  /** A typed name: its pictograms become references; a name without any gives a class without references. */
  addClass(name: string, job?: JobOptions): Promise<ClassInfo>;
  changeClass(id: ClassId, change: { readonly name?: string; readonly colour?: string }): Promise<ClassInfo>;
  /** Kept aside until the page is closed, so that restoreClass can bring it back whole. */
  removeClass(id: ClassId): Promise<void>;
  restoreClass(id: ClassId): Promise<ClassInfo>;
  addReference(id: ClassId, picture: PictureSource, target: ExampleTarget, job?: JobOptions): Promise<ReferenceInfo>;
  changeReference(id: ReferenceId, change: { readonly enabled: boolean }): Promise<void>;
  removeReference(id: ReferenceId): Promise<void>;
  restoreReference(id: ReferenceId): Promise<void>;
  /** The reference's crop as a small picture. */
  referenceImage(id: ReferenceId): Promise<Blob>;

  attachCanvas(canvas: OffscreenCanvas): Promise<void>;
  /** Shows a picture that was segmented or at least inspected; null empties the canvas. */
  show(picture: PictureSource | null): Promise<void>;
  /** Applied at the next frame; only the newest view counts. */
  setView(view: View): Promise<void>;

  counters(): Promise<Counters>;
  fault(kind: Fault): Promise<void>;
}

export type EngineMethod = keyof Engine;

// ---------------------------------------------------------------------------------------------------- the wire

/** Number of a call, chosen by the page. */
export type CallId = number;

export type Outcome<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly failure: Failure };

/** What is exposed over comlink: calls by name, so that failures cross whole and no callback is left behind. */
export interface EngineWire {
  /** Registers the one listener; resolves to the name of a Web Lock that the worker holds as long as it lives. */
  connect(listener: (message: WireMessage) => void): Promise<string>;
  call(id: CallId, method: EngineMethod, args: readonly unknown[]): Promise<Outcome<unknown>>;
  abort(id: CallId): void;
}

export type WireMessage =
  | { readonly type: "progress"; readonly call: CallId; readonly progress: Progress }
  | { readonly type: "event"; readonly event: EngineEvent };
