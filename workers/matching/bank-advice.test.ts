import { describe, expect, it } from "vitest";
import { adviseOn, type ClassRows } from "./bank-advice.ts";

/** Unit rows of 3 numbers from directions. */
function rows(...directions: readonly (readonly [number, number, number])[]): ClassRows {
  const data = new Float32Array(directions.length * 3);
  directions.forEach((direction, at) => {
    const length = Math.hypot(...direction);
    data.set(
      direction.map((value) => value / length),
      at * 3,
    );
  });
  return { count: directions.length, rows: data };
}

describe("advice on a bank", () => {
  it("is none where classes are apart and their references alike, but not the same", async () => {
    const dogs = rows([1, 0.3, 0], [1, 0, 0.3], [1, -0.3, 0], [1, 0, -0.3]);
    const cats = rows([0, 1, 0.3], [0.3, 1, 0], [0, 1, -0.3], [-0.3, 1, 0]);
    expect(await adviseOn([dogs, cats], 3)).toEqual([]);
  });

  it("names references that are next to the same, the first to keep", async () => {
    const found = await adviseOn([rows([1, 0, 0], [0, 1, 0], [1, 0.01, 0])], 3);
    expect(found).toMatchObject([{ kind: "duplicates", of: 0, rows: [0, 2] }]);
    expect(found[0]?.kind === "duplicates" && found[0].similarity).toBeGreaterThan(0.999);
  });

  it("names a reference unlike the rest, and the class that it is more like", async () => {
    const dogs = rows([1, 0.3, 0], [1, 0, 0.3], [1, -0.3, 0], [1, 0, -0.3], [0.1, 1, 0]);
    const cats = rows([0, 1, 0.3], [0.3, 1, 0], [0, 1, -0.3]);
    const found = await adviseOn([dogs, cats], 3);
    expect(found).toMatchObject([{ kind: "outlier", of: 0, row: 4, better: 1 }]);
  });

  it("names classes that attract each other's references", async () => {
    const one = rows([1, 0.9, 0], [0.9, 1, 0.1], [1, 0.2, 0]);
    const other = rows([1, 1, 0.2], [0.2, 1, 0], [1, 0.8, -0.1]);
    const found = await adviseOn([one, other], 3);
    expect(found[0]).toMatchObject({ kind: "confusion", classes: [0, 1], compared: 6 });
  });

  it("says nothing of classes of one reference or none, and of zero rows", async () => {
    const none = { count: 0, rows: new Float32Array() };
    const zero = { count: 1, rows: new Float32Array(3) };
    expect(await adviseOn([none, rows([1, 0, 0]), zero], 3)).toEqual([]);
  });

  it("stops where the pause throws", async () => {
    const stop = () => Promise.reject(new Error("stop"));
    await expect(adviseOn([rows([1, 0, 0])], 3, stop)).rejects.toThrow("stop");
  });
});
