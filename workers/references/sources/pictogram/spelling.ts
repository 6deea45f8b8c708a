/** A misspelt name is taken for another only where there is little doubt: a wrong guess is worse than none. */

/**
 * Optimal string alignment distance: insertions, deletions, substitutions and transpositions of neighbours, each 1.
 * @returns the distance, or `limit` + 1 when it is greater than the limit
 */
export function editDistance(a: readonly string[], b: readonly string[], limit: number): number {
  if (Math.abs(a.length - b.length) > limit) {
    return limit + 1;
  }
  let before = new Uint16Array(b.length + 1);
  let last = Uint16Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const row = new Uint16Array(b.length + 1);
    row[0] = i;
    let least = i;
    for (let j = 1; j <= b.length; j++) {
      const changed = (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let cost = Math.min(changed, (last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, (before[j - 2] ?? 0) + 1);
      }
      row[j] = cost;
      least = Math.min(least, cost);
    }
    if (least > limit) {
      return limit + 1;
    }
    before = last;
    last = row;
  }
  return Math.min(limit + 1, last[b.length] ?? 0);
}

/** Two neighbours changed places, or a letter was doubled or a doubled one written once: slips of the fingers. */
function isSlip(typed: readonly string[], meant: readonly string[]): boolean {
  if (typed.length === meant.length) {
    return [...typed].sort().join("") === [...meant].sort().join("");
  }
  const undoubled = (letters: readonly string[]): string =>
    letters.filter((one, at) => one !== letters[at - 1]).join("");
  return undoubled(typed) === undoubled(meant);
}

/** Letters from which on a letter too many or too few, another letter, or two errors are forgiven. */
const LENGTH_FOR = { missing: 5, changed: 6, two: 9 } as const;

function isForgiven(typed: readonly string[], meant: readonly string[]): boolean {
  const length = typed.length;
  const distance = editDistance(typed, meant, length >= LENGTH_FOR.two ? 2 : 1);
  if (distance === 1 && length >= 3 && isSlip(typed, meant)) {
    return true;
  }
  // The first letter is seldom wrong, and words that differ in it are seldom alike.
  if (typed[0] !== meant[0]) {
    return false;
  }
  if (distance === 1) {
    return length >= (length === meant.length ? LENGTH_FOR.changed : LENGTH_FOR.missing);
  }
  return distance === 2 && length >= LENGTH_FOR.two;
}

/**
 * The known name that a misspelt one most likely means, or null.
 * @param typed a key as compactKey makes it
 * @param known keys of names in the order of their worth
 */
export function respelt(typed: string, known: Iterable<string>): string | null {
  const letters = [...typed];
  let best: string | null = null;
  let bestDistance = Infinity;
  for (const key of known) {
    if (Math.abs(key.length - typed.length) > 2) {
      continue;
    }
    const other = [...key];
    if (key === typed || !isForgiven(letters, other)) {
      continue;
    }
    // A slip goes before any other single error.
    const distance = editDistance(letters, other, 2) - (isSlip(letters, other) ? 0.5 : 0);
    if (distance < bestDistance) {
      best = key;
      bestDistance = distance;
    }
  }
  return best;
}
