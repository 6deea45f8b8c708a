import type { RegionIndex } from "../../workers/contract.ts";
import { useAction, usePageState } from "../actions/app-context.tsx";
import { assignNewClass, assignRegion } from "../actions/assign-region.ts";
import { CommandList } from "../ui/command-list.tsx";
import { Dialog } from "../ui/dialog.tsx";

const DIGITS = 9;

/** Which class a region is of: typed ahead, chosen, or made anew from what was typed. */
export function AssignDialog({ region, onClose }: { readonly region: RegionIndex; readonly onClose: () => void }) {
  const classes = usePageState((state) => state.bank.classes);
  const assign = useAction(assignRegion);
  const create = useAction(assignNewClass);
  const close = (run: () => void) => (): void => {
    onClose();
    run();
  };
  const isKnown = (name: string): boolean =>
    classes.some((entry) => entry.name.toLocaleLowerCase() === name.toLocaleLowerCase());
  const commands = classes.map(({ id, name, colour }, place) => ({
    id,
    label: name,
    colour,
    keys: place < DIGITS ? String(place + 1) : null,
    run: close(() => assign({ region, classId: id })),
  }));
  return (
    <Dialog title="This region is…" onClose={onClose}>
      <CommandList
        label="Class"
        listLabel="Classes"
        placeholder="Type a class, or a new one"
        commands={[
          ...commands,
          {
            id: "none-of-the-classes",
            label: "None of the classes",
            keys: "X",
            run: close(() => assign({ region, classId: null })),
          },
        ]}
        typed={(name) =>
          isKnown(name)
            ? null
            : {
                id: "a-new-class",
                label: `New class “${name}”`,
                keys: null,
                run: close(() => create({ region, name })),
              }
        }
      />
    </Dialog>
  );
}
