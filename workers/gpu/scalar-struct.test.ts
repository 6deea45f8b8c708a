import { array, assert, float, property, uint8Array } from "fast-check";
import { expect, test } from "vitest";
import { packStruct, structBytes } from "./scalar-struct.ts";
import { structLayouts } from "./struct-layouts.ts";

const LAYOUT = { first: "u32", second: "f32", third: "i32", fourth: "f32" } as const;

test("packed fields are read back as they were given, each at its place", () => {
  const number = float({ noNaN: true, noDefaultInfinity: true });
  assert(
    property(
      array(number, { minLength: 2, maxLength: 2 }),
      uint8Array({ minLength: 8, maxLength: 8 }),
      (floats, raw) => {
        const view = new DataView(raw.buffer);
        const values = {
          first: view.getUint32(0, true),
          second: floats[0] ?? NaN,
          third: view.getInt32(4, true),
          fourth: floats[1] ?? NaN,
        };
        const packed = packStruct(LAYOUT, values);
        expect(new Uint32Array(packed.buffer)[0]).toBe(values.first);
        expect(new Float32Array(packed.buffer)[1]).toBe(values.second);
        expect(new Int32Array(packed.buffer)[2]).toBe(values.third);
        expect(new Float32Array(packed.buffer)[3]).toBe(values.fourth);
      },
    ),
    { seed: 4 },
  );
});

test("a shader's struct of the same fields has the same places and size", () => {
  const source = `
    struct Mixed { first: u32, second: f32, third: i32, fourth: f32 }
    @group(0) @binding(0) var<uniform> mixed: Mixed;
    @compute @workgroup_size(1) fn main() { _ = mixed.first; }`;
  const mixed = structLayouts(source).get("Mixed");
  expect(mixed?.layout).toEqual(LAYOUT);
  expect(mixed?.offsets).toEqual([0, 4, 8, 12]);
  expect(mixed?.size).toBe(structBytes(LAYOUT));
});
