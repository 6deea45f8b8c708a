import { EngineError, type Advice, type JobOptions } from "./contract.ts";
import type { Prepared } from "./learning.ts";
import type { UnitVectors } from "./match-table.ts";
import { adviseOn, type ClassRows, type Finding } from "./matching/bank-advice.ts";
import type { Bank, ClassDescriptors, ReferenceDescriptor } from "./references/bank/bank.ts";

/** Classes between which the engine looks at its post: whether the job was stopped, what else there is to do. */
const CLASSES_AT_ONCE = 16;

/** One row for each reference: the first view stands for a pictogram. */
function firstViews(references: readonly ReferenceDescriptor[]): readonly ReferenceDescriptor[] {
  return references.filter(({ referenceId }, at) => references[at - 1]?.referenceId !== referenceId);
}

/**
 * What is worth a look in a bank, under a model: see matching/bank-advice.ts. Pictograms are told from photographs by
 * their class's rows alone, so a class of both is looked at by domain: they never look alike.
 */
export async function adviseOnBank(
  bank: Bank,
  { session }: Prepared,
  units: UnitVectors,
  { signal, onProgress }: JobOptions,
): Promise<readonly Advice[]> {
  const { id, dimensions } = session.info;
  const all = bank.descriptorsOf(id);
  const advice: Advice[] = [];
  for (const domain of ["photo", "pictogram"] as const) {
    const rows = all.map(({ references }) => firstViews(references.filter((one) => one.domain === domain)));
    const vectors = rows.map((list) => list.map((row) => units.of(row)));
    units.compute();
    const classes = vectors.map((list): ClassRows => {
      const data = new Float32Array(list.length * dimensions);
      list.forEach((vector, at) => data.set(vector, at * dimensions));
      return { count: list.length, rows: data };
    });
    const found = await adviseOn(classes, dimensions, async (done) => {
      if (done % CLASSES_AT_ONCE !== 0) return;
      onProgress?.({ stage: "match", done, total: classes.length });
      await new Promise((resume) => setTimeout(resume, 0));
      if (signal?.aborted) throw new EngineError("cancelled", "Looking through the bank was stopped.");
    });
    advice.push(...found.map((one) => named(one, all, rows)));
  }
  return advice.sort((a, b) => WEIGHTS[a.kind] - WEIGHTS[b.kind]);
}

const WEIGHTS: Readonly<Record<Advice["kind"], number>> = { confusion: 0, outlier: 1, duplicates: 2 };

/** A finding about numbered rows as one about classes and references. */
function named(
  finding: Finding,
  classes: readonly ClassDescriptors[],
  rows: readonly (readonly ReferenceDescriptor[])[],
): Advice {
  const classAt = (index: number) => {
    const found = classes[index]?.classId;
    if (found === undefined) throw new EngineError("internal", "Advice on a class that is not there.", { index });
    return found;
  };
  const referenceAt = (of: number, row: number) => {
    const found = rows[of]?.[row]?.referenceId;
    if (found === undefined) throw new EngineError("internal", "Advice on a reference that is not there.", { row });
    return found;
  };
  switch (finding.kind) {
    case "duplicates": {
      const { kind, of, similarity } = finding;
      return { kind, classId: classAt(of), references: finding.rows.map((row) => referenceAt(of, row)), similarity };
    }
    case "outlier": {
      const { kind, of, row, similarity, usual, better } = finding;
      const rival = better < 0 ? null : classAt(better);
      return { kind, classId: classAt(of), reference: referenceAt(of, row), similarity, usual, better: rival };
    }
    case "confusion": {
      const [one, other] = finding.classes;
      return {
        kind: finding.kind,
        classes: [classAt(one), classAt(other)],
        references: finding.rows.map(([of, row]) => referenceAt(of, row)),
        compared: finding.compared,
      };
    }
  }
}
