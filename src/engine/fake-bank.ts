import {
  EngineError,
  type Bank,
  type BankCalls,
  type ClassId,
  type ClassInfo,
  type EngineEvent,
  type JobOptions,
  type ReferenceId,
  type ReferenceInfo,
  type Stage,
  type Step,
  type StepId,
} from "../../workers/contract.ts";
import { FAKE_BANK } from "./fake-banks.ts";

const PALETTE = ["#e4572e", "#17bebb", "#ffc914", "#76b041", "#7768ae", "#d64292"];

/** What a fake bank needs of its engine. */
interface FakeSurroundings {
  readonly emit: (event: EngineEvent) => void;
  readonly note: (call: string) => void;
  readonly pass: (stages: readonly Stage[], subject: string, job?: JobOptions) => Promise<void>;
  readonly drawing: Blob;
}

interface FakeStep extends Step {
  readonly before: readonly ClassInfo[];
  readonly after: readonly ClassInfo[];
}

export interface FakeBank {
  /** For the fake's other families of calls. */
  readonly tools: {
    readonly newClass: (name: string, references: readonly ReferenceInfo[]) => ClassInfo;
    readonly classOf: (id: ClassId) => ClassInfo;
    readonly replaceClass: (changed: ClassInfo) => ClassInfo;
    readonly reference: (source: ReferenceInfo["source"], provenance: string) => ReferenceInfo;
  };
  readonly current: () => Bank;
  readonly ownerOf: (id: ReferenceId) => ClassInfo;
  readonly calls: BankCalls;
}

/** Elements in the place of others: what is only in `from` goes, what is only in `to` comes, the rest is as in `to`. */
function swapped<Item extends { readonly id: string }>(
  now: readonly Item[],
  from: readonly Item[],
  to: readonly Item[],
  both: (now: Item, from: Item, to: Item) => Item,
): readonly Item[] {
  const inFrom = new Map<string, Item>(from.map((entry) => [entry.id, entry]));
  const inTo = new Map<string, Item>(to.map((entry) => [entry.id, entry]));
  const kept = now.flatMap((entry) => {
    const [before, after] = [inFrom.get(entry.id), inTo.get(entry.id)];
    if (before && !after) return [];
    return before && after ? both(entry, before, after) : entry;
  });
  const known = new Set<string>(kept.map((entry) => entry.id));
  return [...kept, ...to.filter((entry) => !inFrom.has(entry.id) && !known.has(entry.id))];
}

/** Classes after what led from one state to another was done to them, whatever else was done meanwhile. */
function exchanged(
  now: readonly ClassInfo[],
  from: readonly ClassInfo[],
  to: readonly ClassInfo[],
): readonly ClassInfo[] {
  return swapped(now, from, to, (current, before, after) => ({
    ...(before.name === after.name && before.colour === after.colour ? current : after),
    references: swapped(current.references, before.references, after.references, (entry, left, right) =>
      left === right ? entry : right,
    ),
  }));
}

/** The bank of the fake engine: lists in memory, whose every state is kept for undoing. */
export function createFakeBank({ emit, note, pass, drawing }: FakeSurroundings): FakeBank {
  let bank: Bank = { id: FAKE_BANK, revision: 0, classes: [] };
  let undoable: readonly FakeStep[] = [];
  let redoable: readonly FakeStep[] = [];
  let nextId = 1;

  const newId = (): string => {
    nextId += 1;
    return `fake-${nextId}`;
  };
  const tell = (): void => {
    const stepOf = (step: FakeStep | undefined): Step | null => (step ? { id: step.id, label: step.label } : null);
    emit({ type: "history", history: { undo: stepOf(undoable.at(-1)), redo: stepOf(redoable.at(-1)) } });
  };
  const setClasses = (classes: readonly ClassInfo[]): void => {
    const from = bank.revision;
    const changed = classes.filter((entry) => !bank.classes.includes(entry));
    bank = { ...bank, revision: from + 1, classes };
    emit({
      type: "bank",
      change: { bank: bank.id, from, to: from + 1, changed, order: classes.map((entry) => entry.id) },
    });
  };
  const step = (label: string, after: readonly ClassInfo[]): Step => {
    const made: FakeStep = { id: Number(newId().slice(5)) as StepId, label, before: bank.classes, after };
    undoable = [...undoable, made];
    redoable = [];
    setClasses(after);
    tell();
    return { id: made.id, label };
  };

  const classOf = (id: ClassId): ClassInfo => {
    const entry = bank.classes.find((candidate) => candidate.id === id);
    if (!entry) throw new EngineError("class-missing", "That class is not in the bank.");
    return entry;
  };
  const withClass = (changed: ClassInfo): readonly ClassInfo[] =>
    bank.classes.map((entry) => (entry.id === changed.id ? changed : entry));
  const ownerOf = (id: ReferenceId): ClassInfo => {
    const owner = bank.classes.find((entry) => entry.references.some((reference) => reference.id === id));
    if (!owner) throw new EngineError("reference-missing", "That reference is not in the bank.");
    return owner;
  };
  const newClass = (name: string, references: readonly ReferenceInfo[] = []): ClassInfo => ({
    id: newId() as ClassId,
    name,
    colour: PALETTE[bank.classes.length % PALETTE.length] ?? "#888888",
    references,
  });
  const reference = (source: ReferenceInfo["source"], provenance: string): ReferenceInfo => ({
    id: newId() as ReferenceId,
    source,
    provenance,
    enabled: true,
    subcategory: null,
    attribution: null,
  });
  /** All classes without some references, and those references. */
  const without = (ids: readonly ReferenceId[]): readonly [ClassInfo[], ReferenceInfo[]] => {
    const taken = ids.flatMap((id) => ownerOf(id).references.filter((entry) => entry.id === id));
    const rest = bank.classes.map((entry) =>
      Object.assign({}, entry, { references: entry.references.filter((other) => !ids.includes(other.id)) }),
    );
    return [rest, taken];
  };

  const calls: BankCalls = {
    bank: () => Promise.resolve(bank),
    async addClass(name, job) {
      note(`addClass ${name}`);
      await pass(["embed-references"], name, job);
      if (name.trim() === "") throw new EngineError("class-invalid", "A class needs a name.");
      const glyphs = name.startsWith("unknown") ? [] : ["front", "side", "outline"];
      const added = newClass(
        name,
        glyphs.map((glyph) => reference("pictogram", `${name}, ${glyph}`)),
      );
      step(`Added ${name}`, [...bank.classes, added]);
      return added;
    },
    async changeClass(id, change) {
      const changed = { ...classOf(id), ...change };
      step(`Changed ${changed.name}`, withClass(changed));
      return changed;
    },
    async removeClass(id) {
      const { name } = classOf(id);
      return step(
        `Removed ${name}`,
        bank.classes.filter((entry) => entry.id !== id),
      );
    },
    async mergeClasses(into, from) {
      const owner = classOf(into);
      const moved = from.flatMap((id) => classOf(id).references);
      const merged = { ...owner, references: [...owner.references, ...moved] };
      return step(
        `Merged into ${owner.name}`,
        withClass(merged).filter((entry) => entry.id === into || !from.includes(entry.id)),
      );
    },
    async splitClass(ids, name) {
      const [rest, taken] = without(ids);
      const added = newClass(name, taken);
      step(`Made ${name}`, [...rest, added]);
      return added;
    },
    async addReference(id, picture, target, job) {
      note(`addReference ${picture.name} ${target.kind}`);
      await pass(["embed-references"], picture.name, job);
      const added = reference("example", picture.name);
      const owner = classOf(id);
      step(`Added a reference to ${owner.name}`, withClass({ ...owner, references: [...owner.references, added] }));
      return added;
    },
    async importReferences(picture, { masks }, job) {
      note(`importReferences ${picture.name}`);
      await pass(["decode", "embed-references"], picture.name, job);
      const imported = [];
      for (const { className } of masks) {
        const known = bank.classes.find(({ name }) => name === className);
        const owner = known ?? newClass(className);
        const added = reference("import", picture.name);
        const changed = { ...owner, references: [...owner.references, added] };
        step("Imported a reference", known ? withClass(changed) : [...bank.classes, changed]);
        imported.push({ ...added, classId: owner.id });
      }
      return imported;
    },
    async changeReferences(ids, { classId, ...change }) {
      const changed = new Map(without(ids)[1].map((entry) => [entry.id, { ...entry, ...change }]));
      const moved = classId === undefined ? [] : [...changed.values()];
      const referencesOf = ({ id, references }: ClassInfo): readonly ReferenceInfo[] => {
        const staying = references.flatMap((one) => (classId !== undefined && changed.has(one.id) ? [] : [one]));
        return [...staying.map((one) => changed.get(one.id) ?? one), ...(id === classId ? moved : [])];
      };
      const after = bank.classes.map((entry) => Object.assign({}, entry, { references: referencesOf(entry) }));
      return step("Changed references", after);
    },
    async removeReferences(ids) {
      return step("Removed references", without(ids)[0]);
    },
    async correctReference(id, picture, target, job) {
      note(`correctReference ${picture.name} ${target.kind}`);
      await pass(["embed-references"], picture.name, job);
      const owner = ownerOf(id);
      const corrected = { ...reference("example", picture.name), id: newId() as ReferenceId };
      const references = owner.references.map((entry) => (entry.id === id ? corrected : entry));
      step(`Corrected a reference of ${owner.name}`, withClass({ ...owner, references }));
      return corrected;
    },
    async undo(id) {
      const undone = id === undefined ? undoable.at(-1) : undoable.find((entry) => entry.id === id);
      if (!undone) return null;
      undoable = undoable.filter((entry) => entry !== undone);
      redoable = [...redoable, undone];
      setClasses(exchanged(bank.classes, undone.after, undone.before));
      tell();
      return undone;
    },
    async redo() {
      const last = redoable.at(-1);
      if (!last) return null;
      redoable = redoable.slice(0, -1);
      undoable = [...undoable, last];
      setClasses(exchanged(bank.classes, last.before, last.after));
      tell();
      return last;
    },
    referenceImage: () => Promise.resolve(drawing),
  };
  const tools: FakeBank["tools"] = {
    newClass(name, references) {
      const added = newClass(name, references);
      step(`Added ${name}`, [...bank.classes, added]);
      return added;
    },
    classOf,
    replaceClass(changed) {
      step(`Changed ${changed.name}`, withClass(changed));
      return changed;
    },
    reference,
  };
  return { tools, current: () => bank, ownerOf, calls };
}
