import { poolOnCpu } from "../features/pooling/pooling.cpu.ts";
import { PoolingPass } from "../features/pooling/pooling.ts";
import { BufferScope } from "../gpu/buffer-scope.ts";
import type { Gpu } from "../gpu/device.ts";
import { submitAndRead } from "../gpu/readback.ts";
import { describedMasks, patchCoverage } from "../imaging/coverage.ts";
import { regionSetOfMasks } from "../imaging/region-set.ts";
import { intersectionArea, type Runs, unionOfRuns } from "../imaging/runs.ts";
import { encodeMatch } from "../matching/gpu-matcher.ts";
import { padRows } from "../matching/gpu-table.ts";
import { candidateBytes, RankingPass } from "../matching/ranking/ranking.ts";
import { DEFAULT_PARAMETERS, slotsOf } from "../matching/ranking/layout.ts";
import { rankOnCpu } from "../matching/ranking/ranking.cpu.ts";
import { groupClasses } from "../matching/similarity/layout.ts";
import { similaritiesOnCpu } from "../matching/similarity/similarity.cpu.ts";
import { SimilarityPass } from "../matching/similarity/similarity.ts";
import type { ModelSession } from "../models/inference.ts";
import { MATCH_SIZES, type MatchInput, matchInput, type MatchSize, POOLING_GRID, poolingInput } from "./bench-input.ts";
import { matMulTopK } from "./onnx-graph.ts";
import { medianDeviceTime, medianTime } from "./timing.ts";

const FLOAT = Float32Array.BYTES_PER_ELEMENT;
const COPIED_BYTES = 64 * 1024 * 1024;

/** A runtime that the plain graph is run in. */
interface PlainRuntime {
  readonly name: string;
  open(model: Blob): Promise<ModelSession>;
}

export interface BenchOptions {
  /** Null: only the CPU twins are timed. */
  readonly gpu: Gpu | null;
  readonly runtimes: readonly PlainRuntime[];
  /** Names of MATCH_SIZES. */
  readonly sizes: readonly string[];
  readonly print: (line: string) => void;
}

const inMilliseconds = (value: number): string => `${value.toFixed(value < 10 ? 3 : 1)} ms`;
const ratio = (a: number, b: number): string => (a / b).toPrecision(3);
/** One time as a multiple of another. */
const over = (time: number, other: number, name: string): string => `${ratio(time, other)} x ${name}`;
const WIDTH = 46;

/**
 * Times the kernels, their CPU twins and a plain ONNX graph in one run, and says how far the kernels are from what
 * moving their bytes once would take. Medians of several runs each.
 */
export async function benchKernels({ gpu, runtimes, sizes, print }: BenchOptions): Promise<void> {
  const row = (what: string, ...cells: readonly string[]): void =>
    print(`  ${what.padEnd(WIDTH)}${cells.map((cell) => cell.padStart(16)).join("")}`);
  const bandwidth = gpu ? await copyBandwidth(gpu) : 0;
  if (gpu) {
    print(`adapter    ${gpu.adapterDescription || "unnamed"}${gpu.software ? " (SOFTWARE: a processor, no GPU)" : ""}`);
    print(`copying    ${(bandwidth / 1e9).toFixed(1)} GB/s read and written (${COPIED_BYTES / 2 ** 20} MiB buffers)`);
  }
  for (const size of MATCH_SIZES.filter(({ name }) => sizes.includes(name))) {
    const { regions, classes, references, dimensions } = size;
    print(`match, ${size.name}: ${regions} regions x ${classes} classes x ${references} references x ${dimensions}`);
    await benchMatch(size, { gpu, runtimes, bandwidth, row });
  }
  for (const dimensions of [384, 768]) {
    await benchPooling(dimensions, gpu, row);
  }
  print("masks: run lengths of 300 discs in a picture of 1024 x 768, on the CPU only (there is no kernel)");
  await benchMasks(row);
}

type Row = (what: string, ...cells: readonly string[]) => void;

/** Bytes read and written a second by copies from buffer to buffer. */
async function copyBandwidth({ device }: Gpu): Promise<number> {
  const usage = GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
  const [from, to] = [0, 1].map(() => device.createBuffer({ label: "copying", size: COPIED_BYTES, usage }));
  if (!from || !to) return Number.NaN;
  const time = await medianDeviceTime(device, (encoder) => encoder.copyBufferToBuffer(from, 0, to, 0, COPIED_BYTES));
  from.destroy();
  to.destroy();
  return (2 * COPIED_BYTES) / (time / 1000);
}

interface MatchBench {
  readonly gpu: Gpu | null;
  readonly runtimes: readonly PlainRuntime[];
  readonly bandwidth: number;
  readonly row: Row;
}

async function benchMatch(size: MatchSize, { gpu, runtimes, bandwidth, row }: MatchBench): Promise<void> {
  const input = matchInput(size);
  const { descriptors, table, lists } = input;
  const products = size.regions * size.classes * size.references * size.dimensions;
  const speed = (time: number): string => `${(products / time / 1e6).toPrecision(3)} GMAC/s`;
  const rows = { data: descriptors.data, first: 0, count: descriptors.count };
  const expected = { values: lists, know: () => undefined };
  const twin = await medianTime(() => rankOnCpu(similaritiesOnCpu(rows, table), expected, DEFAULT_PARAMETERS));
  row("CPU twin (similarity + ranking)", inMilliseconds(twin), speed(twin));
  let kernels = Number.NaN;
  if (gpu) {
    const timed = await timeKernels(gpu, input);
    kernels = timed.kernels;
    const bound = (leastBytes(size) / bandwidth) * 1000;
    row("WGSL kernels alone", inMilliseconds(kernels), speed(kernels), over(kernels, twin, "twin"));
    row("WGSL, one call with upload and read-back", inMilliseconds(timed.call), "", over(timed.call, twin, "twin"));
    row(`lower bound: ${(leastBytes(size) / 1e6).toPrecision(3)} MB at that bandwidth`, inMilliseconds(bound));
    row("WGSL kernels over lower bound", ratio(kernels, bound));
  }
  for (const runtime of runtimes) {
    const graph = matMulTopK(size.regions, table.references, size.dimensions, slotsOf(DEFAULT_PARAMETERS));
    const session = await runtime.open(new Blob([graph]));
    const feeds = { descriptors: { data: descriptors.data, dims: [size.regions, size.dimensions] } };
    const plain = await medianTime(() => session.run(feeds, ["values"]));
    await session.close();
    const ratios = [over(plain, twin, "twin"), ...(gpu ? [over(plain, kernels, "WGSL")] : [])];
    row(`ONNX MatMul + TopK, ${runtime.name}`, inMilliseconds(plain), speed(plain), ...ratios);
  }
}

/** What has to be touched at least once: descriptors, references, lengths of sums, and what comes out. */
function leastBytes({ regions, classes, references, dimensions }: MatchSize): number {
  const numbers = (regions + classes * references) * dimensions + 2 * classes;
  return numbers * FLOAT + candidateBytes(regions, slotsOf(DEFAULT_PARAMETERS));
}

async function timeKernels(gpu: Gpu, { descriptors, table, lists }: MatchInput) {
  const passes = { similarity: await SimilarityPass.create(gpu), ranking: await RankingPass.create(gpu) };
  const scope = new BufferScope(gpu);
  try {
    const groups = groupClasses(table);
    const uploaded = {
      references: scope.input("references", padRows(table.references, table.dimensions)),
      classOffsets: scope.input("class offsets", table.classOffsets),
      groups: scope.input("class groups", groups),
      groupCount: groups.length - 1,
      sumLengths: scope.input("sum lengths", table.sumLengths),
      lists: scope.input("class lists", lists),
    };
    const padded = padRows(descriptors.data, descriptors.dimensions);
    const regions = scope.input("descriptors", padded);
    const encode = (encoder: GPUCommandEncoder, within: BufferScope) =>
      encodeMatch(encoder, within, passes, regions, descriptors, table, uploaded, DEFAULT_PARAMETERS);
    // A batch keeps its buffers until it is done: only a few numbers a run.
    const kernels = await medianDeviceTime(gpu.device, (encoder) => encode(encoder, scope));
    const bytes = candidateBytes(descriptors.count, slotsOf(DEFAULT_PARAMETERS));
    const call = await medianTime(async () => {
      const own = new BufferScope(gpu);
      regions.write(padded);
      const encoder = gpu.device.createCommandEncoder({ label: "bench" });
      const buffer = encode(encoder, own);
      await submitAndRead(gpu, encoder, [{ buffer, bytes }]);
      own.destroy();
    });
    return { kernels, call };
  } finally {
    scope.destroy();
  }
}

async function benchPooling(dimensions: number, gpu: Gpu | null, row: Row): Promise<void> {
  const { tokens, tree } = poolingInput(dimensions);
  const what = `pool ${describedMasks(tree)} nodes, ${POOLING_GRID} x ${POOLING_GRID} x ${dimensions}`;
  const twin = await medianTime(() => poolOnCpu(tokens, tree));
  row(`${what}: CPU twin`, inMilliseconds(twin));
  if (!gpu) return;
  const pass = await PoolingPass.create(gpu);
  const call = await medianTime(() => pass.pool(tokens, tree));
  row(`${what}: WGSL call`, inMilliseconds(call), "", over(call, twin, "twin"));
}

const PICTURE = { width: 1024, height: 768 };

function disc(index: number): Runs {
  const { width, height } = PICTURE;
  const [x, y, radius] = [(index * 313) % width, (index * 197) % height, 20 + ((index * 37) % 160)];
  const runs: number[] = [];
  for (let row = Math.max(0, y - radius); row < Math.min(height, y + radius); row += 1) {
    const half = Math.sqrt(radius * radius - (row - y) ** 2);
    const from = Math.max(0, Math.ceil(x - half));
    const to = Math.min(width, Math.floor(x + half));
    // Neither picture wide nor empty: runs of neighbouring rows never touch.
    if (to > from) runs.push(row * width + from, Math.min(to - from, width - 1));
  }
  return Uint32Array.from(runs);
}

async function benchMasks(row: Row): Promise<void> {
  const masks = Array.from({ length: 300 }, (_, index) => disc(index));
  const set = () => regionSetOfMasks(PICTURE.width, PICTURE.height, masks, new Float32Array(masks.length));
  row("a region set of them (areas, boxes)", inMilliseconds(await medianTime(set)));
  const regions = set();
  const covered = await medianTime(() => patchCoverage(regions, POOLING_GRID, POOLING_GRID));
  row("coverage of 32 x 32 patches", inMilliseconds(covered));
  const overlaps = await medianTime(() => {
    let area = 0;
    for (const a of masks) for (const b of masks) area += intersectionArea(a, b);
    return area;
  });
  row("overlap areas of all 90,000 pairs", inMilliseconds(overlaps));
  const union = await medianTime(() => masks.reduce((all, mask) => unionOfRuns(all, mask)));
  row("the union of all", inMilliseconds(union));
}
