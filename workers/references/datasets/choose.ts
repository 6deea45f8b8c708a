import type { Thing } from "./dataset.ts";

/** Things that cover less of their picture than this teach little: they are taken when there is nothing else. */
const LEAST_SHARE = 0.01;

/**
 * At most so many things of one class, spread evenly: first the largest thing of each picture, in the pictures' order, then
 * the second largest. Small things come last.
 */
export function chooseEvenly(things: readonly Thing[], most: number): readonly Thing[] {
  const rounds = [
    ...roundsOf(things.filter(({ share }) => share >= LEAST_SHARE)),
    ...roundsOf(things.filter(({ share }) => share < LEAST_SHARE)),
  ];
  const chosen: Thing[] = [];
  for (const round of rounds) {
    const room = most - chosen.length;
    if (room <= 0) break;
    chosen.push(...spread(round, room));
  }
  return chosen.sort((a, b) => a.picture - b.picture);
}

/** The largest things of all pictures, then their second largest, and so on. */
function roundsOf(things: readonly Thing[]): readonly (readonly Thing[])[] {
  const byPicture = new Map<number, Thing[]>();
  for (const thing of things) {
    const own = byPicture.get(thing.picture);
    if (own) own.push(thing);
    else byPicture.set(thing.picture, [thing]);
  }
  const rounds: Thing[][] = [];
  for (const own of byPicture.values()) {
    own.sort((a, b) => b.share - a.share);
    own.forEach((thing, round) => (rounds[round] ??= []).push(thing));
  }
  return rounds;
}

/** So many of a list, at even distances. */
function spread<Value>(values: readonly Value[], most: number): readonly Value[] {
  if (values.length <= most) return values;
  return Array.from({ length: most }, (_, at) => values[Math.floor(((at + 0.5) * values.length) / most)]).filter(
    (value) => value !== undefined,
  );
}
