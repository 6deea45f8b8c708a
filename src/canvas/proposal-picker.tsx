import { useEffect, useEffectEvent, useRef, useState } from "react";
import type { PointerEvent, RefObject } from "react";
import type { Box, ImagePx, Point, RegionOutline } from "../../workers/contract.ts";
import { Button } from "../ui/button.tsx";
import { Choices } from "../ui/choices.tsx";
import "./canvas.css";
import { boxAround, type PickerTool, type PickerWish, pointInPicture, wishOfKey } from "./picker-hand.ts";

/** What a person has said of the region so far. */
export type Mark =
  | { readonly kind: "plus" | "minus"; readonly point: Point }
  | { readonly kind: "box"; readonly box: Box };

interface PickerPicture {
  /** An object URL. */
  readonly url: string;
  readonly name: string;
  /** Working pixels: the units of outlines and points. */
  readonly width: ImagePx;
  readonly height: ImagePx;
}

interface ProposalPickerProps {
  readonly picture: PickerPicture;
  /** Null while none is known. */
  readonly shown: RegionOutline | null;
  /** Which of how many regions at this place is shown, by size; null when sizes mean nothing. */
  readonly place: { readonly index: number; readonly count: number } | null;
  readonly marks: readonly Mark[];
  /** True while a region is being looked for. */
  readonly busy: boolean;
  /** What confirming does, as the button says it. */
  readonly confirmLabel: string;
  /** Null: not now. */
  readonly onConfirm: (() => void) | null;
  readonly onWish: (wish: Exclude<PickerWish, { readonly kind: "confirm" | "move" | "corner" }>) => void;
}

/** Wheel travel in CSS pixels that counts as one step. */
const WHEEL_STEP = 40;
/** CSS pixels that a hand may tremble within a click. */
const CLICK_SLOP = 5;

const TOOLS: readonly { readonly value: PickerTool; readonly label: string }[] = [
  { value: "choose", label: "Choose" },
  { value: "plus", label: "Add" },
  { value: "minus", label: "Take away" },
];

/**
 * An example picture in which the person says what is meant: a click chooses a region, a drawn box another, plus and minus
 * clicks refine it, the wheel makes it larger or smaller; all of it by keys as well.
 */
export function ProposalPicker(props: ProposalPickerProps) {
  const { picture, shown, place, marks, busy, confirmLabel, onConfirm, onWish } = props;
  const [tool, setTool] = useState<PickerTool>("choose");
  /** Where keys work; null until one is pressed. */
  const [point, setPoint] = useState<Point | null>(null);
  /** First corner of a box that is drawn by keys. */
  const [corner, setCorner] = useState<Point | null>(null);
  const stage = useRef<HTMLDivElement>(null);
  const pointer = useBoxDrawing(picture, tool, onWish);
  const step = (by: 1 | -1): void => onWish({ kind: "step", by });
  const onWheel = useEffectEvent(step);
  useEffect(() => (stage.current ? stepByWheel(stage.current, onWheel) : undefined), []);

  const obey = (wish: PickerWish): void => {
    if (wish.kind === "move") setPoint(wish.point);
    else if (wish.kind === "confirm") onConfirm?.();
    else if (wish.kind !== "corner") onWish(wish);
    else if (corner) onWish({ kind: "box", box: boxAround(corner, wish.point) });
    if (wish.kind === "corner") setCorner(corner ? null : wish.point);
  };
  const drawn = pointer.box ?? (corner && point ? boxAround(corner, point) : null);

  return (
    <div className="proposal-picker">
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- an application takes keys by its role */}
      <div
        className="proposal-stage"
        role="application"
        aria-label={`Point at the object in ${picture.name}`}
        aria-describedby="picker-keys"
        aria-busy={busy}
        data-tool={tool}
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- so that it gets them
        tabIndex={0}
        onKeyDown={(event) => {
          const wish = wishOfKey(event, picture, point ?? pointInPicture(picture, 0.5, 0.5));
          if (!wish || event.ctrlKey || event.metaKey) return;
          event.preventDefault();
          setPoint((before) => before ?? pointInPicture(picture, 0.5, 0.5));
          obey(wish);
        }}
        ref={stage}
      >
        <img src={picture.url} alt="" draggable={false} />
        <Drawing picture={picture} shown={shown} marks={marks} point={point} box={drawn} pointer={pointer} />
      </div>
      <output className="visually-hidden">{describe(shown, place, marks, picture)}</output>
      <p id="picker-keys" className="picker-keys small muted">
        Keys: arrows move the point, Space chooses there, + adds, − takes away, B marks two corners of a box, [ and ]
        change the size, Backspace takes back, Enter confirms.
      </p>
      <div className="proposal-buttons">
        <Choices label="A click means" value={tool} options={TOOLS} onChange={setTool} />
        <Button icon="zoomOut" isDisabled={!place || place.index <= 0} onPress={() => step(-1)}>
          Smaller
        </Button>
        <Button icon="zoomIn" isDisabled={!place || place.index >= place.count - 1} onPress={() => step(1)}>
          Bigger
        </Button>
        <Button icon="undo" isDisabled={marks.length === 0} onPress={() => onWish({ kind: "take-back" })}>
          Take back
        </Button>
        <Button look="primary" isDisabled={!onConfirm} onPress={() => onConfirm?.()}>
          {confirmLabel}
        </Button>
      </div>
    </div>
  );
}

interface Drawn {
  /** The box that is being drawn. */
  readonly box: Box | null;
  readonly down: (event: PointerEvent<SVGSVGElement>) => void;
  readonly move: (event: PointerEvent<SVGSVGElement>) => void;
  readonly up: (event: PointerEvent<SVGSVGElement>) => void;
  readonly cancel: () => void;
}

/** Tells a click from a box that is drawn. */
function useBoxDrawing(picture: PickerPicture, tool: PickerTool, onWish: ProposalPickerProps["onWish"]): Drawn {
  const [box, setBox] = useState<Box | null>(null);
  const from: RefObject<{ readonly x: number; readonly y: number } | null> = useRef(null);
  const pointOf = (event: PointerEvent<SVGSVGElement>, x: number, y: number): Point => {
    const { left, top, width, height } = event.currentTarget.getBoundingClientRect();
    return pointInPicture(picture, (x - left) / width, (y - top) / height);
  };
  const boxOf = (event: PointerEvent<SVGSVGElement>): Box | null => {
    const start = from.current;
    if (!start || Math.hypot(event.clientX - start.x, event.clientY - start.y) <= CLICK_SLOP) return null;
    return boxAround(pointOf(event, start.x, start.y), pointOf(event, event.clientX, event.clientY));
  };
  return {
    box,
    down: (event) => {
      if (event.button !== 0) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      from.current = { x: event.clientX, y: event.clientY };
    },
    move: (event) => {
      // Worked out here: by the time that React asks for the new state, the event has no element any more.
      const drawn = boxOf(event);
      // A box once begun stays one, also when the hand comes back to where it began.
      if (drawn) setBox(drawn);
    },
    up: (event) => {
      if (!from.current) return;
      const drawn = box && boxOf(event);
      const kind = event.shiftKey ? "plus" : event.altKey ? "minus" : tool;
      if (drawn) onWish({ kind: "box", box: drawn });
      else if (!box) onWish({ kind, point: pointOf(event, event.clientX, event.clientY) });
      from.current = null;
      setBox(null);
    },
    cancel: () => {
      from.current = null;
      setBox(null);
    },
  };
}

/** Steps with the wheel and keeps it from scrolling the page, which React's own listener cannot. */
function stepByWheel(element: HTMLElement, step: (direction: 1 | -1) => void): () => void {
  let travelled = 0;
  const onWheel = (event: WheelEvent) => {
    event.preventDefault();
    travelled += event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? event.deltaY : event.deltaY * WHEEL_STEP;
    if (Math.abs(travelled) < WHEEL_STEP) return;
    step(travelled < 0 ? 1 : -1);
    travelled = 0;
  };
  element.addEventListener("wheel", onWheel, { passive: false });
  return () => element.removeEventListener("wheel", onWheel);
}

interface DrawingProps {
  readonly picture: PickerPicture;
  readonly shown: RegionOutline | null;
  readonly marks: readonly Mark[];
  readonly point: Point | null;
  readonly box: Box | null;
  readonly pointer: Drawn;
}

/** Everything but the region is dimmed; marks and the point that keys work at lie over it. */
function Drawing({ picture: { width, height }, shown, marks, point, box, pointer }: DrawingProps) {
  const cross = 0.02 * Math.max(width, height);
  return (
    <svg
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      aria-hidden="true"
      onPointerDown={pointer.down}
      onPointerMove={pointer.move}
      onPointerUp={pointer.up}
      onPointerCancel={pointer.cancel}
    >
      {shown && (
        <>
          <path className="proposal-rest" fillRule="evenodd" d={`M0 0H${width}V${height}H0Z${shown.outline}`} />
          <path className="proposal-line under" d={shown.outline} />
          <path className="proposal-line" d={shown.outline} />
        </>
      )}
      {marks.map((mark) =>
        mark.kind === "box" ? (
          <rect key={JSON.stringify(mark)} className="proposal-box" {...mark.box} />
        ) : (
          <g key={JSON.stringify(mark)} transform={`translate(${mark.point.x} ${mark.point.y})`}>
            <path className="proposal-mark under" d="M0 0h0" />
            <path className={`proposal-mark ${mark.kind}`} d="M0 0h0" />
            <path
              className="proposal-sign"
              d={
                mark.kind === "plus"
                  ? `M${-cross / 2} 0H${cross / 2}M0 ${-cross / 2}V${cross / 2}`
                  : `M${-cross / 2} 0H${cross / 2}`
              }
            />
          </g>
        ),
      )}
      {box && <rect className="proposal-box" {...box} />}
      {point && (
        <>
          <path className="proposal-cross under" d={crossAt(point, cross)} />
          <path className="proposal-cross" d={crossAt(point, cross)} />
        </>
      )}
    </svg>
  );
}

const crossAt = ({ x, y }: Point, size: number): string => `M${x - size} ${y}H${x + size}M${x} ${y - size}V${y + size}`;

function describe(
  shown: RegionOutline | null,
  place: ProposalPickerProps["place"],
  marks: readonly Mark[],
  { width, height }: PickerPicture,
): string {
  if (!shown) return "";
  const share = Math.max(1, Math.round((100 * shown.area) / (width * height)));
  const which = place && marks.length === 0 ? `Proposal ${place.index + 1} of ${place.count} by size` : "Your region";
  return `${which}, ${share} percent of the picture.`;
}
