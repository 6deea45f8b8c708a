/** Formats that are decoded, named as in `image/<format>`. */
export type PictureFormat = "jpeg" | "png" | "webp" | "avif" | "gif" | "bmp";

/** What a file is by its content: a format that is decoded, an SVG drawing, or something else, in words. */
export type SniffedType =
  | { readonly kind: "picture"; readonly format: PictureFormat }
  | { readonly kind: "svg" }
  | { readonly kind: "other"; readonly looksLike: string };

/** How many bytes from the start of a file `sniffType` looks at. */
export const SNIFF_BYTES = 4096;

interface Signature {
  readonly offset: number;
  /** Latin-1: one character a byte. */
  readonly magic: string;
  readonly looksLike: string;
}

/** Files that people drop by mistake; the first match wins. */
const OTHER_SIGNATURES: readonly Signature[] = [
  { offset: 0, magic: "%PDF-", looksLike: "a PDF document" },
  { offset: 0, magic: "PK\x03\x04", looksLike: "a ZIP archive or an office document" },
  { offset: 0, magic: "PK\x05\x06", looksLike: "an empty ZIP archive" },
  { offset: 0, magic: "\x1f\x8b", looksLike: "a gzip archive" },
  { offset: 0, magic: "7z\xbc\xaf\x27\x1c", looksLike: "a 7-Zip archive" },
  { offset: 0, magic: "Rar!\x1a\x07", looksLike: "a RAR archive" },
  { offset: 257, magic: "ustar", looksLike: "a tar archive" },
  { offset: 0, magic: "II*\0", looksLike: "a TIFF or camera raw picture, which browsers cannot decode" },
  { offset: 0, magic: "MM\0*", looksLike: "a TIFF or camera raw picture, which browsers cannot decode" },
  { offset: 0, magic: "\xff\x0a", looksLike: "a JPEG XL picture, which is not supported" },
  { offset: 0, magic: "\0\0\0\x0cJXL ", looksLike: "a JPEG XL picture, which is not supported" },
  { offset: 0, magic: "\0\0\0\x0cjP  ", looksLike: "a JPEG 2000 picture, which is not supported" },
  { offset: 0, magic: "8BPS", looksLike: "a Photoshop document" },
  { offset: 0, magic: "\0\0\x01\0", looksLike: "an icon file" },
  { offset: 0, magic: "\x1aE\xdf\xa3", looksLike: "a video" },
  { offset: 0, magic: "OggS", looksLike: "an Ogg sound or video" },
  { offset: 0, magic: "ID3", looksLike: "an MP3 sound" },
  { offset: 0, magic: "fLaC", looksLike: "a FLAC sound" },
  { offset: 0, magic: "\x7fELF", looksLike: "a program" },
  { offset: 0, magic: "MZ", looksLike: "a program" },
  { offset: 0, magic: "SQLite format 3\0", looksLike: "a database" },
];

const latin1 = (bytes: Uint8Array, from: number, length: number): string =>
  String.fromCharCode(...bytes.subarray(from, from + length));

const startsWith = (bytes: Uint8Array, offset: number, magic: string): boolean =>
  latin1(bytes, offset, magic.length) === magic;

/**
 * Tells what a file is by its first bytes; its name and MIME type play no part.
 *
 * @param head the first `SNIFF_BYTES` bytes of the file, or all of a shorter one.
 */
export function sniffType(head: Uint8Array): SniffedType {
  const format = pictureFormat(head);
  if (format) return { kind: "picture", format };
  const media = mediaContainer(head);
  if (media) return { kind: "other", looksLike: media };
  const known = OTHER_SIGNATURES.find(({ offset, magic }) => startsWith(head, offset, magic));
  if (known) return { kind: "other", looksLike: known.looksLike };
  return textType(head) ?? { kind: "other", looksLike: "data of an unknown kind" };
}

function pictureFormat(head: Uint8Array): PictureFormat | null {
  if (startsWith(head, 0, "\xff\xd8\xff")) return "jpeg";
  if (startsWith(head, 0, "\x89PNG\r\n\x1a\n")) return "png";
  if (startsWith(head, 0, "GIF87a") || startsWith(head, 0, "GIF89a")) return "gif";
  if (startsWith(head, 0, "RIFF") && startsWith(head, 8, "WEBP")) return "webp";
  if (startsWith(head, 0, "BM") && isBitmapHeaderSize(head)) return "bmp";
  if (fileTypeBrands(head).some((brand) => brand === "avif" || brand === "avis")) return "avif";
  return null;
}

/** "BM" alone also begins plain text; the size of the second header must be one that exists. */
function isBitmapHeaderSize(head: Uint8Array): boolean {
  if (head.length < 18) return false;
  const size = new DataView(head.buffer, head.byteOffset, head.byteLength).getUint32(14, true);
  return [12, 16, 40, 52, 56, 64, 108, 124].includes(size);
}

/** Major and compatible brands of an ISO base media file (ISO/IEC 14496-12, box `ftyp`); none for other files. */
function fileTypeBrands(head: Uint8Array): string[] {
  if (head.length < 16 || !startsWith(head, 4, "ftyp")) return [];
  const size = new DataView(head.buffer, head.byteOffset, head.byteLength).getUint32(0);
  const brands = [latin1(head, 8, 4)];
  for (let at = 16; at + 4 <= Math.min(size, head.length); at += 4) brands.push(latin1(head, at, 4));
  return brands;
}

function mediaContainer(head: Uint8Array): string | null {
  const brands = fileTypeBrands(head);
  if (brands.some((brand) => /^(hei[cxsm]|hev[cx]|mif1|msf1)$/.test(brand))) {
    return "a HEIC photograph, which most browsers cannot decode";
  }
  if (brands.length > 0) return "a video";
  if (startsWith(head, 0, "RIFF") && startsWith(head, 8, "AVI ")) return "a video";
  if (startsWith(head, 0, "RIFF") && startsWith(head, 8, "WAVE")) return "a WAV sound";
  return null;
}

/** SVG, a web page or plain text; null for binary data. */
function textType(head: Uint8Array): SniffedType | null {
  const text = decodeText(head);
  if (text === null) return null;
  const opening = withoutProlog(text);
  if (/^<svg[\s>/]/i.test(opening) || /^<svg$/i.test(opening)) return { kind: "svg" };
  if (/^<(!doctype html|html|head|body)/i.test(opening)) return { kind: "other", looksLike: "a web page" };
  if (/^\s*<\?xml/i.test(text)) return { kind: "other", looksLike: "an XML document" };
  return { kind: "other", looksLike: "text" };
}

function decodeText(head: Uint8Array): string | null {
  const encoding = startsWith(head, 0, "\xff\xfe")
    ? "utf-16le"
    : startsWith(head, 0, "\xfe\xff")
      ? "utf-16be"
      : "utf-8";
  let text: string;
  try {
    // Streaming, because the head may end inside a character.
    text = new TextDecoder(encoding, { fatal: true }).decode(head, { stream: true });
  } catch {
    return null;
  }
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 32 && code !== 9 && code !== 10 && code !== 12 && code !== 13) return null;
  }
  return text;
}

/** What follows white space, the XML declaration, comments and a DOCTYPE other than HTML's. */
function withoutProlog(text: string): string {
  let rest = text.trimStart();
  for (;;) {
    const end = rest.startsWith("<?")
      ? rest.indexOf("?>") + 2
      : rest.startsWith("<!--")
        ? rest.indexOf("-->") + 3
        : /^<!doctype svg/i.test(rest)
          ? endOfDoctype(rest)
          : 0;
    // indexOf's -1 plus the length of what it looked for is below 4: the construct does not end within the head.
    if (end < 4) return rest;
    rest = rest.slice(end).trimStart();
  }
}

function endOfDoctype(text: string): number {
  const subset = text.indexOf("[");
  const close = text.indexOf(">");
  if (subset === -1 || subset > close) return close + 1;
  const end = /\]\s*>/.exec(text);
  return end ? end.index + end[0].length : 0;
}
