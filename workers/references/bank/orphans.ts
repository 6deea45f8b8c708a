import { freeName } from "./journal.ts";
import { freeColour } from "./palette.ts";
import type { RecordIndex } from "./record-index.ts";
import { classKey, type ClassRecord, descriptorKey, keyed, RECORD_VERSION, referenceKey } from "./records.ts";
import type { Change } from "./store.ts";

/**
 * Gives references whose class record was lost a class again, so that no example is out of reach, and drops what models
 * saw in references that are no more. The classes are put into the index as well.
 * @param untouchable keys of records that stand in the store but are not for this version to read.
 */
export function adoptOrphans(index: RecordIndex, untouchable: ReadonlySet<string>): Change {
  const adopted: ClassRecord[] = [];
  for (const id of index.referencedClasses()) {
    if (index.has(classKey(id)) || untouchable.has(classKey(id))) continue;
    const colour = freeColour(index.classes().map((one) => one.colour));
    const name = freeName(index, "Recovered class");
    const record: ClassRecord = { kind: "class", version: RECORD_VERSION, id, name, colour, order: index.nextOrder() };
    adopted.push(record);
    index.put(record);
  }
  const stale = [...index.records()].flatMap((record) => {
    if (record.kind !== "descriptor") return [];
    const owner = referenceKey(record.referenceId);
    return index.has(owner) || untouchable.has(owner) ? [] : [descriptorKey(record.modelId, record.referenceId)];
  });
  return { puts: adopted.map(keyed), deletes: stale };
}
