import type { ClassId, Counterfactual, Explanation, RegionSummary, Segmentation } from "../../workers/contract.ts";
import { usePageState } from "../actions/app-context.tsx";
import { ReferenceImage } from "../classes/reference-image.tsx";
import { findClass, findReference } from "../store/classes.ts";
import { percent } from "../store/words.ts";
import { useWhatIf } from "./use-explanation.ts";

const MOSTLY = 0.95;

function useName(): (id: ClassId | null) => string {
  const bank = usePageState((state) => state.bank);
  return (id) => findClass({ bank }, id)?.name ?? "other";
}

/** Without one thing: what the region would be then. */
function Without({ answer, region }: { readonly answer: Counterfactual; readonly region: RegionSummary }) {
  const bank = usePageState((state) => state.bank);
  const nameOf = useName();
  const { without, classId, share } = answer;
  const reference = without.kind === "reference" ? findReference({ bank }, without.reference) : null;
  const stays = classId === region.classId;
  const part = share < MOSTLY ? ` (${percent(share)} of it)` : "";
  return (
    <li>
      {without.kind === "reference" && <ReferenceImage id={without.reference} alt="" />}
      <span>
        Without {without.kind === "reference" && <bdi>{reference?.reference.provenance ?? "that reference"}</bdi>}
        {without.kind === "class" && (
          <>
            the class <bdi>{nameOf(without.classId)}</bdi>
          </>
        )}
        {without.kind === "surroundings" && "the surroundings of your examples"}
        {stays ? " it stays " : " it would be "}
        <strong>
          <bdi>{nameOf(classId)}</bdi>
        </strong>
        {part}.
      </span>
    </li>
  );
}

/** Why "other" won, where it did: surroundings, a floor that no class reaches, or the slider. */
function WhyOther({ region, explanation }: { readonly region: RegionSummary; readonly explanation: Explanation }) {
  const threshold = usePageState((state) => state.threshold);
  const nameOf = useName();
  const [best] = explanation.candidates;
  const nearest = explanation.candidates.find(({ classId }) => classId !== null);
  if (best?.surroundingsOf) {
    return (
      <p className="small what-if-other">
        <ReferenceImage id={best.surroundingsOf} alt="" />
        <span>It is most like what surrounds the thing in this reference, and so counts as other.</span>
      </p>
    );
  }
  if (!nearest) return <p className="small">No class has a reference to compare with.</p>;
  if (nearest.score < explanation.floor) {
    return (
      <p className="small">
        A class must score {explanation.floor.toFixed(2)} to be named; the nearest, <bdi>{nearest.name}</bdi>, is{" "}
        {(explanation.floor - nearest.score).toFixed(2)} short.
      </p>
    );
  }
  return (
    <p className="small">
      {region.confidence < threshold ? (
        <>
          It would be <bdi>{nameOf(region.runnerUp)}</bdi> with “How sure it must be” at {percent(region.confidence)} or
          less.
        </>
      ) : (
        "The parts around and inside it speak for other."
      )}
    </p>
  );
}

/** What decided, how narrowly, and what would change it. */
export function WhatIf({
  region,
  segmentation,
  explanation,
  pinned,
}: {
  readonly region: RegionSummary;
  readonly segmentation: Segmentation;
  readonly explanation: Explanation;
  readonly pinned: boolean;
}) {
  const threshold = usePageState((state) => state.threshold);
  const nameOf = useName();
  const answers = useWhatIf(segmentation, pinned ? region.index : null);
  const isMatched = region.correction === null;
  return (
    <div className="what-if">
      {isMatched && region.classId === null && <WhyOther region={region} explanation={explanation} />}
      {isMatched && region.classId !== null && (
        <p className="small">
          <span className="numeric">{region.margin.toFixed(2)}</span> ahead of <bdi>{nameOf(region.runnerUp)}</bdi>.
          {region.confidence < 1 &&
            region.confidence >= threshold &&
            ` With “How sure it must be” above ${percent(region.confidence)} it would be other.`}
        </p>
      )}
      {pinned ? (
        answers === null && <p className="muted small">Trying without its references…</p>
      ) : (
        <p className="muted small">Click the region to try what would change it.</p>
      )}
      {answers !== null && answers.length > 0 && (
        <ul className="small">
          {answers.map((answer) => (
            <Without key={JSON.stringify(answer.without)} answer={answer} region={region} />
          ))}
        </ul>
      )}
    </div>
  );
}
