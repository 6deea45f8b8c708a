import type { RegionChoice } from "../../workers/contract.ts";

/** Choices from small to large, each proposal once. */
export function bySize(choices: readonly RegionChoice[]): readonly RegionChoice[] {
  const once = new Map(choices.toReversed().map((choice) => [choice.proposal, choice]));
  return [...once.values()].toSorted((a, b) => a.area - b.area || a.proposal - b.proposal);
}

/** The next larger (1) or smaller (-1) choice; the same one at either end. */
export function stepped(
  sizes: readonly RegionChoice[],
  chosen: RegionChoice | null,
  step: 1 | -1,
): RegionChoice | null {
  const place = sizes.findIndex(({ proposal }) => proposal === chosen?.proposal);
  return place < 0 ? chosen : (sizes[place + step] ?? chosen);
}
