import { mkdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { chromium } from "playwright";
import { preview } from "vite";
import { AppPage } from "../app.ts";
import { chromiumLaunch } from "../serving/chromium.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** The picture of the README: the built app with a sample scene opened and its classes typed, as a person sees it. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      scene: { type: "string", default: "Dog and cat in the garden" },
      classes: { type: "string", default: "" },
      model: { type: "string" },
      theme: { type: "string", default: "light" },
      out: { type: "string", default: join(ROOT, "docs/lookalike.png") },
    },
  });
  const server = await preview({ root: ROOT, preview: { host: "127.0.0.1", port: 4191 }, logLevel: "warn" });
  const browser = await chromium.launch(chromiumLaunch());
  try {
    const page = await browser.newPage({
      viewport: { width: 1280, height: 800 },
      colorScheme: values.theme === "dark" ? "dark" : "light",
    });
    await page.goto(`${server.resolvedUrls?.local[0] ?? ""}?debug&device=wasm`);
    await page.waitForFunction(() => window.lookalike?.store.getState().phase === "ready", null, { timeout: 300_000 });
    if (values.model !== undefined) {
      await page.evaluate(() => {
        const input = document.createElement("input");
        Object.assign(input, { type: "file", hidden: true, id: "model" });
        document.body.append(input);
      });
      await page.locator("#model").setInputFiles(resolve(values.model));
      await page.evaluate(async () => {
        const input = document.getElementById("model");
        const file = input instanceof HTMLInputElement ? input.files?.[0] : undefined;
        if (file) await window.lookalike.engine.useModel({ kind: "file", file });
        input?.remove();
      });
    }
    await page.getByRole("button", { name: new RegExp(values.scene) }).click();
    if (values.classes !== "") {
      const field = page.getByRole("combobox", { name: "What is in your pictures?" });
      await field.fill(values.classes);
      await field.press("Enter");
    }
    await new AppPage(page).segmented({ timeout: 400_000 });
    // Painted in a worker, a frame or two later.
    await page.waitForTimeout(3000);
    mkdirSync(dirname(values.out), { recursive: true });
    await page.screenshot({ path: values.out });
  } finally {
    await browser.close();
    await server.close();
  }
}

await main();
