import type { Atoms, Contacts } from "./compose-atoms.ts";
import type { ScoreTable } from "./compose-blending.ts";

/** Connected pieces of atoms; pieces are numbered in the order of their first atoms. */
export interface Pieces {
  readonly count: number;
  /** Atom -> piece. */
  readonly ofAtom: Uint32Array<ArrayBuffer>;
  /** Column of the score table: 0 other, c + 1 class c. */
  readonly labels: Uint32Array<ArrayBuffer>;
  /** Pixels a piece. */
  readonly areas: Uint32Array<ArrayBuffer>;
}

/** The best column of every atom; of equal ones the first, so that ties are "other". */
export function bestColumns(table: ScoreTable): Uint32Array<ArrayBuffer> {
  const { count, columns, scores } = table;
  const best = new Uint32Array(count);
  for (let row = 0; row < count; row++) {
    let at = 0;
    for (let column = 1; column < columns; column++) {
      if ((scores[row * columns + column] ?? 0) > (scores[row * columns + at] ?? 0)) at = column;
    }
    best[row] = at;
  }
  return best;
}

/**
 * Joins atoms that touch and have one label, then gives each piece smaller than `smallest` pixels to the neighbour that
 * it shares the longest border with, smallest pieces first, until all are large enough or one is left.
 * @param keepApart true: atoms of one label stay pieces of their own (masks are things, and two things may touch).
 */
export function joinPieces(
  atoms: Atoms,
  contacts: Contacts,
  labels: Uint32Array<ArrayBuffer>,
  smallest: number,
  keepApart: boolean,
): Pieces {
  const forest = new Forest(atoms.areas);
  if (!keepApart) {
    for (let atom = 0; atom < atoms.count; atom++) {
      const end = contacts.offsets[atom + 1] ?? 0;
      for (let slot = contacts.offsets[atom] ?? 0; slot < end; slot++) {
        const other = contacts.neighbours[slot] ?? 0;
        if (other > atom && labels[other] === labels[atom]) forest.join(atom, other);
      }
    }
  }
  absorbSlivers(forest, atoms, contacts, labels, smallest, keepApart);
  return numbered(forest, atoms, labels);
}

/** Union-find over atoms with areas; the larger piece keeps its label. */
class Forest {
  readonly parent: Uint32Array<ArrayBuffer>;
  readonly areas: Uint32Array<ArrayBuffer>;

  constructor(areas: Uint32Array<ArrayBuffer>) {
    this.parent = Uint32Array.from(areas, (_, atom) => atom);
    this.areas = areas.slice();
  }

  find(atom: number): number {
    let root = atom;
    while (this.parent[root] !== root) {
      const above = this.parent[root] ?? root;
      this.parent[root] = this.parent[above] ?? above;
      root = this.parent[root] ?? root;
    }
    return root;
  }

  /** Joins two pieces and returns the root, which is the larger one's. */
  join(a: number, b: number): number {
    const [first, second] = [this.find(a), this.find(b)];
    if (first === second) return first;
    const [large, small] = (this.areas[first] ?? 0) >= (this.areas[second] ?? 0) ? [first, second] : [second, first];
    this.parent[small] = large;
    this.areas[large] = (this.areas[large] ?? 0) + (this.areas[small] ?? 0);
    return large;
  }
}

function absorbSlivers(
  forest: Forest,
  atoms: Atoms,
  contacts: Contacts,
  labels: Uint32Array<ArrayBuffer>,
  smallest: number,
  keepApart: boolean,
): void {
  const members = Array.from({ length: atoms.count }, (_, atom) => atom)
    .filter((atom) => (forest.areas[forest.find(atom)] ?? 0) < smallest)
    .sort((a, b) => (forest.areas[forest.find(a)] ?? 0) - (forest.areas[forest.find(b)] ?? 0) || a - b);
  const slivers = new Map<number, number[]>();
  for (const atom of members) {
    const root = forest.find(atom);
    const list = slivers.get(root);
    if (list === undefined) slivers.set(root, [atom]);
    else list.push(atom);
  }
  for (const [sliver, list] of slivers) {
    // Meanwhile it may have grown by another sliver; then it is judged by its new size.
    if ((forest.areas[forest.find(sliver)] ?? 0) >= smallest) continue;
    const neighbour = longestContact(forest, contacts, list);
    if (neighbour < 0) continue;
    const label = labels[neighbour] ?? 0;
    const root = forest.join(sliver, neighbour);
    labels[root] = label;
    // The piece may now touch another of its label.
    if (!keepApart) joinAround(forest, contacts, labels, list, root);
  }
}

/** Root of the neighbouring piece with the longest shared border; -1 when there is none. */
function longestContact(forest: Forest, contacts: Contacts, members: readonly number[]): number {
  const lengths = new Map<number, number>();
  const own = forest.find(members[0] ?? 0);
  let best = -1;
  for (const atom of members) {
    const end = contacts.offsets[atom + 1] ?? 0;
    for (let slot = contacts.offsets[atom] ?? 0; slot < end; slot++) {
      const root = forest.find(contacts.neighbours[slot] ?? 0);
      if (root === own) continue;
      const length = (lengths.get(root) ?? 0) + (contacts.lengths[slot] ?? 0);
      lengths.set(root, length);
      if (best < 0 || length > (lengths.get(best) ?? 0)) best = root;
    }
  }
  return best;
}

function joinAround(
  forest: Forest,
  contacts: Contacts,
  labels: Uint32Array<ArrayBuffer>,
  members: readonly number[],
  joined: number,
): void {
  const label = labels[joined] ?? 0;
  for (const atom of members) {
    const end = contacts.offsets[atom + 1] ?? 0;
    for (let slot = contacts.offsets[atom] ?? 0; slot < end; slot++) {
      const root = forest.find(contacts.neighbours[slot] ?? 0);
      if (labels[root] === label) labels[forest.join(root, atom)] = label;
    }
  }
}

function numbered(forest: Forest, atoms: Atoms, labels: Uint32Array<ArrayBuffer>): Pieces {
  const numbers = new Map<number, number>();
  const ofAtom = new Uint32Array(atoms.count);
  for (let atom = 0; atom < atoms.count; atom++) {
    const root = forest.find(atom);
    const number = numbers.get(root) ?? numbers.size;
    numbers.set(root, number);
    ofAtom[atom] = number;
  }
  const roots = [...numbers.keys()];
  return {
    count: roots.length,
    ofAtom,
    labels: Uint32Array.from(roots, (root) => labels[root] ?? 0),
    areas: Uint32Array.from(roots, (root) => forest.areas[root] ?? 0),
  };
}
