import type { FrameRow } from "../../../../shared/contract.ts";
import type { VerdictKind } from "../../../../shared/domain.ts";
import { texts } from "../../texts/index.ts";

/** Which rows are shown and in what order: pure, so that it can be tested and memoised. */
export interface Wanted {
  verdict: VerdictKind | null;
  words: string;
  sort: { column: string; descending: boolean };
}

export function visibleFrames(rows: readonly FrameRow[], { verdict, words, sort }: Wanted): FrameRow[] {
  const needles = words.toLowerCase().split(/\s+/).filter(Boolean);
  const shown = rows.filter((row) => (verdict === null || row.frame.verdict === verdict) && matches(row, needles));
  return sorted(shown, sort.column, sort.descending);
}

function matches(row: FrameRow, needles: string[]): boolean {
  if (needles.length === 0) return true;
  const { frame } = row;
  const hay = [
    row.name,
    String(frame.metadata?.["filter"] ?? ""),
    String(frame.metadata?.["object"] ?? ""),
    texts.verdicts[frame.verdict].one,
    ...frame.reasons.map((reason) => texts.reasons[reason.code].name),
    frame.notLight ?? "",
  ]
    .join("\n")
    .toLowerCase();
  return needles.every((needle) => hay.includes(needle));
}

const VERDICT_ORDER: Record<VerdictKind, number> = { unreadable: 0, contaminated: 1, review: 2, clean: 3, "not-light": 4 };

function sortKey(row: FrameRow, column: string): number | string | null {
  const { frame } = row;
  switch (column) {
    case "time":
      return numberOrNull(frame.metadata?.["time"]);
    case "verdict":
      return VERDICT_ORDER[frame.verdict];
    case "name":
      return row.name;
    case "reasons":
      return frame.reasons.map((reason) => reason.code).join(" ") || null;
    case "filter":
      return typeof frame.metadata?.["filter"] === "string" ? frame.metadata["filter"] : null;
    default:
      return frame.measurements?.[column] ?? null;
  }
}

function numberOrNull(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

/** Stable; rows without a value come last either way; equal values keep the order of their names. */
function sorted(rows: FrameRow[], column: string, descending: boolean): FrameRow[] {
  const way = descending ? -1 : 1;
  const keyed = rows.map((row) => ({ row, key: sortKey(row, column) }));
  keyed.sort((a, b) => {
    if (a.key === null || b.key === null) return Number(a.key === null) - Number(b.key === null) || compare(a.row.name, b.row.name);
    return way * compare(a.key, b.key) || compare(a.row.name, b.row.name);
  });
  return keyed.map(({ row }) => row);
}

// "frame 9" before "frame 10"
const names = new Intl.Collator("en", { numeric: true });

function compare(a: number | string, b: number | string): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  return names.compare(String(a), String(b));
}

/** By start of exposure; frames without a time come last, in the order of their names. */
export function compareInTime(a: FrameRow, b: FrameRow): number {
  const [first, second] = [sortKey(a, "time"), sortKey(b, "time")];
  if (first === null || second === null) return Number(first === null) - Number(second === null) || compare(a.name, b.name);
  return compare(first, second) || compare(a.name, b.name);
}
