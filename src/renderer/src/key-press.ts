/** What a press of a key is called in the table of commands (shared/commands.ts), on whatever keyboard it was made. */
export interface KeyPress {
  key: string;
  code: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
  isComposing: boolean;
  getModifierState(name: "AltGraph"): boolean;
}

/** Keys that are nothing by themselves, or that an input method has in hand. */
const NO_KEYS = new Set([
  "Shift",
  "Control",
  "Alt",
  "AltGraph",
  "Meta",
  "OS",
  "Fn",
  "FnLock",
  "CapsLock",
  "NumLock",
  "ScrollLock",
  "Hyper",
  "Super",
  "Dead",
  "Compose",
  "Process",
  "Unidentified",
]);

/**
 * The bindings that a press may stand for, the most literal first; none for a modifier alone. The character counts and not
 * the place of its key, so `/` is what the keyboard says is `/`. Only where a keyboard has no such character on the key does
 * the place count: letters under Cyrillic or Greek, digits that a French keyboard has above its signs.
 */
export function bindingsOf(press: KeyPress, mac: boolean): string[] {
  if (press.isComposing || NO_KEYS.has(press.key) || press.key === "") return [];
  const literal = bound(press, press.key, mac);
  const place = placeOf(press, mac);
  if (place === null) return [literal];
  const byPlace = bound(press, place, mac);
  // Option on a Mac makes another character of every key, which nobody would know by name.
  if (press.altKey && mac) return [byPlace];
  return byPlace === literal ? [literal] : [literal, byPlace];
}

/** How a press is written down when the user chooses it as a key: by the letter's place where the character is not a Latin one. */
export function bindingOf(press: KeyPress, mac: boolean): string | null {
  const bindings = bindingsOf(press, mac);
  const foreign = press.key.length === 1 && !/[ -~]/.test(press.key);
  return (foreign ? bindings.at(-1) : bindings[0]) ?? null;
}

function bound(press: KeyPress, key: string, mac: boolean): string {
  const character = [...key].length === 1;
  // AltGr tells of itself as Ctrl and Alt on Windows; what counts is the character it made.
  const made = character && press.getModifierState("AltGraph");
  const letter = character && key.toLowerCase() !== key.toUpperCase();
  const parts: string[] = [];
  if (mac ? press.metaKey : press.ctrlKey && !made) parts.push("$mod");
  if (mac && press.ctrlKey) parts.push("Control");
  if (!mac && press.metaKey) parts.push("Meta");
  if (press.altKey && !made) parts.push("Alt");
  if (press.shiftKey && (letter || !character || key === " ")) parts.push("Shift");
  parts.push(key === " " ? "Space" : letter ? key.toLowerCase() : key);
  return parts.join("+");
}

function placeOf({ key, code, altKey, shiftKey }: KeyPress, mac: boolean): string | null {
  const letter = /^Key([A-Z])$/.exec(code)?.[1]?.toLowerCase();
  const digit = /^Digit(\d)$/.exec(code)?.[1];
  if (altKey && mac) return letter ?? digit ?? null;
  if (letter !== undefined) return /^[ -~]$/.test(key) ? null : letter;
  return digit !== undefined && !shiftKey && !/^\d$/.test(key) ? digit : null;
}

/** "Shift+U" in its parts; the last one is the key itself, also where that is a `+`. */
export function partsOf(binding: string): string[] {
  const end = binding.slice(0, -1).lastIndexOf("+");
  return end < 0 ? [binding] : [...binding.slice(0, end).split("+"), binding.slice(end + 1)];
}
