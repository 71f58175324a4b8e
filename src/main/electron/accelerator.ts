import { isBareKey } from "../../shared/commands.ts";

/** How Electron calls keys that the table of commands (as KeyboardEvent does) calls otherwise. */
const NAMES: Record<string, string> = {
  $mod: "CmdOrCtrl",
  Control: "Ctrl",
  Meta: "Super",
  ArrowLeft: "Left",
  ArrowRight: "Right",
  ArrowUp: "Up",
  ArrowDown: "Down",
  "+": "Plus",
};

/** Named keys that Electron knows by the same name. */
const KNOWN = /^(F([1-9]|1\d|2[0-4])|Space|Tab|Backspace|Delete|Insert|Enter|Escape|Home|End|PageUp|PageDown|Shift|Alt)$/;

/** A key of the table as Electron's menus write it; null for one that they cannot show. */
export function acceleratorOf(key: string): string | null {
  // The key itself may be a plus.
  const parts = key.endsWith("++") ? [...key.slice(0, -2).split("+"), "+"] : key.split("+");
  const written = parts.map((part) => NAMES[part] ?? (KNOWN.test(part) ? part : letterOf(part)));
  return written.every((part) => part !== null) ? written.join("+") : null;
}

/** Electron reads ASCII only. */
function letterOf(part: string): string | null {
  return /^[!-~]$/.test(part) ? part.toUpperCase() : null;
}

/** The key that a menu shows beside a command: one that works everywhere before one that rests while something is typed. */
export function shownKey(keys: readonly string[]): { accelerator: string; bare: boolean } | null {
  const shown = keys
    .map((key) => ({ accelerator: acceleratorOf(key), bare: isBareKey(key) }))
    .filter((key): key is { accelerator: string; bare: boolean } => key.accelerator !== null);
  return shown.find(({ bare }) => !bare) ?? shown[0] ?? null;
}
