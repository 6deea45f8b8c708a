import { poolOnCpu } from "./features/pooling/pooling.cpu.ts";
import { patchCoverage } from "./imaging/coverage.ts";
import type { PatchTokens } from "./imaging/patch-tokens.ts";
import { regionSetOfMasks } from "./imaging/region-set.ts";
import type { Runs } from "./imaging/runs.ts";
import type { ReferenceDescriptors } from "./references/bank/records.ts";
import { stackParts, surroundingsOf } from "./references/embedding.ts";
import { partMasksOf } from "./references/parts.ts";

/** Raw mean token under every mask of one picture, D numbers each. */
export function meansUnder(
  tokens: PatchTokens,
  width: number,
  height: number,
  masks: readonly Runs[],
): readonly Float32Array<ArrayBuffer>[] {
  const regions = regionSetOfMasks(width, height, masks, new Float32Array(masks.length));
  const { data, dimensions } = poolOnCpu(tokens, patchCoverage(regions, tokens.rows, tokens.columns));
  return masks.map((_, index) => data.slice(index * dimensions, (index + 1) * dimensions));
}

/** What a model sees of a thing in a picture: raw mean tokens of it and of what is near it. */
export interface SeenThing {
  readonly thing: Float32Array<ArrayBuffer>;
  /** Null when next to nothing is near it. */
  readonly surroundings: Float32Array<ArrayBuffer> | null;
  readonly parts: ReferenceDescriptors["parts"];
}

/** What a model that saw a picture saw of the things in it. @param masks over width x height, none of them empty */
export function seenThings(
  tokens: PatchTokens,
  width: number,
  height: number,
  masks: readonly Runs[],
): readonly SeenThing[] {
  const around = masks.map((runs) => surroundingsOf({ runs, width, height }));
  const parts = masks.map((runs) => partMasksOf(runs, width, height));
  const pieces = parts.flatMap((one) => one.masks);
  const means = meansUnder(tokens, width, height, [...masks, ...pieces, ...around.flatMap((runs) => runs ?? [])]);
  let nextPart = masks.length;
  let next = masks.length + pieces.length;
  return masks.flatMap((_, index) => {
    const surroundings = around[index] ? (means[next++] ?? null) : null;
    const thing = means[index];
    const cut = parts[index];
    if (!thing || !cut) return [];
    const own = means.slice(nextPart, nextPart + cut.masks.length);
    nextPart += own.length;
    return [{ thing, surroundings, parts: stackParts(cut, own) }];
  });
}
