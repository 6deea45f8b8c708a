import type { RegionMask } from "./corrections.ts";
import type { Refinement } from "./examples.ts";
import type { JobOptions } from "./jobs.ts";
import type { PictureSource } from "./pictures.ts";
import type { BankId, ClassId, ReferenceId, RegionIndex, StepId } from "./units.ts";

/** "harvest": a region of one's own pictures that was confirmed. */
export type ReferenceSource = "example" | "pictogram" | "import" | "photo-search" | "harvest";

/** Whose an openly licensed photograph is. All of it is text; addresses are http(s), or empty where none is known. */
export interface Attribution {
  readonly provider: string;
  readonly title: string;
  readonly author: string;
  readonly licence: string;
  readonly licenceUrl: string;
  /** Where the photograph was found. */
  readonly pageUrl: string;
}

export interface ReferenceInfo {
  readonly id: ReferenceId;
  readonly source: ReferenceSource;
  /** Where it came from: a file name, or a glyph with its name. Text only. */
  readonly provenance: string;
  readonly enabled: boolean;
  /** Name of the sub-category inside its class ("corgi" of "dog"). */
  readonly subcategory: string | null;
  readonly attribution: Attribution | null;
}

/** What of a reference can be changed; what is left out stays. */
export interface ReferenceChange {
  readonly enabled?: boolean;
  readonly subcategory?: string | null;
  /** Moves it, to the end of that class. */
  readonly classId?: ClassId;
}

export interface ClassInfo {
  readonly id: ClassId;
  readonly name: string;
  /** #rrggbb. */
  readonly colour: string;
  readonly references: readonly ReferenceInfo[];
}

export interface Bank {
  readonly id: BankId;
  /** Grows by one with every change, in whichever tab. */
  readonly revision: number;
  readonly classes: readonly ClassInfo[];
}

/** What changed in the bank between two revisions. */
export interface BankChange {
  readonly bank: BankId;
  readonly from: number;
  readonly to: number;
  /** Classes that are new or not as they were. */
  readonly changed: readonly ClassInfo[];
  /** All classes in palette order; null when it is as it was. */
  readonly order: readonly ClassId[] | null;
}

/** What a person did, in this tab, and can undo. */
export interface Step {
  readonly id: StepId;
  /** "Removed dog". Text only. */
  readonly label: string;
}

/** What undo and redo would do now. */
export interface History {
  readonly undo: Step | null;
  readonly redo: Step | null;
}

/** What of an example picture is the example. */
export type ExampleTarget =
  | { readonly kind: "proposal"; readonly proposal: number }
  | { readonly kind: "refined"; readonly refinement: Refinement }
  | { readonly kind: "region"; readonly region: RegionIndex }
  | { readonly kind: "whole" }
  /** A part of one of the person's own pictures; "harvest" when it was offered and confirmed. */
  | { readonly kind: "mask"; readonly mask: RegionMask; readonly source: "example" | "harvest" };

/** A thing in a picture whose outline is known. */
export interface GivenMask {
  /** The class that it is an example of, by name. */
  readonly className: string;
  /** Pairs [start, length] over the row-major pixels of the grid, ascending, not touching, at least one. */
  readonly runs: Uint32Array<ArrayBuffer>;
}

/** Things in one picture whose outlines are known, from a dataset or from another program. */
export interface GivenMasks {
  /** The grid of pixels that the masks are of: the upright picture's own, or any other of the same shape. */
  readonly width: number;
  readonly height: number;
  readonly masks: readonly GivenMask[];
}

/** A reference that was made of a given mask. */
export interface ImportedReference extends ReferenceInfo {
  readonly classId: ClassId;
}

export interface BankCalls {
  bank(): Promise<Bank>;
  /** A typed name: its pictograms become references; a name without any gives a class without references. */
  addClass(name: string, job?: JobOptions): Promise<ClassInfo>;
  changeClass(id: ClassId, change: { readonly name?: string; readonly colour?: string }): Promise<ClassInfo>;
  removeClass(id: ClassId): Promise<Step | null>;
  /** Gives all references of some classes to another and removes those classes. */
  mergeClasses(into: ClassId, from: readonly ClassId[]): Promise<Step | null>;
  /** Makes a new class, without pictograms, of some references of any classes. */
  splitClass(references: readonly ReferenceId[], name: string): Promise<ClassInfo>;
  addReference(id: ClassId, picture: PictureSource, target: ExampleTarget, job?: JobOptions): Promise<ReferenceInfo>;
  /**
   * All things of one picture at once, in one run of the model. A class that is not there yet is made, without
   * pictograms. One reference for each mask, in their order; all of them or, when a mask is not right, none.
   */
  importReferences(picture: PictureSource, given: GivenMasks, job?: JobOptions): Promise<readonly ImportedReference[]>;
  /** All of them, or none: then it rejects. */
  changeReferences(ids: readonly ReferenceId[], change: ReferenceChange): Promise<Step | null>;
  removeReferences(ids: readonly ReferenceId[]): Promise<Step | null>;
  /** Another part of a picture, most often of the reference's own, in the reference's place. */
  correctReference(
    id: ReferenceId,
    picture: PictureSource,
    target: ExampleTarget,
    job?: JobOptions,
  ): Promise<ReferenceInfo>;
  /** Undoes a step of this tab, the newest if none is named. Null: there was none. */
  undo(step?: StepId): Promise<Step | null>;
  /** Redoes what was undone last. Null: there was nothing. */
  redo(): Promise<Step | null>;
  /** The reference's crop as a small picture. */
  referenceImage(id: ReferenceId): Promise<Blob>;
}
