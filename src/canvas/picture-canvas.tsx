import { useImperativeHandle, useLayoutEffect, useRef, useState } from "react";
import type { ReactNode, Ref } from "react";
import type { LabelMap, Point, RegionIndex, View } from "../../workers/contract.ts";
import "./canvas.css";
import { CanvasHand } from "./canvas-hand.ts";
import type { CarriedRegion } from "./region-carry.ts";
import { HoverLabel } from "./hover-label.tsx";
import type { ShownPicture } from "./viewport-control.ts";

/** What a toolbar and shortcuts can do to the canvas. */
export interface CanvasHandle {
  zoomIn(): void;
  zoomOut(): void;
  fit(): void;
}

/** How the picture is painted, apart from where. */
export interface CanvasSettings extends Pick<View, "opacity" | "hovered" | "selected" | "solo" | "hidden" | "bare"> {
  /** CSS pixels; 0 for none. */
  readonly outlineWidth: number;
}

export interface PictureCanvasProps {
  readonly picture: ShownPicture | null;
  readonly regionMap: LabelMap | null;
  readonly settings: CanvasSettings;
  /** What the canvas shows, for screen readers. */
  readonly label: string;
  /** What is said when a region is selected; empty for nothing. */
  readonly selectedText: string;
  /** Shown beside the pointer; null for nothing. */
  readonly hoverLabel: ReactNode | null;
  readonly handle?: Ref<CanvasHandle>;
  /** Called once in the life of the canvas element. A worker that died needs a new one: give the component a new key. */
  readonly onAttach: (canvas: OffscreenCanvas) => void;
  readonly onView: (view: View) => void;
  /** Called when the region under the pointer becomes another; `at` is in CSS pixels of the canvas. */
  readonly onHover: (region: RegionIndex | null, at: { readonly x: number; readonly y: number }) => void;
  /** Called when the pointer comes to another place of the picture, with null when it leaves it. */
  readonly onPoint?: (at: Point | null) => void;
  /** Called with null when the selected region or the background is clicked, or on Escape. */
  readonly onSelect: (region: RegionIndex | null) => void;
  /** Called when keys ask for the next or the previous region: they select what a pointer would click. */
  readonly onStep: (by: 1 | -1) => void;
  /** Takes clicks inside the picture instead of onSelect. */
  readonly onImageClick?: (point: Point) => void;
  /** Called while the selected region is carried away. */
  readonly onCarry: (carried: CarriedRegion) => void;
  /** Called when it is let go, null when that was not meant. */
  readonly onCarried: (carried: CarriedRegion | null) => void;
  /** Called with true when a comparing key goes down, with false when it comes up. */
  readonly onCompare: (held: boolean) => void;
}

/** Canvases that were given away: React may run an effect twice for one element, which can be transferred only once. */
const transferred = new WeakSet<HTMLCanvasElement>();

/** The picture with pan, zoom, hover and selection. Painting itself is done elsewhere, by whoever takes `onAttach`. */
export function PictureCanvas(props: PictureCanvasProps) {
  const { label, selectedText, hoverLabel, handle, onAttach, onImageClick } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const floating = useRef<HTMLDivElement>(null);
  const [hand] = useState(() => new CanvasHand());

  useLayoutEffect(() => {
    const element = canvas.current;
    if (!element || transferred.has(element)) return;
    transferred.add(element);
    onAttach(element.transferControlToOffscreen());
  }, [onAttach]);
  useLayoutEffect(() => (canvas.current ? hand.listen(canvas.current) : undefined), [hand]);
  useLayoutEffect(() => hand.update(props, floating.current));
  useImperativeHandle(handle, () => hand, [hand]);

  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- an application takes keys by its role
    <div
      className="picture-canvas"
      role="application"
      aria-roledescription="picture"
      aria-label={label}
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- so that it gets them
      tabIndex={0}
      onKeyDown={(event) => hand.keyDown(event)}
      onKeyUp={(event) => hand.keyUp(event)}
      onBlur={() => hand.releaseCompare()}
    >
      <canvas
        ref={canvas}
        data-picking={onImageClick !== undefined}
        onPointerDown={(event) => hand.pointerDown(event)}
        onPointerMove={(event) => hand.pointerMove(event)}
        onPointerUp={(event) => hand.pointerUp(event)}
        onPointerCancel={(event) => hand.pointerCancel(event)}
        onPointerLeave={() => hand.pointerLeave()}
        onDoubleClick={() => hand.fit()}
      />
      {hoverLabel !== null && <HoverLabel ref={floating}>{hoverLabel}</HoverLabel>}
      <output className="visually-hidden">{selectedText}</output>
    </div>
  );
}
