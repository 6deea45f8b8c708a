import type { ReactNode } from "react";
import { Button as AriaButton, type ButtonProps as AriaButtonProps } from "react-aria-components/Button";
import { Tooltip, TooltipTrigger } from "react-aria-components/Tooltip";
import { Icon, type IconName } from "./icons.tsx";

type Look = "normal" | "primary" | "quiet";

interface ButtonProps extends Omit<AriaButtonProps, "className" | "style" | "children"> {
  readonly look?: Look;
  readonly small?: boolean;
  readonly icon?: IconName;
  readonly children: ReactNode;
}

const classNames = (...names: readonly (string | false | undefined)[]): string => names.filter(Boolean).join(" ");

export function Button({ look = "normal", small = false, icon, children, ...rest }: ButtonProps) {
  return (
    <AriaButton {...rest} className={classNames("button", look, small && "small")}>
      {icon && <Icon name={icon} size={small ? 16 : 18} />}
      {children}
    </AriaButton>
  );
}

interface IconButtonProps extends Omit<AriaButtonProps, "className" | "style" | "children" | "aria-label"> {
  /** Its name for screen readers, and its tooltip. */
  readonly label: string;
  readonly icon: IconName;
  readonly small?: boolean;
  /** Coloured as something that is switched on; give `aria-pressed` as well. */
  readonly active?: boolean;
  /** Keys as they are printed on the keyboard. */
  readonly keys?: string | undefined;
}

/** A quiet button that is only an icon; its tooltip says what it does. */
export function IconButton({ label, icon, small = false, active = false, keys, ...rest }: IconButtonProps) {
  return (
    <TooltipTrigger delay={500} closeDelay={0}>
      <AriaButton
        {...rest}
        aria-label={label}
        className={classNames("button quiet icon-only", small && "small", active && "active")}
      >
        <Icon name={icon} size={small ? 17 : 20} />
      </AriaButton>
      <Tooltip className="tooltip" offset={6}>
        {label}
        {keys !== undefined && <kbd>{keys}</kbd>}
      </Tooltip>
    </TooltipTrigger>
  );
}
