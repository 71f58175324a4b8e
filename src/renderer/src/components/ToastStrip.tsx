import { useEffect, useState } from "react";
import { Icon } from "./Icon.tsx";

interface ToastParts {
  /** Another object is another toast, whatever it says. */
  toast: { text: string; action: { label: string; run: () => void } | null };
  /** What the strip, and its closing button, are called. */
  label: string;
  close: string;
  onGone: () => void;
}

/** Long enough to be read, and to be undone with cold fingers. */
const STAYS = 6000;

/** A word at the window's foot that goes away by itself, but not from under a pointer or the focus. `onGone` stays the same function. */
export function ToastStrip({ toast, label, close, onGone }: ToastParts) {
  const { text, action } = toast;
  const [held, setHeld] = useState(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: every toast has its own time
  useEffect(() => {
    if (held) return;
    const timer = setTimeout(onGone, STAYS);
    return () => clearTimeout(timer);
  }, [held, toast, onGone]);
  return (
    <section
      className="toast"
      aria-label={label}
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
    </section>
  );
}
