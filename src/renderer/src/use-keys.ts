import { useEffect } from "react";
import { tinykeys } from "tinykeys";
import { useStore } from "zustand";
import { COMMAND_IDS, isBareKey, keysOf } from "../../shared/commands.ts";
import { runCommand } from "./stores/commands.ts";
import { settingsStore } from "./stores/settings.ts";
import { viewStore } from "./stores/view.ts";

/** Binds the table of commands to the keyboard, with the user's own keys in place of the usual ones. */
export function useKeys(): void {
  const changes = useStore(settingsStore, (settings) => settings.keys);
  useEffect(() => {
    const bindings: Record<string, (event: KeyboardEvent) => void> = {};
    for (const id of COMMAND_IDS) {
      for (const key of keysOf(id, changes)) {
        bindings[key] = (event) => {
          // A dialog has the keyboard to itself.
          if (event.defaultPrevented || viewStore.getState().dialog !== null) return;
          if (isBareKey(key) && (isTyping(event.target) || belongsToControl(event))) return;
          if (runCommand(id)) event.preventDefault();
        };
      }
    }
    return tinykeys(window, bindings);
  }, [changes]);
}

export function isTyping(target: EventTarget | null): boolean {
  if (target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true;
  if (target instanceof HTMLInputElement) return !["radio", "checkbox", "button", "range"].includes(target.type);
  return target instanceof HTMLElement && target.isContentEditable;
}

/** Keys that a focused control needs for itself: Space presses a button, arrows move a slider or a choice. */
function belongsToControl({ key, target }: KeyboardEvent): boolean {
  if (!(target instanceof HTMLElement)) return false;
  const pressed = key === " " || key === "Enter";
  if (target instanceof HTMLButtonElement || target.getAttribute("role") === "button" || target instanceof HTMLAnchorElement)
    return pressed;
  if (target instanceof HTMLInputElement) return pressed || key.startsWith("Arrow") || key === "Home" || key === "End";
  return target.getAttribute("role") === "slider" && (key.startsWith("Arrow") || key === "Home" || key === "End");
}
