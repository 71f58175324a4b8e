/**
 * Everything that can be done by a key, once: the menu, the command palette, the `?` sheet, the settings and the key
 * bindings themselves are made from this table, so none of them can know another key than the rest.
 *
 * Keys are written as modifiers and a KeyboardEvent's `key`, joined by `+`: `$mod` is Ctrl, on macOS Cmd. Shift is named
 * with letters and named keys only: which key makes a `?` is the keyboard's affair.
 */
export const COMMAND_GROUPS = ["night", "review", "look", "window"] as const;
export type CommandGroup = (typeof COMMAND_GROUPS)[number];

interface Command {
  group: CommandGroup;
  /** Title in the English catalogue; the menu of the system needs it outside the window as well. */
  title: string;
  keys: readonly string[];
  /** Works only with frames before the eyes: in the review pane and on the selection of the night pane. */
  onFrames?: true;
  /** Goes on while its key is held down. Decisions do not: a key held too long would decide about a whole night. */
  repeats?: true;
  /** Needs an open night. */
  needsNight?: true;
  /** Where the application's menu has it. */
  menu?: "file" | "edit" | "view" | "review" | "help";
}

export const COMMANDS = {
  "night.open": { group: "night", title: "Open folder…", keys: ["$mod+o"], menu: "file" },
  "night.openFiles": { group: "night", title: "Open files…", keys: ["$mod+Shift+o"], menu: "file" },
  "night.simulate": { group: "night", title: "Try a simulated night", keys: [], menu: "file" },
  "night.watch": { group: "night", title: "Watch this folder for new frames", keys: ["w"], needsNight: true, menu: "file" },
  "night.stop": { group: "night", title: "Stop grading", keys: ["$mod+."], needsNight: true, menu: "file" },
  "night.sort": { group: "night", title: "Sort into folders…", keys: ["$mod+s"], needsNight: true, menu: "file" },
  "night.export": { group: "night", title: "Hand over to a stacker…", keys: ["$mod+e"], needsNight: true, menu: "file" },
  "night.close": { group: "night", title: "Close this night", keys: [], needsNight: true, menu: "file" },
  "night.find": { group: "night", title: "Find frames", keys: ["/"], needsNight: true, menu: "edit" },
  "night.rules": { group: "night", title: "Limits and rules…", keys: ["l"], needsNight: true, menu: "edit" },
  "night.selectAll": { group: "night", title: "Select all frames shown", keys: ["$mod+a"], needsNight: true },

  "review.keep": { group: "review", title: "Keep, and on to the next", keys: ["k"], onFrames: true, needsNight: true, menu: "review" },
  "review.reject": { group: "review", title: "Reject, and on to the next", keys: ["x"], onFrames: true, needsNight: true, menu: "review" },
  "review.doubt": {
    group: "review",
    title: "Leave in doubt, and on to the next",
    keys: ["r"],
    onFrames: true,
    needsNight: true,
    menu: "review",
  },
  "review.clear": {
    group: "review",
    title: "Back to Nebulift's verdict",
    keys: ["Backspace"],
    onFrames: true,
    needsNight: true,
    menu: "review",
  },
  "review.undo": { group: "review", title: "Undo decision", keys: ["u", "$mod+z"], needsNight: true, menu: "edit" },
  "review.redo": { group: "review", title: "Redo decision", keys: ["Shift+U", "$mod+Shift+z"], needsNight: true, menu: "edit" },
  "review.next": {
    group: "review",
    title: "Next frame",
    keys: ["ArrowRight"],
    onFrames: true,
    repeats: true,
    needsNight: true,
    menu: "review",
  },
  "review.previous": {
    group: "review",
    title: "Previous frame",
    keys: ["ArrowLeft"],
    onFrames: true,
    repeats: true,
    needsNight: true,
    menu: "review",
  },
  "review.first": { group: "review", title: "First frame", keys: ["Home"], onFrames: true, needsNight: true },
  "review.last": { group: "review", title: "Last frame", keys: ["End"], onFrames: true, needsNight: true },
  "review.blink": { group: "review", title: "Blink", keys: ["Space"], onFrames: true, needsNight: true, menu: "review" },
  "review.play": { group: "review", title: "Play the queue", keys: ["Shift+Space"], onFrames: true, needsNight: true, menu: "review" },
  "review.cause": {
    group: "review",
    title: "Reject for another cause…",
    keys: ["Shift+X"],
    onFrames: true,
    needsNight: true,
    menu: "review",
  },
  "review.compare": {
    group: "review",
    title: "Compare with the pinned frame",
    keys: ["c"],
    onFrames: true,
    needsNight: true,
    menu: "review",
  },
  "review.pin": {
    group: "review",
    title: "Pin this frame as the reference",
    keys: ["p"],
    onFrames: true,
    needsNight: true,
    menu: "review",
  },

  "look.zoom": { group: "look", title: "100 %", keys: ["z"], onFrames: true, needsNight: true, menu: "view" },
  "look.closer": { group: "look", title: "Zoom in", keys: ["=", "+"], onFrames: true, repeats: true, needsNight: true },
  "look.further": { group: "look", title: "Zoom out", keys: ["-"], onFrames: true, repeats: true, needsNight: true },
  "look.left": { group: "look", title: "Move the view left", keys: ["Shift+ArrowLeft"], onFrames: true, repeats: true, needsNight: true },
  "look.right": {
    group: "look",
    title: "Move the view right",
    keys: ["Shift+ArrowRight"],
    onFrames: true,
    repeats: true,
    needsNight: true,
  },
  "look.up": { group: "look", title: "Move the view up", keys: ["Shift+ArrowUp"], onFrames: true, repeats: true, needsNight: true },
  "look.down": { group: "look", title: "Move the view down", keys: ["Shift+ArrowDown"], onFrames: true, repeats: true, needsNight: true },
  "look.corners": { group: "look", title: "Corners and centre at 100 %", keys: ["v"], onFrames: true, needsNight: true, menu: "view" },
  "look.cells": { group: "look", title: "Show marked cells", keys: ["g"], onFrames: true, needsNight: true, menu: "view" },
  "look.trails": { group: "look", title: "Show trails", keys: ["t"], onFrames: true, needsNight: true, menu: "view" },
  "look.stars": { group: "look", title: "Show measured stars", keys: ["s"], onFrames: true, needsNight: true, menu: "view" },
  "look.stretch": { group: "look", title: "Stretch this frame by itself", keys: ["f"], onFrames: true, needsNight: true, menu: "view" },

  "window.night": { group: "window", title: "Night", keys: ["1"], menu: "view" },
  "window.review": { group: "window", title: "Review", keys: ["2"], needsNight: true, menu: "view" },
  // 3 and 4 are left to learning and the cluster, so that no key changes its meaning when they come.
  "window.settings": { group: "window", title: "Settings", keys: ["5", "$mod+,"], menu: "view" },
  "window.palette": { group: "window", title: "All commands…", keys: ["$mod+k"], menu: "help" },
  "window.keys": { group: "window", title: "All keys", keys: ["?", "F1"], menu: "help" },
  "window.red": { group: "window", title: "Red night mode", keys: ["$mod+Shift+n"], menu: "view" },
} as const satisfies Record<string, Command>;

export type CommandId = keyof typeof COMMANDS;
export const COMMAND_IDS = Object.keys(COMMANDS) as CommandId[];

export function commandOf(id: CommandId): Command {
  return COMMANDS[id];
}

/** The user's own keys stand in place of the table's; an empty list leaves a command without any. */
export type KeyChanges = Partial<Record<CommandId, string[]>>;

export function keysOf(id: CommandId, changes: KeyChanges): readonly string[] {
  return changes[id] ?? COMMANDS[id].keys;
}

/** Which other command a key belongs to; null when it is free. */
export function holderOf(key: string, changes: KeyChanges, except: CommandId | null): CommandId | null {
  return COMMAND_IDS.find((id) => id !== except && keysOf(id, changes).some((own) => isSameKey(own, key))) ?? null;
}

export function isSameKey(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

/** A key with a modifier works while something is typed; a bare one would be typed instead. */
export function isBareKey(key: string): boolean {
  return !/(^|\+)(\$mod|Control|Meta|Alt)\+/.test(key) && !/(^|\+)F\d+$/.test(key);
}

/** Keys that a text field has for itself besides the bare ones: undo, select all, a word back. */
export function editsText(key: string): boolean {
  return /^\$mod\+(Shift\+)?([acvxyz]|Arrow\w+|Home|End|Backspace|Delete)$/i.test(key);
}
