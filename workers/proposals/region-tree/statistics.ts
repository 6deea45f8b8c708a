import type { Coverage } from "../../imaging/coverage.ts";
import type { PatchTokens } from "../../imaging/patch-tokens.ts";
import type { LabPixels } from "./lab.ts";
import { EMBEDDING_SIZE } from "../learned/maps.ts";
import type { PixelMaps } from "../learned/maps.ts";

/** Histogram layout: bins for L, a, b and the length of the lightness gradient, one after the other. */
const LIGHT_BINS = 10;
const CHROMA_BINS = 10;
const GRADIENT_BINS = 6;
const HISTOGRAM_BINS = LIGHT_BINS + 2 * CHROMA_BINS + GRADIENT_BINS;
/** Chroma beyond this goes to the outermost bin; bins are finer near grey. */
const CHROMA_RANGE = 50;

/** What is known of every region while regions merge. All are sums, so that merging is adding. */
export interface RegionStatistics {
  readonly count: number;
  /** Pixels. */
  readonly areas: Float64Array<ArrayBuffer>;
  /** 3 a region: sums of L, a, b. */
  readonly colours: Float64Array<ArrayBuffer>;
  /** HISTOGRAM_BINS a region: pixels a bin. */
  readonly histograms: Float32Array<ArrayBuffer>;
  /** 0 without tokens. */
  readonly dimensions: number;
  /** `dimensions` a region: pooled whitened token times area. */
  readonly tokens: Float32Array<ArrayBuffer>;
  /** Length of a region's token sum. */
  readonly tokenLengths: Float64Array<ArrayBuffer>;
  /** EMBEDDING_SIZE a region: sums of the region network's embedding; empty without it. */
  readonly embeddings: Float32Array<ArrayBuffer>;
  /** Sums of the squared length of the embedding, and of thingness. */
  readonly squares: Float64Array<ArrayBuffer>;
  readonly things: Float64Array<ArrayBuffer>;
}

/** Colour and texture sums of every label; tokens pooled with `coverage` (of the same labels) when there are any. */
export function statisticsOf(
  labels: Uint16Array<ArrayBuffer>,
  count: number,
  lab: LabPixels,
  width: number,
  tokens: PatchTokens | null,
  coverage: Coverage | null,
  learned: PixelMaps | null,
): RegionStatistics {
  const dimensions = tokens === null ? 0 : tokens.dimensions;
  const statistics: RegionStatistics = {
    count,
    areas: new Float64Array(count),
    colours: new Float64Array(3 * count),
    histograms: new Float32Array(HISTOGRAM_BINS * count),
    dimensions,
    tokens: new Float32Array(dimensions * count),
    tokenLengths: new Float64Array(count),
    embeddings: new Float32Array(learned === null ? 0 : EMBEDDING_SIZE * count),
    squares: new Float64Array(count),
    things: new Float64Array(count),
  };
  addPixels(statistics, labels, lab, width);
  if (learned !== null) addEmbeddings(statistics, labels, width, learned);
  if (tokens !== null && coverage !== null) addTokens(statistics, tokens, coverage);
  return statistics;
}

function addPixels(statistics: RegionStatistics, labels: Uint16Array<ArrayBuffer>, lab: LabPixels, width: number) {
  const { areas, colours, histograms } = statistics;
  for (let pixel = 0; pixel < labels.length; pixel++) {
    const label = labels[pixel] ?? 0;
    const light = lab[3 * pixel] ?? 0;
    const a = lab[3 * pixel + 1] ?? 0;
    const b = lab[3 * pixel + 2] ?? 0;
    areas[label] = (areas[label] ?? 0) + 1;
    colours[3 * label] = (colours[3 * label] ?? 0) + light;
    colours[3 * label + 1] = (colours[3 * label + 1] ?? 0) + a;
    colours[3 * label + 2] = (colours[3 * label + 2] ?? 0) + b;
    const right = lab[3 * pixel + 3] ?? light;
    const below = lab[3 * (pixel + width)] ?? light;
    const gradient = Math.sqrt((right - light) ** 2 + (below - light) ** 2);
    const at = HISTOGRAM_BINS * label;
    count(histograms, at + Math.min(LIGHT_BINS - 1, (light * (LIGHT_BINS / 100)) | 0));
    count(histograms, at + LIGHT_BINS + chromaBin(a));
    count(histograms, at + LIGHT_BINS + CHROMA_BINS + chromaBin(b));
    // Doubling bins: 0-1, 1-3, 3-7, 7-15, 15-31, more.
    const texture = Math.min(GRADIENT_BINS - 1, 31 - Math.clz32(gradient + 1));
    count(histograms, at + LIGHT_BINS + 2 * CHROMA_BINS + texture);
  }
}

/** Every pixel adds the embedding of the cell that it lies in. */
function addEmbeddings(
  { embeddings, squares, things }: RegionStatistics,
  labels: Uint16Array<ArrayBuffer>,
  width: number,
  maps: PixelMaps,
): void {
  const { cellOfColumn, cellOfRow, embedding, thing } = maps;
  const height = labels.length / width;
  for (let y = 0; y < height; y++) {
    const row = cellOfRow[y] ?? 0;
    for (let x = 0; x < width; x++) {
      const label = labels[y * width + x] ?? 0;
      const cell = row + (cellOfColumn[x] ?? 0);
      const to = EMBEDDING_SIZE * label;
      const from = EMBEDDING_SIZE * cell;
      let square = 0;
      for (let d = 0; d < EMBEDDING_SIZE; d++) {
        const value = embedding[from + d] ?? 0;
        square += value * value;
        embeddings[to + d] = (embeddings[to + d] ?? 0) + value;
      }
      squares[label] = (squares[label] ?? 0) + square;
      things[label] = (things[label] ?? 0) + (thing[cell] ?? 0);
    }
  }
}

function count(histograms: Float32Array, bin: number): void {
  histograms[bin] = (histograms[bin] ?? 0) + 1;
}

function chromaBin(value: number): number {
  const share = Math.max(-1, Math.min(1, value / CHROMA_RANGE));
  const spread = Math.sign(share) * Math.sqrt(Math.abs(share));
  return Math.min(CHROMA_BINS - 1, ((spread + 1) * (CHROMA_BINS / 2)) | 0);
}

function addTokens(statistics: RegionStatistics, tokens: PatchTokens, coverage: Coverage): void {
  const { areas, tokens: sums, dimensions } = statistics;
  for (let region = 0; region < statistics.count; region++) {
    const end = coverage.offsets[region + 1] ?? 0;
    const at = region * dimensions;
    let total = 0;
    for (let entry = coverage.offsets[region] ?? 0; entry < end; entry++) total += coverage.weights[entry] ?? 0;
    const share = (areas[region] ?? 0) / total;
    for (let entry = coverage.offsets[region] ?? 0; entry < end; entry++) {
      const from = (coverage.patches[entry] ?? 0) * dimensions;
      const weight = (coverage.weights[entry] ?? 0) * share;
      for (let d = 0; d < dimensions; d++) sums[at + d] = (sums[at + d] ?? 0) + weight * (tokens.data[from + d] ?? 0);
    }
    measureTokens(statistics, region);
  }
}

function measureTokens(statistics: RegionStatistics, region: number): void {
  const { tokens, dimensions, tokenLengths } = statistics;
  const at = region * dimensions;
  let sum = 0;
  for (let d = 0; d < dimensions; d++) sum += (tokens[at + d] ?? 0) ** 2;
  tokenLengths[region] = Math.sqrt(sum);
}

/** Adds region `from` to region `into`. */
export function mergeStatistics(statistics: RegionStatistics, into: number, from: number): void {
  const { areas, colours, histograms, tokens, dimensions } = statistics;
  areas[into] = (areas[into] ?? 0) + (areas[from] ?? 0);
  for (let c = 0; c < 3; c++) colours[3 * into + c] = (colours[3 * into + c] ?? 0) + (colours[3 * from + c] ?? 0);
  for (let bin = 0; bin < HISTOGRAM_BINS; bin++) {
    const at = HISTOGRAM_BINS * into + bin;
    histograms[at] = (histograms[at] ?? 0) + (histograms[HISTOGRAM_BINS * from + bin] ?? 0);
  }
  if (statistics.embeddings.length > 0) {
    const { squares, things } = statistics;
    squares[into] = (squares[into] ?? 0) + (squares[from] ?? 0);
    things[into] = (things[into] ?? 0) + (things[from] ?? 0);
    const sums = statistics.embeddings;
    const [to, source] = [into * EMBEDDING_SIZE, from * EMBEDDING_SIZE];
    for (let d = 0; d < EMBEDDING_SIZE; d++) sums[to + d] = (sums[to + d] ?? 0) + (sums[source + d] ?? 0);
  }
  if (dimensions === 0) return;
  const [to, source] = [into * dimensions, from * dimensions];
  for (let d = 0; d < dimensions; d++) tokens[to + d] = (tokens[to + d] ?? 0) + (tokens[source + d] ?? 0);
  measureTokens(statistics, into);
}

/** Distance of the mean colours, L*a*b* units. */
export function colourDistance(statistics: RegionStatistics, a: number, b: number): number {
  const { areas, colours } = statistics;
  const [shareA, shareB] = [1 / (areas[a] ?? 1), 1 / (areas[b] ?? 1)];
  let sum = 0;
  for (let c = 0; c < 3; c++) {
    const step = (colours[3 * a + c] ?? 0) * shareA - (colours[3 * b + c] ?? 0) * shareB;
    sum += step * step;
  }
  return Math.sqrt(sum);
}

/** Share of the histograms' mass that differs, mean over the four histograms: 0..1. */
export function histogramDistance(statistics: RegionStatistics, a: number, b: number): number {
  const { areas, histograms } = statistics;
  const [shareA, shareB] = [1 / (areas[a] ?? 1), 1 / (areas[b] ?? 1)];
  const [atA, atB] = [a * HISTOGRAM_BINS, b * HISTOGRAM_BINS];
  let sum = 0;
  for (let bin = 0; bin < HISTOGRAM_BINS; bin++) {
    sum += Math.abs((histograms[atA + bin] ?? 0) * shareA - (histograms[atB + bin] ?? 0) * shareB);
  }
  return sum / 8;
}

/** Squared distance of the mean embeddings; 0 without them. */
export function embeddingDistance(statistics: RegionStatistics, a: number, b: number): number {
  const { areas, embeddings } = statistics;
  if (embeddings.length === 0) return 0;
  const [shareA, shareB] = [1 / (areas[a] ?? 1), 1 / (areas[b] ?? 1)];
  const [atA, atB] = [a * EMBEDDING_SIZE, b * EMBEDDING_SIZE];
  let sum = 0;
  for (let d = 0; d < EMBEDDING_SIZE; d++) {
    const step = (embeddings[atA + d] ?? 0) * shareA - (embeddings[atB + d] ?? 0) * shareB;
    sum += step * step;
  }
  return sum;
}

/** Difference of the mean thingness, 0..1. */
export function thingDistance({ areas, things }: RegionStatistics, a: number, b: number): number {
  return Math.abs((things[a] ?? 0) / (areas[a] ?? 1) - (things[b] ?? 0) / (areas[b] ?? 1));
}

/** Mean squared distance of a region's embeddings to their mean. */
export function embeddingSpread({ areas, embeddings, squares }: RegionStatistics, region: number): number {
  if (embeddings.length === 0) return 0;
  const share = 1 / (areas[region] ?? 1);
  let mean = 0;
  for (let d = 0; d < EMBEDDING_SIZE; d++) mean += ((embeddings[EMBEDDING_SIZE * region + d] ?? 0) * share) ** 2;
  return Math.max(0, (squares[region] ?? 0) * share - mean);
}

/** 1 - cosine of the pooled tokens, 0..2; 0 without usable tokens. */
export function tokenDistance(statistics: RegionStatistics, a: number, b: number): number {
  const { tokens, dimensions, tokenLengths } = statistics;
  const lengths = (tokenLengths[a] ?? 0) * (tokenLengths[b] ?? 0);
  // Also 0 where a model gave tokens that are not numbers: colour goes on alone.
  if (!(lengths > 0 && lengths < Number.POSITIVE_INFINITY)) return 0;
  const [atA, atB] = [a * dimensions, b * dimensions];
  let dot = 0;
  for (let d = 0; d < dimensions; d++) dot += (tokens[atA + d] ?? 0) * (tokens[atB + d] ?? 0);
  return 1 - dot / lengths;
}
