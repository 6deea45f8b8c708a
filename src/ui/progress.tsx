import { ProgressBar } from "react-aria-components/ProgressBar";

/** A thin bar; null is "under way, nobody knows how far". */
export function Progress({ label, value }: { readonly label: string; readonly value: number | null }) {
  return (
    <ProgressBar
      aria-label={label}
      minValue={0}
      maxValue={1}
      value={value ?? 0}
      isIndeterminate={value === null}
      className={value === null ? "progress indeterminate" : "progress"}
    >
      <div className="progress-fill" style={value === null ? {} : { width: `${value * 100}%` }} />
    </ProgressBar>
  );
}
