import { z } from "zod";
import type { EventName, MethodName } from "./channels.ts";
import type { DesktopSettings } from "./desktop-settings.ts";
import { THEMES } from "./desktop-settings.ts";
import type { ReportFrame, ReportGroup, ReportSummary, Stretch } from "./domain.ts";
import { REASON_CODES } from "./domain.ts";
import type { ErrorEnvelope } from "./errors.ts";
import { ERROR_CATALOGUE } from "./errors.ts";

export { DEFAULT_DESKTOP_SETTINGS, type DesktopSettings } from "./desktop-settings.ts";

/**
 * What window and main say to one another: a schema for the input and output of every method and for every event.
 * Inputs are parsed in main before anything is done with them; sizes are capped there, because a window is untrusted.
 */

// ---------------------------------------------------------------- parts

const finite = z.number().finite();
const count = z.int().nonnegative();

/** A path as the operating system gives it; 32 767 is the longest that Windows knows. */
const path = z
  .string()
  .min(1)
  .max(32_767)
  .refine((text) => !text.includes("\0"), "holds a zero byte");

const errorCode = z.string().refine((code): code is ErrorEnvelope["code"] => Object.hasOwn(ERROR_CATALOGUE, code), "is no known code");

const errorEnvelopeSchema = z.strictObject({
  code: errorCode,
  message: z.string(),
  action: z.string(),
  detail: z.string(),
}) satisfies z.ZodType<ErrorEnvelope>;

const verdictKind = z.enum(["clean", "contaminated", "review", "not-light", "unreadable"]);
const basis = z.enum(["session", "absolute"]);

const reason = z.strictObject({
  code: z.enum(REASON_CODES),
  severity: z.enum(["info", "soft", "hard"]),
  metric: z.string(),
  value: finite.nullable(),
  unit: z.string(),
  baseline: finite.nullable(),
  z: finite.nullable(),
  limit: finite.nullable(),
  where: z
    .strictObject({
      cells: z.array(z.tuple([count, count])).exactOptional(),
      lines: z.array(z.tuple([finite, finite, finite, finite])).exactOptional(),
    })
    .nullable(),
  rule: z.string().exactOptional(),
});

// Metadata grows with what file formats know, so only what the window leans on is spelled out.
const metadata = z.looseObject({
  format: z.enum(["fits", "fits-tiles", "xisf", "tiff", "png", "jpeg", "raw"]),
  width: count,
  height: count,
  planes: count,
  rowOrder: z.enum(["top-down", "bottom-up"]).exactOptional(),
});

const stretch = z.strictObject({
  shadows: finite,
  midtones: finite,
  highlights: finite,
  range: z.tuple([finite, finite]),
}) satisfies z.ZodType<Stretch>;

const reportFrame = z.strictObject({
  path,
  content: z.string().nullable().exactOptional(),
  decided: z
    .strictObject({ verdict: z.enum(["clean", "contaminated", "review"]), cause: z.enum(REASON_CODES).nullable(), when: finite })
    .nullable()
    .exactOptional(),
  verdict: verdictKind,
  probability: finite.min(0).max(1).nullable(),
  basis,
  comparedWith: count,
  group: z.string().nullable(),
  reasons: z.array(reason),
  measurements: z.record(z.string(), finite.nullable()).nullable(),
  metadata: metadata.nullable(),
  notLight: z.string().nullable(),
  warnings: z.array(
    z.strictObject({
      code: z.enum(["checksum-mismatch", "short-last-block", "odd-header", "bad-metadata", "unknown-row-order"]),
      detail: z.string(),
    }),
  ),
  error: errorEnvelopeSchema.nullable(),
  sortedTo: z.string().nullable(),
}) satisfies z.ZodType<ReportFrame>;

const reportGroup = z.strictObject({
  id: z.string(),
  frames: count,
  stretch: stretch.nullable().exactOptional(),
  baseline: z.record(z.string(), z.strictObject({ median: finite, sigma: finite, unit: z.string() })),
}) satisfies z.ZodType<ReportGroup>;

const reportSummary = z.strictObject({
  clean: count,
  contaminated: count,
  review: count,
  notLight: count,
  unreadable: count,
  minutes: z.strictObject({ clean: finite, contaminated: finite, review: finite, keptDespiteTrail: finite }),
}) satisfies z.ZodType<ReportSummary>;

// ---------------------------------------------------------------- the night as the window sees it

export const frameIdPattern = /^[a-z0-9]{1,16}-[0-9]{1,9}$/;

const frameRowSchema = z.strictObject({
  /** Names the frame for as long as this night is open; `/preview/<id>` is its picture. */
  id: z.string().regex(frameIdPattern),
  /** File name without its folder. */
  name: z.string(),
  frame: reportFrame,
});
export type FrameRow = z.infer<typeof frameRowSchema>;

const nightHeadSchema = z.strictObject({
  /** Changes whenever another night is opened. */
  id: z.string(),
  /** What people call it: the folder's name, or how many folders. */
  title: z.string(),
  paths: z.array(path),
  state: z.enum(["scanning", "grading", "done", "cancelled", "failed"]),
  /** Why the night failed. */
  error: errorEnvelopeSchema.nullable(),
  progress: z.strictObject({
    found: count,
    finished: count,
    /** Frames per second over the last seconds; null until it is known. */
    rate: finite.nullable(),
    /** Seconds until the last frame; null until it is known. */
    eta: finite.nullable(),
  }),
  summary: reportSummary.nullable(),
  groups: z.array(reportGroup),
});
export type NightHead = z.infer<typeof nightHeadSchema>;

export const nightSnapshotSchema = z.strictObject({
  revision: count,
  /** null when no night is open. */
  head: nightHeadSchema.nullable(),
  rows: z.array(frameRowSchema),
});
export type NightSnapshot = z.infer<typeof nightSnapshotSchema>;

/** Applies on top of the snapshot of revision `base`; whoever has another one asks for a snapshot. */
export const nightChangeSchema = z.strictObject({
  base: count,
  revision: count,
  head: nightHeadSchema,
  /** New rows, and rows whose verdict changed as the night's baseline became known. */
  rows: z.array(frameRowSchema),
});
export type NightChange = z.infer<typeof nightChangeSchema>;

// ---------------------------------------------------------------- settings and the app

export const desktopSettingsSchema = z.strictObject({
  theme: z.enum(THEMES),
  lastFolder: path.nullable(),
}) satisfies z.ZodType<DesktopSettings>;

const appInfo = z.strictObject({
  version: z.string(),
  platform: z.enum(["linux", "mac", "windows", "other"]),
  /** What went amiss since the start without stopping anything, oldest first. */
  troubles: z.array(errorEnvelopeSchema),
});
export type AppInfo = z.infer<typeof appInfo>;

const APP_COMMANDS = ["open-folder", "cancel"] as const;

// ---------------------------------------------------------------- methods and events

const nothing = z.undefined();

/** `null` from chooseFolder: the user closed the dialog. */
export const METHODS = {
  "app.info": { input: nothing, output: appInfo },
  "settings.get": { input: nothing, output: desktopSettingsSchema },
  // A window may change how it looks, not which folder was last used.
  "settings.set": { input: z.strictObject({ theme: z.enum(THEMES) }), output: desktopSettingsSchema },
  "night.chooseFolder": { input: nothing, output: z.array(path).nullable() },
  "night.open": { input: z.strictObject({ paths: z.array(path).min(1).max(256) }), output: nightSnapshotSchema },
  "night.snapshot": { input: nothing, output: nightSnapshotSchema },
  "night.cancel": { input: nothing, output: nothing },
} as const satisfies Record<MethodName, { input: z.ZodType; output: z.ZodType }>;

export const EVENTS = {
  "night.changed": nightChangeSchema,
  "settings.changed": desktopSettingsSchema,
  "app.command": z.strictObject({ command: z.enum(APP_COMMANDS) }),
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
