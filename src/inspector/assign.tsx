import type { ClassInfo, RegionSummary } from "../../workers/contract.ts";
import { useAction, usePageState } from "../actions/app-context.tsx";
import { assignRegion, releaseRegion } from "../actions/assign-region.ts";
import { selectRegion } from "../actions/change-overlay.ts";
import { Button } from "../ui/button.tsx";

/** Says what the region is, by hand: one of the classes, a new one, or none. */
export function Assign({ region, owner }: { readonly region: RegionSummary; readonly owner: ClassInfo | null }) {
  const openDialog = usePageState((state) => state.openDialog);
  const assign = useAction(assignRegion);
  const release = useAction(releaseRegion);
  const select = useAction(selectRegion);
  const { index, correction } = region;
  return (
    <div className="assign">
      <Button
        small
        icon="example"
        onPress={() => {
          select(index);
          openDialog({ kind: "assign", region: index });
        }}
      >
        This region is…
      </Button>
      {correction !== null && (
        <Button small look="quiet" icon="undo" onPress={() => release(index)}>
          {releaseRegion.label}
        </Button>
      )}
      {correction === null && owner && (
        <Button small look="quiet" onPress={() => assign({ region: index, classId: null })}>
          <span className="ellipsis">
            Not a <bdi>{owner.name}</bdi>
          </span>
        </Button>
      )}
      <p className="hint">
        Or drag the selected region onto a class, or press <kbd>1</kbd> – <kbd>9</kbd> for the first nine classes,{" "}
        <kbd>T</kbd> for any, <kbd>X</kbd> for none.
      </p>
    </div>
  );
}
