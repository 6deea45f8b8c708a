import { BufferScope } from "../gpu/buffer-scope.ts";
import type { Gpu } from "../gpu/device.ts";
import type { OwnedBuffer } from "../gpu/owned-buffer.ts";
import { submit, submitAndRead } from "../gpu/readback.ts";
import type { ClassListPass } from "./lists/class-lists.ts";
import { completeSingles, LISTS_PARAMETERS, referenceCount } from "./lists/layout.ts";
import type { ReferenceTable } from "./reference-table.ts";
import { groupClasses, SIMILARITY_PARAMETERS, VECTOR } from "./similarity/layout.ts";
import type { SimilarityPass } from "./similarity/similarity.ts";

/** The most bytes of similarities of references held at once while lists are computed. */
const SCRATCH_BYTES = 32 * 1024 * 1024;

/** The most products of numbers in one submission: an operating system resets a device that is busy for seconds. */
const SUBMISSION_PRODUCTS = 8e9;

const FLOAT = Float32Array.BYTES_PER_ELEMENT;

/** A reference table on the GPU, with the lists that its classes expect. */
export interface TableBuffers {
  readonly references: OwnedBuffer;
  readonly classOffsets: OwnedBuffer;
  readonly groups: OwnedBuffer;
  readonly groupCount: number;
  readonly sumLengths: OwnedBuffer;
  readonly lists: OwnedBuffer;
}

/** The same with an owner. */
export interface GpuTable extends TableBuffers {
  destroy(): void;
}

/** Rows padded with zeros to whole vectors; the array itself when nothing is missing. */
export function padRows(data: Float32Array<ArrayBuffer>, dimensions: number): Float32Array<ArrayBuffer> {
  const padded = vectorsOf(dimensions) * VECTOR;
  if (padded === dimensions) return data;
  const rows = data.length / dimensions;
  const result = new Float32Array(rows * padded);
  for (let row = 0; row < rows; row += 1) {
    result.set(data.subarray(row * dimensions, (row + 1) * dimensions), row * padded);
  }
  return result;
}

/** Vectors of a row. */
export function vectorsOf(dimensions: number): number {
  return Math.ceil(dimensions / VECTOR);
}

interface TablePasses {
  readonly similarity: SimilarityPass;
  readonly lists: ClassListPass;
}

/**
 * Uploads a table and computes its class lists.
 * @param mostRows how many references are compared with all others at once; by default what memory and time allow.
 * @throws EngineError "out-of-memory" or "gpu-lost".
 */
export async function uploadTable(
  gpu: Gpu,
  passes: TablePasses,
  table: ReferenceTable,
  mostRows: number = rowsAtOnce(table),
): Promise<GpuTable> {
  const scope = new BufferScope(gpu);
  try {
    const groups = groupClasses(table);
    const uploaded = {
      references: scope.input("references", padRows(table.references, table.dimensions)),
      classOffsets: scope.input("class offsets", table.classOffsets),
      groups: scope.input("class groups", groups),
      groupCount: Math.max(0, groups.length - 1),
      sumLengths: scope.input("sum lengths", table.sumLengths),
    };
    const lists = await computeLists(gpu, passes, table, uploaded, mostRows);
    completeSingles(lists, table);
    return { ...uploaded, lists: scope.input("class lists", lists), destroy: () => scope.destroy() };
  } catch (error) {
    scope.destroy();
    throw error;
  }
}

/** Class lists, but for the own entries of single references. */
async function computeLists(
  gpu: Gpu,
  passes: TablePasses,
  table: ReferenceTable,
  uploaded: Omit<GpuTable, "lists" | "destroy">,
  mostRows: number,
): Promise<Float32Array<ArrayBuffer>> {
  const { classes, classOffsets, dimensions } = table;
  const scope = new BufferScope(gpu);
  try {
    const runs = classRuns(table, mostRows);
    const entries = runs.reduce((most, { rows }) => Math.max(most, rows), 0) * classes;
    const lists = scope.output("class lists, computed", classes * classes * FLOAT);
    const similarity = scope.output("similarities of references", entries * FLOAT);
    const nearest = scope.output("nearest of references", entries * FLOAT);
    for (const { firstClass, classCount, rows } of runs) {
      const encoder = gpu.device.createCommandEncoder({ label: "class lists" });
      const parameters = scope.parameters("similarity parameters", SIMILARITY_PARAMETERS, {
        regions: rows,
        firstRow: classOffsets[firstClass] ?? 0,
        leaveOneOut: 1,
        classes,
        vectors: vectorsOf(dimensions),
      });
      const regions = uploaded.references;
      const buffers = { ...uploaded, parameters, regions, similarity, nearest };
      passes.similarity.encode(encoder, buffers, rows, uploaded.groupCount);
      const run = scope.parameters("class list parameters", LISTS_PARAMETERS, { firstClass, classCount, classes });
      const listBuffers = { parameters: run, classOffsets: uploaded.classOffsets, similarity, lists };
      passes.lists.encode(encoder, listBuffers, classCount, classes);
      await submit(gpu, encoder);
    }
    const reading = gpu.device.createCommandEncoder({ label: "class lists, read" });
    const bytes = classes * classes * FLOAT;
    const [read] = await submitAndRead(gpu, reading, [{ buffer: lists, bytes }]);
    return new Float32Array(read ?? new ArrayBuffer(bytes));
  } finally {
    scope.destroy();
  }
}

interface ClassRun {
  readonly firstClass: number;
  readonly classCount: number;
  readonly rows: number;
}

function rowsAtOnce({ classes, references }: ReferenceTable): number {
  const byMemory = SCRATCH_BYTES / (Math.max(1, classes) * FLOAT);
  return Math.floor(Math.min(byMemory, SUBMISSION_PRODUCTS / Math.max(1, references.length)));
}

/** Cuts the classes into runs of at most so many references; a class with more stands alone. */
function classRuns(table: ReferenceTable, mostRows: number): ClassRun[] {
  const runs: ClassRun[] = [];
  let firstClass = 0;
  let rows = 0;
  for (let index = 0; index < table.classes; index += 1) {
    const count = referenceCount(table, index);
    if (rows > 0 && rows + count > mostRows) {
      runs.push({ firstClass, classCount: index - firstClass, rows });
      firstClass = index;
      rows = 0;
    }
    rows += count;
  }
  if (rows > 0) runs.push({ firstClass, classCount: table.classes - firstClass, rows });
  return runs;
}
