import { memo } from "react";
import type { ClassInfo } from "../../workers/contract.ts";
import { useNearView } from "../ui/near-view.ts";
import { ClassRow } from "./class-row.tsx";

/** The height of a folded row, about. */
const ROW_HEIGHT = 66;

interface RowProps {
  readonly entry: ClassInfo;
  readonly share: string;
}

/** A row of a long list: with its buttons where it is looked at, only its name elsewhere. */
export const LongRow = memo(function LongRow({ entry, share }: RowProps) {
  const { ref, isNear, height } = useNearView(".tab-panel", ROW_HEIGHT);
  return isNear ? (
    <ClassRow entry={entry} share={share} ref={ref} />
  ) : (
    <li ref={ref} className="class-row" data-drop-class={entry.id} style={{ height }}>
      <div className="class-head">
        <span className="swatch" style={{ backgroundColor: entry.colour }} aria-hidden="true" />
        <span className="class-name ellipsis" dir="auto">
          {entry.name}
        </span>
        <span className="class-share muted numeric">{share}</span>
      </div>
    </li>
  );
});
