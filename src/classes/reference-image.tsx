import { useEffect, useState } from "react";
import type { ReferenceId } from "../../workers/contract.ts";
import { useApp } from "../actions/app-context.tsx";
import { BlobImage } from "../ui/blob-image.tsx";

/** A reference's crop, never changing once made: asked for once a session. */
const known = new Map<ReferenceId, Blob>();

/** What a reference looks like. `alt` is its provenance, or empty beside it. */
export function ReferenceImage({ id, alt }: { readonly id: ReferenceId; readonly alt: string }) {
  const { engine } = useApp();
  const [, setLoaded] = useState<ReferenceId | null>(null);

  useEffect(() => {
    if (known.has(id)) return undefined;
    let wanted = true;
    engine.referenceImage(id).then(
      (image) => {
        known.set(id, image);
        if (wanted) setLoaded(id);
      },
      // Removed meanwhile, or the engine was replaced: the place stays empty.
      () => undefined,
    );
    return () => {
      wanted = false;
    };
  }, [engine, id]);

  const blob = known.get(id);
  return blob ? <BlobImage blob={blob} alt={alt} className="reference-image" /> : <span className="reference-image" />;
}
