import { runsOfRegion } from "../imaging/region-set.ts";
import type { RegionSet } from "../imaging/region-set.ts";
import { NO_SCORE } from "./compose-blending.ts";
import type { ScoreTable } from "./compose-blending.ts";

/**
 * The smallest areas that get one label: they partition the picture. Leaves of a tree, or what is seen of each mask
 * when masks are painted over one another.
 */
export interface Atoms {
  readonly count: number;
  /** width * height: atom of every pixel. */
  readonly map: Uint16Array<ArrayBuffer>;
  /** Pixels an atom. */
  readonly areas: Uint32Array<ArrayBuffer>;
  /** Region of the set that an atom comes from; -1 where no mask is. */
  readonly regions: Int32Array<ArrayBuffer>;
}

/** Region maps are Uint16 with 0 for "none": no more pieces than this. */
const MOST_ATOMS = 65_534;

/** The leaves of a tree as atoms. */
export function atomsOfLeaves(regions: RegionSet, leaves: number, leafMap: Uint16Array<ArrayBuffer>): Atoms {
  const areas = regions.areas.slice(0, leaves);
  return { count: leaves, map: leafMap, areas, regions: Int32Array.from({ length: leaves }, (_, leaf) => leaf) };
}

/**
 * Paints masks over one another, the surest last (of equal margins the smaller), and takes the connected pieces of what
 * is then seen of each as atoms; what no mask covers is cut into its connected pieces too.
 */
export function atomsOfMasks(regions: RegionSet, margins: Float32Array<ArrayBuffer>): Atoms {
  const { width, height, count, areas } = regions;
  const order = Uint32Array.from({ length: count }, (_, index) => index).sort(
    (a, b) => (margins[a] ?? 0) - (margins[b] ?? 0) || (areas[b] ?? 0) - (areas[a] ?? 0) || a - b,
  );
  const painted = new Uint32Array(width * height);
  for (const index of order) {
    const runs = runsOfRegion(regions, index);
    for (let i = 0; i < runs.length; i += 2) {
      const start = runs[i] ?? 0;
      painted.fill(index + 1, start, start + (runs[i + 1] ?? 0));
    }
  }
  return connectedAtoms(painted, width, height);
}

/** Connected pieces (4 neighbours) of equal values, in the order of their first pixels. */
function connectedAtoms(painted: Uint32Array, width: number, height: number): Atoms {
  const map = new Uint16Array(painted.length).fill(0xffff);
  const stack = new Uint32Array(painted.length);
  const areas: number[] = [];
  const sources: number[] = [];
  for (let start = 0; start < painted.length; start++) {
    if (map[start] !== 0xffff) continue;
    const value = painted[start] ?? 0;
    // Beyond what the map can number, pieces join the last one: only noise of single pixels comes this far.
    const atom = Math.min(areas.length, MOST_ATOMS - 1);
    let depth = 0;
    let area = 0;
    map[start] = atom;
    stack[depth++] = start;
    while (depth > 0) {
      const pixel = stack[--depth] ?? 0;
      const x = pixel % width;
      area++;
      if (x > 0 && map[pixel - 1] === 0xffff && painted[pixel - 1] === value) {
        map[pixel - 1] = atom;
        stack[depth++] = pixel - 1;
      }
      if (x + 1 < width && map[pixel + 1] === 0xffff && painted[pixel + 1] === value) {
        map[pixel + 1] = atom;
        stack[depth++] = pixel + 1;
      }
      if (pixel >= width && map[pixel - width] === 0xffff && painted[pixel - width] === value) {
        map[pixel - width] = atom;
        stack[depth++] = pixel - width;
      }
      if (pixel + width < width * height && map[pixel + width] === 0xffff && painted[pixel + width] === value) {
        map[pixel + width] = atom;
        stack[depth++] = pixel + width;
      }
    }
    if (atom === areas.length) {
      areas.push(area);
      sources.push(value - 1);
    } else {
      areas[atom] = (areas[atom] ?? 0) + area;
    }
  }
  return { count: areas.length, map, areas: Uint32Array.from(areas), regions: Int32Array.from(sources) };
}

/** Scores of painted atoms: those of their masks. What no mask covers is surely "other". */
export function scoresOfAtoms(atoms: Atoms, table: ScoreTable): ScoreTable {
  const { columns } = table;
  const scores = new Float32Array(atoms.count * columns);
  for (let atom = 0; atom < atoms.count; atom++) {
    const region = atoms.regions[atom] ?? -1;
    const row = atom * columns;
    if (region >= 0) scores.set(table.scores.subarray(region * columns, (region + 1) * columns), row);
    else scores.fill(NO_SCORE, row + 1, row + columns);
  }
  return { count: atoms.count, columns, scores };
}

/** Columns looked at together: about as many as an atom is wide, so that a strip holds one border at a time. */
const STRIP = 16;

/** Which atoms touch, in compressed rows; every contact stands in both rows. */
export interface Contacts {
  readonly offsets: Uint32Array<ArrayBuffer>;
  readonly neighbours: Uint32Array<ArrayBuffer>;
  /** Pixel edges shared. */
  readonly lengths: Float32Array<ArrayBuffer>;
}

const knownContacts = new WeakMap<Uint16Array, Contacts>();

/** Contacts of the atoms of a map. Those of a tree's leaves are found once, however often the classes change. */
export function contactsOf(map: Uint16Array<ArrayBuffer>, count: number, width: number): Contacts {
  const known = knownContacts.get(map);
  if (known) return known;
  const contacts = findContacts(map, count, width);
  knownContacts.set(map, contacts);
  return contacts;
}

function findContacts(map: Uint16Array<ArrayBuffer>, count: number, width: number): Contacts {
  const pairs = new Map<number, number>();
  // Along a border the same two touch again and again: they are counted before they are looked up.
  let last = -1;
  let times = 0;
  const touch = (a: number, b: number): void => {
    const key = a < b ? a * count + b : b * count + a;
    if (key !== last) {
      if (times > 0) pairs.set(last, (pairs.get(last) ?? 0) + times);
      last = key;
      times = 0;
    }
    times += 1;
  };
  for (let pixel = 0; pixel + width < map.length; pixel++) {
    const own = map[pixel] ?? 0;
    const below = map[pixel + width] ?? 0;
    if (below !== own) touch(own, below);
  }
  // Down the columns in strips: as near in memory as rows are, and the same two follow one another.
  for (let left = 0; left + 1 < width; left += STRIP) {
    const right = Math.min(left + STRIP, width - 1);
    for (let row = 0; row < map.length; row += width) {
      for (let pixel = row + left; pixel < row + right; pixel++) {
        const own = map[pixel] ?? 0;
        const next = map[pixel + 1] ?? 0;
        if (next !== own) touch(own, next);
      }
    }
  }
  if (times > 0) pairs.set(last, (pairs.get(last) ?? 0) + times);
  const offsets = new Uint32Array(count + 1);
  for (const key of pairs.keys()) {
    const [a, b] = [Math.floor(key / count), key % count];
    offsets[a + 1] = (offsets[a + 1] ?? 0) + 1;
    offsets[b + 1] = (offsets[b + 1] ?? 0) + 1;
  }
  for (let atom = 0; atom < count; atom++) offsets[atom + 1] = (offsets[atom + 1] ?? 0) + (offsets[atom] ?? 0);
  const next = offsets.slice(0, count);
  const neighbours = new Uint32Array(2 * pairs.size);
  const lengths = new Float32Array(2 * pairs.size);
  const put = (from: number, to: number, length: number): void => {
    const slot = next[from] ?? 0;
    next[from] = slot + 1;
    neighbours[slot] = to;
    lengths[slot] = length;
  };
  for (const [key, length] of pairs) {
    const [a, b] = [Math.floor(key / count), key % count];
    put(a, b, length);
    put(b, a, length);
  }
  return { offsets, neighbours, lengths };
}
