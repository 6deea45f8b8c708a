/** What is heard of a JSON text while it is read. */
type OnElement = (key: string, text: string) => void;

const QUOTE = 34;
const COMMA = 44;
const COLON = 58;
const OPEN_BRACKET = 91;
const BACKSLASH = 92;
const CLOSE_BRACKET = 93;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;
const SPACE = 32;

/**
 * Finds the elements of some arrays of a JSON object, `{ "key": [element, element], ... }`, in a text that comes piece by
 * piece: a file of any size is read in the memory that its largest element takes. Whether an element is right is for the
 * listener to find out; one that is no object is handed on as "null".
 */
export class JsonElements {
  readonly #keys: ReadonlySet<string>;
  readonly #onElement: OnElement;
  #depth = 0;
  #isString = false;
  #isEscaped = false;
  /** Whether a string at the first depth is a key. */
  #isKey = false;
  #key = "";
  /** Key of the array whose elements are read; null in any other. */
  #array: string | null = null;
  /** Set between elements, until one begins. */
  #isFresh = false;
  /** Where in the piece the element or key that is read begins; -1: none. */
  #start = -1;
  /** What of it came in earlier pieces. */
  #parts = "";
  #isObject = false;

  constructor(keys: readonly string[], onElement: OnElement) {
    this.#keys = new Set(keys);
    this.#onElement = onElement;
  }

  /** False when the text ended before the object did, or is none. */
  get isComplete(): boolean {
    return this.#isObject && this.#depth === 0 && !this.#isString;
  }

  push(piece: string): void {
    if (this.#start >= 0) this.#start = 0;
    for (let at = 0; at < piece.length; at += 1) {
      const code = piece.charCodeAt(at);
      if (this.#isString) this.#readString(code, piece, at);
      else if (code > SPACE) this.#read(code, piece, at);
    }
    if (this.#start >= 0) this.#parts += piece.slice(this.#start);
  }

  #readString(code: number, piece: string, at: number): void {
    if (this.#isEscaped) this.#isEscaped = false;
    else if (code === BACKSLASH) this.#isEscaped = true;
    else if (code === QUOTE) {
      this.#isString = false;
      if (this.#depth === 1 && this.#isKey) this.#key = this.#take(piece, at);
    }
  }

  #read(code: number, piece: string, at: number): void {
    if (this.#depth === 2 && this.#array !== null && this.#isFresh && code !== CLOSE_BRACKET) {
      this.#isFresh = false;
      if (code === OPEN_BRACE) this.#start = at;
      else this.#onElement(this.#array, "null");
    }
    switch (code) {
      case QUOTE:
        this.#isString = true;
        if (this.#depth === 1 && this.#isKey) this.#start = at + 1;
        return;
      case COLON:
        if (this.#depth === 1) this.#isKey = false;
        return;
      case COMMA:
        if (this.#depth === 1) this.#isKey = true;
        if (this.#depth === 2) this.#isFresh = true;
        return;
      case OPEN_BRACE:
      case OPEN_BRACKET:
        this.#open(code);
        return;
      case CLOSE_BRACE:
      case CLOSE_BRACKET:
        this.#close(piece, at);
    }
  }

  #open(code: number): void {
    if (this.#depth === 0) this.#isObject = code === OPEN_BRACE;
    if (this.#depth === 0) this.#isKey = true;
    if (this.#depth === 1) {
      this.#array = code === OPEN_BRACKET && this.#isObject && this.#keys.has(this.#key) ? this.#key : null;
      this.#isFresh = true;
    }
    this.#depth += 1;
  }

  #close(piece: string, at: number): void {
    this.#depth -= 1;
    if (this.#depth === 2 && this.#array !== null && this.#start >= 0) {
      this.#onElement(this.#array, this.#take(piece, at + 1));
    }
    if (this.#depth === 1) this.#array = null;
  }

  /** What was read from the start to a place, which ends it. */
  #take(piece: string, end: number): string {
    const text = this.#parts + piece.slice(this.#start, end);
    this.#parts = "";
    this.#start = -1;
    return text;
  }
}

/**
 * Reads the elements of a file's arrays.
 * @param onBytes told how many bytes were read, now and then; may wait, and may throw to end the reading
 * @returns false when the file is no whole JSON object
 */
export async function readJsonElements(
  blob: Blob,
  keys: readonly string[],
  onElement: OnElement,
  onBytes: (read: number) => Promise<void>,
): Promise<boolean> {
  const elements = new JsonElements(keys, onElement);
  const reader = blob.stream().getReader();
  const decoder = new TextDecoder();
  let read = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      elements.push(decoder.decode(value, { stream: true }));
      read += value.length;
      await onBytes(read);
    }
  } finally {
    reader.releaseLock();
  }
  elements.push(decoder.decode());
  return elements.isComplete;
}
