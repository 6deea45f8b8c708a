import { describe, expect, it } from "vitest";
import { areaPaths, seamPaths } from "./label-paths.ts";

const rows = (...lines: string[]) => Uint16Array.from(lines.join(""), Number);

describe("paths of labelled areas", () => {
  it("follow the pixel edges of every label, holes included, and leave label 0 out", () => {
    const map = rows("0000", "0220", "0210", "0220");
    const paths = areaPaths(map, 4);
    expect([...paths.keys()].toSorted()).toEqual([1, 2]);
    expect(paths.get(1)).toBe("M2 2L3 2L3 3L2 3Z");
    expect(paths.get(2)).toBe("M1 1L3 1L3 2L2 2L2 3L3 3L3 4L1 4Z");
  });

  it("keep rows apart where a label reaches from one row's end to the next row's start", () => {
    expect(areaPaths(rows("001", "100"), 3).get(1)).toBe("M2 0L3 0L3 1L2 1ZM0 1L1 1L1 2L0 2Z");
  });

  it("can be had for one label alone", () => {
    expect([...areaPaths(rows("12", "21"), 2, 2).keys()]).toEqual([2]);
  });
});

describe("paths of seams", () => {
  it("run between regions of one class, not along another class, and not within other", () => {
    const regions = rows("1223", "1223");
    const classes = rows("1112", "1112");
    expect([...seamPaths(regions, classes, 4, 2)]).toEqual([[1, "M1 0V2"]]);
    expect([...seamPaths(rows("11", "22"), rows("00", "00"), 2, 2)]).toEqual([]);
  });

  it("run level too, and end where the regions end", () => {
    expect(seamPaths(rows("111", "221"), rows("333", "333"), 3, 2).get(3)).toBe("M0 1H2M2 1V2");
  });
});
