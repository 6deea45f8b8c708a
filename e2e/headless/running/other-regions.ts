import type { Coverage } from "../../../workers/imaging/coverage.ts";
import { patchCoverage } from "../../../workers/imaging/coverage.ts";
import { type RegionSet, regionSetOfMasks, regionSetOfTree } from "../../../workers/imaging/region-set.ts";
import type { Runs } from "../../../workers/imaging/runs.ts";
import type { DescribedPicture } from "../../../workers/pictures.ts";
import { RegionTreeProposer } from "../../../workers/proposals/region-tree/region-tree.ts";

/**
 * What is matched. "app": the app's regions. "plain": the tree without the region network. "dense": no regions, a grid of
 * points with the tokens between their patches. "truth": the true masks themselves, which no segmenter has.
 */
export const REGION_KINDS = ["app", "plain", "dense", "truth"] as const;
export type RegionKind = (typeof REGION_KINDS)[number];

/** Points of the dense grid along a patch's side. */
const POINTS = 2;

/** The same picture with other regions. @param masks true masks of the things, over the working image */
export async function withRegions(
  kind: RegionKind,
  described: DescribedPicture,
  masks: readonly Runs[],
): Promise<DescribedPicture> {
  const { image, tokens } = described;
  const { rows, columns } = tokens;
  if (kind === "app") return described;
  if (kind === "dense") {
    const regions = pointGrid(image.width, image.height, rows, columns);
    return { image, tokens, regions, coverage: betweenPatches(rows, columns) };
  }
  const regions =
    kind === "plain"
      ? await new RegionTreeProposer().propose(image, tokens, new AbortController().signal)
      : regionSetOfMasks(image.width, image.height, masks, new Float32Array(masks.length).fill(1));
  return { image, tokens, regions, coverage: patchCoverage(regions, rows, columns) };
}

/** The cells around the points, each for itself. */
function pointGrid(width: number, height: number, rows: number, columns: number): RegionSet {
  const [down, across] = [POINTS * rows, POINTS * columns];
  const count = down * across;
  const leafMap = new Uint16Array(width * height);
  for (let y = 0, pixel = 0; y < height; y += 1) {
    const first = across * Math.floor(((y + 0.5) * down) / height);
    for (let x = 0; x < width; x += 1, pixel += 1) leafMap[pixel] = first + Math.floor(((x + 0.5) * across) / width);
  }
  const parent = new Int32Array(count).fill(-1);
  return regionSetOfTree(width, height, { leaves: count, parent, leafMap }, new Float32Array(count).fill(1));
}

interface Step {
  readonly patch: number;
  readonly weight: number;
}

/** The two patches beside each point of one side of the grid, by how near they are. */
function stepsAlong(patches: number): Step[][] {
  return Array.from({ length: POINTS * patches }, (_, point) => {
    const at = Math.min(patches - 1, Math.max(0, (point + 0.5) / POINTS - 0.5));
    const before = Math.floor(at);
    const share = at - before;
    if (share === 0) return [{ patch: before, weight: 1 }];
    return [
      { patch: before, weight: 1 - share },
      { patch: before + 1, weight: share },
    ];
  });
}

/** Bilinear weights of the patches around each point of the grid. */
function betweenPatches(rows: number, columns: number): Coverage {
  const [down, across] = [stepsAlong(rows), stepsAlong(columns)];
  const points = down.flatMap((above) =>
    across.map((beside) =>
      above.flatMap((y) => beside.map((x) => ({ patch: y.patch * columns + x.patch, weight: y.weight * x.weight }))),
    ),
  );
  const offsets = Uint32Array.from({ length: points.length + 1 });
  for (const [at, entries] of points.entries()) offsets[at + 1] = (offsets[at] ?? 0) + entries.length;
  const flat = points.flat();
  return {
    count: points.length,
    offsets,
    patches: Uint32Array.from(flat, ({ patch }) => patch),
    weights: Float32Array.from(flat, ({ weight }) => weight),
    parent: null,
  };
}
