import type { ReportFrame } from "../../shared/domain.ts";
import { finalVerdict } from "../../shared/final-verdict.ts";
import { causeName } from "../../shared/words.ts";

/** Frames and their exposure in minutes. */
export interface Amount {
  frames: number;
  minutes: number;
}

export interface FilterTime {
  filter: string;
  kept: Amount;
  /** Of the kept: with a trail that stacking removes. */
  keptDespiteTrail: Amount;
  review: Amount;
  lost: Amount;
  /** Of the lost, by the first cause, most first. */
  causes: (Amount & { cause: string })[];
  /** How many of the frames do not say how long they were exposed. */
  untimed: number;
}

/** Integration time kept and lost per filter, in the filters' order of names, by what holds for each frame (finalVerdict). */
export function timePerFilter(frames: readonly ReportFrame[]): FilterTime[] {
  const filters = new Map<string, FilterTime>();
  const causes = new Map<string, Map<string, Amount>>();
  for (const frame of frames) {
    const verdict = finalVerdict(frame);
    if (verdict === "not-light" || verdict === "unreadable") continue;
    const filter = frame.metadata?.filter?.trim() || "no filter";
    const row = filters.get(filter) ?? emptyRow(filter);
    filters.set(filter, row);
    const seconds = frame.metadata?.exposure ?? null;
    const minutes = (seconds ?? 0) / 60;
    if (seconds === null) row.untimed++;
    add(verdict === "clean" ? row.kept : verdict === "review" ? row.review : row.lost, minutes);
    if (verdict === "clean" && frame.reasons.some((reason) => reason.code === "trail")) add(row.keptDespiteTrail, minutes);
    if (verdict !== "contaminated") continue;
    const ofFilter = causes.get(filter) ?? new Map<string, Amount>();
    causes.set(filter, ofFilter);
    const cause = causeOf(frame);
    const amount = ofFilter.get(cause) ?? { frames: 0, minutes: 0 };
    ofFilter.set(cause, amount);
    add(amount, minutes);
  }
  for (const [filter, ofFilter] of causes) {
    const row = filters.get(filter);
    if (row)
      row.causes = [...ofFilter]
        .map(([cause, amount]) => ({ cause, ...amount }))
        .sort((a, b) => b.minutes - a.minutes || b.frames - a.frames || (a.cause < b.cause ? -1 : 1));
  }
  return [...filters.values()].sort((a, b) => (a.filter < b.filter ? -1 : 1));
}

function emptyRow(filter: string): FilterTime {
  const none = (): Amount => ({ frames: 0, minutes: 0 });
  return { filter, kept: none(), keptDespiteTrail: none(), review: none(), lost: none(), causes: [], untimed: 0 };
}

function add(amount: Amount, minutes: number): void {
  amount.frames++;
  amount.minutes += minutes;
}

/** What a contaminated frame was lost to, in a word: the user's own cause where they gave one, else the strongest reason. */
export function causeOf(frame: ReportFrame): string {
  const code = frame.decided?.verdict === "contaminated" && frame.decided.cause ? frame.decided.cause : frame.reasons[0]?.code;
  return code ? causeName(code).replace(/ \(.*\)$/, "") : frame.decided ? "your decision" : "no named cause";
}
