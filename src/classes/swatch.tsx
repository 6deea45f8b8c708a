import { useEffect, useRef, useState } from "react";

const SETTLED_MS = 150;

/** A colour that opens the browser's own colour chooser; reports only once the hand rests. */
export function Swatch({
  label,
  colour,
  onChange,
}: {
  readonly label: string;
  readonly colour: string;
  readonly onChange: (colour: string) => void;
}) {
  // Counts only as long as the colour it was begun from is the present one.
  const [draft, setDraft] = useState<{ readonly from: string; readonly to: string } | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const shown = draft?.from === colour ? draft.to : colour;

  return (
    <span className="swatch" style={{ backgroundColor: shown }}>
      <input
        type="color"
        aria-label={label}
        title={label}
        value={shown}
        onChange={(event) => {
          const next = event.target.value;
          setDraft({ from: colour, to: next });
          clearTimeout(timer.current);
          timer.current = setTimeout(() => onChange(next), SETTLED_MS);
        }}
      />
    </span>
  );
}
