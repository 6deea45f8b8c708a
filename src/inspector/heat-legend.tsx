import type { RegionIndex } from "../../workers/contract.ts";
import { useAction, usePageState } from "../actions/app-context.tsx";
import { showHeat } from "../actions/heat-map.ts";
import { findReference } from "../store/classes.ts";
import { heatAt, type HeatWish } from "../store/heat.ts";
import { currentPicture } from "../store/images.ts";
import { inspectedRegion } from "../store/view.ts";
import { Button, IconButton } from "../ui/button.tsx";
import { Menu } from "../ui/menu.tsx";
import "./heat-legend.css";

/** What the map compares with, in words. */
function useWords(heat: HeatWish | null): string {
  const bank = usePageState((state) => state.bank);
  const byPointer = usePageState((state) => state.pointer !== null);
  switch (heat?.kind) {
    case "class":
      return bank.classes.find(({ id }) => id === heat.classId)?.name ?? "a class that is gone";
    case "reference": {
      const found = findReference({ bank }, heat.reference);
      return found ? `${found.owner.name}: ${found.reference.provenance}` : "a reference that is gone";
    }
    case "here":
      return byPointer ? "the patch under the pointer" : "the pinned region";
    case undefined:
      return "";
  }
}

/** Value at the pointer, else mean over the region that is spoken of; for eyes, and the latter for screen readers. */
function Values() {
  const shown = usePageState((state) => state.heatMap);
  const pointer = usePageState((state) => state.pointer);
  const segmentation = usePageState((state) => currentPicture(state)?.segmentation ?? null);
  const region: RegionIndex | null = usePageState(inspectedRegion);
  const pinned = usePageState((state) => state.selected);
  if (!shown || !segmentation || shown.picture !== segmentation.picture) return null;
  const inRegion = region === null ? undefined : shown.map.regions[region];
  const inPinned = pinned === null ? undefined : shown.map.regions[pinned];
  return (
    <>
      <dl className="heat-values small numeric">
        <dt>At the pointer</dt>
        <dd>{pointer ? heatAt(shown.map, segmentation, pointer).toFixed(2) : "–"}</dd>
        <dt>Mean of the region</dt>
        <dd>{inRegion?.toFixed(2) ?? "–"}</dd>
      </dl>
      <output className="visually-hidden">
        {inPinned !== undefined && `Similarity of the pinned region: ${inPinned.toFixed(2)}.`}
      </output>
    </>
  );
}

/** What the colours of the heat map stand for, and what it compares with; nothing while there is none. */
export function HeatLegend() {
  const heat = usePageState((state) => state.heat);
  const shown = usePageState((state) => state.heatMap);
  const classes = usePageState((state) => state.bank.classes);
  const show = useAction(showHeat);
  const words = useWords(heat);
  if (!heat) return null;
  const { low, high, stops } = shown?.map ?? { low: 0, high: 1, stops: [] };
  return (
    <section className="heat-legend" aria-label="Heat map">
      <div className="heat-head">
        <h2 className="small ellipsis">
          Like <bdi>{words}</bdi>
        </h2>
        <IconButton small label="Close the heat map" icon="close" onPress={() => show(null)} />
      </div>
      {shown ? (
        <div className="heat-scale small numeric">
          <span>
            <span className="visually-hidden">Dark is </span>
            {low.toFixed(2)}
          </span>
          <span
            className="heat-ramp"
            aria-hidden="true"
            style={{ backgroundImage: `linear-gradient(to right, ${stops.join(", ")})` }}
          />
          <span>
            <span className="visually-hidden">, light is </span>
            {high.toFixed(2)}
          </span>
        </div>
      ) : (
        <p className="muted small">{heat.kind === "here" ? "Point at the picture, or pin a region." : "Comparing…"}</p>
      )}
      <Values />
      <Menu
        label="Compare with"
        entries={[
          { id: "here", label: "What is under the pointer", icon: "example", onChoose: () => show({ kind: "here" }) },
          ...classes.map(({ id, name, colour }) => ({
            id,
            label: name,
            colour,
            onChoose: () => show({ kind: "class", classId: id }),
          })),
        ]}
      >
        <Button small>Compare with…</Button>
      </Menu>
    </section>
  );
}
