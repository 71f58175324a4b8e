import { useEffect } from "react";
import { useStore } from "zustand";
import { COMMAND_IDS, type CommandId, commandOf, editsText, isBareKey, type KeyChanges, keysOf } from "../../shared/commands.ts";
import { bindingsOf } from "./key-press.ts";
import { runCommand } from "./stores/commands.ts";
import { useMac } from "./stores/info.ts";
import { settingsStore } from "./stores/settings.ts";
import { viewStore } from "./stores/view.ts";

/** Binds the table of commands to the keyboard, with the user's own keys in place of the usual ones. */
export function useKeys(): void {
  const changes = useStore(settingsStore, (settings) => settings.keys);
  const mac = useMac();
  useEffect(() => {
    const commands = commandsByKey(changes);
    const press = (event: KeyboardEvent) => {
      // A dialog has the keyboard to itself.
      if (event.defaultPrevented || viewStore.getState().dialog !== null) return;
      for (const binding of bindingsOf(event, mac)) {
        const id = commands.get(binding.toLowerCase());
        if (id === undefined) continue;
        if (isHeldBack(event, binding, id)) return;
        if (runCommand(id)) event.preventDefault();
        return;
      }
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, [changes, mac]);
}

/** Whoever comes first in the table has a key that is given twice; settings do not let that happen. */
function commandsByKey(changes: KeyChanges): Map<string, CommandId> {
  const commands = new Map<string, CommandId>();
  for (const id of COMMAND_IDS) {
    for (const key of keysOf(id, changes)) {
      if (!commands.has(key.toLowerCase())) commands.set(key.toLowerCase(), id);
    }
  }
  return commands;
}

function isHeldBack(event: KeyboardEvent, binding: string, id: CommandId): boolean {
  if (event.repeat && commandOf(id).repeats !== true) {
    // Held down, a key must not fall through to what the browser does with it either.
    if (!isTyping(event.target)) event.preventDefault();
    return true;
  }
  if (isTyping(event.target)) return isBareKey(binding) || editsText(binding);
  return belongsToControl(event);
}

function isTyping(target: EventTarget | null): boolean {
  if (target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true;
  if (target instanceof HTMLInputElement) return !["radio", "checkbox", "button", "range"].includes(target.type);
  return target instanceof HTMLElement && target.isContentEditable;
}

const PRESSED = "button, summary, a[href], [role=button], [role=switch], [role=checkbox], [role=tab], [role=menuitem], [role=option]";
const MOVED = "input[type=radio], input[type=range], [role=slider], [role=spinbutton], [role=listbox], [role=tab], [role=menu]";

/** Keys that a focused control needs for itself: Space presses a button, arrows move a slider or a choice. */
function belongsToControl({ key, target, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
  if (!(target instanceof HTMLElement) || ctrlKey || metaKey || altKey) return false;
  if (key === " " || key === "Enter") return target.matches(`${PRESSED}, input`);
  return /^(Arrow\w+|Home|End|Page\w+)$/.test(key) && target.matches(MOVED);
}
