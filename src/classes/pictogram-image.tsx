import { useEffect, useState } from "react";
import { useApp } from "../actions/app-context.tsx";
import { BlobImage } from "../ui/blob-image.tsx";

/** What pictograms look like, painted by the engine in the bundled font: asked for once a session. */
const known = new Map<string, Blob>();

/** Decoration: whatever carries it says in words what it is. */
export function PictogramImage({ glyph }: { readonly glyph: string }) {
  const { engine } = useApp();
  const [, setLoaded] = useState("");

  useEffect(() => {
    if (known.has(glyph)) return undefined;
    let wanted = true;
    engine.pictogramImage(glyph).then(
      (image) => {
        known.set(glyph, image);
        if (wanted) setLoaded(glyph);
      },
      // Not in the font, or the engine was replaced: the place stays empty.
      () => undefined,
    );
    return () => {
      wanted = false;
    };
  }, [engine, glyph]);

  const blob = known.get(glyph);
  return blob ? <BlobImage key={glyph} blob={blob} alt="" className="pictogram" /> : <span className="pictogram" />;
}
