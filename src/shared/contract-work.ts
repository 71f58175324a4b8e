import { z } from "zod";
import { count, errorCode, finite, path } from "./contract-parts.ts";
import { SORT_ACTIONS } from "./desktop-settings.ts";

/** Rules, sorting and handing over, as the window sees them. */

// ---------------------------------------------------------------- rules

/** A rule as a rules file has it (docs/rules.md); main checks what it means. */
const ruleDraft = z.strictObject({
  name: z.string().max(80).exactOptional(),
  metric: z.string().max(80).exactOptional(),
  when: z.string().max(2000).exactOptional(),
  above: finite.exactOptional(),
  below: finite.exactOptional(),
  aboveSigma: finite.exactOptional(),
  belowSigma: finite.exactOptional(),
  aboveRatio: finite.exactOptional(),
  belowRatio: finite.exactOptional(),
  worstPercent: finite.exactOptional(),
  verdict: z.enum(["contaminated", "review", "clean"]).exactOptional(),
  code: z.string().max(40).exactOptional(),
  filters: z.array(z.string().max(80)).max(50).exactOptional(),
});
export type RuleDraft = z.infer<typeof ruleDraft>;

/** Records have no cap of their own, and a window is untrusted. */
const atMost = (most: number) => (record: object) => Object.keys(record).length <= most;
const limits = z.record(z.string().max(40), finite).refine(atMost(200), "has too many limits");

/** What a rules file says: limits moved and rules of one's own. The window's is kept and holds for every night. */
export const rulesDocument = z.strictObject({
  trails: z.enum(["auto", "strict", "ignore"]).exactOptional(),
  review: z.tuple([finite, finite]).exactOptional(),
  leastGroup: count.exactOptional(),
  limits: limits.exactOptional(),
  filters: z
    .record(z.string().max(80), z.strictObject({ limits: limits.exactOptional(), rules: z.array(ruleDraft).max(200).exactOptional() }))
    .refine(atMost(50), "names too many filters")
    .exactOptional(),
  rules: z.array(ruleDraft).max(200).exactOptional(),
});
export type RulesDocument = z.infer<typeof rulesDocument>;

export const rulesState = z.strictObject({
  document: rulesDocument,
  /** Every limit as it holds now, and as it would without the document. */
  limits: z.record(z.string(), finite),
  usual: z.record(z.string(), finite),
  review: z.tuple([finite, finite]),
  trails: z.enum(["auto", "strict", "ignore"]),
  leastGroup: count,
});
export type RulesState = z.infer<typeof rulesState>;

const amount = z.strictObject({ frames: count, minutes: finite });

/** What a document, or a single rule, would do to the night that is open. */
export const trialSchema = z.strictObject({
  /** Frames the rule speaks about; null when a whole document was tried. */
  affected: amount.nullable(),
  clean: amount,
  review: amount,
  contaminated: amount,
  /** Frames whose verdict would be another. */
  changed: count,
});
export type RulesTrial = z.infer<typeof trialSchema>;

// ---------------------------------------------------------------- sorting

export const sortWishSchema = z.strictObject({
  output: path,
  action: z.enum(SORT_ACTIONS),
  keepFolders: z.boolean(),
  /** Where the page of moves begins. */
  from: count.exactOptional(),
});

const failure = z.strictObject({ path: z.string(), code: errorCode, detail: z.string() });

/** A dry run: nothing was touched. */
export const sortPlanSchema = z.strictObject({
  output: path,
  clean: count,
  contaminated: count,
  review: count,
  /** What goes into each folder, sidecars among it. */
  bytes: z.strictObject({ clean: count, contaminated: count, review: count }),
  /** Files beside frames that go along. */
  sidecars: count,
  /** Not lights, unreadable: they stay where they are. */
  staying: count,
  /** In their place already. */
  settled: count,
  missing: z.array(failure).max(50),
  bytesNeeded: count,
  bytesFree: count,
  newFolders: z.array(z.string()).max(1000),
  total: count,
  /** A page of at most 200, in order; relative paths with `/`. */
  moves: z.array(z.strictObject({ from: z.string(), to: z.string() })).max(200),
});
export type SortPlanView = z.infer<typeof sortPlanSchema>;

/** What a sort, or taking one back, came to. */
export const sortOutcomeSchema = z.strictObject({
  what: z.enum(["sorted", "undone", "nothing-to-do"]),
  session: z.string().nullable(),
  output: path,
  files: count,
  failed: z.array(failure).max(50),
  failures: count,
});
export type SortOutcomeView = z.infer<typeof sortOutcomeSchema>;

/** A sort that was under way when the app, or its computer, stopped. */
export const unfinishedSortSchema = z.strictObject({
  session: z.string(),
  input: path,
  output: path,
  action: z.enum(SORT_ACTIONS),
  /** Milliseconds since 1970. */
  when: finite,
  doing: z.enum(["sorting", "undoing"]),
  done: count,
  total: count,
});
export type UnfinishedSort = z.infer<typeof unfinishedSortSchema>;

export const workProgressSchema = z.strictObject({
  what: z.enum(["sort", "undo", "export", "report"]),
  done: count,
  total: count,
});
export type WorkProgress = z.infer<typeof workProgressSchema>;

// ---------------------------------------------------------------- handing over

export const EXPORT_KINDS = ["siril", "pixinsight", "dss", "app", "weights-copies", "weights-sidecars", "csv", "json", "html"] as const;

export const exportWishSchema = z.strictObject({ kind: z.enum(EXPORT_KINDS), includeReview: z.boolean() });

export const exportOutcomeSchema = z.strictObject({
  /** What was made. */
  place: path,
  approved: count,
  lights: count,
  /** Frames that were left out, and why, in words. */
  notes: z.array(z.string()).max(20),
});
export type ExportOutcome = z.infer<typeof exportOutcomeSchema>;
