import { useState } from "react";
import { createPortal } from "react-dom";
import type { RegionSummary } from "../workers/contract.ts";
import { useApp, usePageState } from "./actions/app-context.tsx";
import { assignRegion } from "./actions/assign-region.ts";
import type { CarriedRegion } from "./canvas/region-carry.ts";
import { findClass } from "./store/classes.ts";
import { dropPlaceOf, markDropPlace } from "./ui/drop-places.ts";

/** What follows the pointer while a region is carried to a class. */
export function CarriedChip({
  carried: { x, y },
  region,
}: {
  readonly carried: CarriedRegion;
  readonly region: RegionSummary | null;
}) {
  const owner = usePageState((state) => findClass(state, region?.classId ?? null));
  return createPortal(
    <div className="carried-region" style={{ transform: `translate(${x + 12}px, ${y + 12}px)` }} aria-hidden="true">
      <span className={owner ? "swatch" : "swatch other"} style={owner ? { backgroundColor: owner.colour } : {}} />
      This region is…
    </div>,
    document.body,
  );
}

/** Carries the selected region of the picture to a class, or to where new classes begin. */
export function useCarriedRegion() {
  const app = useApp();
  const [carried, setCarried] = useState<CarriedRegion | null>(null);
  const carry = (now: CarriedRegion): void => {
    const { tab, setView } = app.store.getState();
    // On a narrow screen the classes may be behind another tab.
    if (tab !== "classes") setView({ tab: "classes" });
    markDropPlace(document.elementFromPoint(now.x, now.y));
    setCarried(now);
  };
  const letGo = (last: CarriedRegion | null): void => {
    setCarried(null);
    markDropPlace(null);
    const place = last && dropPlaceOf(document.elementFromPoint(last.x, last.y));
    if (!last || place === null) return;
    const { bank, openDialog } = app.store.getState();
    const owner = bank.classes.find(({ id }) => id === place);
    if (owner) void assignRegion.run(app, { region: last.region, classId: owner.id });
    else if (place === "new") openDialog({ kind: "assign", region: last.region });
  };
  return { carried, carry, letGo };
}
