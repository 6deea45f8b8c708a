import { useEffect, useRef, useState } from "react";
import type {
  ExampleTarget,
  Failure,
  JobOptions,
  Localised,
  PictureInfo,
  PictureSource,
  Point,
  Refinement,
  RegionChoice,
  RegionOutline,
} from "../../workers/contract.ts";
import { useApp } from "../actions/app-context.tsx";
import { bySize, stepped } from "../canvas/proposal-choice.ts";
import type { PickerWish } from "../canvas/picker-hand.ts";
import type { Mark } from "../canvas/proposal-picker.tsx";
import { isCancelled, toFailure } from "../store/failure.ts";

/** What the person has said so far of one example picture. */
interface Said {
  /** Regions at the place pointed at, from small to large. */
  readonly sizes: readonly RegionChoice[];
  readonly chosen: RegionChoice | null;
  /** Where it was pointed at: stays inside whatever is taken away. */
  readonly anchor: Point | null;
  readonly marks: readonly Mark[];
  /** What the marks make of it; null without marks, and until the engine has said. */
  readonly refined: RegionOutline | null;
}

const NOTHING: Said = { sizes: [], chosen: null, anchor: null, marks: [], refined: null };

interface ExampleRegion {
  readonly info: PictureInfo | null;
  /** Address of the picture, for an image element; empty before `info` is there. */
  readonly url: string;
  readonly shown: RegionOutline | null;
  readonly place: { readonly index: number; readonly count: number } | null;
  readonly marks: readonly Mark[];
  readonly busy: boolean;
  readonly failure: Failure | null;
  /** What is meant now; null while nothing is. */
  readonly target: ExampleTarget | null;
  readonly obey: (wish: Exclude<PickerWish, { readonly kind: "confirm" | "move" | "corner" }>) => void;
}

/** The refinement that was said; null when a proposal as it is was chosen. */
function refinementOf({ chosen, anchor, marks }: Said): Refinement | null {
  if (marks.length === 0) return null;
  const box = marks.findLast((mark) => mark.kind === "box")?.box ?? null;
  const points = (kind: "plus" | "minus"): Point[] => marks.flatMap((mark) => (mark.kind === kind ? [mark.point] : []));
  const start = box ? null : (chosen?.proposal ?? null);
  return { start, box, positive: [...(anchor && !box ? [anchor] : []), ...points("plus")], negative: points("minus") };
}

/** Opens a picture for as long as it is looked at. */
function useOpenedPicture(source: PictureSource) {
  const { engine } = useApp();
  const [opened, setOpened] = useState<{ info: PictureInfo | null; url: string; failure: Failure | null }>({
    info: null,
    url: "",
    failure: null,
  });
  useEffect(() => {
    const life = new AbortController();
    let url = "";
    engine.inspect(source, { signal: life.signal }).then(
      (info) => {
        if (life.signal.aborted) return;
        url = URL.createObjectURL(source.blob);
        setOpened({ info, url, failure: null });
      },
      (cause: unknown) => {
        if (!life.signal.aborted) setOpened({ info: null, url: "", failure: toFailure(cause) });
      },
    );
    return () => {
      life.abort();
      if (url !== "") URL.revokeObjectURL(url);
    };
  }, [engine, source]);
  return opened;
}

/** Runs the newest question only: an answer to an older one is not heard any more. */
function useNewestAnswer() {
  const asking = useRef<AbortController | null>(null);
  const [state, setState] = useState<{ busy: boolean; failure: Failure | null }>({ busy: false, failure: null });
  useEffect(() => () => asking.current?.abort(), []);
  const ask = <Answer>(question: (job: JobOptions) => Promise<Answer>, take: (answer: Answer) => void): void => {
    asking.current?.abort();
    const controller = new AbortController();
    asking.current = controller;
    setState({ busy: true, failure: null });
    question({ signal: controller.signal }).then(
      (answer) => {
        if (controller.signal.aborted) return;
        take(answer);
        setState({ busy: false, failure: null });
      },
      (cause: unknown) => {
        if (controller.signal.aborted || isCancelled(cause)) return;
        setState({ busy: false, failure: toFailure(cause) });
      },
    );
  };
  return { ...state, ask };
}

/**
 * What part of a picture is the example: begins with what the engine proposes, and follows what the person says.
 * @param proposed null until the engine has proposed something
 */
export function useExampleRegion(source: PictureSource, proposed: Localised | null): ExampleRegion {
  const { engine } = useApp();
  const opened = useOpenedPicture(source);
  const { busy, failure, ask } = useNewestAnswer();
  const [spoken, setSpoken] = useState<Said | null>(null);
  const begin = proposed?.choice ?? null;
  // Until the person says something, the proposal stands.
  const said = spoken ?? { ...NOTHING, sizes: begin ? [begin] : [], chosen: begin };

  const refine = (next: Said): void => {
    const refinement = refinementOf(next);
    if (!refinement) {
      setSpoken({ ...next, refined: null });
      return;
    }
    // The old outline stays until the new one is there: nothing flickers.
    setSpoken({ ...next, refined: said.refined });
    ask(
      (job) => engine.refine(source, refinement, job),
      (refined) => setSpoken({ ...next, refined }),
    );
  };

  const obey: ExampleRegion["obey"] = (wish) => {
    switch (wish.kind) {
      case "choose":
        ask(
          (job) => engine.proposalsAt(source, wish.point, job),
          (choices) =>
            setSpoken({ ...NOTHING, sizes: bySize(choices), chosen: choices[0] ?? null, anchor: wish.point }),
        );
        return;
      case "box":
        refine({ ...said, marks: [{ kind: "box", box: wish.box }] });
        return;
      case "plus":
      case "minus":
        refine({ ...said, marks: [...said.marks, { kind: wish.kind, point: wish.point }] });
        return;
      case "step":
        if (said.marks.some((mark) => mark.kind === "box")) return;
        refine({ ...said, chosen: stepped(said.sizes, said.chosen, wish.by) });
        return;
      case "take-back":
        refine({ ...said, marks: said.marks.slice(0, -1) });
    }
  };

  const refinement = refinementOf(said);
  const isBoxed = said.marks.some((mark) => mark.kind === "box");
  const index = said.chosen ? said.sizes.indexOf(said.chosen) : -1;
  return {
    info: opened.info,
    url: opened.url,
    shown: refinement ? (said.refined ?? said.chosen) : said.chosen,
    place: index >= 0 && !isBoxed ? { index, count: said.sizes.length } : null,
    marks: said.marks,
    busy: busy || (!spoken && !proposed),
    failure: opened.failure ?? failure ?? (spoken ? null : (proposed?.failure ?? null)),
    target: refinement
      ? { kind: "refined", refinement }
      : said.chosen && { kind: "proposal", proposal: said.chosen.proposal },
    obey,
  };
}
