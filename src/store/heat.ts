import type { StoreApi } from "zustand/vanilla";
import type {
  ClassId,
  Engine,
  HeatMap,
  HeatQuery,
  PictureId,
  Point,
  ReferenceId,
  Segmentation,
} from "../../workers/contract.ts";
import { isCancelled } from "./failure.ts";
import { currentPicture } from "./images.ts";
import { report } from "./jobs.ts";
import { matchSettings } from "./segmentation.ts";
import type { StoreState } from "./store.ts";

/** What the heat map compares the picture with. */
export type HeatWish =
  | { readonly kind: "class"; readonly classId: ClassId }
  | { readonly kind: "reference"; readonly reference: ReferenceId }
  /** The patch under the pointer; without one, the pinned region. */
  | { readonly kind: "here" };

/** A heat map and the picture that it is of. */
export interface ShownHeat {
  readonly picture: PictureId;
  readonly map: HeatMap;
}

/** What the engine is asked; null when "here" is nowhere. */
function queryOf({ heat, pointer, selected }: StoreState): HeatQuery | null {
  if (heat?.kind !== "here") return heat;
  if (pointer) return { kind: "patch", point: pointer };
  return selected === null ? null : { kind: "region", region: selected };
}

/** The value at a place of a picture, interpolated between the centres of patches as it is painted. */
export function heatAt(
  { columns, rows, values }: HeatMap,
  { width, height }: { readonly width: number; readonly height: number },
  { x, y }: Point,
): number {
  const along = Math.min(columns - 1, Math.max(0, (x / width) * columns - 0.5));
  const down = Math.min(rows - 1, Math.max(0, (y / height) * rows - 0.5));
  const [left, top] = [Math.floor(along), Math.floor(down)];
  const [right, bottom] = [Math.min(columns - 1, left + 1), Math.min(rows - 1, top + 1)];
  const at = (row: number, column: number): number => values[row * columns + column] ?? 0;
  const mix = (a: number, b: number, share: number): number => a + (b - a) * share;
  return mix(
    mix(at(top, left), at(top, right), along - left),
    mix(at(bottom, left), at(bottom, right), along - left),
    down - top,
  );
}

/** Which patch a place lies in: while it stays the same, the map does too. */
function patchOf(
  map: HeatMap | undefined,
  size: { readonly width: number; readonly height: number },
  point: Point,
): string {
  if (!map) return `${point.x} ${point.y}`;
  return `${Math.floor((point.x / size.width) * map.columns)} ${Math.floor((point.y / size.height) * map.rows)}`;
}

/** Has the engine show the heat map that is wished for, following pointer, picture and bank. One request at a time. */
export function keepHeat(engine: Engine, store: StoreApi<StoreState>): void {
  let asked = "";
  let askedOf: Segmentation | null = null;
  let busy = false;

  const keyOf = (state: StoreState, query: HeatQuery, size: Segmentation): string => {
    const of =
      query.kind === "patch" ? patchOf(state.heatMap?.map, size, query.point) : JSON.stringify(Object.values(query));
    return `${size.picture} ${state.canvasGeneration} ${query.kind} ${of}`;
  };

  const hide = (): void => {
    if (asked === "") return;
    asked = "";
    askedOf = null;
    store.getState().setHeatMap(null);
    engine.hideHeat().catch((cause: unknown) => report(store, cause));
  };

  const refresh = async (): Promise<void> => {
    const state = store.getState();
    const picture = currentPicture(state);
    const query = queryOf(state);
    const segmentation = picture?.segmentation;
    if (!state.heat) {
      hide();
      return;
    }
    if (busy || !query || !segmentation || picture.state !== "done" || state.phase !== "ready") return;
    const key = keyOf(state, query, segmentation);
    if (key === asked && segmentation === askedOf) return;
    asked = key;
    askedOf = segmentation;
    busy = true;
    try {
      const map = await engine.showHeat(picture.source, query, matchSettings(state));
      const now = store.getState();
      if (now.heat && now.currentId === picture.source.id) now.setHeatMap({ picture: picture.source.id, map });
    } catch (cause) {
      asked = "";
      busy = false;
      // A newer wish, or the end of the engine, which is told elsewhere: both come back by a change of the state.
      if (isCancelled(cause)) return;
      store.getState().setView({ heat: null });
      report(store, cause);
      return;
    }
    busy = false;
    await refresh();
  };

  store.subscribe((state, before) => {
    if (
      state.heat !== before.heat ||
      state.pictures !== before.pictures ||
      state.currentId !== before.currentId ||
      state.canvasGeneration !== before.canvasGeneration ||
      (state.heat?.kind === "here" && (state.pointer !== before.pointer || state.selected !== before.selected))
    ) {
      void refresh();
    }
  });
}
