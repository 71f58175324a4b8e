import { z } from "zod";
import { count, errorEnvelopeSchema, finite, path, reasonCode, reportFrame, reportGroup, reportSummary } from "./contract-parts.ts";
import { SORT_ACTIONS } from "./desktop-settings.ts";
import type { Evidence } from "./domain.ts";
import { FRAME_ID } from "./picture-address.ts";

/** The night as the window sees it. */

export const frameId = z.string().regex(FRAME_ID);

const frameRowSchema = z.strictObject({
  /** Names the frame for as long as this night is open; see picture-address.ts for its pictures. */
  id: frameId,
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
  /** `watching`: all that is there is graded, and what arrives will be. */
  state: z.enum(["simulating", "scanning", "grading", "watching", "done", "cancelled", "failed"]),
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
  /** Frames and minutes by what holds for each frame: the user's decision before the verdict. */
  summary: reportSummary.nullable(),
  groups: z.array(reportGroup),
  /** Of a folder that is watched: what the user should know (a drive that went away), else null. */
  watch: z.strictObject({ waiting: count, notice: z.string().nullable() }).nullable(),
  /** How many decisions of this night can be taken back and made again. */
  undo: count,
  redo: count,
  /** What the user's rules did, in their order. */
  rules: z.array(z.strictObject({ name: z.string(), frames: count, minutes: finite, changed: count })),
  /** The last sort of these frames that was not taken back. */
  sorted: z.strictObject({ session: z.string(), output: path, action: z.enum(SORT_ACTIONS), files: count, failed: count }).nullable(),
  /** Changes whenever the pictures of the night would look different. */
  pictures: count,
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
  /** Frames that are no longer there (in a folder that is watched). */
  gone: z.array(frameId),
});
export type NightChange = z.infer<typeof nightChangeSchema>;

// ---------------------------------------------------------------- one frame, closely

const evidence = z.strictObject({
  code: reasonCode,
  metric: z.string(),
  value: finite.nullable(),
  unit: z.string(),
  limit: finite.nullable(),
  beyond: z.enum(["above", "below"]).nullable(),
  scale: z.enum(["ratio", "difference"]).nullable(),
  error: finite.nullable(),
  factor: finite,
  chance: finite,
}) satisfies z.ZodType<Evidence>;

const column = z.array(finite).max(500);

export const frameDetailSchema = z.strictObject({
  id: frameId,
  /** Every number that was held against a limit. */
  evidence: z.array(evidence),
  /** The brightest measured stars, brightest first: parallel columns; x, y in stored sensor pixels (domain.ts, StarList). */
  stars: z.strictObject({
    x: column,
    y: column,
    /** px; 0 where it is not known. */
    fwhm: column,
    hfr: column,
    eccentricity: column,
    /** Degrees from +x towards +y of the stored frame. */
    angle: column,
    /** Bits of StarList.flags. */
    flags: column,
  }),
  /** What was ever decided about the frame, oldest first; a null verdict took the decisions back. */
  history: z.array(
    z.strictObject({ verdict: z.enum(["clean", "contaminated", "review"]).nullable(), cause: reasonCode.nullable(), when: finite }),
  ),
});
export type FrameDetail = z.infer<typeof frameDetailSchema>;

// ---------------------------------------------------------------- nights before

export const recentNightSchema = z.strictObject({
  /** Names it for openRecent. */
  id: z.string().regex(/^[a-f0-9]{8,64}$/),
  title: z.string(),
  paths: z.array(path),
  /** Milliseconds since 1970. */
  opened: finite,
  /** As they were when it was last looked at. */
  frames: count,
  review: count,
  /** Minutes of frames that were kept. */
  minutes: finite,
  /** Whether its folder is there now. */
  present: z.boolean(),
});
export type RecentNight = z.infer<typeof recentNightSchema>;

/** What the app was in the middle of when it ended, so that it can say so and go on. */
export const interruptedNightSchema = z.strictObject({
  title: z.string(),
  paths: z.array(path),
  doing: z.enum(["grading", "watching", "reviewing", "looking"]),
  found: count,
  finished: count,
  review: count,
  present: z.boolean(),
});
export type InterruptedNight = z.infer<typeof interruptedNightSchema>;
