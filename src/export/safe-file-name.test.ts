import { assert, property, string } from "fast-check";
import { describe, expect, it } from "vitest";
import { safeFileName } from "./safe-file-name.ts";

describe("a safe file name", () => {
  it.each([
    ["IMG_2041.JPG", "IMG_2041.png"],
    ["photo.v2.final.jpeg", "photo.v2.final.png"],
    ["../../etc/passwd", "_.._etc_passwd.png"],
    ["C:\\temp\\a?.bmp", "C_temp_a_.png"],
    ["<img src=x onerror=alert(1)>", "_img src=x onerror=alert(1)_.png"],
    ["CON.jpg", "_CON.png"],
    ["com1", "_com1.png"],
    ["console", "console.png"],
    ["", "picture.png"],
    ["...", "picture.png"],
    [".jpg", "picture.png"],
    [" \t\n", "_.png"],
    ["trailing. . .jpg", "trailing.png"],
    ["תמונה \u202egnp.exe", "תמונה _gnp.png"],
    ["🐈‍⬛ katze", "🐈‍⬛ katze.png"],
    ["\ud83d half", "_ half.png"],
  ])("of %j is %j", (text, expected) => {
    expect(safeFileName(text, ".png")).toBe(expected);
  });

  it("is short, keeps its ending and cuts no character in two", () => {
    const name = safeFileName("👩‍👩‍👧‍👦".repeat(2000), "-classes.png");
    expect(new TextEncoder().encode(name).length).toBeLessThanOrEqual(200);
    expect(name).toMatch(/^(?:👩‍👩‍👧‍👦)+-classes\.png$/u);
  });

  it("never has what a file system refuses, whatever it is made from", () => {
    assert(
      property(string({ unit: "binary", maxLength: 400 }), (text) => {
        const name = safeFileName(text, ".json");
        expect(name).toMatch(/^[^<>:"/\\|?*\p{Cc}]+\.json$/u);
        expect(name).not.toMatch(/^[ .]/);
        expect(new TextEncoder().encode(name).length).toBeLessThanOrEqual(200);
        expect(name).not.toMatch(/\p{Cs}/u);
      }),
    );
  });
});
