import type { PhotoProvider } from "../../workers/contract.ts";

interface PhotoServiceWords {
  readonly name: string;
  /** Who gets what is sent. */
  readonly hosts: string;
  readonly about: string;
}

/** The services as the person reads of them. */
export const PHOTO_SERVICES: Record<PhotoProvider, PhotoServiceWords> = {
  openverse: {
    name: "Openverse",
    hosts: "api.openverse.org",
    about: "A search over openly licensed works, run by the WordPress project.",
  },
  commons: {
    name: "Wikimedia Commons",
    hosts: "commons.wikimedia.org, upload.wikimedia.org",
    about: "The media library of Wikipedia, run by the Wikimedia Foundation.",
  },
};

export const PHOTO_PROVIDERS: readonly PhotoProvider[] = ["openverse", "commons"];
