/**
 * The names of everything that crosses between the window and main, and nothing else: the preload is generated from
 * these lists and must stay a few lines, without the schemas' library. contract.ts gives each name its shape.
 */
export const METHOD_NAMES = [
  "app.info",
  "app.reveal",
  "app.place",
  "settings.get",
  "settings.set",
  "night.prepare",
  "night.chooseFolder",
  "night.chooseFiles",
  "night.open",
  "night.openRecent",
  "night.forgetRecent",
  "night.resume",
  "night.simulate",
  "night.watch",
  "night.snapshot",
  "night.cancel",
  "night.close",
  "frame.detail",
  "rules.get",
  "rules.set",
  "rules.try",
  "rules.load",
  "rules.save",
  "decisions.decide",
  "decisions.undo",
  "decisions.redo",
  "sort.chooseFolder",
  "sort.plan",
  "sort.start",
  "sort.undo",
  "sort.finish",
  "export.run",
] as const;
export type MethodName = (typeof METHOD_NAMES)[number];

export const EVENT_NAMES = ["night.changed", "work.progress", "settings.changed", "app.command", "app.trouble"] as const;
export type EventName = (typeof EVENT_NAMES)[number];

export const callChannel = (method: MethodName): string => `nebulift:call:${method}`;
export const eventChannel = (event: EventName): string => `nebulift:event:${event}`;

/** Carries a call's id; main aborts that call. */
export const ABORT_CHANNEL = "nebulift:abort";

/**
 * Carries the paths behind dropped files. Only the preload can send on it: the page hands over File objects, which
 * script cannot forge, so a page gone bad cannot open a folder that the user did not pick.
 */
export const DROP_CHANNEL = "nebulift:drop";

/** Name of the one object in the page: window.nebulift. */
export const BRIDGE_NAME = "nebulift";
