import { type ReactNode, useEffect } from "react";
import { useStore } from "zustand";
import type { CommandId } from "../../../../shared/commands.ts";
import { Icon } from "../../components/Icon.tsx";
import { understood } from "../../stores/actions/settings.ts";
import { commandStore } from "../../stores/commands.ts";
import { settingsStore } from "../../stores/settings.ts";
import { texts } from "../../texts/index.ts";
import "./hints.css";

interface HintParts {
  /** Never changes once released: users who understood it would see it again. */
  id: string;
  /** Running one of these shows that the hint was understood. What is no command calls `understood(id)` itself. */
  until?: readonly CommandId[];
  children: ReactNode;
}

/**
 * A few words where they matter, once: gone for good when the thing was done, or when it is dismissed. One line that is cut
 * rather than wrapped, for a row that is as high without it, so that nothing moves when it comes or goes. Never over a picture.
 */
export function Hint({ id, until = [], children }: HintParts) {
  const seen = useStore(settingsStore, ({ hintsSeen }) => hintsSeen.includes(id));
  const names = until.join(" ");
  useEffect(() => {
    if (seen || names === "") return;
    return commandStore.subscribe(({ last }, before) => {
      if (last !== null && last !== before.last && names.split(" ").includes(last.id)) void understood(id);
    });
  }, [seen, names, id]);
  if (seen) return null;
  return (
    <span className="hint" data-hint={id}>
      <Icon name="hint" size={14} />
      <span className="hint-words">{children}</span>
      <button
        type="button"
        className="button button-bare button-small"
        aria-label={texts.settings.hints.dismiss}
        onClick={() => void understood(id)}
      >
        <Icon name="cross" size={12} />
      </button>
    </span>
  );
}
