import type { PaintingCalls } from "../contract.ts";
import type { EngineCore } from "../engine-core.ts";
import { overlayImage } from "../painting/overlay-image.ts";
import { runStage } from "../pictures.ts";
import { overlayLookOf, paletteOf } from "../results.ts";

/** What the canvas shows. */
export function paintingCalls(core: EngineCore): PaintingCalls {
  return {
    async attachCanvas(canvas) {
      // A canvas keeps the way in which it is first painted, and that is not known before there is a machine.
      await core.started;
      await core.display.attach(canvas);
      if (core.isOpen) core.emit({ type: "status", status: core.status() });
    },

    show(picture) {
      core.display.want(picture?.id ?? null);
      return core.job("show", {}, async (context) => {
        const image = picture && (await core.pictures.decode(picture, context));
        const labelled = picture && core.use().labelling.last(picture.id);
        core.display.setPicture(image, labelled, core.classes());
      });
    },

    overlayImage: (picture, settings, style, job) =>
      core.job(null, job, async (context) => {
        const labelled = await core.label(picture, settings, context);
        const image = await core.pictures.decode(picture, context);
        const look = overlayLookOf(style, settings.classes);
        const palette = paletteOf(settings.classes, core.classes());
        return runStage(context, "export", () => overlayImage(image, labelled, palette, look));
      }),

    setView: async (view) => core.display.setView(view),
  };
}
