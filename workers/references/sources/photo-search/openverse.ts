import * as v from "valibot";
import { EngineError } from "../../../contract.ts";
import { addressWithin, type Candidate, linkTo, type Origins, type Service } from "./services.ts";

/** Licences that allow a part of a photograph to be cut out; those with "nd" do not. */
const LICENCES: ReadonlyMap<string, string> = new Map([
  ["by", "CC BY"],
  ["by-sa", "CC BY-SA"],
  ["by-nc", "CC BY-NC"],
  ["by-nc-sa", "CC BY-NC-SA"],
  ["cc0", "CC0"],
  ["pdm", "Public Domain Mark"],
]);

const text = v.nullish(v.string(), "");
const side = v.nullish(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1_000_000)), null);

const answerSchema = v.looseObject({ results: v.array(v.unknown()) });
const photoSchema = v.looseObject({
  title: text,
  creator: text,
  license: v.string(),
  license_version: text,
  license_url: text,
  foreign_landing_url: text,
  thumbnail: v.string(),
  width: side,
  height: side,
});

/** https://api.openverse.org/v1/: one search is one request; each result has a thumbnail that the service makes itself. */
export function openverse({ openverse: origin }: Origins): Service {
  return {
    provider: "openverse",
    name: "Openverse",

    searchAddress(name, count) {
      const address = new URL("/v1/images/", origin);
      // What may not be changed could not be cut out either.
      const wish = { q: name, page_size: String(count), license_type: "modification", format: "json" };
      address.search = new URLSearchParams(wish).toString();
      return address;
    },

    read(answer) {
      const parsed = v.safeParse(answerSchema, answer);
      if (!parsed.success) {
        throw new EngineError("photos-unusable", "Openverse sent an answer that is not a list of photographs.");
      }
      return parsed.output.results.flatMap((result): Candidate[] => {
        const photo = v.safeParse(photoSchema, result);
        if (!photo.success) return [];
        const { title, creator, license, license_version, license_url, foreign_landing_url, width, height } =
          photo.output;
        const address = addressWithin(photo.output.thumbnail, origin);
        const licence = LICENCES.get(license.toLowerCase());
        if (!address || licence === undefined) return [];
        return [
          {
            provider: "openverse",
            address,
            attribution: {
              provider: "Openverse",
              title,
              author: creator,
              licence: `${licence} ${license_version}`.trim(),
              licenceUrl: linkTo(license_url),
              pageUrl: linkTo(foreign_landing_url),
            },
            claimed: width === null || height === null ? null : { width, height, of: "original" },
          },
        ];
      });
    },
  };
}
