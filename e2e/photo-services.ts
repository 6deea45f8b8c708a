import type { Page } from "@playwright/test";
import { SERVICE_ORIGINS } from "../workers/references/sources/photo-search/services.ts";
import { type Photo, type PhotoServices, startPhotoServices } from "./fixtures/photo-services/server.ts";

/** The photograph services on this machine, and what the page asked of their real addresses. */
export interface LocalPhotoServices extends PhotoServices {
  /** Hosts that the page asked, in order; empty while nothing left it. */
  readonly asked: readonly string[];
}

/**
 * Leads a page's requests to the real addresses of the services to a local server: the app and its policy are as they
 * ship. Whatever else is asked of the network is told to the test by AppPage.
 * @param own what Openverse has instead of the project's scenes
 */
export async function leadToLocalServices(page: Page, own?: readonly Photo[]): Promise<LocalPhotoServices> {
  const services = await startPhotoServices(SERVICE_ORIGINS, own);
  const asked: string[] = [];
  const origins: readonly string[] = Object.values(SERVICE_ORIGINS);
  await page.route(
    (url) => origins.includes(url.origin),
    async (route) => {
      const url = new URL(route.request().url());
      asked.push(url.host);
      try {
        const answer = await fetch(`${services.origin}${url.pathname}${url.search}`, { redirect: "manual" });
        await route.fulfill({
          status: answer.status,
          headers: Object.fromEntries(answer.headers),
          body: Buffer.from(await answer.arrayBuffer()),
        });
      } catch {
        // The page has stopped waiting.
      }
    },
  );
  return Object.assign(services, { asked });
}
