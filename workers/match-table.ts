import type { ClassId, ModelId, ReferenceId } from "./contract.ts";
import { whiten } from "./features/whitening.ts";
import { buildReferenceTable, type ClassVectors, type ReferenceTable } from "./matching/reference-table.ts";
import type { ModelProfile } from "./model-profile.ts";
import type { Bank, ReferenceDescriptor } from "./references/bank/bank.ts";

/** A reference table together with what its numbers stand for. */
export interface MatchTable {
  readonly table: ReferenceTable;
  readonly classes: readonly ClassId[];
  /** Names of all classes of the table, anchors included. */
  readonly names: readonly string[];
  /** Reference of every row; anchors' rows have none. */
  readonly references: readonly (ReferenceId | null)[];
  /** Of every anchor: the reference whose surroundings it is. */
  readonly anchors: readonly ReferenceId[];
}

/** Surroundings this like a class's prototype (cosine) shows the same, and would rob it. */
const TOO_LIKE = 0.6;

type Domain = ReferenceDescriptor["domain"];

/** What of the bank the match needs. */
export type DescribedBank = Pick<Bank, "snapshot" | "descriptorsOf" | "surroundingsOf">;

/**
 * Tables for the match, from the bank's raw descriptors and a model's profile. The last ones are kept: a table is the
 * key under which the matcher keeps its buffers, so asking again without a change gives the same object.
 */
export class MatchTables {
  readonly #bank: DescribedBank;
  #key = "";
  #last: MatchTable | null = null;

  constructor(bank: DescribedBank) {
    this.#bank = bank;
  }

  /** Forgets the table: descriptors were added without a change of the bank's revision. */
  invalidate(): void {
    this.#last = null;
  }

  tableOf(model: ModelId, dimensions: number, profile: ModelProfile, wanted: readonly ClassId[]): MatchTable {
    const key = `${this.#bank.snapshot().revision} ${model} ${wanted.join(" ")}`;
    if (this.#last && key === this.#key) return this.#last;

    const unit = new UnitVectors(dimensions, profile);
    const known = new Map(this.#bank.descriptorsOf(model).map((one) => [one.classId, one]));
    const rows: (ReferenceId | null)[] = [];
    const vectors: ClassVectors[] = wanted.map((id) =>
      (known.get(id)?.references ?? []).map(({ referenceId, vector, domain }) => {
        rows.push(referenceId);
        return unit.of(vector, domain);
      }),
    );
    const names = wanted.map((id) => known.get(id)?.name ?? "");
    // What surrounds the examples is most likely none of the classes.
    const surroundings = this.#bank
      .surroundingsOf(model)
      .map(({ referenceId, vector, domain }) => ({ referenceId, unit: unit.of(vector, domain) }));
    unit.compute();

    const prototypes = vectors.filter((one) => one.length > 0).map(meanDirection);
    const anchors = surroundings.filter((one) => !prototypes.some((prototype) => dot(prototype, one.unit) > TOO_LIKE));
    for (const _ of anchors) rows.push(null);

    this.#key = key;
    this.#last = {
      table: buildReferenceTable(
        dimensions,
        vectors,
        anchors.map((anchor) => [anchor.unit]),
      ),
      classes: wanted,
      names: [...names, ...anchors.map(() => "surroundings")],
      references: rows,
      anchors: anchors.map(({ referenceId }) => referenceId),
    };
    return this.#last;
  }
}

/** Collects raw vectors and whitens each domain's in one go. What `of` returns is filled in by `compute`. */
class UnitVectors {
  readonly #dimensions: number;
  readonly #profile: ModelProfile;
  readonly #pending: Record<Domain, { readonly raw: Float32Array; readonly unit: Float32Array }[]> = {
    photo: [],
    pictogram: [],
  };

  constructor(dimensions: number, profile: ModelProfile) {
    this.#dimensions = dimensions;
    this.#profile = profile;
  }

  of(raw: Float32Array, domain: Domain): Float32Array {
    const unit = new Float32Array(this.#dimensions);
    this.#pending[domain].push({ raw, unit });
    return unit;
  }

  compute(): void {
    const dimensions = this.#dimensions;
    for (const domain of ["photo", "pictogram"] as const) {
      const pending = this.#pending[domain];
      const data = new Float32Array(pending.length * dimensions);
      pending.forEach(({ raw }, index) => data.set(raw, index * dimensions));
      const whitened = whiten({ count: pending.length, dimensions, data }, this.#profile[domain]).data;
      pending.forEach(({ unit }, index) => unit.set(whitened.subarray(index * dimensions, (index + 1) * dimensions)));
    }
  }
}

function meanDirection(vectors: ClassVectors): Float32Array {
  const sum = new Float32Array(vectors[0]?.length ?? 0);
  for (const vector of vectors) for (let d = 0; d < sum.length; d += 1) sum[d] = (sum[d] ?? 0) + (vector[d] ?? 0);
  const length = Math.sqrt(dot(sum, sum));
  return length > 0 ? sum.map((value) => value / length) : sum;
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let d = 0; d < a.length; d += 1) sum += (a[d] ?? 0) * (b[d] ?? 0);
  return sum;
}
