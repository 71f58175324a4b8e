import { partsOf } from "../key-press.ts";

const NAMES: Record<string, string> = {
  ArrowLeft: "←",
  ArrowRight: "→",
  ArrowUp: "↑",
  ArrowDown: "↓",
  PageUp: "PgUp",
  PageDown: "PgDn",
  Delete: "Del",
  Insert: "Ins",
  Backspace: "⌫",
  Escape: "Esc",
  "-": "−",
};

const MODIFIERS = {
  usual: { $mod: "Ctrl", Control: "Ctrl", Meta: "Win", Alt: "Alt", Shift: "Shift" } as Record<string, string>,
  mac: { $mod: "⌘", Control: "⌃", Meta: "⌘", Alt: "⌥", Shift: "⇧" } as Record<string, string>,
};

/** "$mod+Shift+n" as people read it on their keyboard. */
export function keyText(key: string, mac: boolean): string {
  const parts = partsOf(key);
  const last = parts.pop() ?? "";
  const modifiers = parts.map((part) => (mac ? MODIFIERS.mac : MODIFIERS.usual)[part] ?? part);
  return [...modifiers, NAMES[last] ?? (last.length === 1 ? last.toUpperCase() : last)].join(mac ? "" : "+");
}

/** How a key is said: signs and arrows have no sound. */
export function keyName(key: string): string {
  const spoken: Record<string, string> = {
    ArrowLeft: "Left arrow",
    ArrowRight: "Right arrow",
    ArrowUp: "Up arrow",
    ArrowDown: "Down arrow",
    "?": "Question mark",
    "/": "Slash",
    ".": "Full stop",
    ",": "Comma",
    "+": "Plus",
    "-": "Minus",
  };
  const parts = partsOf(key);
  const last = parts.pop() ?? "";
  return [...parts.map((part) => MODIFIERS.usual[part] ?? part), spoken[last] ?? (last.length === 1 ? last.toUpperCase() : last)].join(" ");
}

export function KeyCap({ binding, mac }: { binding: string; mac: boolean }) {
  return <kbd className="keycap">{keyText(binding, mac)}</kbd>;
}
