import { type ReactNode, useEffect, useRef } from 'react';
import { store } from '../../session/store.ts';
import { Icon } from './icon.tsx';

const close = (): void => store.setState({ dialog: null });

/** A modal dialog: the browser's own, so focus is kept inside, Esc closes it and focus goes back where it was. */
export function Dialog({
  title,
  wide = false,
  children,
}: {
  title: string;
  wide?: boolean;
  children: ReactNode;
}): ReactNode {
  const ref = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const el = ref.current;
    if (el !== null && !el.open) el.showModal();
    // The field that the dialog is about comes first, not its close button.
    el?.querySelector<HTMLElement>('[data-first]')?.focus();
    return () => el?.close();
  }, []);
  // At once, not with the event that the browser sends later: the next key may be on its way. Closing gives the focus back.
  const shut = (): void => {
    ref.current?.close();
    close();
  };
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- a click beside the dialog closes it; the keyboard has Esc
    <dialog
      ref={ref}
      className={wide ? 'dialog wide' : 'dialog'}
      aria-label={title}
      onCancel={(e) => {
        // A file chooser inside has such an event, too.
        if (e.target !== e.currentTarget) return;
        e.preventDefault();
        shut();
      }}
      onClose={close}
      onClick={(e) => {
        if (e.target === e.currentTarget) shut();
      }}
    >
      <div className="dialog-inner">
        <header className="dialog-head">
          <h2>{title}</h2>
          <button type="button" className="button quiet" aria-label="Close" title="Close (Esc)" onClick={shut}>
            <Icon name="close" />
          </button>
        </header>
        {children}
      </div>
    </dialog>
  );
}
