const NAMES: Record<string, string> = {
  ArrowLeft: "←",
  ArrowRight: "→",
  ArrowUp: "↑",
  ArrowDown: "↓",
  Space: "Space",
  Backspace: "⌫",
  Escape: "Esc",
};

/** "$mod+Shift+n" as people read it on their keyboard. */
export function keyText(key: string, mac: boolean): string {
  const parts = key === "+" ? ["+"] : key.split("+");
  const named = parts.map((part, index) => {
    if (part === "$mod") return mac ? "⌘" : "Ctrl";
    if (part === "Shift") return mac ? "⇧" : "Shift";
    if (part === "Alt") return mac ? "⌥" : "Alt";
    if (NAMES[part] !== undefined) return NAMES[part];
    return index === parts.length - 1 && part.length === 1 ? part.toUpperCase() : part;
  });
  // A question mark says that Shift is held.
  const shown = named.length === 2 && named[0] === (mac ? "⇧" : "Shift") && /^[?!:]$/.test(named[1] ?? "") ? named.slice(1) : named;
  return shown.join(mac ? "" : "+");
}

export function KeyCap({ binding, mac }: { binding: string; mac: boolean }) {
  return <kbd className="keycap">{keyText(binding, mac)}</kbd>;
}
