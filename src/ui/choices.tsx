import { Label, Radio, RadioGroup } from "react-aria-components/RadioGroup";

/** A few alternatives side by side. */
export function Choices<Value extends string>({
  label,
  value,
  options,
  isDisabled = false,
  onChange,
}: {
  readonly label: string;
  readonly value: Value;
  readonly options: readonly { readonly value: Value; readonly label: string }[];
  readonly isDisabled?: boolean;
  readonly onChange: (value: Value) => void;
}) {
  const choose = (chosen: string): void => {
    const option = options.find((entry) => entry.value === chosen);
    if (option) onChange(option.value);
  };
  return (
    <RadioGroup value={value} onChange={choose} orientation="horizontal" isDisabled={isDisabled} className="field">
      <Label>{label}</Label>
      <div>
        <div className="choices">
          {options.map((option) => (
            <Radio key={option.value} value={option.value} className="choice">
              {option.label}
            </Radio>
          ))}
        </div>
      </div>
    </RadioGroup>
  );
}
