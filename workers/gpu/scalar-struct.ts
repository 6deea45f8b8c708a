/** The fields of a WGSL struct of 32-bit scalars, in their order in memory. */
export type ScalarLayout = Readonly<Record<string, "u32" | "i32" | "f32">>;

/** One number a field. */
export type ScalarValues<Layout extends ScalarLayout> = Readonly<Record<keyof Layout, number>>;

/** Bytes of one scalar. */
export const SCALAR_BYTES = 4;

/** Bytes of such a struct, as an element of an array or alone. */
export function structBytes(layout: ScalarLayout): number {
  return SCALAR_BYTES * Object.keys(layout).length;
}

/** Packs a struct for upload. */
export function packStruct<Layout extends ScalarLayout>(
  layout: Layout,
  values: ScalarValues<Layout>,
): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(structBytes(layout));
  const view = new DataView(bytes.buffer);
  Object.entries(layout).forEach(([name, type], index) => {
    const value = values[name] ?? 0;
    const offset = index * SCALAR_BYTES;
    if (type === "u32") view.setUint32(offset, value, true);
    else if (type === "i32") view.setInt32(offset, value, true);
    else view.setFloat32(offset, value, true);
  });
  return bytes;
}
