import type { FrameRow } from "../../shared/contract.ts";
import type { ReasonCode } from "../../shared/domain.ts";

/** What a row says of its frame, null where its file does not say it. */

export function timeOf({ frame }: FrameRow): number | null {
  return finite(frame.metadata?.["time"]);
}

/** Seconds. */
export function exposureOf({ frame }: FrameRow): number | null {
  return finite(frame.metadata?.["exposure"]);
}

export function filterOf({ frame }: FrameRow): string | null {
  return text(frame.metadata?.["filter"]);
}

export function objectOf({ frame }: FrameRow): string | null {
  return text(frame.metadata?.["object"]);
}

export function minutesOf(rows: readonly FrameRow[]): number {
  return rows.reduce((sum, row) => sum + (exposureOf(row) ?? 0), 0) / 60;
}

/** The one cause a lost frame is counted under: what the user said, else what weighs most against it. */
export function causeOf({ frame }: FrameRow): ReasonCode | null {
  return frame.decided?.cause ?? (frame.reasons.find(({ severity }) => severity === "hard") ?? frame.reasons[0])?.code ?? null;
}

// "frame 9" before "frame 10"
const names = new Intl.Collator("en", { numeric: true });

export function compareNames(a: string, b: string): number {
  return names.compare(a, b);
}

/** By start of exposure; frames without a time come last, in the order of their names. */
export function compareInTime(a: FrameRow, b: FrameRow): number {
  const [first, second] = [timeOf(a), timeOf(b)];
  if (first === null || second === null) return Number(first === null) - Number(second === null) || compareNames(a.name, b.name);
  return first - second || compareNames(a.name, b.name);
}

function finite(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

function text(value: unknown): string | null {
  const trimmed = typeof value === "string" ? value.trim() : "";
  return trimmed === "" ? null : trimmed;
}
