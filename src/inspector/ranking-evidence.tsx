import type { Candidate, Explanation } from "../../workers/contract.ts";

const WIDTH = 280;
const HEIGHT = 64;
const EDGE = 6;

/** How well a ranking fits, in words; D in nats, see docs/method.md. */
function fitWords(divergence: number): string {
  if (divergence < 0.1) return "very well";
  if (divergence < 0.4) return "well";
  return divergence < 1.2 ? "in part" : "badly";
}

/** Names in descending order of their scores; surroundings, of which there may be several, where the first of them is. */
function orderOf(names: readonly string[], scores: readonly number[]): string {
  const places = [...names.keys()].sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0));
  return [...new Set(places.map((place) => names[place]))].join(", ");
}

/** The region's scores of all candidates as a line, and what the class's own references score as a dashed one. */
function Lines({ own, expected, colour }: { own: readonly number[]; expected: readonly number[]; colour: string }) {
  const all = [...own, ...expected];
  const [low, high] = [Math.min(0, ...all), Math.max(0.01, ...all)];
  const x = (place: number): number => EDGE + (place * (WIDTH - 2 * EDGE)) / Math.max(1, own.length - 1);
  const y = (value: number): number => EDGE + ((high - value) / (high - low)) * (HEIGHT - 2 * EDGE);
  const path = (values: readonly number[]): string =>
    values.map((value, place) => `${place === 0 ? "M" : "L"}${x(place).toFixed(1)} ${y(value).toFixed(1)}`).join("");
  return (
    <svg className="evidence-lines" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true">
      <path className="evidence-zero" d={`M0 ${y(0)}H${WIDTH}`} />
      <path className="evidence-expected" d={path(expected)} stroke={colour} />
      <path className="evidence-own" d={path(own)} />
      {own.map((value, place) => (
        // oxlint-disable-next-line react/no-array-index-key -- candidates have no other identity than their rank
        <circle key={place} className="evidence-dot" cx={x(place)} cy={y(value)} r="2.5" />
      ))}
    </svg>
  );
}

/** One class: the region's ranking beside the class's own. */
function Evidence({ candidate, explanation }: { readonly candidate: Candidate; readonly explanation: Explanation }) {
  const { candidates } = explanation;
  const names = candidates.map(({ name }) => name);
  const { expected, divergence } = candidate;
  return (
    <figure className="evidence">
      <Lines own={candidates.map(({ similarity }) => similarity)} expected={expected} colour="var(--accent)" />
      <div className="evidence-names small muted" aria-hidden="true">
        {candidates.map((entry) => (
          <span key={`${entry.classId ?? ""} ${entry.name} ${entry.score}`} className="ellipsis">
            {entry.name}
          </span>
        ))}
      </div>
      <figcaption className="small">
        References of <bdi>{candidate.name}</bdi> mostly rank <bdi>{orderOf(names, expected)}</bdi>. That fits{" "}
        {fitWords(divergence ?? 0)}
        <span className="muted numeric"> (difference {(divergence ?? 0).toFixed(2)})</span>.
      </figcaption>
    </figure>
  );
}

const MOST_CLASSES = 2;

/** The rank evidence: not only how like each class the region is, but whether that order is usual for the class. */
export function RankingEvidence({ explanation }: { readonly explanation: Explanation }) {
  const { candidates } = explanation;
  const ranked = candidates.filter(({ expected }) => expected.length > 1).slice(0, MOST_CLASSES);
  if (ranked.length === 0) return <p className="muted small">With a single class there is no ranking to compare.</p>;
  return (
    <>
      <p className="small">
        This region ranks{" "}
        <bdi>
          {orderOf(
            candidates.map(({ name }) => name),
            candidates.map(({ similarity }) => similarity),
          )}
        </bdi>
        .
      </p>
      <p className="muted small evidence-key">
        <span className="evidence-key-own" aria-hidden="true" /> the region{" "}
        <span className="evidence-key-expected" aria-hidden="true" /> the class’s references
      </p>
      {ranked.map((candidate) => (
        <Evidence key={candidate.classId} candidate={candidate} explanation={explanation} />
      ))}
    </>
  );
}
