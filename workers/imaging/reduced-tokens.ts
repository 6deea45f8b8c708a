import type { PatchTokens } from "./patch-tokens.ts";

/** Sparse rows of an area filter: output i is the sum of share[k] * input[at[k]] for k in start[i] .. start[i+1]-1. */
interface Shares {
  readonly start: readonly number[];
  readonly at: readonly number[];
  readonly share: readonly number[];
}

/** What of each of `from` cells in a row falls into each of `to` cells laid over the same length; sums to 1 for each of those. */
function sharesOf(from: number, to: number): Shares {
  const [start, at, share]: [number[], number[], number[]] = [[0], [], []];
  const step = from / to;
  for (let i = 0; i < to; i += 1) {
    const [begin, end] = [i * step, (i + 1) * step];
    for (let j = Math.floor(begin); j < Math.min(from, Math.ceil(end)); j += 1) {
      const both = Math.min(j + 1, end) - Math.max(j, begin);
      if (both <= 0) continue;
      at.push(j);
      share.push(both / step);
    }
    start.push(at.length);
  }
  return { start, at, share };
}

/**
 * Tokens of a grid whose long side is at most `longest` patches: each is the mean of those that it covers, by area. A grid
 * that is no longer than that is given back as it is.
 * @param longest at least 1
 */
export function reducedTokens(tokens: PatchTokens, longest: number): PatchTokens {
  const { rows, columns, dimensions, data } = tokens;
  const scale = longest / Math.max(rows, columns);
  if (scale >= 1) return tokens;
  const [fewerRows, fewerColumns] = [rows, columns].map((side) => Math.max(1, Math.round(side * scale))) as [
    number,
    number,
  ];
  const down = sharesOf(rows, fewerRows);
  const across = sharesOf(columns, fewerColumns);
  const out = new Float32Array(fewerRows * fewerColumns * dimensions);
  for (let row = 0; row < fewerRows; row += 1) {
    for (let v = down.start[row] ?? 0; v < (down.start[row + 1] ?? 0); v += 1) {
      for (let column = 0; column < fewerColumns; column += 1) {
        const to = (row * fewerColumns + column) * dimensions;
        for (let h = across.start[column] ?? 0; h < (across.start[column + 1] ?? 0); h += 1) {
          const weight = (down.share[v] ?? 0) * (across.share[h] ?? 0);
          const from = ((down.at[v] ?? 0) * columns + (across.at[h] ?? 0)) * dimensions;
          for (let d = 0; d < dimensions; d += 1) out[to + d] = (out[to + d] ?? 0) + weight * (data[from + d] ?? 0);
        }
      }
    }
  }
  return { rows: fewerRows, columns: fewerColumns, dimensions, data: out };
}
