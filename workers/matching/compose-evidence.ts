import type { RegionSet } from "../imaging/region-set.ts";
import type { Atoms } from "./compose-atoms.ts";
import type { Pieces } from "./compose-pieces.ts";
import { NO_CLASS } from "./ranking/layout.ts";
import type { Ranking } from "./ranking/layout.ts";

/** References shown for a piece. */
const MOST_REFERENCES = 4;

/** 4 a piece: x, y, width, height. */
export function pieceBoxes(regions: RegionSet, atoms: Atoms, pieces: Pieces): Uint16Array<ArrayBuffer> {
  const { width } = regions;
  const left = new Uint16Array(pieces.count).fill(0xffff);
  const top = new Uint16Array(pieces.count).fill(0xffff);
  const right = new Uint16Array(pieces.count);
  const bottom = new Uint16Array(pieces.count);
  for (let pixel = 0, x = 0, y = 0; pixel < atoms.map.length; pixel++) {
    const piece = pieces.ofAtom[atoms.map[pixel] ?? 0] ?? 0;
    if (x < (left[piece] ?? 0)) left[piece] = x;
    if (y < (top[piece] ?? 0)) top[piece] = y;
    if (x >= (right[piece] ?? 0)) right[piece] = x + 1;
    bottom[piece] = y + 1;
    if (++x === width) {
      x = 0;
      y++;
    }
  }
  const boxes = new Uint16Array(4 * pieces.count);
  for (let piece = 0; piece < pieces.count; piece++) {
    const [x, y] = [left[piece] ?? 0, top[piece] ?? 0];
    boxes.set([x, y, (right[piece] ?? 0) - x, (bottom[piece] ?? 0) - y], 4 * piece);
  }
  return boxes;
}

/** The region of the set that overlaps each piece best (shared area over joint area). */
export function bestOverlaps(regions: RegionSet, atoms: Atoms, pieces: Pieces): Uint32Array<ArrayBuffer> {
  const best = new Uint32Array(pieces.count);
  const overlap = new Float32Array(pieces.count).fill(-1);
  const consider = (region: number, piece: number, shared: number): void => {
    const joint = (regions.areas[region] ?? 0) + (pieces.areas[piece] ?? 0) - shared;
    if (shared / joint <= (overlap[piece] ?? 0)) return;
    overlap[piece] = shared / joint;
    best[piece] = region;
  };
  // Shared areas of one node with the pieces; a child's are handed to its parent.
  const shares: (Map<number, number> | undefined)[] = [];
  for (let atom = 0; atom < atoms.count; atom++) {
    const region = atoms.regions[atom] ?? -1;
    if (region < 0) continue;
    const piece = pieces.ofAtom[atom] ?? 0;
    const map = shares[region] ?? new Map<number, number>();
    shares[region] = map.set(piece, (map.get(piece) ?? 0) + (atoms.areas[atom] ?? 0));
  }
  for (let region = 0; region < regions.count; region++) {
    const own = shares[region];
    if (own === undefined) continue;
    for (const [piece, shared] of own) consider(region, piece, shared);
    const parent = regions.tree?.parent[region] ?? -1;
    if (parent < 0) continue;
    const above = shares[parent];
    if (above === undefined) {
      shares[parent] = own;
      continue;
    }
    const [small, large] = own.size < above.size ? [own, above] : [above, own];
    for (const [piece, shared] of small) large.set(piece, (large.get(piece) ?? 0) + shared);
    shares[parent] = large;
  }
  return best;
}

/**
 * For every piece with a class, the references of that class nearest to its atoms and to the region that stands for it:
 * weighed by the area that they speak for, at most four.
 */
export function nearestReferences(
  ranking: Ranking,
  atoms: Atoms,
  pieces: Pieces,
  nodes: Uint32Array<ArrayBuffer>,
): number[][] {
  const votes = Array.from({ length: pieces.count }, () => new Map<number, number>());
  const vote = (region: number, piece: number, weight: number): void => {
    const label = pieces.labels[piece] ?? 0;
    if (label === 0) return;
    for (let slot = region * ranking.slots; slot < (region + 1) * ranking.slots; slot++) {
      if (ranking.candidates[slot] === NO_CLASS) return;
      if (ranking.candidates[slot] !== label - 1) continue;
      const reference = ranking.nearest[slot] ?? 0;
      votes[piece]?.set(reference, (votes[piece]?.get(reference) ?? 0) + weight);
    }
  };
  for (let atom = 0; atom < atoms.count; atom++) {
    const region = atoms.regions[atom] ?? -1;
    if (region >= 0) vote(region, pieces.ofAtom[atom] ?? 0, atoms.areas[atom] ?? 0);
  }
  for (let piece = 0; piece < pieces.count; piece++) vote(nodes[piece] ?? 0, piece, pieces.areas[piece] ?? 0);
  return votes.map((references) =>
    [...references]
      .sort((a, b) => b[1] - a[1] || a[0] - b[0])
      .slice(0, MOST_REFERENCES)
      .map(([reference]) => reference),
  );
}
