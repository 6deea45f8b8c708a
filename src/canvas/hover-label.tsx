import type { ReactNode, Ref } from "react";

/** Follows the pointer with what is under it. For eyes only: screen readers hear of the selected region instead. */
export function HoverLabel({ ref, children }: { readonly ref: Ref<HTMLDivElement>; readonly children: ReactNode }) {
  return (
    <div ref={ref} className="hover-label" aria-hidden="true">
      {children}
    </div>
  );
}
