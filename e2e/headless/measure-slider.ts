import type { Page } from "playwright";

const MOVES = 20;

/** A hundred everyday names, each with pictograms. */
const HUNDRED =
  "dog cat horse cow sheep pig rabbit bear lion tiger elephant giraffe zebra monkey mouse bird duck owl penguin eagle " +
  "fish whale shark octopus crab snail butterfly bee ant spider snake turtle frog crocodile apple banana orange lemon pear peach " +
  "cherry strawberry grapes melon pineapple carrot corn potato tomato onion bread cheese egg pizza sandwich cake cookie cup bottle fork " +
  "spoon bowl chair bed door window lamp clock book pencil key car bus truck bicycle motorcycle train airplane boat rocket " +
  "ball kite guitar piano drum camera telephone computer television umbrella shoe hat shirt dress crown ring tree flower grass mountain";

/**
 * Milliseconds from a move of the slider "How sure it must be" to the first frame that shows another overlay: through
 * the page, the engine in its worker and the canvas. Read off the canvas once a frame, so it is exact to a frame.
 */
export async function measureSlider(page: Page, picture: string): Promise<string> {
  const names = HUNDRED.split(" ");
  await page.evaluate(async (wanted) => {
    const { engine } = window.lookalike;
    for (const name of wanted) await engine.addClass(name);
  }, names);
  const chooser = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: /^(Choose pictures|Add)$/ }).click();
  await (await chooser).setFiles(picture);
  await page.waitForFunction(
    () => {
      const { pictures, bank, jobs } = window.lookalike.store.getState();
      const classes = pictures[0]?.segmentation?.classes.length;
      return jobs.length === 0 && pictures[0]?.state === "done" && classes === bank.classes.length;
    },
    null,
    { timeout: 300_000 },
  );
  const { regions, classes, times } = await page.evaluate(async (moves) => {
    const slider = document.querySelector<HTMLInputElement>(".class-sliders input[type=range]");
    const shown = document.querySelector<HTMLCanvasElement>(".picture-canvas canvas");
    const write = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value")?.set;
    const copy = new OffscreenCanvas(160, 100).getContext("2d", { willReadFrequently: true });
    if (!slider || !shown || !write || !copy) throw new Error("There is nothing to measure.");
    const frame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));
    const look = (): string => {
      copy.drawImage(shown, 0, 0, 160, 100);
      return String(copy.getImageData(0, 0, 160, 100).data);
    };
    const rest = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 400));
    const found: number[] = [];
    for (let move = 0; move < moves; move += 1) {
      await rest();
      const before = look();
      const begun = performance.now();
      write.call(slider, move % 2 === 0 ? "1" : "0");
      slider.dispatchEvent(new Event("input", { bubbles: true }));
      slider.dispatchEvent(new Event("change", { bubbles: true }));
      for (let waited = 0; look() === before && waited < 600; waited += 1) await frame();
      found.push(performance.now() - begun);
    }
    const { pictures, bank } = window.lookalike.store.getState();
    return { regions: pictures[0]?.segmentation?.regions.length ?? 0, classes: bank.classes.length, times: found };
  }, MOVES);
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number): string => (sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN).toFixed(0);
  return `slider to new paint: ${at(0.5)} ms (median of ${MOVES}; 90% within ${at(0.9)} ms), ${regions} regions, ${classes} classes`;
}
