import type { StateCreator } from "zustand/vanilla";
import type {
  ClassId,
  DatasetFile,
  DatasetReport,
  PictureSource,
  ReferenceId,
  Point,
  RegionIndex,
} from "../../workers/contract.ts";
import type { HeatWish, ShownHeat } from "./heat.ts";
import type { StoreState } from "./store.ts";

/** An example picture whose object is still to be pointed at; no class yet means that one is to be named first. */
export interface PendingExample {
  readonly source: PictureSource;
  readonly classId: ClassId | null;
  /** The reference that it is to take the place of. */
  readonly replaces?: ReferenceId;
}

export type PanelTab = "pictures" | "classes" | "inspector";

export type Dialog =
  | { readonly kind: "palette" }
  | { readonly kind: "shortcuts" }
  | { readonly kind: "settings" }
  /** The bank as a whole; a class of it is shown at first. */
  | { readonly kind: "bank"; readonly classId: ClassId | null }
  /** Which class a region of the current picture is of. */
  | { readonly kind: "assign"; readonly region: RegionIndex }
  | { readonly kind: "import"; readonly files: readonly DatasetFile[]; readonly report: DatasetReport | null }
  | { readonly kind: "rename"; readonly classId: ClassId }
  | {
      readonly kind: "pictograms";
      readonly classId: ClassId;
      /** What is looked for at first. */
      readonly text: string;
      readonly subcategory: string | null;
    }
  | { readonly kind: "photos"; readonly classId: ClassId; readonly subcategory: string | null }
  | { readonly kind: "examples"; readonly pending: readonly PendingExample[]; readonly total: number };

export interface ViewSlice {
  readonly hovered: RegionIndex | null;
  readonly selected: RegionIndex | null;
  readonly hidden: readonly ClassId[];
  readonly solo: ClassId | null;
  /** 0..1, strength of the class colours. */
  readonly opacity: number;
  /** True while the overlay is held away to see the bare picture. */
  readonly bare: boolean;
  readonly tab: PanelTab;
  /** What the heat map compares the picture with; null: the classes are shown. */
  readonly heat: HeatWish | null;
  /** The heat map as it is shown; null until it is there. */
  readonly heatMap: ShownHeat | null;
  /** Where in the current picture the pointer is; followed while there is a heat map. */
  readonly pointer: Point | null;
  /** Grows when the worker was replaced: an OffscreenCanvas dies with its worker, so the canvas is made anew. */
  readonly canvasGeneration: number;
  readonly dialog: Dialog | null;
  setView(
    change: Partial<Pick<ViewSlice, "hovered" | "selected" | "solo" | "opacity" | "bare" | "tab" | "heat" | "pointer">>,
  ): void;
  setHeatMap(heatMap: ShownHeat | null): void;
  setHidden(id: ClassId, hidden: boolean): void;
  openDialog(dialog: Dialog | null): void;
  renewCanvas(): void;
}

/** The region of the current picture that the inspector speaks of: the pinned one, else the hovered. */
export function inspectedRegion(state: ViewSlice): RegionIndex | null {
  return state.selected ?? state.hovered;
}

export const createView: StateCreator<StoreState, [], [], ViewSlice> = (set) => ({
  hovered: null,
  selected: null,
  hidden: [],
  solo: null,
  opacity: 0.6,
  bare: false,
  tab: "classes",
  heat: null,
  heatMap: null,
  pointer: null,
  canvasGeneration: 0,
  dialog: null,

  setView: (change) => set(change),
  setHeatMap: (heatMap) => set({ heatMap }),
  setHidden: (id, hidden) =>
    set((state) => ({
      hidden: hidden ? [...new Set([...state.hidden, id])] : state.hidden.filter((entry) => entry !== id),
    })),
  openDialog: (dialog) => set({ dialog }),
  renewCanvas: () => set(({ canvasGeneration }) => ({ canvasGeneration: canvasGeneration + 1 })),
});
