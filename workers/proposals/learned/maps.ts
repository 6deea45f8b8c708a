/** Numbers of the region network's embedding. */
export const EMBEDDING_SIZE = 16;

/** What the region network says of a picture, on a grid laid over the whole of it (four cells a patch side). */
export interface RegionMaps {
  readonly rows: number;
  readonly columns: number;
  /** rows * columns: how likely a boundary runs through a cell, 0..1. */
  readonly boundary: Float32Array<ArrayBuffer>;
  /** rows * columns: how likely a cell is part of a thing (not ground or stuff), 0..1. */
  readonly thing: Float32Array<ArrayBuffer>;
  /** rows * columns * EMBEDDING_SIZE: cells of one thing lie near each other. */
  readonly embedding: Float32Array<ArrayBuffer>;
}

/** The maps as pixels of a picture ask for them. */
export interface PixelMaps {
  /** width * height: boundary, bilinear. */
  readonly boundary: Float32Array<ArrayBuffer>;
  /** width: column of the cell that a pixel lies in. */
  readonly cellOfColumn: Uint32Array<ArrayBuffer>;
  /** height: index of the first cell of the row that a pixel lies in. */
  readonly cellOfRow: Uint32Array<ArrayBuffer>;
  readonly thing: Float32Array<ArrayBuffer>;
  readonly embedding: Float32Array<ArrayBuffer>;
}

/** Lays maps over a picture of width x height pixels. */
export function pixelMaps(maps: RegionMaps, width: number, height: number): PixelMaps {
  const { rows, columns } = maps;
  return {
    boundary: bilinear(maps.boundary, rows, columns, width, height),
    cellOfColumn: Uint32Array.from({ length: width }, (_, x) => Math.floor(((x + 0.5) * columns) / width)),
    cellOfRow: Uint32Array.from({ length: height }, (_, y) => columns * Math.floor(((y + 0.5) * rows) / height)),
    thing: maps.thing,
    embedding: maps.embedding,
  };
}

function bilinear(values: Float32Array, rows: number, columns: number, width: number, height: number) {
  const out = new Float32Array(width * height);
  const left = new Uint32Array(width);
  const right = new Uint32Array(width);
  const share = new Float32Array(width);
  for (let x = 0; x < width; x++) {
    const at = Math.min(columns - 1, Math.max(0, ((x + 0.5) * columns) / width - 0.5));
    left[x] = Math.floor(at);
    right[x] = Math.min(columns - 1, Math.floor(at) + 1);
    share[x] = at - Math.floor(at);
  }
  const line = new Float32Array(columns);
  for (let y = 0; y < height; y++) {
    const at = Math.min(rows - 1, Math.max(0, ((y + 0.5) * rows) / height - 0.5));
    const above = columns * Math.floor(at);
    const below = columns * Math.min(rows - 1, Math.floor(at) + 1);
    const part = at - Math.floor(at);
    for (let c = 0; c < columns; c++) {
      const top = values[above + c] ?? 0;
      line[c] = top + part * ((values[below + c] ?? 0) - top);
    }
    const row = y * width;
    for (let x = 0; x < width; x++) {
      const from = line[left[x] ?? 0] ?? 0;
      out[row + x] = from + (share[x] ?? 0) * ((line[right[x] ?? 0] ?? 0) - from);
    }
  }
  return out;
}
