import type { JobOptions } from "./jobs.ts";
import type { PictureSource } from "./pictures.ts";
import type { ClassId, ReferenceId, RegionIndex } from "./units.ts";

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

export interface BankCalls {
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
}
