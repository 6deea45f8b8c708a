import module from "./dot-products.wasm?url&inline";

/** Rows first .. first + count - 1 of a row-major matrix. */
export interface Rows {
  readonly data: Float32Array;
  readonly first: number;
  readonly count: number;
}

/** Rows of either side that are multiplied at once: they lie in the processor's second cache meanwhile. */
const TILE = 64;
/** Left and right rows that the module takes at a time, and numbers of a row. */
const LEFT_STEP = 4;
const RIGHT_STEP = 2;
const NUMBER_STEP = 8;
const FLOAT = Float32Array.BYTES_PER_ELEMENT;
const PAGE = 65_536;

interface Instance {
  readonly memory: WebAssembly.Memory;
  readonly multiply: (
    left: number,
    leftRows: number,
    right: number,
    rightRows: number,
    stride: number,
    length: number,
    out: number,
  ) => void;
}

let loaded: Instance | null = null;
let numbers = new Float32Array(0);

/** Its 0.9 kB come with the script, so that it is there at once and cannot be missing. */
function load(): Instance {
  const bytes = Uint8Array.from(atob(module.slice(module.indexOf(",") + 1)), (letter) => letter.charCodeAt(0));
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes));
  return { memory: exports["memory"] as WebAssembly.Memory, multiply: exports["dotProducts"] as Instance["multiply"] };
}

/** The module's memory as numbers, at least so many. */
function room(needed: number): Float32Array<ArrayBuffer> {
  loaded ??= load();
  const missing = needed * FLOAT - loaded.memory.buffer.byteLength;
  if (missing > 0) loaded.memory.grow(Math.ceil(missing / PAGE));
  if (numbers.buffer !== loaded.memory.buffer) numbers = new Float32Array(loaded.memory.buffer);
  return numbers;
}

const roundedUp = (count: number, step: number): number => Math.ceil(count / step) * step;

/**
 * All dot products of two sets of rows: out[i * right.count + j] = <left row i, right row j>, over the first `length`
 * numbers of rows that are `dimensions` long. Sums are single precision, of eight parts each. Tile by tile the rows are
 * copied into the memory of a WebAssembly module (dot-products.wat) that multiplies four numbers at a time.
 */
export function dotProducts(
  left: Rows,
  right: Rows,
  dimensions: number,
  out: Float32Array | Float64Array,
  length = dimensions,
): void {
  const stride = roundedUp(length, NUMBER_STEP);
  const rightAt = TILE * stride;
  const productsAt = 2 * rightAt;
  const memory = room(productsAt + TILE * TILE);
  const multiply = (loaded ??= load()).multiply;
  for (let i = 0; i < left.count; i += TILE) {
    const tall = Math.min(TILE, left.count - i);
    copyRows(left, i, tall, dimensions, length, stride, memory, 0);
    for (let j = 0; j < right.count; j += TILE) {
      const wide = Math.min(TILE, right.count - j);
      copyRows(right, j, wide, dimensions, length, stride, memory, rightAt);
      // Rows that fill up the last step are what lay there before; their products are not looked at.
      const columns = roundedUp(wide, RIGHT_STEP);
      const rows = roundedUp(tall, LEFT_STEP);
      multiply(0, rows, rightAt * FLOAT, columns, stride * FLOAT, stride * FLOAT, productsAt * FLOAT);
      for (let row = 0; row < tall; row += 1) {
        const from = productsAt + row * columns;
        out.set(memory.subarray(from, from + wide), (i + row) * right.count + j);
      }
    }
  }
}

/** Copies rows, each filled up with zeros to `stride` numbers. */
function copyRows(
  { data, first }: Rows,
  from: number,
  count: number,
  dimensions: number,
  length: number,
  stride: number,
  memory: Float32Array,
  to: number,
): void {
  for (let row = 0; row < count; row += 1) {
    const source = (first + from + row) * dimensions;
    const target = to + row * stride;
    memory.set(data.subarray(source, source + length), target);
    if (length < stride) memory.fill(0, target + length, target + stride);
  }
}
