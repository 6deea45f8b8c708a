import { useState } from "react";
import type { ClassId } from "../../../workers/contract.ts";
import { usePageState } from "../../actions/app-context.tsx";
import { Choices } from "../../ui/choices.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { AdviceView } from "./advice-view.tsx";
import { BankBar } from "./bank-bar.tsx";
import { ClassDetails } from "./class-details.tsx";
import { ClassList } from "./class-list.tsx";
import { SeveralClasses } from "./several-classes.tsx";
import "./bank.css";

type View = "classes" | "advice";

const VIEWS: readonly { readonly value: View; readonly label: string }[] = [
  { value: "classes", label: "Classes" },
  { value: "advice", label: "Advice" },
];

/** The bank as a whole: its classes, what each is compared with, and what is worth a look. */
export function BankDialog({ classId, onClose }: { readonly classId: ClassId | null; readonly onClose: () => void }) {
  const banks = usePageState((state) => state.banks);
  const classes = usePageState((state) => state.bank.classes);
  const [chosen, setChosen] = useState<ReadonlySet<ClassId>>(new Set(classId === null ? [] : [classId]));
  const [view, setView] = useState<View>("classes");
  const name = banks?.banks.find((entry) => entry.id === banks.current)?.name ?? "My classes";
  const shown = classes.filter((entry) => chosen.has(entry.id));
  const [only] = shown;

  const show = (ids: readonly ClassId[]): void => {
    setChosen(new Set(ids));
    setView("classes");
  };

  return (
    <Dialog full title={`Bank: ${name}`} onClose={onClose}>
      <div className="bank">
        <BankBar />
        <Choices label="Show" value={view} options={VIEWS} onChange={setView} />
        {view === "advice" ? (
          <AdviceView onShow={show} />
        ) : (
          <div className="bank-panes" data-detail={shown.length > 0 || undefined}>
            <ClassList chosen={chosen} onChoose={setChosen} />
            <div className="bank-detail">
              {only && shown.length === 1 && <ClassDetails key={only.id} entry={only} onBack={() => show([])} />}
              {shown.length > 1 && <SeveralClasses classes={shown} onDone={show} />}
              {shown.length === 0 && (
                <p className="muted bank-hint">
                  {classes.length > 0
                    ? "Choose a class to see what it is compared with. Several can be chosen with Ctrl or Shift, to merge them."
                    : "There is no class yet. Close this and type what is in your pictures, or open a bank’s file."}
                </p>
              )}
            </div>
          </div>
        )}
      </div>
    </Dialog>
  );
}
