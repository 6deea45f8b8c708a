import type { JobOptions } from "./jobs.ts";
import type { BankId, ReferenceId, ClassId } from "./units.ts";

/** One of a person's banks. */
export interface BankInfo {
  readonly id: BankId;
  readonly name: string;
}

export interface BankList {
  /** The one that this tab works with. */
  readonly current: BankId;
  /** At least one. */
  readonly banks: readonly BankInfo[];
}

/** Part of a bank's file that was not taken, or of a bank that could not be saved. Text only. */
export interface LeftOut {
  readonly what: string;
  readonly why: string;
}

/** A bank as one file. */
export interface BankArchive {
  readonly archive: Blob;
  readonly leftOut: readonly LeftOut[];
}

/** What came of a file. */
export interface ImportReport {
  readonly name: string;
  /** New classes, and classes that were there already by that name. */
  readonly classes: number;
  readonly joined: number;
  /** New references, and references that were there already. */
  readonly references: number;
  readonly doubled: number;
  readonly leftOut: readonly LeftOut[];
}

/** Something about the bank that is worth a look, under the model in use. */
export type Advice =
  /** References of one class that are next to the same: one of them is enough. */
  | {
      readonly kind: "duplicates";
      readonly classId: ClassId;
      /** The one to keep comes first. */
      readonly references: readonly ReferenceId[];
      /** Cosine, the least of them to the first. */
      readonly similarity: number;
    }
  /** A reference that looks unlike the rest of its class. */
  | {
      readonly kind: "outlier";
      readonly classId: ClassId;
      readonly reference: ReferenceId;
      /** Cosine to the rest of its class. */
      readonly similarity: number;
      /** What the others of the class usually have. */
      readonly usual: number;
      /** A class that it looks more like; null: none. */
      readonly better: ClassId | null;
    }
  /** Two classes that attract each other's references. */
  | {
      readonly kind: "confusion";
      readonly classes: readonly [ClassId, ClassId];
      /** References that are more like the other class than their own. */
      readonly references: readonly ReferenceId[];
      /** References of both classes together that were compared. */
      readonly compared: number;
    };

/** The person's banks, and a bank as a whole. */
export interface BanksCalls {
  banks(): Promise<BankList>;
  /** An empty bank, which this tab works with from then on. */
  newBank(name: string): Promise<BankList>;
  renameBank(id: BankId, name: string): Promise<BankList>;
  /** A copy of everything under another name; this tab goes on with the one that it has. */
  duplicateBank(id: BankId, name: string, job?: JobOptions): Promise<BankList>;
  /** This tab works with another bank; other tabs keep theirs. */
  useBank(id: BankId): Promise<BankList>;
  /** With all that is in it. The last one leaves an empty one behind. Dropped for good once this tab is closed. */
  removeBank(id: BankId): Promise<BankList>;
  /** Brings back what `removeBank` took in this tab; it works with it from then on. @throws EngineError bank-missing */
  restoreBank(id: BankId): Promise<BankList>;
  exportBank(job?: JobOptions): Promise<BankArchive>;
  /**
   * Puts a file's classes and references into this tab's bank, or into a new one that it then works with. Whole or not
   * at all; what of the file is damaged is left out and named.
   */
  importBank(file: Blob, into: "current" | "new", job?: JobOptions): Promise<ImportReport>;
  /** What is worth a look, the weightiest first. Empty without a model. */
  advice(job?: JobOptions): Promise<readonly Advice[]>;
}
