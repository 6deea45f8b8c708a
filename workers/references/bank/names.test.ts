import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cleanName, cleanText, NAME_LIMIT } from "./names.ts";

describe("a class name", () => {
  it.each([
    ["  hot   dog \n", "hot dog"],
    ["Cafe\u0301", "Café"],
    ["a\u0000b\u0007c", "abc"],
    ["‮evil‬", "evil"],
    ["שלום", "שלום"],
    ["كلب كبير", "كلب كبير"],
    ["👩‍👩‍👧‍👦 🏴󠁧󠁢󠁷󠁬󠁳󠁿", "👩‍👩‍👧‍👦 🏴󠁧󠁢󠁷󠁬󠁳󠁿"],
    ["<img src=x onerror=alert(1)>", "<img src=x onerror=alert(1)>"],
    ["lone \ud800 half", "lone half"],
  ])("%j is kept as %j", (raw, name) => {
    expect(cleanName(raw)).toEqual({ name, notice: null });
  });

  it.each(["", "  \t\n", "\u200b\u200d\ufe0f", "\u0000", "‮"])("%j is refused: nothing of it is visible", (raw) => {
    expect(() => cleanName(raw)).toThrow(expect.objectContaining({ code: "class-invalid" }));
  });

  it("of 10,000 characters is cut, with a notice", () => {
    const { name, notice } = cleanName("x".repeat(10_000));
    expect(name).toBe("x".repeat(NAME_LIMIT));
    expect(notice).toMatchObject({ code: "class-invalid", data: { length: 10_000, limit: NAME_LIMIT } });
  });

  it("is cut between emoji, never inside one", () => {
    const { name } = cleanName("👨‍👩‍👧".repeat(100));
    expect(name).toBe("👨‍👩‍👧".repeat(NAME_LIMIT / 5));
  });

  it("of one letter under ten thousand accents is cut too", () => {
    expect([...cleanName(`q${"\u0323".repeat(10_000)}`).name]).toHaveLength(NAME_LIMIT);
  });

  it("is never longer than the limit, has no control character, and cleaning it again changes nothing", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 600 }), (raw) => {
        const { text } = cleanText(raw);
        expect([...text].length).toBeLessThanOrEqual(NAME_LIMIT);
        expect(text).not.toMatch(/\p{Cc}/u);
        expect(cleanText(text)).toEqual({ text, cut: false });
      }),
    );
  }, 60_000);
});
