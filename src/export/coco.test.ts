import * as fc from "fast-check";
import { expect, test } from "vitest";
import { rasterised } from "../../e2e/headless/datasets/coco-masks.ts";
import { cocoAnnotations } from "./coco.ts";

const named = (classIndex: number | null): { classIndex: number | null; confidence: number } => ({
  classIndex,
  confidence: 0.5,
});

test("a region's runs go down the columns, its box and area are its own, and what is other is left out", () => {
  const data = Uint16Array.of(1, 1, 2, 1, 3, 3);
  const [first, second, ...rest] = cocoAnnotations({ width: 3, height: 2, data }, [named(4), named(null), named(0)], 7);
  expect(first).toEqual({
    id: 1,
    image_id: 7,
    category_id: 5,
    segmentation: { size: [2, 3], counts: [0, 3, 3] },
    area: 3,
    bbox: [0, 0, 2, 2],
    iscrowd: 0,
    score: 0.5,
  });
  expect(second).toMatchObject({ id: 2, category_id: 1, area: 2, bbox: [1, 1, 2, 1] });
  expect(second?.segmentation.counts).toEqual([3, 1, 1, 1]);
  expect(rest).toEqual([]);
});

test("any region map comes back pixel for pixel from its run lengths", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 1, max: 9 }),
      fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 81, maxLength: 81 }),
      (width, height, values) => {
        const data = Uint16Array.from(values.slice(0, width * height));
        const back = new Uint16Array(width * height);
        for (const one of cocoAnnotations({ width, height, data }, [named(0), named(1), named(2)], 1)) {
          const mask = rasterised(one.segmentation, width, height, "any");
          for (const [at, inside] of mask.entries()) if (inside) back[at] = one.category_id;
          expect(mask.reduce((sum, value) => sum + value, 0)).toBe(one.area);
        }
        expect(back).toEqual(data);
      },
    ),
  );
});
