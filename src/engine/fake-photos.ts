import {
  EngineError,
  type FoundPhoto,
  type PhotoCalls,
  type PictureId,
  type ReferenceInfo,
} from "../../workers/contract.ts";
import type { FakeParts } from "./fake-names.ts";

/** Two photographs of each service for any name; a name that begins with "busy" is asked to wait. */
export function fakePhotoCalls({ calls, drawing, pass, classOf, replaceClass, reference }: FakeParts): PhotoCalls {
  return {
    async searchPhotos(name, providers, job) {
      calls.push(`searchPhotos ${name} ${providers.join("+")}`);
      await pass(["search-photos"], name, job);
      if (name.startsWith("busy")) throw new EngineError("photos-busy", "The service asks to wait.", { seconds: 60 });
      const photos = providers.flatMap((provider) =>
        [1, 2].map((number): FoundPhoto => {
          const title = `${name} ${number} of ${provider}`;
          return {
            source: { id: `photo-${title}` as PictureId, name: title, blob: drawing },
            provider,
            attribution: {
              provider,
              title,
              author: "Ann",
              licence: "CC BY 4.0",
              licenceUrl: "https://creativecommons.org/licenses/by/4.0/",
              pageUrl: "https://example.org/photograph",
            },
            width: 300,
            height: 200,
          };
        }),
      );
      return { photos, asked: 0, failures: [] };
    },
    async addPhotos(id, photos, subcategory, job) {
      calls.push(`addPhotos ${photos.map(({ target }) => target.kind).join(" ")}`);
      await pass(["embed-references"], `${photos.length} photographs`, job);
      const added = photos.map(({ source, attribution }): ReferenceInfo => ({
        ...reference("photo-search", source.name),
        subcategory,
        attribution,
      }));
      const owner = classOf(id);
      replaceClass({ ...owner, references: [...owner.references, ...added] });
      return added;
    },
    async forgetPhotos() {
      calls.push("forgetPhotos");
    },
  };
}
