import { useEffect, useRef } from "react";
import { Group } from "react-aria-components/Group";
import { Button, IconButton } from "./button.tsx";
import { Icon } from "./icons.tsx";

export interface NoticeProps {
  readonly id: number;
  readonly kind: "info" | "error";
  readonly message: string;
  readonly advice: string;
  readonly undo: (() => void) | null;
}

const SHOWN_FOR_MS = 8000;

/** Calls `onDismiss` after a while, unless the message is to stay or the person is at it. */
function useLeaving(stays: boolean, onDismiss: () => void): void {
  const dismiss = useRef(onDismiss);
  useEffect(() => {
    dismiss.current = onDismiss;
  });
  useEffect(() => {
    if (stays) return undefined;
    const timer = setTimeout(() => dismiss.current(), SHOWN_FOR_MS);
    return () => clearTimeout(timer);
  }, [stays]);
}

interface NoticeBodyProps {
  readonly notice: NoticeProps;
  readonly held: boolean;
  readonly onDismiss: () => void;
}

function NoticeBody({ notice, held, onDismiss }: NoticeBodyProps) {
  useLeaving(held || notice.kind === "error", onDismiss);
  return (
    <>
      <Icon name={notice.kind === "error" ? "alert" : "info"} size={18} />
      <div className="notice-text">
        <p>{notice.message}</p>
        {notice.advice !== "" && <p className="muted small">{notice.advice}</p>}
      </div>
      {notice.undo && (
        <Button
          small
          onPress={() => {
            onDismiss();
            notice.undo?.();
          }}
        >
          Undo
        </Button>
      )}
      <IconButton label="Dismiss" icon="close" small onPress={onDismiss} />
    </>
  );
}

/**
 * A message that goes away while the focus is in it would leave the keyboard nowhere, and an open dialog deaf to Escape:
 * the focus moves on first, to another message, else to the dialog.
 */
function moveFocusOn(section: HTMLElement | null): void {
  const left = document.activeElement?.closest("li");
  if (!left || !section?.contains(left)) return;
  const other = [...section.querySelectorAll("button")].find((button) => !left.contains(button));
  const next = other ?? document.querySelector("[role=dialog]");
  if (next instanceof HTMLElement) next.focus();
}

/** The one place where messages appear. Screen readers hear each as it comes. */
export function Notices({
  notices,
  onDismiss,
}: {
  readonly notices: readonly NoticeProps[];
  readonly onDismiss: (id: number) => void;
}) {
  const section = useRef<HTMLElement>(null);
  return (
    // The attribute keeps messages within reach while a dialog is open: React Aria hides everything else then.
    <section
      ref={section}
      aria-label="Messages"
      aria-live="polite"
      aria-relevant="additions"
      data-react-aria-top-layer="true"
    >
      <ul className="notices">
        {notices.map((notice) => (
          <li key={notice.id}>
            <Group className={`notice ${notice.kind}`}>
              {({ isHovered, isFocusWithin }) => (
                <NoticeBody
                  notice={notice}
                  held={isHovered || isFocusWithin}
                  onDismiss={() => {
                    moveFocusOn(section.current);
                    onDismiss(notice.id);
                  }}
                />
              )}
            </Group>
          </li>
        ))}
      </ul>
    </section>
  );
}
