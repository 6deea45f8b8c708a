import * as v from "valibot";
import { EngineError } from "../../../contract.ts";
import { addressWithin, type Candidate, linkTo, type Origins, type Service } from "./services.ts";

/** Width of the small versions: one of those that Commons keeps ready. */
const SMALL_WIDTH = 500;

/** Licences under which a part may be cut out and kept: free ones are all that Commons takes, but not all say which. */
const FREE_LICENCE =
  /^(?:cc[ -]?by(?:[ -]?sa)?\b|cc[ -]?0\b|cc-zero|public domain\b|pd\b|no restrictions\b|gfdl\b|fal\b)/iu;

const value = v.nullish(v.looseObject({ value: v.union([v.string(), v.number()]) }), null);
const side = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1_000_000));

const answerSchema = v.looseObject({
  query: v.optional(v.looseObject({ pages: v.optional(v.array(v.unknown()), []) }), { pages: [] }),
});
const errorSchema = v.looseObject({ error: v.looseObject({ code: v.string() }) });
const pageSchema = v.looseObject({
  title: v.string(),
  index: v.optional(v.number(), 0),
  imageinfo: v.pipe(
    v.array(
      v.looseObject({
        thumburl: v.string(),
        thumbwidth: side,
        thumbheight: side,
        descriptionurl: v.optional(v.string(), ""),
        extmetadata: v.optional(
          v.looseObject({ LicenseShortName: value, LicenseUrl: value, Artist: value, ObjectName: value }),
          { LicenseShortName: null, LicenseUrl: null, Artist: null, ObjectName: null },
        ),
      }),
    ),
    v.minLength(1),
  ),
});

const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: " " };

/** The text of a scrap of HTML, as Commons gives authors. It is only ever shown as text, so nothing hangs on this. */
export function textOfHtml(html: string): string {
  return html
    .replace(/<[^>]*>/gu, " ")
    .replace(/&#(\d{1,7});/gu, (_, code: string) => {
      const point = Number(code);
      return point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : "";
    })
    .replace(/&([a-z]+);/giu, (whole, name: string) => ENTITIES[name.toLowerCase()] ?? whole)
    .replace(/\s+/gu, " ")
    .trim();
}

const textOf = (field: { readonly value: string | number } | null): string =>
  field === null ? "" : textOfHtml(String(field.value));

/** The MediaWiki search of https://commons.wikimedia.org: one request gives titles, licences and small versions. */
export function commons({ commons: origin, commonsPictures }: Origins): Service {
  return {
    provider: "commons",
    name: "Wikimedia Commons",

    searchAddress(name, count) {
      const address = new URL("/w/api.php", origin);
      address.search = new URLSearchParams({
        action: "query",
        format: "json",
        formatversion: "2",
        // Anonymous, from any page.
        origin: "*",
        generator: "search",
        gsrsearch: `filetype:bitmap ${name}`,
        gsrnamespace: "6",
        gsrlimit: String(count),
        prop: "imageinfo",
        iiprop: "url|size|mime|extmetadata",
        iiurlwidth: String(SMALL_WIDTH),
        iiextmetadatafilter: "LicenseShortName|LicenseUrl|Artist|ObjectName",
      }).toString();
      return address;
    },

    read(answer) {
      const error = v.safeParse(errorSchema, answer);
      const parsed = v.safeParse(answerSchema, answer);
      if (error.success || !parsed.success) {
        throw new EngineError(
          "photos-unusable",
          "Wikimedia Commons sent an answer that is not a list of photographs.",
          {
            code: error.success ? error.output.error.code.slice(0, 100) : "",
          },
        );
      }
      const pages = parsed.output.query.pages.flatMap((page) => {
        const one = v.safeParse(pageSchema, page);
        return one.success ? [one.output] : [];
      });
      // The answer lists them by page number; their rank in the search is said apart.
      return pages
        .sort((a, b) => a.index - b.index)
        .flatMap(({ title, imageinfo }): Candidate[] => {
          const [info] = imageinfo;
          const address = info && addressWithin(info.thumburl, commonsPictures);
          const licence = info ? textOf(info.extmetadata.LicenseShortName) : "";
          if (!info || !address || !FREE_LICENCE.test(licence)) return [];
          const { extmetadata, thumbwidth, thumbheight, descriptionurl } = info;
          return [
            {
              provider: "commons",
              address,
              attribution: {
                provider: "Wikimedia Commons",
                title: textOf(extmetadata.ObjectName) || title.replace(/^File:|\.\w{3,4}$/gu, ""),
                author: textOf(extmetadata.Artist),
                licence,
                licenceUrl: linkTo(textOf(extmetadata.LicenseUrl)),
                pageUrl: linkTo(descriptionurl),
              },
              claimed: { width: thumbwidth, height: thumbheight, of: "small" },
            },
          ];
        });
    },
  };
}
