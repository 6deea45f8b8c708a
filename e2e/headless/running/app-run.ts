import type { IncomingMessage, ServerResponse } from "node:http";
import { basename } from "node:path";
import { type Browser, chromium, type Page } from "playwright";
import { preview, type PreviewServer } from "vite";
import type { Detail, EngineStatus } from "../../../workers/contract.ts";
import { chromiumLaunch } from "../../serving/chromium.ts";
import { buildIfStale, ROOT } from "./build.ts";
import { peakPageMemory } from "./memory.ts";

declare global {
  interface Window {
    /** Files that were handed to the page, in their order. */
    handed: readonly File[];
  }
}

export interface AppRunOptions {
  readonly device: "webgpu" | "wasm";
  /** Path of a model file, or "starter". */
  readonly model: string;
  /** How finely the model looks; without it as standard. */
  readonly detail?: Detail;
  /** Told of what takes long. */
  readonly say: (line: string) => void;
}

/** Where the page sends bytes and gets them: same origin, so that the page's policy lets it. */
const DROP = "/measured/";

/**
 * The built app in a headless Chromium with a fresh profile: the engine that a person uses, reached through
 * `window.lookalike`.
 */
export class AppRun {
  readonly page: Page;
  readonly status: EngineStatus;
  /** Version of the browser. */
  readonly browserVersion: string;
  readonly #browser: Browser;
  readonly #server: PreviewServer;
  readonly #received: Map<string, Buffer>;

  private constructor(
    page: Page,
    status: EngineStatus,
    browser: Browser,
    server: PreviewServer,
    received: Map<string, Buffer>,
  ) {
    this.page = page;
    this.status = status;
    this.browserVersion = browser.version();
    this.#browser = browser;
    this.#server = server;
    this.#received = received;
  }

  /** Builds the app if need be, opens it and waits for its model. @throws Error when a model is refused */
  static async open({ device, model, detail = "standard", say }: AppRunOptions): Promise<AppRun> {
    await buildIfStale(say);
    const received = new Map<string, Buffer>();
    const server = await preview({
      root: ROOT,
      logLevel: "warn",
      preview: { host: "127.0.0.1", port: 4190, strictPort: false },
      plugins: [
        { name: "exchange", configurePreviewServer: ({ middlewares }) => void middlewares.use(exchanging(received)) },
      ],
    });
    say(`opening the app, ${model === "starter" ? "starter model" : basename(model)}`);
    const browser = await chromium.launch(chromiumLaunch());
    try {
      const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
      // tsx keeps function names by a helper of its own, which functions that run in the page would miss.
      await page.addInitScript("globalThis.__name = (work) => work;");
      await page.goto(`${server.resolvedUrls?.local[0] ?? ""}?debug&device=${device}`);
      await page.waitForFunction(() => window.lookalike?.store.getState().phase === "ready", null, {
        timeout: 300_000,
      });
      const run = async (): Promise<EngineStatus> => {
        const status = await page.evaluate(() => window.lookalike.store.getState().status);
        if (!status?.model) throw new Error("The app has no model.");
        return status;
      };
      if (model !== "starter") {
        await handFiles(page, [model]);
        await page.evaluate(async (wanted) => {
          const [file] = window.handed;
          if (file) await window.lookalike.engine.useModel({ kind: "file", file, detail: wanted });
        }, detail);
      } else if (detail !== "standard") {
        await page.evaluate((wanted) => window.lookalike.engine.useModel({ kind: "starter", detail: wanted }), detail);
      }
      return new AppRun(page, await run(), browser, server, received);
    } catch (cause) {
      await browser.close();
      await server.close();
      throw cause;
    }
  }

  /** Hands files to the page, where `window.handed` holds them: handles, nothing is copied. */
  hand(paths: readonly string[]): Promise<void> {
    return handFiles(this.page, paths);
  }

  /** What the page has sent under a name, once. @throws Error when nothing came */
  take(name: string): Buffer {
    const found = this.#received.get(name);
    if (!found) throw new Error(`The page sent nothing called ${name}.`);
    this.#received.delete(name);
    return found;
  }

  /** Lets the page GET bytes under DROP and a name, until others are offered under that name. */
  offer(name: string, bytes: Buffer): void {
    this.#received.set(name, bytes);
  }

  /** See peakPageMemory. */
  peakMemory(): number | null {
    return peakPageMemory();
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await this.#server.close();
  }
}

async function handFiles(page: Page, paths: readonly string[]): Promise<void> {
  await page.evaluate(() => {
    const input = document.createElement("input");
    Object.assign(input, { type: "file", multiple: true, hidden: true, id: "handed" });
    document.body.append(input);
  });
  await page.locator("#handed").setInputFiles([...paths]);
  await page.evaluate(() => {
    const input = document.getElementById("handed");
    if (!(input instanceof HTMLInputElement)) throw new Error("There is no field for files.");
    window.handed = [...(input.files ?? [])];
    input.remove();
  });
}

/** Takes what the page PUTs under DROP, and gives what is there when it GETs. */
function exchanging(received: Map<string, Buffer>) {
  return (request: IncomingMessage, response: ServerResponse, next: () => void): void => {
    const { method, url = "" } = request;
    if (!url.startsWith(DROP)) {
      next();
      return;
    }
    const name = decodeURIComponent(url.slice(DROP.length));
    if (method !== "PUT") {
      response.writeHead(received.has(name) ? 200 : 404).end(received.get(name));
      return;
    }
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      received.set(name, Buffer.concat(parts));
      response.writeHead(204).end();
    });
  };
}
