import type { StateCreator } from "zustand/vanilla";
import type {
  Dismissal,
  Failure,
  LabelMap,
  PictureId,
  PictureInfo,
  PictureSource,
  Progress,
  Segmentation,
} from "../../workers/contract.ts";
import type { PictureMarks } from "./picture-marks.ts";
import type { StoreState } from "./store.ts";

/**
 * waiting: to be segmented when its turn comes. working: in the engine now. done: segmented as wished.
 * failed: see `failure`; stays so until the person retries. stopped: cancelled by the person.
 */
type PictureState = "waiting" | "working" | "done" | "failed" | "stopped";

/** A picture of the gallery and how far it has come. */
export interface Picture {
  /** With the corrections that the person made. */
  readonly source: PictureSource;
  readonly dismissed: readonly Dismissal[];
  readonly info: PictureInfo | null;
  readonly state: PictureState;
  readonly progress: Progress | null;
  readonly failure: Failure | null;
  /** The latest result, kept while a newer one is made. */
  readonly segmentation: Segmentation | null;
  /** What `segmentation` was made for: equal to the present wish when it is up to date. */
  readonly segmentedFor: string | null;
}

export interface ImagesSlice {
  readonly pictures: readonly Picture[];
  readonly currentId: PictureId | null;
  /** Which region is where in the current picture; for hover. */
  readonly regionMap: { readonly picture: PictureId; readonly map: LabelMap } | null;
  insertPictures(pictures: readonly Picture[], at?: number): void;
  dropPicture(id: PictureId): void;
  updatePicture(id: PictureId, change: Partial<Omit<Picture, "source">>): void;
  /** Takes what the person said about parts of a picture; what is left out stays. */
  changeMarks(id: PictureId, change: Partial<PictureMarks>): void;
  setCurrent(id: PictureId | null): void;
  setRegionMap(regionMap: ImagesSlice["regionMap"]): void;
}

/** A picture that nothing has happened to yet. */
export function newPicture(
  source: PictureSource,
  info: PictureInfo | null = null,
  dismissed: readonly Dismissal[] = [],
): Picture {
  return {
    source,
    dismissed,
    info,
    state: "waiting",
    progress: null,
    failure: null,
    segmentation: null,
    segmentedFor: null,
  };
}

/** What the person said about parts of a picture. */
export function marksOf({ source, dismissed }: Picture): PictureMarks {
  return { corrections: source.corrections ?? [], dismissed };
}

export function findPicture(state: ImagesSlice, id: PictureId | null): Picture | null {
  return state.pictures.find((picture) => picture.source.id === id) ?? null;
}

export function currentPicture(state: ImagesSlice): Picture | null {
  return findPicture(state, state.currentId);
}

export const createImages: StateCreator<StoreState, [], [], ImagesSlice> = (set) => ({
  pictures: [],
  currentId: null,
  regionMap: null,

  insertPictures: (added, at) =>
    set(({ pictures, currentId }) => ({
      pictures: pictures.toSpliced(at ?? pictures.length, 0, ...added),
      currentId: currentId ?? added[0]?.source.id ?? null,
    })),

  dropPicture: (id) =>
    set(({ pictures, currentId, regionMap }) => {
      const index = pictures.findIndex((picture) => picture.source.id === id);
      if (index < 0) return {};
      const left = pictures.toSpliced(index, 1);
      if (currentId !== id) return { pictures: left };
      const neighbour = left[Math.min(index, left.length - 1)];
      return {
        pictures: left,
        currentId: neighbour?.source.id ?? null,
        regionMap: regionMap?.picture === id ? null : regionMap,
        hovered: null,
        selected: null,
      };
    }),

  updatePicture: (id, change) =>
    set(({ pictures }) => ({
      pictures: pictures.map((picture) => (picture.source.id === id ? { ...picture, ...change } : picture)),
    })),

  changeMarks: (id, { corrections, dismissed }) =>
    set(({ pictures }) => ({
      pictures: pictures.map((picture) =>
        picture.source.id === id
          ? {
              ...picture,
              source: corrections ? { ...picture.source, corrections } : picture.source,
              dismissed: dismissed ?? picture.dismissed,
            }
          : picture,
      ),
    })),

  setCurrent: (id) =>
    set(({ currentId }) =>
      id === currentId
        ? {}
        : { currentId: id, hovered: null, selected: null, regionMap: null, heatMap: null, pointer: null },
    ),

  setRegionMap: (regionMap) => set({ regionMap }),
});
