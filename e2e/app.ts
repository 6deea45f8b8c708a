import { test as base, expect, type Locator, type Page } from "@playwright/test";
import type { ClassInfo, Engine, LabelMap, Segmentation } from "../workers/contract.ts";
import type { Store, StoreState } from "../src/store/store.ts";
import { fit, screenPx } from "../src/canvas/viewport.ts";

declare global {
  interface Window {
    /** What the page hands out when it was opened with `?debug`. */
    readonly lookalike: { readonly engine: Engine; readonly store: Store };
  }
}

/** A file as Playwright hands it to a page. */
export interface Upload {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

/** Milliseconds between looks at a state that is waited for: left to itself, Playwright comes to look once a second. */
export const LOOKS = [100, 250];

interface OpenOptions {
  /** What the engine is to run on; "auto" refuses the software adapter of test machines. */
  readonly device?: "auto" | "webgpu" | "wasm";
  /** Another server than the one of the configuration. */
  readonly origin?: string;
}

/** What can be read of the page's state; functions do not cross into the test. */
export interface Snapshot {
  readonly phase: StoreState["phase"];
  readonly status: StoreState["status"];
  readonly classes: readonly ClassInfo[];
  readonly threshold: number;
  readonly pictures: readonly {
    readonly name: string;
    readonly state: string;
    readonly failure: string | null;
    readonly originalWidth: number;
    readonly originalHeight: number;
    readonly thumbnailType: string;
  }[];
  readonly current: string | null;
  readonly segmentation: Segmentation | null;
  readonly busy: boolean;
}

/** The app in one browser page, driven as a person would: by roles, labels, pointer and keys. */
export class AppPage {
  readonly page: Page;
  /** Console errors and warnings of the policy, page errors, and requests to other origins; a test ends with none. */
  readonly problems: string[] = [];
  /** Addresses that were asked for. */
  readonly requests: string[] = [];

  constructor(page: Page) {
    this.page = page;
    page.on("console", (message) => {
      if (message.type() === "error") this.problems.push(`console: ${message.text()} (${message.location().url})`);
    });
    page.on("pageerror", (error) => this.problems.push(`page error: ${error.stack ?? error.message}`));
    page.on("request", (request) => {
      const url = request.url();
      this.requests.push(url);
      if (/^(?:blob|data):/.test(url)) return;
      if (new URL(url).hostname !== "127.0.0.1") this.problems.push(`request to another origin: ${url}`);
    });
  }

  // ---------------------------------------------------------------------------------------------- opening

  /** Opens the app and waits until its engine and model are there. */
  async open({ device = "wasm", origin = "" }: OpenOptions = {}): Promise<void> {
    await this.page.goto(`${origin}/?debug&device=${device}`);
    await this.ready();
  }

  async ready(): Promise<void> {
    await expect.poll(async () => (await this.snapshot()).phase, { timeout: 180_000, intervals: LOOKS }).toBe("ready");
  }

  async reload(): Promise<void> {
    await this.page.reload();
    await this.ready();
  }

  // ---------------------------------------------------------------------------------------------- pictures

  /** Adds pictures by the button that is there and the browser's file chooser. */
  async pick(files: readonly Upload[] | string | readonly string[]): Promise<void> {
    const chooser = this.page.waitForEvent("filechooser");
    await this.page.getByRole("button", { name: /^(Choose pictures|Add)$/ }).click();
    await (await chooser).setFiles(typeof files === "string" ? files : Array.from(files as readonly Upload[]));
  }

  /** Drops files from outside the browser onto an element. */
  async drop(target: Locator, files: readonly Upload[]): Promise<void> {
    const transfer = await this.transferOf(files);
    await target.dispatchEvent("dragenter", { dataTransfer: transfer });
    await target.dispatchEvent("dragover", { dataTransfer: transfer });
    await target.dispatchEvent("drop", { dataTransfer: transfer });
  }

  /** Pastes files, as from a screenshot tool. */
  async paste(files: readonly Upload[]): Promise<void> {
    const transfer = await this.transferOf(files);
    await this.page.evaluate((clipboardData) => {
      window.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
    }, transfer);
  }

  private transferOf(files: readonly Upload[]) {
    return this.page.evaluateHandle(
      (entries) => {
        const transfer = new DataTransfer();
        for (const { name, mimeType, base64 } of entries) {
          const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
          transfer.items.add(new File([bytes], name, { type: mimeType }));
        }
        return transfer;
      },
      files.map(({ name, mimeType, buffer }) => ({ name, mimeType, base64: buffer.toString("base64") })),
    );
  }

  /** The tiles of the gallery. */
  get tiles(): Locator {
    return this.page.getByRole("grid", { name: "Pictures" }).getByRole("row");
  }

  tile(name: string): Locator {
    return this.page.getByRole("grid", { name: "Pictures" }).getByRole("row", { name });
  }

  /** The canvas that shows the current picture. */
  get canvas(): Locator {
    return this.page.getByRole("application", { name: /Drag to move, wheel to zoom/ });
  }

  /** The canvas as a PNG, once two shots in a row are equal: painting is done in a worker, a frame or two later. */
  async canvasShot(): Promise<Buffer> {
    let last = await this.canvas.screenshot();
    for (let turn = 0; turn < 20; turn += 1) {
      await this.page.waitForTimeout(250);
      const next = await this.canvas.screenshot();
      if (next.equals(last)) return next;
      last = next;
    }
    return last;
  }

  // ---------------------------------------------------------------------------------------------- classes

  /** Types into the field for class names, as given; a comma in it adds what stands before. */
  async typeNames(text: string): Promise<void> {
    await this.page.getByRole("combobox", { name: "What is in your pictures?" }).pressSequentially(text);
  }

  /** Types names, ends with Enter, and waits until all of them are there. */
  async addClasses(names: readonly string[]): Promise<void> {
    await this.typeNames(names.join(", "));
    await this.page.keyboard.press("Enter");
    for (const name of names) await expect(this.classRow(name)).toBeVisible({ timeout: 120_000 });
  }

  get classRows(): Locator {
    return this.page.getByRole("list", { name: "Classes" }).getByRole("listitem");
  }

  /** One class of the legend. */
  classRow(name: string): Locator {
    return this.page
      .getByRole("list", { name: "Classes" })
      .locator(":scope > li")
      .filter({ has: this.page.getByRole("button", { name: `More for ${name}`, exact: true }) });
  }

  /** Chooses an entry of a class's menu. */
  async classMenu(name: string, entry: string | RegExp): Promise<void> {
    await this.page.getByRole("button", { name: `More for ${name}`, exact: true }).click();
    await this.page.getByRole("menuitem", { name: entry }).click();
  }

  /** Moves a slider to a value in percent. */
  async slide(label: "How sure it must be" | "Strength of the colours", percent: number): Promise<void> {
    const slider = this.page.getByRole("slider", { name: label });
    await slider.fill(String(percent / 100));
  }

  async openTab(name: "Pictures" | "Classes" | "Inspector"): Promise<void> {
    await this.page.getByRole("tab", { name }).click();
  }

  // ---------------------------------------------------------------------------------------------- models

  /** Drops a model file on the models panel, waits until it is in use, and closes the panel. */
  async loadModel(file: Upload): Promise<void> {
    const { page } = this;
    await page.getByRole("button", { name: "Models and settings" }).first().click();
    const dialog = page.getByRole("dialog", { name: "Models and settings" });
    const before = (await this.snapshot()).status?.model?.id;
    await this.drop(dialog, [file]);
    await expect
      .poll(
        async () => {
          const { phase, status } = await this.snapshot();
          return phase === "ready" && status?.model?.id !== before;
        },
        { timeout: 180_000, intervals: LOOKS },
      )
      .toBe(true);
    await dialog.getByRole("button", { name: "Close" }).click();
  }

  // ---------------------------------------------------------------------------------------------- results

  /** What the page knows, for comparing with what it shows. */
  snapshot(): Promise<Snapshot> {
    return this.page.evaluate(() => {
      // Between two documents of a reload there is none.
      const state = window.lookalike?.store.getState();
      if (!state) {
        return {
          phase: "starting" as const,
          status: null,
          classes: [],
          threshold: 0,
          pictures: [],
          current: null,
          segmentation: null,
          busy: true,
        };
      }
      const current = state.pictures.find(({ source }) => source.id === state.currentId);
      return {
        phase: state.phase,
        status: state.status,
        classes: state.bank.classes,
        threshold: state.threshold,
        pictures: state.pictures.map((picture) => ({
          name: picture.source.name,
          state: picture.state,
          failure: picture.failure?.code ?? null,
          originalWidth: picture.info?.originalWidth ?? 0,
          originalHeight: picture.info?.originalHeight ?? 0,
          thumbnailType: picture.info?.thumbnail.type ?? "",
        })),
        current: current?.source.name ?? null,
        segmentation: current?.segmentation ?? null,
        busy: state.jobs.length > 0 || state.pictures.some((picture) => /waiting|working/.test(picture.state)),
      };
    });
  }

  /** Waits until nothing is under way and the current picture is segmented as wished; gives the result. */
  async segmented({ timeout = 200_000 } = {}): Promise<Segmentation> {
    await expect(async () => {
      const { busy, segmentation, classes } = await this.snapshot();
      expect(busy).toBe(false);
      expect(segmentation?.classes).toEqual(classes.map(({ id }) => id));
    }).toPass({ timeout, intervals: [250] });
    const { segmentation } = await this.snapshot();
    if (!segmentation) throw new Error("There is no segmentation.");
    return segmentation;
  }

  /** Share of the picture of each class by name, "other" included. */
  async shares(): Promise<Readonly<Record<string, number>>> {
    const segmentation = await this.segmented();
    const { classes } = await this.snapshot();
    const names = new Map(classes.map(({ id, name }) => [id, name]));
    return Object.fromEntries(
      segmentation.areas.map(({ classId, share }) => [classId === null ? "other" : (names.get(classId) ?? "?"), share]),
    );
  }

  /** The current picture's class map at its original size: 0 other, n the n-th class. */
  async classMap(): Promise<{ width: number; height: number; data: number[] }> {
    return this.page.evaluate(async () => {
      const { engine, store } = window.lookalike;
      const state = store.getState();
      const picture = state.pictures.find(({ source }) => source.id === state.currentId);
      if (!picture) throw new Error("There is no current picture.");
      const settings = { classes: state.bank.classes.map(({ id }) => id), threshold: state.threshold };
      const map: LabelMap<number> = await engine.classMap(picture.source, settings);
      return { width: map.width, height: map.height, data: [...map.data] };
    });
  }

  /** Whether each pixel of the current picture was given the class, row by row at its original size. */
  async found(className: string): Promise<readonly boolean[]> {
    const { classes } = await this.snapshot();
    const label = classes.findIndex(({ name }) => name === className) + 1;
    const { data } = await this.classMap();
    return data.map((value) => value === label);
  }

  /** Moves the pointer into a region of the current picture, well inside it where there is room. */
  async pointAt(region: number): Promise<void> {
    await this.segmented();
    let inside: { x: number; y: number } | null = null;
    // The map for hovering is fetched after the result that it belongs to.
    await expect(async () => {
      inside = await this.placeWithin(region);
      expect(inside).not.toBeNull();
    }).toPass({ timeout: 30_000 });
    const { x, y } = inside ?? { x: 0, y: 0 };
    const place = await this.placeOf(x + 0.5, y + 0.5);
    await this.page.mouse.move(place.x, place.y, { steps: 3 });
  }

  /** A pixel of a region, away from its border if it can be; null while the map at hand is of another result. */
  private placeWithin(region: number): Promise<{ x: number; y: number } | null> {
    return this.page.evaluate((index) => {
      const state = window.lookalike.store.getState();
      const current = state.pictures.find(({ source }) => source.id === state.currentId);
      const area = current?.segmentation?.regions.find((entry) => entry.index === index)?.area;
      const map = state.regionMap?.map;
      if (!map || map.data.reduce((sum, value) => sum + (value === index + 1 ? 1 : 0), 0) !== area) return null;
      for (let reach = 24; reach >= 0; reach -= 4) {
        const isInside = (at: number): boolean =>
          [-reach, 0, reach].every((dy) =>
            [-reach, 0, reach].every((dx) => map.data[at + dy * map.width + dx] === index + 1),
          );
        const at = map.data.findIndex((value, place) => value === index + 1 && isInside(place));
        if (at >= 0) return { x: at % map.width, y: Math.floor(at / map.width) };
      }
      return null;
    }, region);
  }

  /** What follows the pointer. It is for eyes only, hidden from assistive technology, and so has no role. */
  get hoverLabel(): Locator {
    return this.page.locator(".hover-label");
  }

  /** Where on the page a point of the picture is shown, in CSS pixels; the picture must be fitted to the canvas. */
  async placeOf(x: number, y: number): Promise<{ x: number; y: number }> {
    const { segmentation } = await this.snapshot();
    const box = await this.canvas.boundingBox();
    if (!segmentation || !box) throw new Error("There is nothing to point at.");
    const { scale, offset } = fit(segmentation, { width: screenPx(box.width), height: screenPx(box.height) });
    return { x: box.x + offset.x + x * scale, y: box.y + offset.y + y * scale };
  }
}

/** Tests get the app in a page of its own, and fail when anything was logged as an error on the way. */
export const test = base.extend<{ app: AppPage }>({
  app: async ({ page }, use) => {
    const app = new AppPage(page);
    await use(app);
    expect(app.problems).toEqual([]);
  },
});

export { expect } from "@playwright/test";
