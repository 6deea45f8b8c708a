import { EngineError, type HeatMap, type HeatQuery, type Point } from "./contract.ts";
import { normalise } from "./features/whitening.ts";
import type { Descriptors } from "./imaging/patch-tokens.ts";
import type { Labelled } from "./labelling.ts";
import type { Machine } from "./machine.ts";
import { type MatchSpace, unitsIn } from "./match-space.ts";
import type { MatchTable } from "./match-table.ts";
import { borderMean, centringShare, subtractMean } from "./matching/centring.ts";
import type { HeatQuery as VectorQuery } from "./matching/heat/layout.ts";
import { HEAT_STOPS } from "./painting/heat-layer.ts";
import type { DescribedPicture } from "./pictures.ts";

/** The ramp reaches at least up to here, so that likeness that is none does not glow. */
const LEAST_HIGH = 0.3;

type Grid = Pick<HeatMap, "rows" | "columns" | "values">;
type HeatMachine = Pick<Machine, "pool" | "heat">;

/** Compares the patches of pictures with things, as the match compares regions. */
export class HeatMaps {
  /** Patches as the match would describe regions of one patch. */
  readonly #patches = new WeakMap<
    DescribedPicture,
    { readonly share: number; readonly space: MatchSpace; readonly patches: Descriptors }
  >();

  /** @throws EngineError as showHeat does */
  async map(described: DescribedPicture, labelled: Labelled, query: HeatQuery, machine: HeatMachine): Promise<HeatMap> {
    const patches = await this.#patchesOf(described, labelled.match, machine);
    const { rows, columns } = described.tokens;
    const values = await machine.heat(patches, vectorQuery(query, described, labelled, patches));
    const high = values.reduce((most, value) => Math.max(most, value), LEAST_HIGH);
    return {
      columns,
      rows,
      values,
      regions: regionMeans(labelled, { rows, columns, values }),
      low: 0,
      high,
      stops: HEAT_STOPS,
    };
  }

  async #patchesOf(
    described: DescribedPicture,
    { trust, space }: MatchTable,
    machine: HeatMachine,
  ): Promise<Descriptors> {
    const share = centringShare(trust);
    const known = this.#patches.get(described);
    if (known?.share === share && known.space === space) return known.patches;
    const { tokens, coverage, regions } = described;
    const { dimensions, data } = tokens;
    const unit = unitsIn(space, { count: tokens.rows * tokens.columns, dimensions, data });
    const mean = borderMean(unitsIn(space, await machine.pool(tokens, coverage)), regions, share);
    const patches = subtractMean(unit, mean);
    this.#patches.set(described, { share, space, patches });
    return patches;
  }
}

function vectorQuery(
  query: HeatQuery,
  described: DescribedPicture,
  { match, descriptors, nodes }: Labelled,
  patches: Descriptors,
): VectorQuery {
  switch (query.kind) {
    case "class":
      return classQuery(match, match.classes.indexOf(query.classId));
    case "reference":
      return rowsQuery(match, query.reference);
    case "region": {
      const node = nodes[query.region];
      if (node === undefined) throw new EngineError("region-missing", "The region is no longer there.");
      return oneVector(descriptors, node);
    }
    case "patch":
      return oneVector(patches, patchAt(described, query.point));
  }
}

/** s of a class: see HeatQuery of matching/heat. */
function classQuery({ table }: MatchTable, index: number): VectorQuery {
  const { classOffsets, references, sumLengths, dimensions } = table;
  const [from, to] = [classOffsets[index] ?? 0, classOffsets[index + 1] ?? 0];
  if (index < 0 || to <= from) {
    throw new EngineError("class-missing", "The class has no reference in use to compare with.");
  }
  const length = sumLengths[index] ?? 0;
  return {
    vectors: references.slice(from * dimensions, to * dimensions),
    sumWeight: length > 0 ? 0.5 / length : 0,
    maxWeight: 0.5,
  };
}

function rowsQuery({ table, references }: MatchTable, wanted: string): VectorQuery {
  const { dimensions } = table;
  const rows = references.flatMap((id, row) => (id === wanted ? [row] : []));
  if (rows.length === 0) throw new EngineError("reference-missing", "The reference is not in use.");
  const vectors = new Float32Array(rows.length * dimensions);
  for (const [place, row] of rows.entries()) {
    vectors.set(table.references.subarray(row * dimensions, (row + 1) * dimensions), place * dimensions);
  }
  return { vectors, sumWeight: 0, maxWeight: 1 };
}

/** A descriptor in the place of a reference: made unit length. */
function oneVector({ data, dimensions }: Descriptors, row: number): VectorQuery {
  const vector = { count: 1, dimensions, data: data.slice(row * dimensions, (row + 1) * dimensions) };
  return { vectors: normalise(vector).data, sumWeight: 0, maxWeight: 1 };
}

/** The patch at a place; places outside count as the nearest inside. */
function patchAt({ image, tokens: { rows, columns } }: DescribedPicture, { x, y }: Point): number {
  const column = Math.min(columns - 1, Math.max(0, Math.floor((x / image.width) * columns)));
  const row = Math.min(rows - 1, Math.max(0, Math.floor((y / image.height) * rows)));
  return row * columns + column;
}

/** Mean over the pixels of every region, each counting as the patch that it lies in. */
function regionMeans({ regionMap, regions, width, height }: Labelled, map: Grid): Float32Array<ArrayBuffer> {
  const { rows, columns, values } = map;
  const sums = new Float64Array(regions.length + 1);
  const counts = new Uint32Array(regions.length + 1);
  const column = Uint16Array.from({ length: width }, (_, x) => Math.floor(((x + 0.5) * columns) / width));
  for (let y = 0, pixel = 0; y < height; y += 1) {
    const start = Math.floor(((y + 0.5) * rows) / height) * columns;
    for (let x = 0; x < width; x += 1, pixel += 1) {
      const region = regionMap[pixel] ?? 0;
      sums[region] = (sums[region] ?? 0) + (values[start + (column[x] ?? 0)] ?? 0);
      counts[region] = (counts[region] ?? 0) + 1;
    }
  }
  return Float32Array.from(regions, (_, index) => (sums[index + 1] ?? 0) / Math.max(1, counts[index + 1] ?? 0));
}
