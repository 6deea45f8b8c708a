import { expect, test } from "vitest";
import type { ModelId } from "../contract.ts";
import { atDetail, idAt } from "./detail.ts";
import { featureSession, IMAGENET_INPUT } from "./feature-session.ts";
import type { FloatTensor, ModelSession } from "./inference.ts";

const base = "file-a" as ModelId;

function sessionOf(patch: number) {
  const graph: ModelSession = {
    inputs: [],
    outputs: [],
    run: () => Promise.resolve<Record<string, FloatTensor>>({}),
    close: () => Promise.resolve(),
  };
  const info = {
    id: base,
    name: "a.onnx",
    origin: "file" as const,
    licence: "",
    bytes: 1,
    sha256: "",
    patch,
    dimensions: 4,
  };
  return featureSession(graph, {
    info,
    prefixTokens: 1,
    statistics: null,
    ...IMAGENET_INPUT,
    preferredLongSide: 32 * patch,
  });
}

test.each([14, 16])("at fine detail a picture is 46 patches of %i px long instead of 32", (patch) => {
  const standard = sessionOf(patch);
  const fine = atDetail(standard, "fine");
  expect([standard.preferredLongSide, fine.preferredLongSide]).toEqual([32 * patch, 46 * patch]);
});

test("what a model sees at fine detail is kept apart from what it sees at standard detail", () => {
  const standard = sessionOf(14);
  const fine = atDetail(standard, "fine");
  expect(standard.info).toMatchObject({ id: base, base, detail: "standard" });
  expect(fine.info).toMatchObject({ id: idAt(base, "fine"), base, detail: "fine", name: "a.onnx" });
  expect(fine.info.id).not.toBe(standard.info.id);
});

test.each([14, 16])("from fine detail back to standard, with patches of %i px, all is as it was", (patch) => {
  const standard = sessionOf(patch);
  const again = atDetail(atDetail(standard, "fine"), "standard");
  expect(again.info).toEqual(standard.info);
  expect(again.preferredLongSide).toBe(standard.preferredLongSide);
});

test("a session that has the detail already is left as it is", () => {
  const standard = sessionOf(14);
  const fine = atDetail(standard, "fine");
  expect(atDetail(standard, "standard")).toBe(standard);
  expect(atDetail(fine, "fine")).toBe(fine);
});
