import { useEffect, useEffectEvent, useRef, useState } from "react";
import type { KeyboardEvent, MouseEvent } from "react";
import type { ImagePx, Point, RegionChoice } from "../../workers/contract.ts";
import { Button } from "../ui/button.tsx";
import "./canvas.css";
import { bySize, stepped } from "./proposal-choice.ts";
import { imagePx } from "./viewport.ts";

export interface ProposalPickerProps {
  readonly picture: {
    /** An object URL. */
    readonly url: string;
    readonly name: string;
    /** Working pixels: the units of outlines and points. */
    readonly width: ImagePx;
    readonly height: ImagePx;
  };
  /** The likeliest first; empty while none are known. */
  readonly choices: readonly RegionChoice[];
  /** True while choices for a point are being looked for. */
  readonly busy: boolean;
  /** What confirming does, as the button says it. */
  readonly confirmLabel: string;
  readonly onPoint: (point: Point) => void;
  readonly onConfirm: (choice: RegionChoice) => void;
}

/** Wheel travel in CSS pixels that counts as one step. */
const WHEEL_STEP = 40;
/** A step of the pointer that is moved by keys, as a share of the picture. */
const KEY_MOVE = 0.05;
const MOVES: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-KEY_MOVE, 0],
  ArrowRight: [KEY_MOVE, 0],
  ArrowUp: [0, -KEY_MOVE],
  ArrowDown: [0, KEY_MOVE],
};
const SIZES: Readonly<Record<string, 1 | -1>> = {
  ArrowUp: 1,
  ArrowRight: 1,
  "+": 1,
  ArrowDown: -1,
  ArrowLeft: -1,
  "-": -1,
};

/**
 * An example picture in which the person points at the object that is meant: a click asks for the proposals there, and
 * larger or smaller ones are a turn of the wheel, a key or a button away.
 */
export function ProposalPicker({ picture, choices, busy, confirmLabel, onPoint, onConfirm }: ProposalPickerProps) {
  const [shown, setShown] = useState({ choices, chosen: choices[0] ?? null });
  if (shown.choices !== choices) setShown({ choices, chosen: choices[0] ?? null });
  const [point, setPoint] = useState<Point | null>(null);
  const sizes = bySize(choices);
  const { chosen } = shown;
  const place = chosen ? sizes.indexOf(chosen) : -1;
  const stage = useRef<HTMLDivElement>(null);

  const choose = (step: 1 | -1) => setShown({ choices, chosen: stepped(sizes, chosen, step) });
  const ask = (next: Point) => {
    setPoint(next);
    onPoint(next);
  };
  const click = (event: MouseEvent<SVGSVGElement>) => {
    const { left, top, width, height } = event.currentTarget.getBoundingClientRect();
    ask(inPicture(picture, (event.clientX - left) / width, (event.clientY - top) / height));
  };
  const press = (event: KeyboardEvent) => {
    const move = event.shiftKey ? MOVES[event.key] : undefined;
    const step = SIZES[event.key];
    if (move) {
      const from = point ?? inPicture(picture, 0.5, 0.5);
      ask(inPicture(picture, from.x / picture.width + move[0], from.y / picture.height + move[1]));
    } else if (step) choose(step);
    else if (event.key === "Enter" && chosen && !busy) onConfirm(chosen);
    else return;
    event.preventDefault();
  };
  const onWheel = useEffectEvent(choose);
  useEffect(() => (stage.current ? stepByWheel(stage.current, onWheel) : undefined), []);

  return (
    <div className="proposal-picker">
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- an application takes keys by its role */}
      <div
        className="proposal-stage"
        role="application"
        aria-label={`Point at the object in ${picture.name}`}
        aria-busy={busy}
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- so that it gets them
        tabIndex={0}
        onKeyDown={press}
        ref={stage}
      >
        <img src={picture.url} alt="" draggable={false} />
        <Outline picture={picture} chosen={chosen} point={point} onClick={click} />
      </div>
      <output className="visually-hidden">{describe(chosen, place, sizes.length, picture)}</output>
      <div className="proposal-buttons">
        <Button icon="zoomOut" isDisabled={place <= 0} onPress={() => choose(-1)}>
          Smaller
        </Button>
        <Button icon="zoomIn" isDisabled={place < 0 || place >= sizes.length - 1} onPress={() => choose(1)}>
          Bigger
        </Button>
        <Button look="primary" isDisabled={!chosen || busy} onPress={() => chosen && onConfirm(chosen)}>
          {confirmLabel}
        </Button>
      </div>
    </div>
  );
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

interface OutlineProps {
  readonly picture: ProposalPickerProps["picture"];
  readonly chosen: RegionChoice | null;
  readonly point: Point | null;
  readonly onClick: (event: MouseEvent<SVGSVGElement>) => void;
}

/** Everything but the chosen region is dimmed. */
function Outline({ picture: { width, height }, chosen, point, onClick }: OutlineProps) {
  return (
    <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden="true" onClick={onClick}>
      {chosen && (
        <>
          <path className="proposal-rest" fillRule="evenodd" d={`M0 0H${width}V${height}H0Z${chosen.outline}`} />
          <path className="proposal-line under" d={chosen.outline} />
          <path className="proposal-line" d={chosen.outline} />
        </>
      )}
      {point && (
        <>
          <path className="proposal-point under" d={`M${point.x} ${point.y}h0`} />
          <path className="proposal-point" d={`M${point.x} ${point.y}h0`} />
        </>
      )}
    </svg>
  );
}

/** The point at a share of the picture's width and height, held inside. */
function inPicture({ width, height }: ProposalPickerProps["picture"], x: number, y: number): Point {
  const within = (share: number, length: number) => imagePx(Math.max(0, Math.min(length - 0.5, share * length)));
  return { x: within(x, width), y: within(y, height) };
}

function describe(
  chosen: RegionChoice | null,
  place: number,
  count: number,
  { width, height }: ProposalPickerProps["picture"],
): string {
  if (!chosen) return "";
  const share = Math.max(1, Math.round((100 * chosen.area) / (width * height)));
  return `Proposal ${place + 1} of ${count} by size, ${share} percent of the picture.`;
}
