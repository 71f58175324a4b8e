/** What came from a terminal: a key that somebody pressed, or the terminal's answer to a question. */
export type TerminalEvent = { kind: "key"; name: string } | { kind: "reply"; text: string };

/** Longest answer that is waited for whole; a terminal that sends more than this is not answering. */
const LONGEST = 4096;

const CSI_KEYS: Record<string, string> = { A: "up", B: "down", C: "right", D: "left", H: "home", F: "end" };
const TILDE_KEYS: Record<string, string> = { 1: "home", 4: "end", 5: "page-up", 6: "page-down", 7: "home", 8: "end" };
/** Introducers of strings that end with ST (or BEL): DCS, OSC, APC, PM, SOS. */
const STRINGS = new Set(["P", "]", "_", "^", "X"]);

/**
 * Takes bytes from a terminal apart. Answers may come late and in pieces, between keys: none is ever taken for a key. An
 * ESC by itself is one only when nothing follows it (`flush`).
 */
export class TerminalInput {
  private pending = "";

  /** Events that are complete with this chunk. */
  push(chunk: string): TerminalEvent[] {
    this.pending += chunk;
    const events: TerminalEvent[] = [];
    for (;;) {
      const taken = this.take();
      if (taken === null) return events;
      this.pending = this.pending.slice(taken.length);
      if (taken.event) events.push(taken.event);
    }
  }

  /** True when a lone ESC or a part of an answer waits for more. */
  get waiting(): boolean {
    return this.pending !== "";
  }

  /** Nothing more came: an ESC was the key, and a part of an answer is dropped. */
  flush(): TerminalEvent[] {
    const alone = this.pending === "\u001b";
    this.pending = "";
    return alone ? [{ kind: "key", name: "escape" }] : [];
  }

  private take(): { length: number; event: TerminalEvent | null } | null {
    const text = this.pending;
    if (text === "") return null;
    if (text[0] !== "\u001b") return plainKey(text);
    if (text.length > LONGEST) return { length: text.length, event: null };
    const second = text[1];
    if (second === undefined) return null;
    if (second === "[") return csi(text);
    if (second === "O") return text.length < 3 ? null : { length: 3, event: named(CSI_KEYS[text[2]]) };
    if (STRINGS.has(second)) return stringReply(text);
    // Alt with a key, or two ESC in a row.
    return { length: second === "\u001b" ? 1 : 2, event: second === "\u001b" ? { kind: "key", name: "escape" } : null };
  }
}

function named(name: string | undefined): TerminalEvent | null {
  return name === undefined ? null : { kind: "key", name };
}

function plainKey(text: string): { length: number; event: TerminalEvent | null } {
  const character = String.fromCodePoint(text.codePointAt(0) ?? 0);
  const names: Record<string, string> = {
    "\u0003": "interrupt",
    "\u0004": "interrupt",
    "\r": "enter",
    "\n": "enter",
    "\t": "tab",
    "\u007f": "backspace",
    " ": "space",
  };
  const name = names[character] ?? (character < " " ? null : character);
  return { length: character.length, event: name === null ? null : { kind: "key", name } };
}

/** ECMA-48 5.4: parameters 0x30-0x3f, intermediates 0x20-0x2f, one final byte. */
function csi(text: string): { length: number; event: TerminalEvent | null } | null {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are made of them
  const whole = /^\u001b\[([0-?]*)([ -/]*)([@-~])/.exec(text);
  if (!whole) {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are made of them
    return /^\u001b\[[0-?]*[ -/]*$/.test(text) ? null : { length: 2, event: null };
  }
  const [sequence, parameters, , final] = whole;
  if (final === "c" || final === "t" || final === "R" || final === "n" || final === "u")
    return { length: sequence.length, event: { kind: "reply", text: sequence } };
  if (final === "~") return { length: sequence.length, event: named(TILDE_KEYS[parameters.split(";")[0]]) };
  return { length: sequence.length, event: named(CSI_KEYS[final]) };
}

function stringReply(text: string): { length: number; event: TerminalEvent | null } | null {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are made of them
  const end = /\u001b\\|\u0007|\u009c/.exec(text.slice(2));
  if (!end) return null;
  const length = 2 + end.index + end[0].length;
  return { length, event: { kind: "reply", text: text.slice(0, length) } };
}
