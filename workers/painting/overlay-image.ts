import { EngineError } from "../contract.ts";
import type { WorkingImage } from "../imaging/working-image.ts";
import { Canvas2dPainter } from "./canvas2d-painter.ts";
import type { PaintMaps, PaintView } from "./painter.ts";

/** How the flattened picture is drawn; what is left out is as on the canvas at scale 1. */
export type OverlayLook = Pick<PaintView, "opacity" | "outlineWidth" | "solo" | "hidden">;

/**
 * The picture with its class colours and outlines, flattened, as PNG.
 * @param scale PNG pixels per working pixel; 1 for export, less for thumbnails
 * @throws EngineError "out-of-memory" when the browser cannot encode it.
 */
export async function overlayImage(
  image: WorkingImage,
  maps: PaintMaps,
  palette: readonly string[],
  look: OverlayLook,
  scale = 1,
): Promise<Blob> {
  const canvas = new OffscreenCanvas(1, 1);
  const painter = new Canvas2dPainter(canvas);
  try {
    painter.setPicture(image);
    painter.setMaps(maps);
    painter.setPalette(palette);
    painter.paint(wholePicture(image, look, scale));
    return await canvas.convertToBlob({ type: "image/png" });
  } catch (error) {
    throw new EngineError("out-of-memory", "The painted picture could not be encoded.", {}, error);
  } finally {
    painter.destroy();
  }
}

function wholePicture(image: WorkingImage, look: OverlayLook, scale: number): PaintView {
  return {
    ...look,
    width: Math.max(1, Math.round(image.width * scale)) as PaintView["width"],
    height: Math.max(1, Math.round(image.height * scale)) as PaintView["height"],
    scale,
    offset: { x: 0 as PaintView["offset"]["x"], y: 0 as PaintView["offset"]["y"] },
    hovered: null,
    selected: null,
    bare: false,
    background: "#000000",
  };
}
