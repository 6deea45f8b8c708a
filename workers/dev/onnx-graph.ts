/**
 * Writes the graph that the match is compared with: one MatMul of descriptors with all references, one TopK over the
 * products. ONNX files are protocol buffers; this writes the few fields that such a graph needs (onnx.proto3).
 */

type Field = readonly [number: number, value: number | string | Uint8Array<ArrayBuffer>];

const VARINT = 0;
const LENGTH_DELIMITED = 2;
/** TensorProto.DataType */
const FLOAT = 1;
const INT64 = 7;

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 127) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
  return bytes;
}

/** A message of fields in the order given; numbers become varints. */
function message(...fields: readonly Field[]): Uint8Array<ArrayBuffer> {
  const parts = fields.flatMap(([number, value]) => {
    if (typeof value === "number") return [Uint8Array.from([...varint(number * 8 + VARINT), ...varint(value)])];
    const bytes = typeof value === "string" ? new TextEncoder().encode(value) : value;
    return [Uint8Array.from([...varint(number * 8 + LENGTH_DELIMITED), ...varint(bytes.length)]), bytes];
  });
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function tensor(name: string, type: number, dims: readonly number[], data: Uint8Array<ArrayBuffer>): Field {
  return [5, message(...dims.map((size): Field => [1, size]), [2, type], [8, name], [9, data])];
}

function value(field: number, name: string, type: number, dims: readonly number[]): Field {
  const shape = message(...dims.map((size): Field => [1, message([1, size])]));
  return [field, message([1, name], [2, message([1, message([1, type], [2, shape])])])];
}

function node(operator: string, inputs: readonly string[], outputs: readonly string[]): Field {
  const names = [...inputs.map((name): Field => [1, name]), ...outputs.map((name): Field => [2, name])];
  return [1, message(...names, [4, operator])];
}

/**
 * values, indices = TopK(MatMul(descriptors, references^T), k), both N x k. The references are a constant of the graph.
 * @param references M x D.
 */
export function matMulTopK(
  regions: number,
  references: Float32Array<ArrayBuffer>,
  dimensions: number,
  k: number,
): Uint8Array<ArrayBuffer> {
  const rows = references.length / dimensions;
  const turned = new Float32Array(references.length);
  for (let row = 0; row < rows; row += 1) {
    for (let d = 0; d < dimensions; d += 1) turned[d * rows + row] = references[row * dimensions + d] ?? 0;
  }
  const graph = message(
    node("MatMul", ["descriptors", "references"], ["products"]),
    node("TopK", ["products", "k"], ["values", "indices"]),
    [2, "match"],
    tensor("references", FLOAT, [dimensions, rows], new Uint8Array(turned.buffer)),
    tensor("k", INT64, [1], new Uint8Array(BigInt64Array.of(BigInt(k)).buffer)),
    value(11, "descriptors", FLOAT, [regions, dimensions]),
    value(12, "values", FLOAT, [regions, k]),
    value(12, "indices", INT64, [regions, k]),
  );
  return message([1, 8], [8, message([1, ""], [2, 17])], [7, graph]);
}
