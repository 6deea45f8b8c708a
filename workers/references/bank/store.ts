import { createStore, promisifyRequest } from "idb-keyval";
import * as v from "valibot";

/** The key of the record that says which revision the rest is at. */
const HEAD = "head";
/** How many changes the head remembers: a tab that is further behind reads everything again. */
const LOG_LENGTH = 32;
const QUARANTINE = "quarantine:";
/** Keys that begin so are read one by one, when asked for: opening a bank reads none of its pictures. */
const ASIDE = "crop:";
/** Keys that begin so are what the person made, and are read first. */
const MADE = ["class:", "reference:"] as const;
/** Records fetched at once of what models saw: in between, whoever reads can do other things. */
const AT_ONCE = 500;

const headSchema = v.object({
  revision: v.pipe(v.number(), v.integer(), v.minValue(0)),
  log: v.array(v.object({ revision: v.number(), keys: v.array(v.string()) })),
});
type Head = v.InferOutput<typeof headSchema>;

export interface Change {
  readonly puts: readonly (readonly [string, unknown])[];
  readonly deletes: readonly string[];
}

type Entries = readonly (readonly [string, unknown])[];

/** What was read, crops aside: all records, or only those that changed since the revision one already had. */
export interface Reading {
  readonly revision: number;
  readonly whole: boolean;
  /** Value undefined: the record is gone. */
  readonly entries: Entries;
  /** Of all records, those that the person did not make: what models saw. They come later; null: there are no more. */
  readonly rest: Promise<Entries> | null;
}

/** Records by key under one revision number. Every write is atomic, and refused when somebody else wrote first. */
export interface RecordStore {
  readonly persists: boolean;
  /** The values of some keys, crops too; undefined where there is none. */
  get(keys: readonly string[]): Promise<readonly unknown[]>;
  /** What changed after revision `since`, or everything when that is not known any more; -1 asks for everything. */
  read(since: number): Promise<Reading>;
  /**
   * Writes the change as revision `next`. False: the store is not at revision `expected`, nothing was written.
   * @throws DOMException as IndexedDB gives it, QuotaExceededError included; then nothing was written either.
   */
  write(expected: number, next: number, change: Change): Promise<boolean>;
}

function parseHead(value: unknown): Head {
  const parsed = v.safeParse(headSchema, value);
  return parsed.success ? parsed.output : { revision: 0, log: [] };
}

function nextHead(head: Head, revision: number, change: Change): Head {
  const keys = [...change.puts.map(([key]) => key), ...change.deletes];
  return { revision, log: [...head.log, { revision, keys }].slice(-LOG_LENGTH) };
}

/** Keys changed after `since`; null when the log does not reach back that far without a gap. */
function changedKeys(head: Head, since: number): readonly string[] | null {
  if (since < 0 || since > head.revision) {
    return null;
  }
  const later = head.log.filter((entry) => entry.revision > since);
  return later.length === head.revision - since ? [...new Set(later.flatMap((entry) => entry.keys))] : null;
}

/** Where a damaged record is kept, out of the way. */
export const quarantineKey = (key: string): string => `${QUARANTINE}${key}`;
export const isQuarantineKey = (key: string): boolean => key.startsWith(QUARANTINE);

const isOwn = (key: IDBValidKey): key is string =>
  typeof key === "string" && key !== HEAD && !isQuarantineKey(key) && !key.startsWith(ASIDE);

/** All keys that begin so: ";" follows ":". */
const beginning = (prefix: string): IDBKeyRange => IDBKeyRange.bound(prefix, `${prefix.slice(0, -1)};`, false, true);

/** Own keys and their values in a range. */
async function readRange(records: IDBObjectStore, range: IDBKeyRange, most?: number): Promise<Entries> {
  const [keys, values] = await Promise.all([
    promisifyRequest(records.getAllKeys(range, most)),
    promisifyRequest<unknown[]>(records.getAll(range, most)),
  ]);
  return keys.flatMap((key, at) => (typeof key === "string" ? [[key, values[at]] as const] : []));
}

/** Own records that the person did not make, crops aside, a few at a time. */
async function readRest(records: IDBObjectStore): Promise<Entries> {
  const left = [ASIDE, ...MADE].sort();
  const bounds = ["", ...left.map((prefix) => `${prefix.slice(0, -1)};`)];
  const found: (readonly [string, unknown])[] = [];
  for (const [at, from] of bounds.entries()) {
    const to = left[at] ?? "\uffff";
    for (let last: string | undefined = from, isFirst = true; last !== undefined; isFirst = false) {
      const some: Entries = await readRange(records, IDBKeyRange.bound(last, to, !isFirst, true), AT_ONCE);
      found.push(...some.filter(([key]) => isOwn(key)));
      last = some.length < AT_ONCE ? undefined : some.at(-1)?.[0];
    }
  }
  return found;
}

/** The bank on disk. @throws whatever IndexedDB throws when the browser refuses it. */
export function indexedDbStore(databaseName: string): RecordStore {
  // A database of its own: idb-keyval cannot add a second store to one that exists.
  const use = createStore(databaseName, "records");
  return {
    persists: true,

    get: (keys) =>
      use("readonly", (records) => Promise.all(keys.map((key) => promisifyRequest<unknown>(records.get(key))))),

    async read(since) {
      return use("readonly", async (records) => {
        const head = parseHead(await promisifyRequest<unknown>(records.get(HEAD)));
        const changed = changedKeys(head, since);
        if (changed) {
          const requests = changed.filter(isOwn).map(async (key) => {
            const value = await promisifyRequest<unknown>(records.get(key));
            return [key, value] as const;
          });
          return { revision: head.revision, whole: false, entries: await Promise.all(requests), rest: null };
        }
        const made = await Promise.all(MADE.map((prefix) => readRange(records, beginning(prefix))));
        // In the same transaction, so that both are of one revision.
        return { revision: head.revision, whole: true, entries: made.flat(), rest: readRest(records) };
      });
    },

    async write(expected, next, change) {
      return use(
        "readwrite",
        (records) =>
          new Promise<boolean>((resolve, reject) => {
            const transaction = records.transaction;
            let expectedStands = false;
            transaction.addEventListener("complete", () => resolve(expectedStands));
            // The quota is checked when the transaction commits, so its failure arrives here and not at a request.
            transaction.addEventListener("abort", () => reject(transaction.error));
            const reading = records.get(HEAD);
            reading.addEventListener("success", () => {
              const head = parseHead(reading.result);
              expectedStands = head.revision === expected;
              if (expectedStands) {
                change.deletes.forEach((key) => records.delete(key));
                [...change.puts, [HEAD, nextHead(head, next, change)] as const].forEach(([key, value]) =>
                  records.put(value, key),
                );
              }
            });
          }),
      );
    },
  };
}

/**
 * The bank in this tab's memory: where storage is refused.
 * @param behind the store that it takes the place of, which may still give what was never read
 */
export function memoryStore(revision = 0, entries: Entries = [], behind?: RecordStore): RecordStore {
  const records = new Map(entries);
  let head: Head = { revision, log: [] };
  return {
    persists: false,

    async get(keys) {
      const unknown = behind ? keys.filter((key) => !records.has(key)) : [];
      const found = await behind?.get(unknown).catch(() => []);
      return keys.map((key) => records.get(key) ?? found?.[unknown.indexOf(key)]);
    },

    read(since) {
      const changed = changedKeys(head, since)?.filter(isOwn);
      const found = changed
        ? changed.map((key) => [key, records.get(key)] as const)
        : [...records].filter(([key]) => isOwn(key));
      return Promise.resolve({ revision: head.revision, whole: changed === undefined, entries: found, rest: null });
    },

    write(expected, next, change) {
      if (head.revision !== expected) {
        return Promise.resolve(false);
      }
      change.deletes.forEach((key) => records.delete(key));
      change.puts.forEach(([key, value]) => records.set(key, value));
      head = nextHead(head, next, change);
      return Promise.resolve(true);
    },
  };
}
