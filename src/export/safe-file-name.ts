/** Bytes of UTF-8; file systems allow 255, and browsers add " (1)". */
const MOST_BYTES = 200;

/** Names of devices, which Windows does not let files have, with any extension. */
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

/** Controls, unpaired surrogates, marks that turn the reading direction, and what some file system refuses. */
const REFUSED = /[\p{Cc}\p{Cs}\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff<>:"/\\|?*]+/gu;

const CHARACTERS = new Intl.Segmenter();

const EXTENSION = /\.[a-z][a-z0-9]{1,4}$/i;

/**
 * A file name that every file system takes, made from any text, in any script.
 * @param text a file name, whose extension is dropped, or a title
 * @param ending what follows, such as "-classes.png"; taken as it is
 */
export function safeFileName(text: string, ending: string): string {
  const stem = text
    .normalize("NFC")
    .replace(EXTENSION, "")
    .replaceAll(REFUSED, "_")
    .replaceAll(/\s+/g, " ")
    .replace(/^[ .]+/, "");
  const room = MOST_BYTES - new TextEncoder().encode(ending).length;
  const short = shortened(stem, room).replace(/[ .]+$/, "");
  const whole = `${short === "" ? "picture" : short}${ending}`;
  return DEVICE.test(whole) ? `_${whole}` : whole;
}

/** The longest beginning of whole characters that fits into so many bytes. */
function shortened(text: string, most: number): string {
  const encoder = new TextEncoder();
  let bytes = 0;
  let kept = "";
  for (const { segment } of CHARACTERS.segment(text)) {
    bytes += encoder.encode(segment).length;
    if (bytes > most) break;
    kept += segment;
  }
  return kept;
}
