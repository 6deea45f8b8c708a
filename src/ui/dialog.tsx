import type { ReactNode } from "react";
import { Dialog as AriaDialog, Heading } from "react-aria-components/Dialog";
import { Modal, ModalOverlay } from "react-aria-components/Modal";
import { IconButton } from "./button.tsx";

interface DialogProps {
  readonly title: string;
  readonly wide?: boolean;
  /** As large as the window allows. */
  readonly full?: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** A modal dialog. Focus goes in, stays in, and comes back; Escape and a press outside close it. */
export function Dialog({ title, wide = false, full = false, onClose, children }: DialogProps) {
  return (
    <ModalOverlay isOpen isDismissable onOpenChange={(open) => !open && onClose()} className="scrim">
      <Modal className={full ? "modal full" : wide ? "modal wide" : "modal"}>
        <AriaDialog className="dialog">
          <div className="dialog-head">
            <Heading slot="title" level={2} className="ellipsis">
              {title}
            </Heading>
            <IconButton label="Close" icon="close" onPress={onClose} />
          </div>
          {children}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}
