import "fake-indexeddb/auto";
import { downloadZip } from "client-zip";
import * as fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { unzip } from "../../../e2e/unzip.ts";
import { browser, MODEL } from "../bank/bank.fixture.ts";
import type { Bank } from "../bank/bank.ts";
import { contentsOf, realDraft, smallBank } from "./bank-file.fixture.ts";
import { importBank, knownOf } from "./merge.ts";
import { migrateManifest, readBank } from "./read.ts";
import { writeBank } from "./write.ts";

type Files = Record<string, Uint8Array<ArrayBuffer> | string>;

async function filesOf(archive: Blob): Promise<Files> {
  const entries = unzip(Buffer.from(await archive.arrayBuffer()));
  return Object.fromEntries([...entries].map(([name, bytes]) => [name, Uint8Array.from(bytes)]));
}
const zipOf = (files: Files | readonly (readonly [string, Uint8Array<ArrayBuffer> | string])[]): Promise<Blob> =>
  downloadZip((Array.isArray(files) ? files : Object.entries(files)).map(([name, input]) => ({ name, input }))).blob();
const text = (value: unknown): string => JSON.stringify(value);
const parse = (bytes: Uint8Array | string | undefined): Readonly<Record<string, unknown>> =>
  Object(JSON.parse(typeof bytes === "string" ? bytes : new TextDecoder().decode(bytes)));

async function merged(bank: Bank, file: Blob) {
  const read = await readBank(file);
  return { leftOut: read.leftOut, ...(await bank.apply(importBank(read, await knownOf(bank, read)))).value };
}

const emptyBank = (): Promise<Bank> => browser().tab({ channel: null });

let files: Files = {};
let saved = new Blob();

beforeEach(async () => {
  saved = (await writeBank(await smallBank(), "My classes")).archive;
  files = await filesOf(saved);
});

describe("a saved bank", () => {
  it("opened in an empty one is the same in everything but its ids", async () => {
    const bank = await smallBank();
    const { archive, leftOut } = await writeBank(bank, "Mine");
    expect(leftOut).toEqual([]);
    const opened = await emptyBank();
    const report = await merged(opened, archive);
    expect(report).toEqual({ classes: 2, joined: 0, references: 2, doubled: 0, leftOut: [] });
    expect(await contentsOf(opened)).toEqual(await contentsOf(bank));
    expect(opened.missingDescriptors(MODEL)).toEqual([]);
    expect((await readBank(archive)).name).toBe("Mine");
  });

  it("joins classes of the same name, and does not double what is there", async () => {
    const bank = await smallBank();
    const before = await contentsOf(bank);
    expect(await merged(bank, saved)).toMatchObject({ classes: 0, joined: 2, references: 0, doubled: 2 });
    expect(await contentsOf(bank)).toEqual(before);
    const other = await emptyBank();
    const dog = (await other.addClass("DOG")).info;
    await other.addReferences(dog.id, [await realDraft(2), await realDraft(7)]);
    expect(await merged(other, saved)).toMatchObject({ classes: 1, joined: 1, references: 1, doubled: 1 });
    expect(other.snapshot().classes.map(({ name, references }) => [name, references.length])).toEqual([
      ["DOG", 3],
      ["<b>grass</b>", 0],
    ]);
    await other.undo();
    expect(other.snapshot().classes.map(({ references }) => references.length)).toEqual([2]);
  });

  it("comes back whatever was in it", async () => {
    const reference = fc.record({
      shade: fc.nat(255),
      provenance: fc.string({ unit: "binary", maxLength: 40 }),
      subcategory: fc.option(fc.string({ maxLength: 12 })),
      start: fc.nat(5),
      length: fc.integer({ min: 1, max: 6 }),
    });
    const wish = fc.uniqueArray(fc.record({ name: fc.string({ minLength: 1 }), references: fc.array(reference) }), {
      maxLength: 4,
      selector: ({ name }) => name,
    });
    await fc.assert(
      fc.asyncProperty(wish, async (classes) => {
        const bank = await emptyBank();
        for (const { name, references } of classes) {
          const added = await bank.addClass(name).catch(() => null);
          const drafts = await Promise.all(
            references.map(async ({ shade, start, length, ...over }) => {
              const { crop, ...draft } = await realDraft(shade, over);
              return Object.assign(draft, { crop: { ...crop, runs: new Uint32Array([start, length]) } });
            }),
          );
          if (added?.added) await bank.addReferences(added.info.id, drafts);
        }
        const opened = await emptyBank();
        const report = await merged(opened, (await writeBank(bank, "x")).archive);
        expect(report.leftOut).toEqual([]);
        // A bank may hold the same reference twice; a file that is opened never brings a second one.
        expect(report.references + report.doubled).toBe(
          bank.snapshot().classes.flatMap((one) => one.references).length,
        );
        const withoutTwins = async (it: Bank): Promise<unknown> => {
          const fresh = await emptyBank();
          await merged(fresh, (await writeBank(it, "x")).archive);
          return contentsOf(fresh);
        };
        expect(await withoutTwins(bank)).toEqual(await contentsOf(opened));
      }),
      { numRuns: 12 },
    );
  }, 60_000);

  it("keeps a picture that several references share once", async () => {
    const bank = await emptyBank();
    const { info } = await bank.addClass("dog");
    const draft = await realDraft(5);
    const other = { ...draft, crop: { ...draft.crop, runs: new Uint32Array([0, 1]) } };
    await bank.addReferences(info.id, [draft, other]);
    const entries = Object.keys(await filesOf((await writeBank(bank, "x")).archive));
    expect(entries.filter((name) => name.startsWith("crops/"))).toHaveLength(1);
  });
});

/** Changes a file of the archive, and what the manifest promises of it. */
async function withFile(name: string, content: string | Uint8Array<ArrayBuffer>): Promise<Files> {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const sha256 = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  const manifest = parse(files["manifest.json"]);
  const entries = { ...Object(manifest["entries"]), [name]: { bytes: bytes.length, sha256 } };
  return { ...files, [name]: bytes, "manifest.json": text({ ...manifest, entries }) };
}

const cropBytes = (): Uint8Array<ArrayBuffer> => {
  const bytes = files[cropOf(0)];
  return typeof bytes === "object" ? bytes : new Uint8Array();
};
const crops = (): readonly string[] => Object.keys(files).filter((name) => name.startsWith("crops/"));
const cropOf = (at: number): string => crops()[at] ?? "";
const changedReference = (change: object): Promise<Files> => {
  const one = parse(files["classes/0001.json"]);
  const [first, ...rest] = Array.isArray(one["references"]) ? one["references"] : [];
  return withFile("classes/0001.json", text({ ...one, references: [{ ...first, ...change }, ...rest] }));
};
const svg = `<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`;

/** What is done to the file, what is named as left out, and how many references are there all the same. */
const hostile: readonly (readonly [string, () => Promise<Files | Blob>, RegExp | null, number])[] = [
  ["a path upwards", async () => ({ ...files, "../../etc/passwd": "x" }), /\.\.\/\.\.\/etc\/passwd.*not part/u, 2],
  ["an absolute path", async () => ({ ...files, "/etc/passwd": "x" }), /passwd.*not part/u, 2],
  ["a path with backslashes", async () => ({ ...files, "crops\\..\\x.webp": "x" }), /not part of a bank/u, 2],
  ["a script beside the rest", async () => ({ ...files, "crops/x.svg": svg }), /x\.svg.*not part/u, 2],
  ["a name of 60,000 characters", async () => ({ ...files, ["x".repeat(60_000)]: "x" }), /^x{80}: is not part/u, 2],
  [
    "the same name twice",
    () => zipOf([...Object.entries(files), ["manifest.json", text({ format: "other" })]]),
    /manifest\.json: is there twice/u,
    2,
  ],
  ["an SVG as a crop", () => withFile(cropOf(0), svg), /picture 1\.jpg: its picture is neither PNG nor WebP/u, 1],
  ["a crop cut short", () => withFile(cropOf(0), cropBytes().slice(0, 20)), /damaged/u, 1],
  [
    "a crop that says it is huge",
    () => {
      const bytes = cropBytes().slice();
      new DataView(bytes.buffer).setUint32(16, 60_000);
      return withFile(cropOf(0), bytes);
    },
    /another size than its mask/u,
    1,
  ],
  ["a crop that was exchanged", async () => ({ ...files, [cropOf(0)]: "x" }), /does not match its checksum/u, 1],
  [
    "a crop that is gone",
    async () => Object.fromEntries(Object.entries(files).filter(([name]) => name !== cropOf(0))),
    /its picture is missing/u,
    1,
  ],
  [
    "a crop of five million bytes",
    () => withFile(cropOf(0), new Uint8Array(5_000_000)),
    /picture is larger than it may be/u,
    1,
  ],
  [
    "more bytes than were promised",
    async () => ({ ...files, [cropOf(0)]: new Uint8Array(3_000_000) }),
    /larger than it may be/u,
    1,
  ],
  [
    "a class that was changed",
    async () => ({ ...files, "classes/0001.json": "{}" }),
    /classes\/0001.*checksum|larger/u,
    0,
  ],
  [
    "a class that is no JSON",
    () => withFile("classes/0001.json", "{{{"),
    /classes\/0001\.json: is not well-formed/u,
    0,
  ],
  [
    "a class that is something else",
    () => withFile("classes/0001.json", "[]"),
    /classes\/0001\.json: is not a class/u,
    0,
  ],
  [
    "a reference that is a number",
    () => withFile("classes/0001.json", text({ name: "dog", colour: "#000000", references: [7] })),
    /dog: reference 1: is not well-formed/u,
    0,
  ],
  ["a mask outside its picture", () => changedReference({ mask: [0, 5000] }), /its mask is not one/u, 1],
  ["a mask that overlaps itself", () => changedReference({ mask: [0, 5, 2, 3] }), /its mask is not one/u, 1],
  ["a crop from elsewhere", () => changedReference({ crop: "../../x.png" }), /reference 1: is not well-formed/u, 1],
  ["a crop of absurd size", () => changedReference({ width: 1e9 }), /is not well-formed/u, 1],
  [
    "descriptors from elsewhere",
    () => changedReference({ descriptors: [{ model: 9, row: 1e6, views: 1, surroundings: false }] }),
    null,
    2,
  ],
  ["descriptors that are not finite", () => withFile("descriptors/0.f16", new Uint8Array(12).fill(0xff)), null, 2],
  [
    "descriptors cut short",
    () => withFile("descriptors/0.f16", new Uint8Array(3)),
    /descriptors\/0\.f16.*look at the references again/u,
    2,
  ],
  [
    "no manifest",
    async () => Object.fromEntries(Object.entries(files).filter(([name]) => name !== "manifest.json")),
    /manifest\.json.*without its checksums/u,
    2,
  ],
  ["a manifest that is no JSON", async () => ({ ...files, "manifest.json": "oops" }), /manifest\.json/u, 2],
  [
    "a manifest that names a million classes",
    async () => {
      const names = Array.from({ length: 30_000 }, (_, at) => `classes/${String(at).padStart(6, "0")}.json`);
      return { ...files, "manifest.json": text({ ...parse(files["manifest.json"]), classes: names }) };
    },
    /manifest\.json/u,
    2,
  ],
];

describe("a file that is damaged or meant to harm", () => {
  it.each(hostile)("opens as far as it can and names what was left out: %s", async (_, make, named, references) => {
    const made = await make();
    const bank = await emptyBank();
    const report = await merged(bank, made instanceof Blob ? made : await zipOf(made));
    expect(report.references).toBe(references);
    const notes = report.leftOut.map(({ what, why }) => `${what}: ${why}`);
    expect(notes.join("\n")).toMatch(named ?? /^$/u);
    // Whatever came in can be read back, and every name is text.
    await contentsOf(bank);
  });

  it.each([
    ["an empty file", new Blob([])],
    ["a picture", new Blob([new Uint8Array([0x89, 0x50, 0x4e, 0x47])])],
    ["text", new Blob(["a bank, honestly"])],
  ])("is refused plainly when it is no archive: %s", async (_, file) => {
    await expect(readBank(file)).rejects.toMatchObject({ code: "bank-file-invalid" });
  });

  it("is refused when it is another archive, or was cut short", async () => {
    await expect(zipOf({ "readme.txt": "hello" }).then(readBank)).rejects.toMatchObject({ code: "bank-file-invalid" });
    await expect(readBank(saved.slice(0, Math.floor(saved.size / 2)))).rejects.toMatchObject({
      code: "bank-file-invalid",
    });
  });

  it("of a deflated bomb is stopped in the middle of inflating", async () => {
    // 20 MB of zeros, deflated to 20 kB, as an entry that says it has 100 bytes.
    const zeros = new Blob(Array.from({ length: 20 }, () => new Uint8Array(1_000_000)));
    const stream = zeros.stream().pipeThrough(new CompressionStream("deflate-raw"));
    const deflated = new Uint8Array(await new Response(stream).arrayBuffer());
    const bank = await emptyBank();
    const report = await merged(bank, await zipWithBomb(cropOf(0), deflated));
    expect(report.references).toBe(1);
    expect(report.leftOut.map(({ why }) => why).join()).toMatch(/larger than it may be|cannot be read/u);
  });

  it("from a newer Lookalike is named so, an older one is migrated step by step", async () => {
    const newer = text({ ...parse(files["manifest.json"]), version: 2, shape: "new" });
    const file = await zipOf({ ...files, "manifest.json": newer });
    await expect(readBank(file)).rejects.toMatchObject({ code: "bank-file-newer" });
    const migrations = { 1: ({ title, ...rest }: Record<string, unknown>) => ({ ...rest, name: title }) };
    const old = { format: "lookalike-bank", version: 1, title: "Mine" };
    expect(migrateManifest(old, migrations, 2)).toEqual({ format: "lookalike-bank", version: 2, name: "Mine" });
    expect(migrateManifest(old, {}, 2)).toBeNull();
  });
});

/** The bank's archive, with one entry deflated and lying about its size: written by hand, as no writer does so. */
async function zipWithBomb(path: string, deflated: Uint8Array<ArrayBuffer>): Promise<Blob> {
  const parts: Blob[] = [];
  const directory: Blob[] = [];
  let offset = 0;
  for (const [name, content] of Object.entries(files)) {
    const plain = typeof content === "string" ? new TextEncoder().encode(content) : content;
    const data = name === path ? deflated : plain;
    const encoded = new TextEncoder().encode(name);
    const fields = new DataView(new ArrayBuffer(26));
    fields.setUint16(0, 20, true);
    fields.setUint16(4, name === path ? 8 : 0, true);
    fields.setUint32(14, data.length, true);
    fields.setUint32(18, name === path ? 100 : plain.length, true);
    fields.setUint16(22, encoded.length, true);
    parts.push(new Blob([new Uint8Array([0x50, 0x4b, 3, 4]), fields, encoded, data]));
    const rest = new DataView(new ArrayBuffer(14));
    rest.setUint32(10, offset, true);
    directory.push(new Blob([new Uint8Array([0x50, 0x4b, 1, 2, 20, 0]), fields, rest, encoded]));
    offset += 30 + encoded.length + data.length;
  }
  const listing = new Blob(directory);
  const end = new DataView(new ArrayBuffer(18));
  end.setUint16(4, directory.length, true);
  end.setUint16(6, directory.length, true);
  end.setUint32(8, listing.size, true);
  end.setUint32(12, offset, true);
  return new Blob([...parts, listing, new Uint8Array([0x50, 0x4b, 5, 6]), end]);
}
