import type { ClassId, ModelId, ReferenceId } from "../../contract.ts";
import { fromHalves } from "../../half-floats.ts";
import type { RecordIndex } from "./record-index.ts";
import type { DescriptorRecord, Domain } from "./records.ts";

/** One row of the matcher's bank; a reference with several views has several. The same object as long as it holds. */
export interface ReferenceDescriptor {
  readonly referenceId: ReferenceId;
  readonly domain: Domain;
  /** D numbers, unpacked whenever they are asked for. */
  readonly vector: Float32Array<ArrayBuffer>;
}

/** A piece of a reference or of what is near it. */
interface PartDescriptor extends ReferenceDescriptor {
  /** Of the thing; else of what is near it. */
  readonly inside: boolean;
  /** Patches that it covers. */
  readonly patches: number;
}

export interface ClassDescriptors {
  readonly classId: ClassId;
  readonly name: string;
  readonly references: readonly ReferenceDescriptor[];
}

export interface ClassParts {
  readonly classId: ClassId;
  readonly parts: readonly PartDescriptor[];
}

/** The rows of one record. */
interface Rows {
  readonly things: readonly ReferenceDescriptor[];
  readonly surroundings: ReferenceDescriptor | null;
  readonly parts: readonly PartDescriptor[];
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

class Part extends Row implements PartDescriptor {
  readonly inside: boolean;
  readonly patches: number;

  constructor(referenceId: ReferenceId, domain: Domain, halves: Uint16Array, inside: boolean, patches: number) {
    super(referenceId, domain, halves);
    this.inside = inside;
    this.patches = patches;
  }
}

const known = new WeakMap<DescriptorRecord, Rows>();

/** The rows of a record, each a window on its packed numbers. */
function rowsOf(record: DescriptorRecord, domain: Domain): Rows {
  const made = known.get(record);
  if (made) return made;
  const { referenceId, dimensions, views, surroundings, parts } = record;
  const rows: Rows = {
    things: Array.from(
      { length: views.length / dimensions },
      (_, row) => new Row(referenceId, domain, views.subarray(row * dimensions, (row + 1) * dimensions)),
    ),
    surroundings: surroundings && new Row(referenceId, domain, surroundings),
    parts: Array.from(parts?.patches ?? [], (patches, at) => {
      const halves = (parts?.vectors ?? views).subarray(at * dimensions, (at + 1) * dimensions);
      return new Part(referenceId, domain, halves, at < (parts?.inside ?? 0), patches);
    }),
  };
  known.set(record, rows);
  return rows;
}

/** What a model saw in the enabled references, by class, classes in palette order. */
export function seenBy(
  index: RecordIndex,
  model: ModelId,
): readonly { readonly classId: ClassId; readonly name: string; readonly rows: readonly Rows[] }[] {
  return index.classes().map(({ id: classId, name }) => {
    const rows: Rows[] = [];
    for (const { id, enabled, domain } of index.referencesOf(classId)) {
      const seen = enabled ? index.descriptorsOf(id).get(model) : undefined;
      if (seen) rows.push(rowsOf(seen, domain));
    }
    return { classId, name, rows };
  });
}
