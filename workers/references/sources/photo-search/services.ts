import type { Attribution, PhotoProvider } from "../../../contract.ts";

/** Where the services are; only these origins are ever asked, and the page's policy allows no others. */
export interface Origins {
  readonly openverse: string;
  readonly commons: string;
  /** Commons keeps its pictures on a server of their own. */
  readonly commonsPictures: string;
}

export const SERVICE_ORIGINS: Origins = {
  openverse: "https://api.openverse.org",
  commons: "https://commons.wikimedia.org",
  commonsPictures: "https://upload.wikimedia.org",
};

/** A photograph as a service describes it, not fetched yet. */
export interface Candidate {
  readonly provider: PhotoProvider;
  /** Address of a small version; its origin is one of the service's. */
  readonly address: URL;
  readonly attribution: Attribution;
  /**
   * What the service says of its size: of the small version itself, or of the original, which has the same shape. Null
   * where it says nothing.
   */
  readonly claimed: { readonly width: number; readonly height: number; readonly of: "small" | "original" } | null;
}

/** How one service is asked, and its answer read. */
export interface Service {
  readonly provider: PhotoProvider;
  /** As the person knows it. */
  readonly name: string;
  searchAddress(name: string, count: number): URL;
  /**
   * Photographs of an answer, best first; what is not openly licensed, or not well-formed, is left out.
   * @throws EngineError photos-unusable when the whole answer is not what the service promises
   */
  read(answer: unknown): readonly Candidate[];
}

/** A text as an address of a permitted origin, or null. */
export function addressWithin(text: string, origin: string): URL | null {
  const address = URL.canParse(text) ? new URL(text) : null;
  return address?.origin === origin && address.username === "" && address.password === "" ? address : null;
}

/** An address for a link that a person may follow, or "": https alone. */
export const linkTo = (text: string | null | undefined): string =>
  text && URL.canParse(text) && new URL(text).protocol === "https:" ? text : "";
