import { z } from "zod";
import type { EventName, MethodName } from "./channels.ts";
import { COMMAND_IDS } from "./commands.ts";
import {
  frameDetailSchema,
  frameId,
  interruptedNightSchema,
  nightChangeSchema,
  nightSnapshotSchema,
  recentNightSchema,
} from "./contract-night.ts";
import { count, decidedVerdict, errorEnvelopeSchema, path, reasonCode } from "./contract-parts.ts";
import {
  exportOutcomeSchema,
  exportWishSchema,
  rulesDocument,
  rulesState,
  sortOutcomeSchema,
  sortPlanSchema,
  sortWishSchema,
  trialSchema,
  unfinishedSortSchema,
  workProgressSchema,
} from "./contract-work.ts";
import type { DesktopSettings } from "./desktop-settings.ts";
import { PANES, SORT_ACTIONS, THEMES } from "./desktop-settings.ts";
import type { ErrorEnvelope } from "./errors.ts";

export type * from "./contract-night.ts";
export { nightChangeSchema, nightSnapshotSchema } from "./contract-night.ts";
export type * from "./contract-work.ts";
export { DEFAULT_DESKTOP_SETTINGS, type DesktopSettings } from "./desktop-settings.ts";

/**
 * What window and main say to one another: a schema for the input and output of every method and for every event.
 * Inputs are parsed in main before anything is done with them; sizes are capped there, because a window is untrusted.
 */

// ---------------------------------------------------------------- settings and the app

const key = z
  .string()
  .min(1)
  .max(40)
  .regex(/^[^\s]+$/);

const windowSettings = z.strictObject({
  theme: z.enum(THEMES),
  keys: z.partialRecord(z.enum(COMMAND_IDS), z.array(key).max(4)),
  overlays: z.strictObject({ cells: z.boolean(), trails: z.boolean(), stars: z.boolean() }),
  stretch: z.enum(["night", "frame"]),
  blinkRate: z.number().min(0.2).max(10),
  plots: z.array(z.string().max(40)).max(6),
  hintsSeen: z.array(z.string().max(40)).max(50),
  sortAction: z.enum(SORT_ACTIONS),
  sortKeepFolders: z.boolean(),
});

export const desktopSettingsSchema = windowSettings.extend({ lastFolder: path.nullable() }) satisfies z.ZodType<DesktopSettings>;

const appInfo = z.strictObject({
  version: z.string(),
  platform: z.enum(["linux", "mac", "windows", "other"]),
  /** Where Nebulift keeps settings and decisions, and what can be made again. */
  folders: z.strictObject({ data: path, cache: path }),
  /** What went amiss since the start without stopping anything, oldest first. */
  troubles: z.array(errorEnvelopeSchema),
  recent: z.array(recentNightSchema).max(20),
  /** What the app was in the middle of when it last ended; null when a night is open again or there was none. */
  interrupted: interruptedNightSchema.nullable(),
  unfinishedSorts: z.array(unfinishedSortSchema).max(20),
});
export type AppInfo = z.infer<typeof appInfo>;

// ---------------------------------------------------------------- methods and events

const nothing = z.undefined();
const ids = z.array(frameId).min(1).max(20_000);
const openInput = z.strictObject({ paths: z.array(path).min(1).max(256), watch: z.boolean() });

/** What a step back or forth among decisions touched; null when there was nothing to step over. */
const step = z.strictObject({ ids: z.array(frameId), verdict: decidedVerdict.nullable() }).nullable();

/** `null` from a chooser: the user closed the dialog. */
export const METHODS = {
  "app.info": { input: nothing, output: appInfo },
  /** Shows a frame, or a place that Nebulift wrote to, in the file manager. */
  "app.reveal": {
    input: z.discriminatedUnion("what", [
      z.strictObject({ what: z.literal("frame"), id: frameId }),
      z.strictObject({ what: z.literal("place"), path }),
    ]),
    output: nothing,
  },
  /** Where the user is, so that the next start can say so. */
  "app.place": { input: z.strictObject({ pane: z.enum(PANES), frame: frameId.nullable() }), output: nothing },
  "settings.get": { input: nothing, output: desktopSettingsSchema },
  // A window may change how it looks, not which folder was last used.
  "settings.set": { input: windowSettings.partial(), output: desktopSettingsSchema },
  /** Something is held over the window: a night is probably about to be dropped. */
  "night.prepare": { input: nothing, output: nothing },
  "night.chooseFolder": { input: nothing, output: z.array(path).nullable() },
  "night.chooseFiles": { input: nothing, output: z.array(path).nullable() },
  "night.open": { input: openInput, output: nightSnapshotSchema },
  "night.openRecent": { input: z.strictObject({ id: recentNightSchema.shape.id }), output: nightSnapshotSchema },
  "night.forgetRecent": { input: z.strictObject({ id: recentNightSchema.shape.id }), output: z.array(recentNightSchema) },
  /** Goes on with what app.info calls interrupted; `frame` is the one that was looked at. */
  "night.resume": {
    input: nothing,
    output: z.strictObject({ snapshot: nightSnapshotSchema, pane: z.enum(PANES), framePath: z.string().nullable() }),
  },
  "night.simulate": { input: nothing, output: nightSnapshotSchema },
  "night.watch": { input: z.strictObject({ on: z.boolean() }), output: nightSnapshotSchema },
  "night.snapshot": { input: nothing, output: nightSnapshotSchema },
  "night.cancel": { input: nothing, output: nothing },
  "night.close": { input: nothing, output: nightSnapshotSchema },
  "frame.detail": { input: z.strictObject({ id: frameId }), output: frameDetailSchema },
  "rules.get": { input: nothing, output: rulesState },
  /** Keeps the document and judges the open night by it. */
  "rules.set": { input: z.strictObject({ document: rulesDocument }), output: rulesState },
  /** What the last rule of the document (`rule`), or all of it, would do; nothing is kept. */
  "rules.try": { input: z.strictObject({ document: rulesDocument, rule: z.boolean() }), output: trialSchema },
  "rules.load": { input: nothing, output: rulesState.nullable() },
  "rules.save": { input: nothing, output: path.nullable() },
  /** Durable when it returns. A null verdict goes back to the program's. Frames that are not lights are passed over. */
  "decisions.decide": {
    input: z.strictObject({ ids, verdict: decidedVerdict.nullable(), cause: reasonCode.nullable() }),
    output: z.strictObject({ decided: count }),
  },
  "decisions.undo": { input: nothing, output: step },
  "decisions.redo": { input: nothing, output: step },
  "sort.chooseFolder": { input: nothing, output: path.nullable() },
  "sort.plan": { input: sortWishSchema, output: sortPlanSchema },
  "sort.start": { input: sortWishSchema, output: sortOutcomeSchema },
  /** Takes the sort of this session back. */
  "sort.undo": { input: z.strictObject({ session: z.string().max(100) }), output: sortOutcomeSchema },
  /** Finishes a sort, or its undoing. */
  "sort.finish": { input: z.strictObject({ session: z.string().max(100) }), output: sortOutcomeSchema },
  /** Asks where to, then writes; null when the user closed the dialog. */
  "export.run": { input: exportWishSchema, output: exportOutcomeSchema.nullable() },
} as const satisfies Record<MethodName, { input: z.ZodType; output: z.ZodType }>;

export const EVENTS = {
  "night.changed": nightChangeSchema,
  "work.progress": workProgressSchema,
  "settings.changed": desktopSettingsSchema,
  "app.command": z.strictObject({ command: z.enum(COMMAND_IDS) }),
  "app.trouble": errorEnvelopeSchema,
} as const satisfies Record<EventName, z.ZodType>;

export type MethodInput<M extends MethodName> = z.infer<(typeof METHODS)[M]["input"]>;
export type MethodOutput<M extends MethodName> = z.infer<(typeof METHODS)[M]["output"]>;
export type EventPayload<E extends EventName> = z.infer<(typeof EVENTS)[E]>;

/** One call as it crosses: `call` names it for cancelling, null where it cannot be cancelled. */
export const callSchema = z.strictObject({
  call: z
    .string()
    .regex(/^[a-zA-Z0-9-]{1,64}$/)
    .nullable(),
  input: z.unknown(),
});

export const dropSchema = z.array(path).min(1).max(256);

/** Electron keeps only the message of an error thrown in main, so errors cross as values. */
export type Reply<T> = { ok: true; value: T } | { ok: false; error: ErrorEnvelope };

/**
 * The page's side: window.nebulift. Everything is a plain function, because only those cross Electron's context bridge.
 * `F` is the DOM's File, which is unknown here.
 */
export interface NebuliftApi<F> {
  call: { [M in MethodName]: (input: MethodInput<M>, call: string | null) => Promise<Reply<MethodOutput<M>>> };
  on: { [E in EventName]: (listener: (payload: EventPayload<E>) => void) => () => void };
  abort(call: string): void;
  /** The real paths behind dropped files; they may be opened from then on. */
  dropped(files: F[]): Promise<Reply<string[]>>;
}
