import { createContext, type KeyboardEvent, type ReactNode, use, useEffect, useId, useRef } from "react";
import { Icon } from "./Icon.tsx";

interface DialogParts {
  title: string;
  /** What the closing button is called. */
  close: string;
  className?: string;
  /** Without the bar of title and closing button; the title is then for ears only. */
  headless?: boolean;
  /** Which part of its work the dialog shows: with another part the focus moves to that part's first control (`data-first`). */
  part?: string;
  onClose: () => void;
  onKeyDown?: (event: KeyboardEvent) => void;
  children: ReactNode;
}

/** What must be seen also while a dialog is open: the window under a dialog can neither be read nor reached. */
export const DialogNotice = createContext<ReactNode>(null);

/**
 * A dialog of the platform's own: it keeps the focus inside, gives it back, and closes by Escape. It lies in the top layer,
 * so it carries the night theme's last net itself (tokens.css). What has `data-first` gets the focus first.
 */
export function Dialog({ title, close, className, headless = false, part, onClose, onKeyDown, children }: DialogParts) {
  const dialog = useRef<HTMLDialogElement>(null);
  const notice = use(DialogNotice);
  const id = useId();
  useEffect(() => {
    const element = dialog.current;
    const before = document.activeElement;
    element?.showModal();
    return () => {
      element?.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the part is what changes
  useEffect(() => {
    // The platform would take the closing button, because it comes first.
    dialog.current?.querySelector<HTMLElement>("[data-first]")?.focus();
  }, [part]);
  return (
    <dialog
      ref={dialog}
      className={`dialog ${className ?? ""}`}
      aria-labelledby={id}
      onKeyDown={onKeyDown}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onMouseDown={(event) => {
        // The backdrop is the dialog itself, outside of its content.
        if (event.target === dialog.current) onClose();
      }}
    >
      <div className="dialog-sheet">
        {headless ? (
          <h2 id={id} className="for-ears">
            {title}
          </h2>
        ) : (
          <header className="dialog-head">
            <h2 id={id}>{title}</h2>
            <button type="button" className="button button-bare" onClick={onClose} aria-label={close}>
              <Icon name="cross" />
            </button>
          </header>
        )}
        {notice}
        {children}
      </div>
    </dialog>
  );
}
