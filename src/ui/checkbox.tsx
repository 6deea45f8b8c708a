import { useId } from "react";

/** One thing that is on or off, with what it means below its name. */
export function Checkbox({
  label,
  about,
  checked,
  onChange,
}: {
  readonly label: string;
  readonly about: string;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
}) {
  const id = useId();
  return (
    <div className="checkbox">
      <input
        id={id}
        type="checkbox"
        checked={checked}
        aria-describedby={`${id}-about`}
        onChange={(event) => onChange(event.target.checked)}
      />
      <div>
        <label htmlFor={id}>{label}</label>
        <p id={`${id}-about`} className="muted small">
          {about}
        </p>
      </div>
    </div>
  );
}
