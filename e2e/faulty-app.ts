import { fileURLToPath } from "node:url";
import type { Page } from "@playwright/test";
import { AppPage, expect, LOOKS, test as base, type Upload } from "./app.ts";
import type { Failure } from "../workers/contract.ts";

/** Where one of the tiny models is on disk. */
export const fixtureModel = (name: string): string =>
  fileURLToPath(new URL(`fixtures/models/${name}`, import.meta.url));

/** A picture of the gallery, as far as tests of faults ask. */
interface PictureOutcome {
  readonly name: string;
  readonly state: string;
  readonly failure: Failure | null;
  /** Share of the picture by class name, "other" included; null before it was segmented. */
  readonly shares: Readonly<Record<string, number>> | null;
}

/** The app with what tests of faults need besides: several pictures, messages, and errors that are expected. */
export class FaultyApp extends AppPage {
  readonly #allowed: RegExp[] = [];

  constructor(page: Page) {
    super(page);
    page.on("dialog", (dialog) => {
      this.problems.push(`script dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
  }

  /** Allows a line that the browser writes by itself because of the very fault that a test makes. */
  allow(line: RegExp): void {
    this.#allowed.push(line);
  }

  unexpected(): readonly string[] {
    return this.problems.filter((problem) => !this.#allowed.some((line) => line.test(problem)));
  }

  /** Opens the page with a query of its own; does not wait for a model. */
  async openWith(query: string): Promise<void> {
    await this.page.goto(`/?debug&${query}`);
    await this.page.waitForFunction(() => "lookalike" in window);
  }

  /** Drops files of this disk, of any size, on what `selector` finds. */
  async dropPaths(selector: string, paths: readonly string[]): Promise<void> {
    await this.page.evaluate(() => {
      const input = document.createElement("input");
      Object.assign(input, { type: "file", multiple: true, hidden: true, id: "files-to-drop" });
      document.body.append(input);
    });
    await this.page.locator("#files-to-drop").setInputFiles([...paths]);
    await this.page.evaluate((target) => {
      const input = document.getElementById("files-to-drop");
      const element = document.querySelector(target);
      if (!(input instanceof HTMLInputElement) || !element) throw new Error(`There is nothing to drop on: ${target}`);
      const dataTransfer = new DataTransfer();
      for (const file of input.files ?? []) dataTransfer.items.add(file);
      input.remove();
      for (const type of ["dragenter", "dragover", "drop"]) {
        element.dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer }));
      }
    }, selector);
  }

  addPictures(files: readonly Upload[]): Promise<void> {
    return this.drop(this.page.getByRole("main"), files);
  }

  async openModels(): Promise<void> {
    await this.page.getByRole("button", { name: "Models and settings" }).first().click();
    await expect(this.page.getByRole("dialog")).toBeVisible();
  }

  async closeDialog(): Promise<void> {
    await this.page.keyboard.press("Escape");
    await expect(this.page.getByRole("dialog")).toBeHidden();
  }

  /** Drops a model file on the Models panel and waits until it is in use. */
  async useModel(path: string): Promise<void> {
    const before = (await this.snapshot()).status?.model?.id;
    await this.openModels();
    await this.dropPaths("[data-drop-model]", [path]);
    await expect
      .poll(
        async () => {
          const { phase, status } = await this.snapshot();
          return phase === "ready" && status?.model?.id !== before;
        },
        { timeout: 240_000, intervals: LOOKS },
      )
      .toBe(true);
    await this.closeDialog();
  }

  outcomes(): Promise<readonly PictureOutcome[]> {
    return this.page.evaluate(() => {
      const { pictures, bank } = window.lookalike.store.getState();
      const nameOf = (id: string | null): string => bank.classes.find((entry) => entry.id === id)?.name ?? "other";
      return pictures.map(({ source, state, failure, segmentation }) => ({
        name: source.name,
        state,
        failure,
        shares:
          segmentation && Object.fromEntries(segmentation.areas.map((area) => [nameOf(area.classId), area.share])),
      }));
    });
  }

  /** Waits until there are `count` pictures and each was segmented as wished or has failed. */
  async settled(count: number, timeout = 180_000): Promise<readonly PictureOutcome[]> {
    const settled = async (): Promise<number> =>
      (await this.outcomes()).filter(({ state }) => state === "done" || state === "failed").length;
    await expect.poll(settled, { timeout, intervals: LOOKS }).toBe(count);
    return this.outcomes();
  }

  /** Waits until a picture was segmented as wished. */
  async done(name: string, timeout = 120_000): Promise<PictureOutcome> {
    const find = async (): Promise<PictureOutcome | undefined> =>
      (await this.outcomes()).find((outcome) => outcome.name === name);
    await expect.poll(async () => (await find())?.state, { timeout, intervals: LOOKS }).toBe("done");
    const outcome = await find();
    if (!outcome) throw new Error(`There is no picture ${name}.`);
    return outcome;
  }

  async classNames(): Promise<readonly string[]> {
    return (await this.snapshot()).classes.map(({ name }) => name);
  }

  /** The messages on show: what happened, and what to do about it. */
  notices(): Promise<readonly string[]> {
    return this.page.locator(".notice .notice-text").allInnerTexts();
  }

  /** How many different colours the canvas shows: one means that nothing is painted. */
  async canvasColours(): Promise<number> {
    const shot = await this.canvasShot();
    return this.page.evaluate(async (base64) => {
      const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
      const bitmap = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
      const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
      const context = canvas.getContext("2d");
      if (!context) throw new Error("There is no 2D canvas.");
      context.drawImage(bitmap, 0, 0);
      return new Set(new Uint32Array(context.getImageData(0, 0, bitmap.width, bitmap.height).data.buffer)).size;
    }, shot.toString("base64"));
  }
}

/** Tests with `faulty`, which fail when an error was logged that they did not allow. */
export const test = base.extend<{ faulty: FaultyApp }>({
  faulty: async ({ page }, use) => {
    const faulty = new FaultyApp(page);
    await use(faulty);
    expect(faulty.unexpected()).toEqual([]);
  },
});

export { expect } from "@playwright/test";
