import type { FrameRow } from "../../../../shared/contract.ts";
import type { VerdictKind } from "../../../../shared/domain.ts";
import { finalVerdict } from "../../../../shared/final-verdict.ts";
import { compareNames, exposureOf, filterOf, objectOf, timeOf } from "../../frame-facts.ts";
import { texts } from "../../texts/index.ts";

/** Which rows are shown and in what order: pure, so that it can be tested and memoised. */
export interface Wanted {
  verdict: VerdictKind | null;
  /** Id of the one group that is shown; null shows all. */
  group: string | null;
  words: string;
  sort: { column: string; descending: boolean };
}

/**
 * The verdicts by which frames were last placed. A decision must not pull its frame away from under the user's eyes, so a
 * frame keeps its place, and stays in a list that its new verdict does not belong to, until the list is asked for anew.
 */
export type Placed = Map<string, { program: VerdictKind; verdict: VerdictKind }>;

export function visibleFrames(rows: readonly FrameRow[], { verdict, group, words, sort }: Wanted, placed: Placed): FrameRow[] {
  const needles = words.toLowerCase().split(/\s+/).filter(Boolean);
  const shown = rows.filter(
    (row) =>
      (group === null || row.frame.group === group) &&
      (verdict === null || placingVerdict(row, placed) === verdict) &&
      (needles.length === 0 || matches(row, needles)),
  );
  return sorted(shown, sort, placed);
}

/** What holds for the frame, but for decisions since the list was asked for; a new verdict of the program's counts at once. */
function placingVerdict({ id, frame }: FrameRow, placed: Placed): VerdictKind {
  const before = placed.get(id);
  if (before !== undefined && before.program === frame.verdict) return before.verdict;
  const verdict = finalVerdict(frame);
  placed.set(id, { program: frame.verdict, verdict });
  return verdict;
}

function matches(row: FrameRow, needles: string[]): boolean {
  const { frame } = row;
  const hay = [
    row.name,
    filterOf(row) ?? "",
    objectOf(row) ?? "",
    texts.verdicts[finalVerdict(frame)].one,
    ...frame.reasons.flatMap((reason) => [texts.reasons[reason.code].name, reason.rule ?? ""]),
    frame.notLight ?? "",
  ]
    .join("\n")
    .toLowerCase();
  return needles.every((needle) => hay.includes(needle));
}

const VERDICT_ORDER: Record<VerdictKind, number> = { unreadable: 0, contaminated: 1, review: 2, clean: 3, "not-light": 4 };

function sortKey(row: FrameRow, column: string, placed: Placed): number | string | null {
  switch (column) {
    case "time":
      return timeOf(row);
    case "verdict":
      return VERDICT_ORDER[placingVerdict(row, placed)];
    case "name":
      return row.name;
    case "reasons":
      return row.frame.reasons.map((reason) => reason.code).join(" ") || null;
    case "filter":
      return filterOf(row);
    case "exposure":
      return exposureOf(row);
    default:
      return row.frame.measurements?.[column] ?? null;
  }
}

/** Stable; rows without a value come last either way; equal values keep the order of their names. */
function sorted(rows: FrameRow[], { column, descending }: Wanted["sort"], placed: Placed): FrameRow[] {
  const way = descending ? -1 : 1;
  const keyed = rows.map((row) => ({ row, key: sortKey(row, column, placed) }));
  keyed.sort((a, b) => {
    if (a.key === null || b.key === null) return Number(a.key === null) - Number(b.key === null) || compareNames(a.row.name, b.row.name);
    return way * compare(a.key, b.key) || compareNames(a.row.name, b.row.name);
  });
  return keyed.map(({ row }) => row);
}

function compare(a: number | string, b: number | string): number {
  return typeof a === "number" && typeof b === "number" ? a - b : compareNames(String(a), String(b));
}
