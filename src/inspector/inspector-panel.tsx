import type { Candidate, ClassInfo, Explanation, ReferenceSource, RegionSummary } from "../../workers/contract.ts";
import { useAction, usePageState } from "../actions/app-context.tsx";
import { selectRegion } from "../actions/change-overlay.ts";
import { showHeat } from "../actions/heat-map.ts";
import { ReferenceImage } from "../classes/reference-image.tsx";
import { findClass, findReference } from "../store/classes.ts";
import { currentPicture } from "../store/images.ts";
import { inspectedRegion } from "../store/view.ts";
import { percent } from "../store/words.ts";
import { Button, IconButton } from "../ui/button.tsx";
import { Assign } from "./assign.tsx";
import { RankingEvidence } from "./ranking-evidence.tsx";
import { useExplanation } from "./use-explanation.ts";
import { WhatIf } from "./what-if.tsx";
import "./inspector.css";

const MOST_CANDIDATES = 8;
const MOST_NEAREST = 4;

function Heading({ region, owner, pinned }: { region: RegionSummary; owner: ClassInfo | null; pinned: boolean }) {
  const select = useAction(selectRegion);
  return (
    <div className="inspector-head">
      <span
        className={owner ? "swatch large" : "swatch large other"}
        style={owner ? { backgroundColor: owner.colour } : {}}
        aria-hidden="true"
      />
      <div className="inspector-title">
        <h2 className="ellipsis" dir="auto" title={owner?.name ?? "Other"}>
          {owner?.name ?? "Other"}
        </h2>
        <p className="muted small">
          {region.correction === null ? `${percent(region.confidence)} sure` : "Named by you"}
        </p>
      </div>
      {pinned && (
        <Button small look="quiet" icon="close" onPress={() => select(null)}>
          Let go
        </Button>
      )}
    </div>
  );
}

/** Ranked candidates; bars are scores relative to the best and the worst shown, numbers are the scores themselves. */
function Candidates({ candidates }: { readonly candidates: readonly Candidate[] }) {
  const classes = usePageState((state) => state.bank.classes);
  const shown = candidates.slice(0, MOST_CANDIDATES);
  const best = shown[0]?.score ?? 0;
  const floor = Math.min(0, ...shown.map((candidate) => candidate.score));
  return (
    <ol className="candidates">
      {shown.map((candidate) => {
        const owner = classes.find((entry) => entry.id === candidate.classId);
        const length = best > floor ? (candidate.score - floor) / (best - floor) : 0;
        return (
          <li key={`${candidate.classId ?? ""} ${candidate.name}`} className="candidate">
            <span className="ellipsis" dir="auto" title={candidate.name}>
              {owner ? candidate.name : `Other (${candidate.name})`}
            </span>
            <span className="muted numeric small">{candidate.score.toFixed(2)}</span>
            <span className="candidate-bar">
              <span
                style={{
                  width: `${Math.max(1, length * 100)}%`,
                  backgroundColor: owner?.colour ?? "var(--border-strong)",
                }}
              />
            </span>
          </li>
        );
      })}
    </ol>
  );
}

/** Where a reference came from, in a word or two. */
const SOURCE_WORDS: Readonly<Record<ReferenceSource, string>> = {
  example: "example",
  pictogram: "pictogram",
  import: "imported",
  "photo-search": "open photograph",
  harvest: "from your pictures",
};

function Nearest({ explanation, region }: { readonly explanation: Explanation; readonly region: RegionSummary }) {
  const bank = usePageState((state) => state.bank);
  const show = useAction(showHeat);
  const found = explanation.nearest.slice(0, MOST_NEAREST).flatMap(({ reference, similarity }) => {
    const entry = findReference({ bank }, reference);
    return entry ? [{ ...entry, similarity }] : [];
  });
  if (found.length === 0) return <p className="muted small">Nothing it resembles is in your classes.</p>;
  const winner = found.find(({ owner }) => owner.id === region.classId);
  return (
    <>
      {winner && region.correction === null && (
        <p className="small">
          What speaks most for <bdi>{winner.owner.name}</bdi>: {SOURCE_WORDS[winner.reference.source]}, “
          <bdi>{winner.reference.provenance}</bdi>”.
        </p>
      )}
      <ul className="nearest">
        {found.map(({ owner, reference, similarity }) => (
          <li key={reference.id} title={reference.provenance}>
            <ReferenceImage id={reference.id} alt={reference.provenance} />
            <span className="small ellipsis" dir="auto">
              {owner.name}
            </span>
            <span className="small muted ellipsis">{SOURCE_WORDS[reference.source]}</span>
            <span className="nearest-foot">
              <span className="small muted numeric">{similarity.toFixed(2)}</span>
              <IconButton
                small
                icon="heat"
                label={`Heat map of ${reference.provenance}`}
                onPress={() => show({ kind: "reference", reference: reference.id })}
              />
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}

/** Why a region got its class: the pinned region, or the one below the pointer. */
export function InspectorPanel() {
  const segmentation = usePageState((state) => currentPicture(state)?.segmentation ?? null);
  const index = usePageState(inspectedRegion);
  const pinned = usePageState((state) => state.selected !== null);
  const explanation = useExplanation(segmentation, index);
  const region = segmentation?.regions.find((entry) => entry.index === index) ?? null;
  const owner = usePageState((state) => findClass(state, region?.classId ?? null));
  const runnerUp = usePageState((state) => findClass(state, region?.runnerUp ?? null));

  if (!segmentation || !region) {
    return (
      <div className="inspector">
        <p className="muted">
          {segmentation
            ? "Point at a region to see why it has its class. Click it to keep it here."
            : "Once a picture is segmented, this shows why each region has its class."}
        </p>
      </div>
    );
  }

  return (
    <div className="inspector">
      <Heading region={region} owner={owner} pinned={pinned} />
      <Assign region={region} owner={owner} />
      <dl className="facts">
        <dt>Next best</dt>
        <dd className="ellipsis" dir="auto">
          {runnerUp?.name ?? "Other"}
        </dd>
        <dt>Score</dt>
        <dd className="numeric">{region.score.toFixed(3)}</dd>
        <dt>Lead over it</dt>
        <dd className="numeric">{region.margin.toFixed(3)}</dd>
        <dt>Share of the picture</dt>
        <dd className="numeric">{percent(region.area / (segmentation.width * segmentation.height))}</dd>
      </dl>
      <section>
        <h3>It was compared with</h3>
        {explanation ? <Candidates candidates={explanation.candidates} /> : <p className="muted small">Comparing…</p>}
      </section>
      <section>
        <h3>It resembles most</h3>
        {explanation ? <Nearest explanation={explanation} region={region} /> : <p className="muted small">Looking…</p>}
      </section>
      {explanation && (
        <>
          <section>
            <h3>What would change it</h3>
            <WhatIf region={region} segmentation={segmentation} explanation={explanation} pinned={pinned} />
          </section>
          <section>
            <h3>Whether the order is usual</h3>
            <RankingEvidence explanation={explanation} />
          </section>
        </>
      )}
    </div>
  );
}
