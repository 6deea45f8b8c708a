import type { ReferenceId } from "../../contract.ts";
import { fromHalves } from "../../half-floats.ts";
import type { DescriptorRecord, Domain } from "./records.ts";

/** One row of the matcher's bank; a reference with several views has several. The same object as long as it holds. */
export interface ReferenceDescriptor {
  readonly referenceId: ReferenceId;
  readonly domain: Domain;
  /** D numbers, unpacked whenever they are asked for. */
  readonly vector: Float32Array<ArrayBuffer>;
}

/** The rows of one record. */
interface Rows {
  readonly things: readonly ReferenceDescriptor[];
  readonly surroundings: ReferenceDescriptor | null;
}

class Row implements ReferenceDescriptor {
  readonly referenceId: ReferenceId;
  readonly domain: Domain;
  readonly #halves: Uint16Array;

  constructor(referenceId: ReferenceId, domain: Domain, halves: Uint16Array) {
    this.referenceId = referenceId;
    this.domain = domain;
    this.#halves = halves;
  }

  get vector(): Float32Array<ArrayBuffer> {
    return fromHalves(this.#halves);
  }
}

const known = new WeakMap<DescriptorRecord, Rows>();

/** The rows of a record, each a window on its packed numbers. */
export function rowsOf(record: DescriptorRecord, domain: Domain): Rows {
  const made = known.get(record);
  if (made) return made;
  const { referenceId, dimensions, views, surroundings } = record;
  const rows: Rows = {
    things: Array.from(
      { length: views.length / dimensions },
      (_, row) => new Row(referenceId, domain, views.subarray(row * dimensions, (row + 1) * dimensions)),
    ),
    surroundings: surroundings && new Row(referenceId, domain, surroundings),
  };
  known.set(record, rows);
  return rows;
}
