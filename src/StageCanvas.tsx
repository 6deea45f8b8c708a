import { useMemo } from "react";
import type { ClassInfo, Point, RegionSummary } from "../workers/contract.ts";
import { useAction, useApp, usePageState } from "./actions/app-context.tsx";
import { selectRegion } from "./actions/change-overlay.ts";
import { CarriedChip, useCarriedRegion } from "./carried-region.tsx";
import { PictureCanvas } from "./canvas/picture-canvas.tsx";
import { stepRegion } from "./canvas/region-steps.ts";
import { ReferenceImage } from "./classes/reference-image.tsx";
import { findClass } from "./store/classes.ts";
import { report } from "./store/jobs.ts";
import type { Picture } from "./store/images.ts";
import { percent } from "./store/words.ts";

const OUTLINE_WIDTH = 1.5;
const MOST_REFERENCES = 3;

/** What is under the pointer, in a few words and the pictures it resembles. */
function RegionLabel({ region }: { readonly region: RegionSummary }) {
  const owner = usePageState((state) => findClass(state, region.classId));
  const runnerUp = usePageState((state) => findClass(state, region.runnerUp));
  return (
    <div className="region-label">
      <div className="region-label-head">
        <span className={owner ? "swatch" : "swatch other"} style={owner ? { backgroundColor: owner.colour } : {}} />
        <span className="region-label-name ellipsis" dir="auto">
          {owner?.name ?? "Other"}
        </span>
        <span className="muted numeric">{percent(region.confidence)}</span>
      </div>
      {runnerUp && (
        <p className="small muted ellipsis">
          Next best: <bdi>{runnerUp.name}</bdi>
        </p>
      )}
      {region.nearest.length > 0 && (
        <div className="region-label-references">
          {region.nearest.slice(0, MOST_REFERENCES).map((id) => (
            <ReferenceImage key={id} id={id} alt="" />
          ))}
        </div>
      )}
    </div>
  );
}

/** A region in one sentence, for screen readers. */
function regionSentence(region: RegionSummary | null, classes: readonly ClassInfo[]): string {
  if (!region) return "";
  const nameOf = (id: RegionSummary["classId"]): string => classes.find((entry) => entry.id === id)?.name ?? "other";
  return `Region of ${nameOf(region.classId)}, ${percent(region.confidence)} sure, next best ${nameOf(region.runnerUp)}.`;
}

/** The canvas, connected: what the store knows goes in, what the hand does comes out. */
export function StageCanvas({ picture }: { readonly picture: Picture }) {
  const { engine, store, page } = useApp();
  const hovered = usePageState((state) => state.hovered);
  const selected = usePageState((state) => state.selected);
  const solo = usePageState((state) => state.solo);
  const hidden = usePageState((state) => state.hidden);
  const opacity = usePageState((state) => state.opacity);
  const bare = usePageState((state) => state.bare);
  const heat = usePageState((state) => state.heat !== null);
  const regionMap = usePageState((state) => state.regionMap);
  const classes = usePageState((state) => state.bank.classes);
  const setView = usePageState((state) => state.setView);
  const select = useAction(selectRegion);
  const { source, info, segmentation } = picture;

  // Without classes everything is "other", and would only be greyed.
  const isBare = bare || (classes.length === 0 && !heat);
  const settings = useMemo(
    () => ({ hovered, selected, solo, hidden, opacity, bare: isBare, outlineWidth: OUTLINE_WIDTH }),
    [hovered, selected, solo, hidden, opacity, isBare],
  );
  const shown = useMemo(() => info && { id: info.id, width: info.width, height: info.height }, [info]);

  const { carried, carry, letGo } = useCarriedRegion();

  const find = (index: typeof hovered): RegionSummary | null =>
    segmentation?.regions.find((region) => region.index === index) ?? null;
  const hoveredRegion = find(hovered);

  return (
    <>
      {carried && <CarriedChip carried={carried} region={find(carried.region)} />}
      <PictureCanvas
        picture={shown}
        regionMap={regionMap?.picture === source.id ? regionMap.map : null}
        settings={settings}
        label={`${source.name}. Drag to move, wheel to zoom, click a region to inspect it, or step through them with N and P.`}
        selectedText={regionSentence(find(selected), classes)}
        hoverLabel={hoveredRegion && !isBare ? <RegionLabel region={hoveredRegion} /> : null}
        handle={page.connectCanvas}
        onAttach={(canvas) => {
          engine.attachCanvas(canvas).catch((cause: unknown) => report(store, cause));
        }}
        onView={(view) => {
          // The next view follows at once: one that is lost with the engine is no loss of the person's.
          engine.setView(view).catch(() => undefined);
        }}
        onHover={(region) => setView({ hovered: region })}
        {...(heat ? { onPoint: (point: Point | null) => setView({ pointer: point }) } : {})}
        onSelect={select}
        onStep={(by) => select(stepRegion(segmentation?.regions ?? [], selected, by))}
        onCarry={carry}
        onCarried={letGo}
        onCompare={(held) => setView({ bare: held })}
      />
    </>
  );
}
