import type { Calibration, ReferenceId, ReferenceInfo } from "./contract.ts";
import type { MatchTable } from "./match-table.ts";
import { calibrationOf, nameLeftOut } from "./matching/calibration.ts";
import { SHARE } from "./matching/centring.ts";
import { OTHER_FLOOR } from "./matching/compose.ts";
import { DEFAULT_PARAMETERS } from "./matching/matcher.ts";

/** Fewer things and surroundings say nothing about a bank. */
const FEWEST_SAMPLES = 20;

/** Curves of tables that are in use; a bank that changes gets another table. */
const known = new WeakMap<MatchTable["table"], Calibration>();

/** References with where they come from. */
type Origins = readonly { readonly references: readonly Pick<ReferenceInfo, "id" | "source" | "provenance">[] }[];

/**
 * How often what the match names is wrong, estimated on the bank itself. Kept as long as its table is.
 * @param classes says where the table's references come from
 */
export function calibrate(match: MatchTable, classes: Origins): Calibration {
  const before = known.get(match.table);
  if (before) return before;
  const named = nameLeftOut({
    table: match.table,
    pictures: picturesOfRows(match, classes),
    parameters: DEFAULT_PARAMETERS,
    otherFloor: OTHER_FLOOR,
    centring: SHARE,
  });
  const isEnough = named.length >= FEWEST_SAMPLES;
  const made: Calibration = { basis: isEnough ? "bank" : "general", ...calibrationOf(isEnough ? named : []) };
  known.set(match.table, made);
  return made;
}

/** Which picture each row is from, by its file's name; -1 for pictograms, which are no regions of any picture. */
function picturesOfRows({ references, anchors }: MatchTable, classes: Origins): Int32Array {
  const origins = new Map<ReferenceId, string>();
  for (const { id, source, provenance } of classes.flatMap((one) => one.references)) {
    if (source !== "pictogram") origins.set(id, provenance);
  }
  const numbers = new Map<string, number>();
  const rows = [...references.filter((id) => id !== null), ...anchors];
  return Int32Array.from(rows, (id) => {
    const origin = origins.get(id);
    if (origin === undefined) return -1;
    const number = numbers.get(origin) ?? numbers.size;
    numbers.set(origin, number);
    return number;
  });
}
