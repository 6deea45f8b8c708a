import { outlineOfRuns } from "../imaging/outline.ts";

/**
 * The area of each label as SVG path data along pixel edges, in working pixels. Label 0 has none.
 * @param map row-major labels, width * height
 * @param only when given, this label alone
 */
export function areaPaths(map: Uint16Array, width: number, only: number | null = null): ReadonlyMap<number, string> {
  const runs = new Map<number, number[]>();
  scanRuns(
    map.length,
    (pixel) => {
      const label = map[pixel] ?? 0;
      return only === null || label === only ? label : 0;
    },
    (label, from, to) => {
      const known = runs.get(label);
      if (known) known.push(from, to - from);
      else runs.set(label, [from, to - from]);
    },
  );
  return new Map([...runs].map(([label, list]) => [label, outlineOfRuns(Uint32Array.from(list), width)]));
}

/**
 * The pixel edges between different regions of one and the same class, as SVG path data of straight strokes, by label.
 * Class 0 has none.
 */
export function seamPaths(
  regionMap: Uint16Array,
  classMap: Uint16Array,
  width: number,
  height: number,
): ReadonlyMap<number, string> {
  const parts = new Map<number, string[]>();
  const add = (label: number, stroke: string) => {
    const known = parts.get(label);
    if (known) known.push(stroke);
    else parts.set(label, [stroke]);
  };
  // Both directions row by row, because columns lie far apart in memory: upright strokes stay open until they end.
  const openLabel = new Uint16Array(width);
  const openFrom = new Uint32Array(width);
  for (let y = 0; y <= height; y += 1) {
    const row = y * width;
    const isInside = y < height;
    for (let x = 1; x < width; x += 1) {
      const label = isInside ? labelBetween(regionMap, classMap, row + x, row + x - 1) : 0;
      const open = openLabel[x] ?? 0;
      if (label === open) continue;
      if (open !== 0) add(open, `M${x} ${openFrom[x] ?? 0}V${y}`);
      openLabel[x] = label;
      openFrom[x] = y;
    }
    if (y === 0 || !isInside) continue;
    scanRuns(
      width,
      (x) => labelBetween(regionMap, classMap, row + x, row + x - width),
      (label, from, to) => add(label, `M${from} ${y}H${to}`),
    );
  }
  return new Map([...parts].map(([label, strokes]) => [label, strokes.join("")]));
}

/** The class that two neighbours share although their regions differ, else 0. */
function labelBetween(regionMap: Uint16Array, classMap: Uint16Array, a: number, b: number): number {
  return regionMap[a] !== regionMap[b] && classMap[a] === classMap[b] ? (classMap[a] ?? 0) : 0;
}

/** Calls `found` for every run of equal labels above 0; `to` is one past its end. */
function scanRuns(
  length: number,
  labelAt: (place: number) => number,
  found: (label: number, from: number, to: number) => void,
): void {
  let from = 0;
  let current = 0;
  for (let place = 0; place <= length; place += 1) {
    const label = place < length ? labelAt(place) : 0;
    if (label === current) continue;
    if (current !== 0) found(current, from, place);
    from = place;
    current = label;
  }
}
