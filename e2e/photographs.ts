import { readFileSync } from "node:fs";
import type { Locator } from "@playwright/test";
import { expect, type Upload } from "./app.ts";
import { type Mask, maskOfClass, maskOfOutline, overlapOf, type Photograph, readPhotographs } from "./fixtures/coco.ts";

/** A photograph as a person hands it to the page. */
export function photographUpload({ file, path }: Photograph): Upload {
  return { name: file, mimeType: "image/jpeg", buffer: readFileSync(path) };
}

/** The photographs of a folder with one thing of a class that covers at least some share, the largest first. */
export function photographsOf(folder: string, className: string, leastShare: number): readonly Photograph[] {
  return readPhotographs(folder)
    .map((photograph) => ({ photograph, share: shareOf(maskOfClass(photograph, className)) }))
    .filter(
      ({ photograph, share }) =>
        share >= leastShare && photograph.things.filter(({ name }) => name === className).length === 1,
    )
    .toSorted((a, b) => b.share - a.share)
    .map(({ photograph }) => photograph);
}

const shareOf = (mask: Mask): number => mask.reduce((sum, value) => sum + value, 0) / mask.length;

/** The dialog in which an object is pointed at in an example picture. */
export class ExamplePicker {
  readonly dialog: Locator;

  constructor(dialog: Locator) {
    this.dialog = dialog;
  }

  get stage(): Locator {
    return this.dialog.getByRole("application");
  }

  /** Waits until a region is proposed and nothing more is looked for. */
  async ready(): Promise<void> {
    await expect(this.stage).toHaveAttribute("aria-busy", "false", { timeout: 120_000 });
    await expect(this.dialog.getByText(/percent of the picture\.$/)).toHaveText(/./, { timeout: 120_000 });
  }

  /** The region that is shown, as a mask of the photograph, whose size is the engine's working size. */
  async region({ width, height }: Photograph): Promise<Mask> {
    await this.ready();
    const outline = await this.stage.locator("path.proposal-line").last().getAttribute("d");
    return maskOfOutline(outline ?? "", width, height);
  }

  /** How much of region and truth together is shared. */
  async overlap(photograph: Photograph, className: string): Promise<number> {
    const { both, either } = overlapOf(await this.region(photograph), maskOfClass(photograph, className));
    return either === 0 ? 0 : both / either;
  }

  /** Where on the page a pixel of the photograph is. */
  async placeOf({ width, height }: Photograph, at: Place): Promise<Place> {
    const box = await this.stage.locator("img").boundingBox();
    if (!box) throw new Error("The dialog shows no picture.");
    // What is pointed at is measured by what is drawn over the picture.
    const drawn = await this.stage.locator("svg").boundingBox();
    expect(Math.abs((drawn?.width ?? 0) - box.width)).toBeLessThan(1);
    expect(Math.abs((drawn?.height ?? 0) - box.height)).toBeLessThan(1);
    return { x: box.x + ((at.x + 0.5) / width) * box.width, y: box.y + ((at.y + 0.5) / height) * box.height };
  }
}

export interface Place {
  readonly x: number;
  readonly y: number;
}

/** The smallest box around a mask, as its corners. */
export function cornersOf(mask: Mask, width: number): readonly [Place, Place] {
  let [left, top, right, bottom] = [width, mask.length / width, 0, 0];
  for (let at = 0; at < mask.length; at += 1) {
    if (!mask[at]) continue;
    const [x, y] = [at % width, Math.floor(at / width)];
    [left, top, right, bottom] = [Math.min(left, x), Math.min(top, y), Math.max(right, x), Math.max(bottom, y)];
  }
  return [
    { x: left, y: top },
    { x: right, y: bottom },
  ];
}
