/**
 * How deep inside its region every pixel lies: the chessboard distance to the nearest pixel of another region or
 * beyond the picture, 1 at the rim, at most 255. Two sweeps, exact for the chessboard metric (Rosenfeld and Pfaltz
 * 1968). It lets the shader look for edges only where there are some.
 * @param regionMap row-major, width * height
 */
export function depthInRegion(regionMap: Uint16Array, width: number, height: number): Uint8Array<ArrayBuffer> {
  const depth = new Uint8Array(width * height);
  sweep(regionMap, depth, width, height, 1);
  sweep(regionMap, depth, width, height, -1);
  return depth;
}

/** One sweep in reading order (step 1) or against it (step -1), with the four neighbours that it has passed. */
function sweep(regionMap: Uint16Array, depth: Uint8Array, width: number, height: number, step: 1 | -1): void {
  const last = width * height - 1;
  const back = -step;
  const above = -step * width;
  for (let count = 0; count <= last; count += 1) {
    const pixel = step === 1 ? count : last - count;
    const column = pixel % width;
    if (column === 0 || column === width - 1 || count < width) {
      depth[pixel] = 1;
      continue;
    }
    const region = regionMap[pixel];
    const within =
      regionMap[pixel + back] === region &&
      regionMap[pixel + above] === region &&
      regionMap[pixel + above - 1] === region &&
      regionMap[pixel + above + 1] === region;
    const reached = within
      ? 1 +
        Math.min(
          depth[pixel + back] ?? 0,
          depth[pixel + above] ?? 0,
          depth[pixel + above - 1] ?? 0,
          depth[pixel + above + 1] ?? 0,
        )
      : 1;
    // The first sweep finds zeros to overwrite; the second keeps what is nearer.
    const known = depth[pixel] ?? 0;
    depth[pixel] = Math.min(255, step === 1 ? reached : Math.min(known, reached));
  }
}
