import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { COMMANDS, type CommandId, holderOf, type KeyChanges } from "../../../../shared/commands.ts";
import { KeyCap, keyText } from "../../components/KeyCap.tsx";
import { bindingOf } from "../../key-press.ts";
import { useMac } from "../../stores/info.ts";
import { texts } from "../../texts/index.ts";
import { isReserved } from "./key-changes.ts";

const words = texts.settings.keys;

interface CaptureParts {
  id: CommandId;
  changes: KeyChanges;
  replaced: string | null;
  onKey: (key: string) => void;
  /** The user gave it up here. */
  onLeave: () => void;
  /** The user went elsewhere. */
  onGone: () => void;
}

/** Takes the next key that is pressed. One that another command has is told with its holder, and taken over only on purpose. */
export function KeyCapture({ id, changes, replaced, onKey, onLeave, onGone }: CaptureParts) {
  const [wanted, setWanted] = useState<string | null>(null);
  const catcher = useRef<HTMLButtonElement>(null);
  const mac = useMac();
  useEffect(() => {
    if (wanted === null || isReserved(wanted)) catcher.current?.focus();
  }, [wanted]);
  const press = (event: KeyboardEvent) => {
    if (event.key === "Escape") {
      event.preventDefault();
      onLeave();
      return;
    }
    const key = bindingOf(event.nativeEvent, mac);
    // Tab goes on to the next control, as everywhere; nobody is caught here.
    if (event.key === "Tab" && !event.ctrlKey && !event.altKey && !event.metaKey) return;
    event.preventDefault();
    if (key === null || event.repeat) return;
    if (isReserved(key) || (holderOf(key, changes, id) !== null && key !== replaced)) setWanted(key);
    else onKey(key);
  };
  const holder = wanted === null || isReserved(wanted) ? null : holderOf(wanted, changes, id);
  if (wanted !== null && holder !== null) {
    return (
      <span
        className="key-capture key-conflict"
        role="alert"
        onKeyDown={(event) => {
          if (event.key !== "Escape") return;
          event.preventDefault();
          onLeave();
        }}
      >
        <span>
          <KeyCap binding={wanted} mac={mac} /> {words.held(COMMANDS[holder].title)}
        </span>
        {/* biome-ignore lint/a11y/noAutofocus: the question stands where the key was pressed */}
        <button type="button" className="button button-small" autoFocus onClick={() => onKey(wanted)}>
          {words.take}
        </button>
        <button type="button" className="button button-small button-bare" onClick={() => setWanted(null)}>
          {words.another}
        </button>
      </span>
    );
  }
  return (
    <span className="key-capture">
      <button
        ref={catcher}
        type="button"
        className="key-catcher"
        aria-describedby={`${id}-leave`}
        onKeyDown={press}
        onBlur={() => document.hasFocus() && onGone()}
      >
        {words.press}
      </button>
      <span id={`${id}-leave`} className="quiet small" role={wanted === null ? undefined : "alert"}>
        {wanted === null ? words.leave : words.reserved(keyText(wanted, mac))}
      </span>
    </span>
  );
}
