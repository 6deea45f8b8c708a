import { describe, expect, it } from "vitest";
import type { PictureId } from "../../workers/contract.ts";
import { fit, imagePx, screenPoint, screenPx } from "./viewport.ts";
import { ViewportControl } from "./viewport-control.ts";

const picture = { id: "a" as PictureId, width: imagePx(640), height: imagePx(480) };
const canvas = { width: screenPx(1000), height: screenPx(600) };
const wider = { width: screenPx(1400), height: screenPx(900) };

function controlled(): ViewportControl {
  const control = new ViewportControl();
  control.setCanvas(canvas);
  control.setPicture(picture);
  return control;
}

describe("the viewport of a canvas", () => {
  it("is null until there are a picture and a canvas with an area, in whichever order they come", () => {
    const control = new ViewportControl();
    control.setPicture(picture);
    expect(control.viewport).toBeNull();
    control.setCanvas({ width: screenPx(0), height: screenPx(600) });
    expect(control.viewport).toBeNull();
    control.pan(5, 5);
    control.setCanvas(canvas);
    expect(control.viewport).toEqual(fit(picture, canvas));
    control.setPicture(null);
    expect(control.viewport).toBeNull();
  });

  it("stays fitted while the canvas grows, until it is moved", () => {
    const control = controlled();
    control.setCanvas(wider);
    expect(control.viewport).toEqual(fit(picture, wider));
    control.zoom(3);
    const { scale } = control.viewport ?? { scale: 0 };
    control.setCanvas(canvas);
    expect(control.viewport?.scale).toBe(scale);
    expect(control.isFitted).toBe(false);
    control.fit();
    expect(control.viewport).toEqual(fit(picture, canvas));
  });

  it("shows another picture whole, but leaves the view alone when the same one comes again", () => {
    const control = controlled();
    control.zoom(3, screenPoint(10, 10));
    const zoomed = control.viewport;
    control.setPicture({ ...picture });
    expect(control.viewport).toBe(zoomed);
    control.setPicture({ ...picture, id: "b" as PictureId });
    expect(control.viewport).toEqual(fit(picture, canvas));
  });

  it("follows a pinch and a drag within the limits", () => {
    const control = controlled();
    const before = control.viewport?.scale ?? 0;
    control.follow({
      kind: "pinch",
      before: [screenPoint(400, 300), screenPoint(600, 300)],
      after: [screenPoint(300, 300), screenPoint(700, 300)],
    });
    expect(control.viewport?.scale).toBeCloseTo(before * 2, 9);
    control.follow({ kind: "pan", dx: 1e6, dy: 0 });
    expect(control.viewport?.offset.x).toBeLessThanOrEqual(canvas.width);
  });
});
