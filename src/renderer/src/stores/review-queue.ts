import type { FrameRow } from "../../../shared/contract.ts";
import { finalVerdict } from "../../../shared/final-verdict.ts";
import { compareInTime } from "../frame-facts.ts";

/**
 * Which frames are looked at, and in what order. `shown` is the night pane's own choice and order; `audit` a sample of what
 * the program decided by itself, so that its word can be checked.
 */
export const QUEUE_KINDS = ["doubtful", "flagged", "all", "shown", "audit"] as const;
export type QueueKind = (typeof QUEUE_KINDS)[number];

/** Of what the program decided by itself. */
const AUDIT_SHARE = 0.05;
/** A twentieth of a short night would tell nothing. */
const AUDIT_LEAST = 5;

export interface QueueSource {
  rows: readonly FrameRow[];
  /** Ids of the frames that the night pane shows, in its order. */
  shown: readonly string[];
  /** Names the night: the same night gives the same sample. */
  seed: string;
}

export function queueOf(kind: QueueKind, { rows, shown, seed }: QueueSource): string[] {
  switch (kind) {
    case "doubtful":
      return idsOf(byDoubt(rows.filter(isDoubtful)));
    case "flagged":
      return idsOf(byDoubt(rows.filter((row) => isLight(row) && (row.frame.verdict !== "clean" || finalVerdict(row.frame) !== "clean"))));
    case "all":
      return idsOf(rows.filter((row) => row.frame.verdict !== "not-light").toSorted(compareInTime));
    case "shown": {
      const there = new Set(rows.map(({ id }) => id));
      return shown.filter((id) => there.has(id));
    }
    case "audit":
      return auditSample(rows, seed);
  }
}

/**
 * The queue with what has come in since behind it. What is in it keeps its place, whatever is decided or judged meanwhile:
 * nothing may move under the user's fingers.
 */
export function grownQueue(ids: readonly string[], kind: QueueKind, source: QueueSource): readonly string[] {
  const known = new Set(ids);
  const fresh = queueOf(kind, source).filter((id) => !known.has(id));
  return fresh.length === 0 ? ids : [...ids, ...fresh];
}

/** The program is not sure, and nobody has decided. */
export function isDoubtful({ frame }: FrameRow): boolean {
  return frame.verdict === "review" && !frame.decided;
}

function isLight({ frame }: FrameRow): boolean {
  return frame.verdict !== "not-light" && frame.verdict !== "unreadable";
}

function idsOf(rows: readonly FrameRow[]): string[] {
  return rows.map(({ id }) => id);
}

/** The most doubtful first; equals stay in the order in which they came. */
function byDoubt(rows: readonly FrameRow[]): FrameRow[] {
  const doubt = ({ frame }: FrameRow): number => Math.abs((frame.probability ?? 0.5) - 0.5);
  return rows.toSorted((a, b) => doubt(a) - doubt(b));
}

function auditSample(rows: readonly FrameRow[], seed: string): string[] {
  const own = rows.filter(({ frame }) => (frame.verdict === "clean" || frame.verdict === "contaminated") && !frame.decided);
  const wanted = Math.max(AUDIT_LEAST, Math.ceil(own.length * AUDIT_SHARE));
  const drawn = own.map(({ id, frame }) => ({ id, lot: lotOf(`${seed}\n${frame.path}`) }));
  return drawn
    .sort((a, b) => a.lot - b.lot)
    .slice(0, wanted)
    .map(({ id }) => id);
}

/** A number that looks drawn by lot and is always the same for the same words: FNV-1a, then Murmur3's finaliser to mix its low bits. */
function lotOf(words: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < words.length; i++) hash = Math.imul(hash ^ words.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
