import type { ReactNode } from 'react';
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { FocusBack } from './focus-back.tsx';

/**
 * A dialogue over the window: focus stays inside, Escape calls `onClose`, which must keep whatever was typed.
 * A press outside does nothing: a slip of the pointer never closes a form.
 */
export function Dialog({
  title,
  size,
  aside,
  foot,
  printable,
  onClose,
  children,
}: {
  readonly title: ReactNode;
  readonly size?: 'wide';
  /** Beside the title: whose record this is. */
  readonly aside?: ReactNode;
  readonly foot?: ReactNode;
  /**
   * What Print gives while it is open: this dialogue alone, as a plain page about no patient, or as pages about one.
   */
  readonly printable?: 'plain' | 'confidential';
  readonly onClose: () => void;
  readonly children: ReactNode;
}) {
  return (
    <ModalOverlay
      className="overlay"
      {...(printable ? { 'data-printable': printable } : {})}
      isOpen
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
    >
      <Modal className="dialog" {...(size ? { 'data-size': size } : {})}>
        <AriaDialog>
          <FocusBack />
          <div className="dialog-head">
            <Heading slot="title" level={2}>
              {title}
            </Heading>
            {aside}
          </div>
          <div className="dialog-body" tabIndex={0} role="group" aria-label="Content">
            {children}
          </div>
          {foot ? <div className="dialog-foot">{foot}</div> : null}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}
