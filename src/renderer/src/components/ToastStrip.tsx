import { useEffect, useState } from "react";
import { Icon } from "./Icon.tsx";

interface ToastParts {
  text: string;
  action: { label: string; run: () => void } | null;
  /** What the closing button is called. */
  close: string;
  onGone: () => void;
}

/** Long enough to be read, and to be undone with cold fingers. */
const STAYS = 6000;

/** A word at the window's foot that goes away by itself, but not from under a pointer or the focus. Another toast is another key. */
export function ToastStrip({ text, action, close, onGone }: ToastParts) {
  const [held, setHeld] = useState(false);
  useEffect(() => {
    if (held) return;
    const timer = setTimeout(onGone, STAYS);
    return () => clearTimeout(timer);
  }, [held, onGone]);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only waits while somebody is at it
    <div
      className="toast"
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <span>{text}</span>
      {action !== null && (
        <button
          type="button"
          className="button button-small"
          onClick={() => {
            action.run();
            onGone();
          }}
        >
          {action.label}
        </button>
      )}
      <button type="button" className="button button-bare button-small" aria-label={close} onClick={onGone}>
        <Icon name="cross" size={12} />
      </button>
    </div>
  );
}
