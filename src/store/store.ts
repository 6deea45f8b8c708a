import { createStore, type StoreApi } from "zustand/vanilla";
import { createClasses, type ClassesSlice } from "./classes.ts";
import { createHarvest, type HarvestSlice } from "./harvest.ts";
import { createImages, type ImagesSlice } from "./images.ts";
import { createJobs, type JobsSlice } from "./jobs.ts";
import { createSettings, type SettingsSlice } from "./settings.ts";
import { createView, type ViewSlice } from "./view.ts";

export interface StoreState extends HarvestSlice, ImagesSlice, ClassesSlice, ViewSlice, JobsSlice, SettingsSlice {}

export type Store = StoreApi<StoreState>;

/** All the page knows, in slices. `initial` is what was stored last time. */
export function createPageStore(initial: Partial<StoreState> = {}): Store {
  return createStore<StoreState>()((...api) => ({
    ...createHarvest(...api),
    ...createImages(...api),
    ...createClasses(...api),
    ...createView(...api),
    ...createJobs(...api),
    ...createSettings(...api),
    ...initial,
  }));
}
