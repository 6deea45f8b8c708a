import { EngineError } from "../../workers/contract.ts";
import type { FakeEngine, FakeOptions } from "../engine/fake.ts";
import { beginSession } from "../store/fixture.ts";
import type { StoreState } from "../store/store.ts";
import type { App, PageServices } from "./action.ts";

interface FixturePage extends PageServices {
  /** What the person will choose in the next file dialog, and what is on the clipboard. */
  chosen: readonly File[];
  copied: readonly File[];
  readonly saved: { readonly name: string; readonly content: Blob }[];
}

export interface FixtureApp extends App {
  readonly engine: FakeEngine;
  readonly page: FixturePage;
}

/** For tests: a started app on the fake engine, with a page that saves into a list. An SVG named "bad…" cannot be drawn. */
export async function startApp(options: FakeOptions = {}, initial: Partial<StoreState> = {}): Promise<FixtureApp> {
  const { engine, store, segmenter, started } = beginSession(options, initial);
  await started;
  const page: FixturePage = {
    chosen: [],
    copied: [],
    saved: [],
    pickFiles: () => Promise.resolve(page.chosen),
    pickFolder: () => Promise.resolve(page.chosen.map((file) => ({ path: file.name, blob: file }))),
    readClipboard: () => Promise.resolve(page.copied),
    saveFile: (name, content) => void page.saved.push({ name, content }),
    rasteriseSvg: async (_svg, name) => {
      if (name.startsWith("bad")) throw new EngineError("picture-unreadable", `${name} could not be drawn.`);
      return new Blob(["png"], { type: "image/png" });
    },
    focusClassField: () => undefined,
    canvas: null,
    connectCanvas: () => undefined,
  };
  return { engine, store, segmenter, page };
}

export const fileNamed = (name: string, type = "image/jpeg"): File => new File([name], name, { type });
