import { type KeyboardEvent, useEffect, useRef } from "react";
import { REASON_CODES, type ReasonCode, type ReportFrame } from "../../../../shared/domain.ts";
import { texts } from "../../texts/index.ts";

/** What a frame can be rejected for; too small a group is the program's trouble, not the frame's. */
const CAUSES: readonly ReasonCode[] = REASON_CODES.filter((code) => code !== "too-few");

interface MenuParts {
  frame: ReportFrame;
  onChoose: (cause: ReasonCode) => void;
  onClose: () => void;
}

/** Rejecting for a cause of one's own choice; the program's own causes come first, so that Enter alone agrees with it. */
export function CauseMenu({ frame, onChoose, onClose }: MenuParts) {
  const menu = useRef<HTMLDivElement>(null);
  const own = [...new Set(frame.reasons.map(({ code }) => code))].filter((code) => CAUSES.includes(code));
  const causes = [...own, ...CAUSES.filter((code) => !own.includes(code))];
  useEffect(() => {
    const before = document.activeElement;
    const now = menu.current?.querySelector<HTMLElement>("[aria-checked=true]") ?? menu.current?.querySelector<HTMLElement>("button");
    now?.focus();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);

  const move = (event: KeyboardEvent<HTMLDivElement>) => {
    const items = [...event.currentTarget.querySelectorAll("button")];
    const at = items.indexOf(document.activeElement as HTMLButtonElement);
    const to: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 };
    const target = to[event.key];
    if (event.key === "Escape" || event.key === "Tab") {
      event.preventDefault();
      onClose();
    } else if (target !== undefined) {
      event.preventDefault();
      items[(target + items.length) % items.length]?.focus();
    } else if (event.key.length === 1 && event.key !== " ") {
      // Typing the beginning of a name goes there; it is no decision.
      event.preventDefault();
      items.find((item) => item.textContent?.toLowerCase().startsWith(event.key.toLowerCase()))?.focus();
    }
  };

  return (
    <div
      ref={menu}
      className="cause-menu"
      role="menu"
      tabIndex={-1}
      aria-label={texts.review.why.causeLabel}
      onKeyDown={move}
      onBlur={(event) => {
        if (event.relatedTarget !== null && !event.currentTarget.contains(event.relatedTarget)) onClose();
      }}
    >
      {causes.map((code) => (
        <button
          key={code}
          type="button"
          role="menuitemradio"
          aria-checked={frame.decided?.verdict === "contaminated" && frame.decided.cause === code}
          tabIndex={-1}
          className="cause-item"
          onClick={() => onChoose(code)}
        >
          {texts.reasons[code].name}
          {own.includes(code) && <span className="quiet">{texts.review.why.causeOwn}</span>}
        </button>
      ))}
    </div>
  );
}
