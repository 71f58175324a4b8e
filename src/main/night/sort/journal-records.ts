import { sep } from "node:path";
import { z } from "zod";

/** Folders that a sort makes, by verdict. */
export const SORTED_VERDICTS = ["clean", "contaminated", "review"] as const;
export type SortedVerdict = (typeof SORTED_VERDICTS)[number];

export const SORT_ACTIONS = ["copy", "move", "link"] as const;
export type SortAction = (typeof SORT_ACTIONS)[number];

/**
 * A place relative to the sort's input or output, with `/`. A journal may come from anybody's disk: nothing in it leads
 * out of its two folders, and nothing hidden (a shell's profile, ssh keys) is ever named by one.
 */
const place = z.string().min(1).max(32_767).refine(isPlainPlace, "leads elsewhere");

/** Within OUT/clean, OUT/contaminated or OUT/review. */
const sortedPlace = place.refine(
  (path) => SORTED_VERDICTS.some((verdict) => path.startsWith(`${verdict}/`)),
  "is in none of the sorted folders",
);

function isPlainPlace(path: string): boolean {
  const parts = path.split(sep === "\\" ? /[/\\]/ : "/");
  return (
    !path.includes("\0") &&
    parts.every((part) => part !== "" && !part.startsWith(".")) &&
    (sep === "/" || !parts.some((part) => part.includes(":")))
  );
}

const count = z.int().nonnegative();
/** 64-bit numbers (times in ns, inodes) are text: JSON's numbers are too coarse for them. */
const big = z.string().regex(/^-?\d{1,20}$/);
const when = z.string().max(40);
const sessionPattern = /^\d{8}-\d{9}-[0-9a-f]{6}$/;

/** What tells a file from a changed one. `ctime` and `inode` need not survive a change of disks; the others do. */
const known = { size: count, mtime: big, ctime: big, inode: big };

const HOW_PLACED = ["copied", "cloned", "renamed", "linked", "symlinked"] as const;

/** Lines of a journal. One object each, `what` first; later lines say more about item `n`, never less. */
export const recordSchema = z.discriminatedUnion("what", [
  z.strictObject({
    what: z.literal("session"),
    schema: z.literal(1),
    session: z.string().regex(sessionPattern),
    app: z.string().max(100),
    action: z.enum(SORT_ACTIONS),
    input: z.string().min(1).max(32_767),
    output: z.string().min(1).max(32_767),
    keepFolders: z.boolean(),
    when,
    settings: z.record(z.string(), z.unknown()),
  }),
  /** A folder that was not there and is made: empty again, undo removes it. */
  z.strictObject({ what: z.literal("folder"), path: z.string().min(1).max(32_767).refine(isPlainPlace, "leads elsewhere") }),
  z.strictObject({
    what: z.literal("plan"),
    n: count,
    how: z.enum(SORT_ACTIONS),
    /** Where the file is: below the input, or (an earlier sort's copy whose verdict has changed) below the output. */
    base: z.enum(["in", "out"]),
    from: place,
    to: sortedPlace,
    /** The file of the input that this is, where `from` does not say it. */
    frame: place,
    ...known,
  }),
  /** Before this line nothing was touched. */
  z.strictObject({ what: z.literal("ready"), items: count, bytes: count, digest: z.string().max(64) }),
  /** On the disk before anything is done about the item. A further one gives it another name: the first was taken. */
  z.strictObject({ what: z.literal("begin"), n: count, to: sortedPlace }),
  /** The name is about to be held by an empty file of ours: this file system has no way to name a file without replacing. */
  z.strictObject({ what: z.literal("reserve"), n: count, to: z.string().max(32_767).refine(isPlainPlace, "leads elsewhere") }),
  /** Whole, verified and under its name. A moved file's old name may still be there. */
  z.strictObject({ what: z.literal("placed"), n: count, how: z.enum(HOW_PLACED), sha256: z.string().max(64).nullable(), ...known }),
  z.strictObject({ what: z.literal("done"), n: count }),
  /** This file was left as it was; `resume` tries again. */
  z.strictObject({ what: z.literal("failed"), n: count, code: z.string().max(100), detail: z.string() }),
  z.strictObject({ what: z.literal("stopped"), when, why: z.string() }),
  z.strictObject({ what: z.literal("resumed"), when }),
  z.strictObject({ what: z.literal("end"), when, sorted: count, failed: count }),
  z.strictObject({ what: z.literal("undo"), when }),
  z.strictObject({ what: z.literal("undo-begin"), n: count }),
  z.strictObject({ what: z.literal("undo-placed"), n: count, how: z.enum(HOW_PLACED), sha256: z.string().max(64).nullable(), ...known }),
  z.strictObject({ what: z.literal("undone"), n: count }),
  /** Not taken back, and why. */
  z.strictObject({ what: z.literal("kept"), n: count, code: z.string().max(100), detail: z.string() }),
  z.strictObject({ what: z.literal("undo-end"), when, undone: count, kept: count }),
]);

export type JournalRecord = z.infer<typeof recordSchema>;
type RecordOf<What extends JournalRecord["what"]> = Extract<JournalRecord, { what: What }>;
export type SessionHeader = RecordOf<"session">;
export type PlanRecord = RecordOf<"plan">;
export type PlacedRecord = Omit<RecordOf<"placed">, "what" | "n">;
export type HowPlaced = PlacedRecord["how"];

export function isSession(text: string): boolean {
  return sessionPattern.test(text);
}
