import { useEffect } from "react";

interface ToastParts {
  text: string;
  action: { label: string; run: () => void } | null;
  onGone: () => void;
}

/** Long enough to be read, and to be undone with cold fingers. */
const STAYS = 6000;

/** A word at the window's foot that goes away by itself. */
export function ToastStrip({ text, action, onGone }: ToastParts) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: another text is another toast
  useEffect(() => {
    const timer = setTimeout(onGone, STAYS);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <div className="toast">
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
    </div>
  );
}
