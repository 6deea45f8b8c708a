import { EngineError } from "../contract.ts";

// Fields of ModelProto in onnx.proto: what a model file consists of at its top level.
const IR_VERSION_FIELD = 1;
const GRAPH_FIELD = 7;
// Today 26; room for what comes.
const LARGEST_FIELD = 100;
const VARINT = 0;
const LENGTH_DELIMITED = 2;
// Tag and length together are at most this long.
const HEAD_BYTES = 20;

interface Varint {
  readonly value: number;
  readonly next: number;
}

/** A protobuf varint (7 bits a byte, low first), or null when it is cut short or too long. */
function readVarint(bytes: Uint8Array, at: number): Varint | null {
  let value = 0;
  for (let index = 0; index < 10; index++) {
    const byte = bytes[at + index];
    if (byte === undefined) return null;
    value += (byte & 0x7f) * 2 ** (7 * index);
    if (byte < 0x80) return { value, next: at + index + 1 };
  }
  return null;
}

type Scan = "whole" | "not-onnx" | "cut-short";

/** Walks the top level of the file, reading a few bytes a field. */
async function scan(file: Blob): Promise<Scan> {
  let at = 0;
  let irVersion = false;
  let graph = false;
  while (at < file.size) {
    const head = new Uint8Array(await file.slice(at, at + HEAD_BYTES).arrayBuffer());
    const cutOrStrange: Scan = irVersion && at + HEAD_BYTES > file.size ? "cut-short" : "not-onnx";
    const tag = readVarint(head, 0);
    if (!tag) return cutOrStrange;
    const field = Math.floor(tag.value / 8);
    const wire = tag.value % 8;
    if (field < 1 || field > LARGEST_FIELD) return "not-onnx";
    const number = readVarint(head, tag.next);
    if (!number) return cutOrStrange;
    if (wire === VARINT) {
      irVersion ||= field === IR_VERSION_FIELD && number.value >= 1 && number.value < 1000;
      at += number.next;
    } else if (wire === LENGTH_DELIMITED) {
      graph ||= field === GRAPH_FIELD;
      at += number.next + number.value;
      if (at > file.size) return irVersion ? "cut-short" : "not-onnx";
    } else return "not-onnx";
  }
  if (irVersion && graph) return "whole";
  return irVersion ? "cut-short" : "not-onnx";
}

/**
 * Refuses files that cannot be an ONNX model before any runtime is loaded: not a ModelProto at its top level, or ending
 * before the lengths written in it say so.
 *
 * @throws EngineError model-not-onnx, naming the file and which of the two it is.
 */
export async function checkOnnxHeader(file: Blob, name: string): Promise<void> {
  if (file.size === 0) throw new EngineError("model-not-onnx", `${name} is empty.`, { name, bytes: 0 });
  const found = await scan(file);
  const data = { name, bytes: file.size };
  if (found === "not-onnx") throw new EngineError("model-not-onnx", `${name} is not an ONNX model.`, data);
  if (found === "cut-short") {
    throw new EngineError("model-not-onnx", `${name} is an ONNX model that was cut short.`, data);
  }
}
