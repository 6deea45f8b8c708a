import { useCallback } from "react";

/** A picture that is a blob. Its address lives as long as the element does. */
export function BlobImage({
  blob,
  alt,
  className,
}: {
  readonly blob: Blob;
  readonly alt: string;
  readonly className?: string;
}) {
  const attach = useCallback(
    (image: HTMLImageElement) => {
      const address = URL.createObjectURL(blob);
      image.src = address;
      return () => URL.revokeObjectURL(address);
    },
    [blob],
  );
  return <img ref={attach} alt={alt} className={className} draggable={false} />;
}
