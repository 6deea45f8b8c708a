import type { Step } from "../../workers/contract.ts";
import type { DatasetFile } from "../../workers/contract.ts";
import type { EngineProxy } from "../engine/engine.ts";
import { report } from "../store/jobs.ts";
import type { Segmenter } from "../store/segmentation.ts";
import type { Store } from "../store/store.ts";

/** What only a browser page can do; tests hand in their own. */
export interface PageServices {
  /** Lets the person choose files; empty when nothing was chosen. */
  pickFiles(options: { readonly accept: string; readonly multiple: boolean }): Promise<readonly File[]>;
  /** Lets the person choose a folder; empty when none was chosen. */
  pickFolder(): Promise<readonly DatasetFile[]>;
  /** The pictures on the clipboard; none when there are none, or when the person does not let the page look. */
  readClipboard(): Promise<readonly File[]>;
  saveFile(name: string, content: Blob): void;
  /** An SVG as PNG, without running its scripts or loading what it refers to. Rejects with an EngineError. */
  rasteriseSvg(svg: Blob, name: string): Promise<Blob>;
  /** Moves the keyboard to the field for class names. */
  focusClassField(): void;
  /** What zooms the picture; null while there is no canvas. */
  readonly canvas: CanvasControls | null;
  /** Told by the canvas as it comes and goes. */
  connectCanvas(canvas: CanvasControls | null): void;
}

export interface CanvasControls {
  zoomIn(): void;
  zoomOut(): void;
  fit(): void;
}

/** What actions work on. */
export interface App {
  readonly engine: EngineProxy;
  readonly store: Store;
  readonly segmenter: Segmenter;
  readonly page: PageServices;
}

/** One thing a person can do: the same object behind menu, button, shortcut, command palette and test. */
export interface Action<Argument = undefined> {
  readonly id: string;
  readonly label: string;
  /** As tinykeys reads it, or null. */
  readonly shortcut: string | null;
  isAvailable(app: App): boolean;
  /** Never rejects: what fails is told to the person. */
  run(app: App, argument: Argument): Promise<void> | void;
}

/** Tells of something done to the bank; the message can undo it. */
export function notifyStep(app: App, message: string, step: Step | null): void {
  const undo = (): void => void guarded(app, async () => void (step && (await app.engine.undo(step.id))));
  app.store.getState().notify(step ? { message, undo, step: step.id } : { message });
}

/** Wraps long work: a failure reaches the person, once, in the one place. */
export async function guarded(app: App, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (cause) {
    report(app.store, cause);
  }
}
