import { EngineError, type History, type Step, type StepId } from "../../contract.ts";
import { classKey, type ClassRecord, keyed, referenceKey, type StoredRecord } from "./records.ts";
import type { Records } from "./record-index.ts";
import type { Change } from "./store.ts";

/** Steps that can be undone. */
const MOST_STEPS = 100;

/** A key and what stands there; undefined: nothing. */
type Entry = readonly [string, StoredRecord | undefined];

/** What undoes a step: what is to stand again, provided that what the step left there still does. */
interface Inverse extends Step {
  readonly restore: readonly Entry[];
  /** Classes and references as the step left them. */
  readonly left: readonly Entry[];
}

/** A name for changes that are one step to the person, though they are made one after another. */
export interface StepGroup {
  readonly label: string;
}

/** Whether a key's record is something that the person made, and not computed from it. */
const isMade = (key: string): boolean => key.startsWith("class:") || key.startsWith("reference:");

/** Records are read by one schema, so equal ones have their fields in the same order. */
const same = (a: StoredRecord | undefined, b: StoredRecord | undefined): boolean =>
  a === b || JSON.stringify(a) === JSON.stringify(b);

function outdated(label: string): EngineError {
  return new EngineError("undo-outdated", `“${label}” cannot be undone: what it changed was changed again since.`);
}

/** What changes did, in this tab, so that they can be undone and redone. */
export class Journal {
  #undo: readonly Inverse[] = [];
  #redo: readonly Inverse[] = [];
  /** What the newest step belongs to, when more may join it. */
  #group: StepGroup | null = null;
  #next = 1;

  get history(): History {
    return { undo: stepOf(this.#undo.at(-1)), redo: stepOf(this.#redo.at(-1)) };
  }

  /** The step that would be undone: a certain one, or the newest. Null: there is none. */
  undoable(id: StepId | null): Inverse | null {
    return (id === null ? this.#undo.at(-1) : this.#undo.find((step) => step.id === id)) ?? null;
  }

  get redoable(): Inverse | null {
    return this.#redo.at(-1) ?? null;
  }

  /**
   * Takes note of a change that was made.
   * @param before what stood at the keys that it changed. @param left what it left there
   */
  record(label: string, before: readonly Entry[], left: readonly Entry[], group: StepGroup | null): Step {
    const made = left.filter(([key]) => isMade(key));
    const newest = this.#undo.at(-1);
    this.#redo = [];
    if (newest && group && group === this.#group) {
      const joined: Inverse = {
        ...newest,
        restore: [...new Map([...before, ...newest.restore])],
        left: [...new Map([...newest.left, ...made])],
      };
      this.#undo = [...this.#undo.slice(0, -1), joined];
      return joined;
    }
    const step: Inverse = { id: this.#next++ as StepId, label: group?.label ?? label, restore: before, left: made };
    this.#group = group;
    this.#undo = [...this.#undo, step].slice(-MOST_STEPS);
    return step;
  }

  /** Takes note that a step was undone, and how it could be redone. */
  undone(step: Inverse, before: readonly Entry[], left: readonly Entry[]): void {
    this.#group = null;
    this.#undo = this.#undo.filter((other) => other !== step);
    this.#redo = [...this.#redo, { ...step, restore: before, left: left.filter(([key]) => isMade(key)) }];
  }

  redone(step: Inverse, before: readonly Entry[], left: readonly Entry[]): void {
    this.#group = null;
    this.#redo = this.#redo.filter((other) => other !== step);
    this.#undo = [...this.#undo, { ...step, restore: before, left: left.filter(([key]) => isMade(key)) }];
  }
}

const stepOf = (step: Inverse | undefined): Step | null => (step ? { id: step.id, label: step.label } : null);

/** A name that no class has: the wanted one, or the wanted one with a number. */
export function freeName(records: Pick<Records, "named">, wanted: string): string {
  for (let number = 2, name = wanted; ; number++) {
    if (!records.named(name)) return name;
    name = `${wanted} ${number}`;
  }
}

/**
 * The change that undoes a step, on the records as they stand.
 * @throws EngineError undo-outdated when the classes or references that it would change were changed meanwhile
 */
export function planRestoring(records: Records, { label, restore, left }: Inverse): Change {
  if (left.some(([key, value]) => !same(records.get(key), value))) throw outdated(label);
  const deletes = new Set<string>();
  const puts: StoredRecord[] = [];
  for (const [key, value] of restore) {
    if (value) puts.push(value);
    else deletes.add(key);
  }
  // What hangs on a reference goes with it, even when it came later.
  for (const key of deletes) {
    const record = records.get(key);
    if (record?.kind !== "reference") continue;
    for (const descriptor of records.descriptorsOf(record.id).values()) deletes.add(keyed(descriptor)[0]);
  }
  const classes = new Set(puts.flatMap((one) => (one.kind === "class" ? [one.id] : [])));
  const hasClass = ({ classId }: { readonly classId: ClassRecord["id"] }): boolean =>
    classes.has(classId) || (records.has(classKey(classId)) && !deletes.has(classKey(classId)));
  if (puts.some((one) => one.kind === "reference" && !hasClass(one))) throw outdated(label);
  const moved = new Set(puts.flatMap((one) => (one.kind === "reference" ? [referenceKey(one.id)] : [])));
  for (const key of deletes) {
    const record = records.get(key);
    if (record?.kind !== "class") continue;
    const stays = records.referencesOf(record.id).some(({ id }) => {
      const reference = referenceKey(id);
      return !deletes.has(reference) && !moved.has(reference);
    });
    if (stays) throw outdated(label);
  }
  const named = puts.map((one) => (one.kind === "class" ? withFreeName(records, one, deletes) : one));
  return { puts: named.map(keyed), deletes: [...deletes] };
}

/** A class gets its old name back, or a numbered one when its own was given to another class meanwhile. */
function withFreeName(records: Records, record: ClassRecord, deletes: ReadonlySet<string>): ClassRecord {
  const holder = records.named(record.name);
  const isFree = !holder || holder.id === record.id || deletes.has(classKey(holder.id));
  return isFree ? record : { ...record, name: freeName(records, record.name) };
}
