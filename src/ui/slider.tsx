import { Label, Slider as AriaSlider, SliderOutput, SliderThumb, SliderTrack } from "react-aria-components/Slider";

interface SliderProps {
  readonly label: string;
  /** 0..1. */
  readonly value: number;
  readonly onChange: (value: number) => void;
}

const STEP = 0.01;

/** A share between nothing and all, shown in percent. */
export function Slider({ label, value, onChange }: SliderProps) {
  return (
    <AriaSlider
      className="slider"
      minValue={0}
      maxValue={1}
      step={STEP}
      value={value}
      onChange={(next) => onChange(Array.isArray(next) ? (next[0] ?? value) : next)}
      formatOptions={{ style: "percent" }}
    >
      <Label className="slider-label">{label}</Label>
      <SliderOutput className="muted numeric" />
      <SliderTrack className="slider-track">
        <div className="slider-fill" style={{ width: `calc(${value * 100}% + 8px)` }} />
        <SliderThumb className="slider-thumb" />
      </SliderTrack>
    </AriaSlider>
  );
}
