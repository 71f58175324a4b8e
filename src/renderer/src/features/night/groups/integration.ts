import type { FrameRow } from "../../../../../shared/contract.ts";
import type { ReasonCode } from "../../../../../shared/domain.ts";
import { finalVerdict } from "../../../../../shared/final-verdict.ts";
import { causeOf, exposureOf, filterOf } from "../../../frame-facts.ts";

interface Amount {
  frames: number;
  minutes: number;
}

/** Where the exposure time through one filter went. */
export interface FilterTime {
  /** null: the files name no filter. */
  filter: string | null;
  kept: Amount;
  review: Amount;
  lost: Amount;
  /** Of the lost, by cause, most first; a null cause is a frame that the user rejected without one. */
  causes: ({ cause: ReasonCode | null } & Amount)[];
}

/** Exposure time per filter by what holds for each frame, filters in the order in which people shoot them: as their names sort. */
export function integrationByFilter(rows: readonly FrameRow[]): FilterTime[] {
  const filters = new Map<string | null, { time: FilterTime; causes: Map<ReasonCode | null, Amount> }>();
  for (const row of rows) {
    const verdict = finalVerdict(row.frame);
    if (verdict === "not-light" || verdict === "unreadable") continue;
    const filter = filterOf(row);
    const entry = filters.get(filter) ?? { time: { filter, kept: none(), review: none(), lost: none(), causes: [] }, causes: new Map() };
    filters.set(filter, entry);
    const minutes = (exposureOf(row) ?? 0) / 60;
    add(verdict === "clean" ? entry.time.kept : verdict === "review" ? entry.time.review : entry.time.lost, minutes);
    if (verdict !== "contaminated") continue;
    const cause = causeOf(row);
    const ofCause = entry.causes.get(cause) ?? none();
    entry.causes.set(cause, ofCause);
    add(ofCause, minutes);
  }
  return [...filters.values()]
    .map(({ time, causes }) => ({ ...time, causes: [...causes].map(([cause, amount]) => ({ cause, ...amount })).sort(most) }))
    .sort((a, b) => (a.filter ?? "\uffff").localeCompare(b.filter ?? "\uffff", "en", { numeric: true }));
}

export function totalMinutes({ kept, review, lost }: FilterTime): number {
  return kept.minutes + review.minutes + lost.minutes;
}

function none(): Amount {
  return { frames: 0, minutes: 0 };
}

function add(amount: Amount, minutes: number): void {
  amount.frames += 1;
  amount.minutes += minutes;
}

function most(a: Amount, b: Amount): number {
  return b.minutes - a.minutes || b.frames - a.frames;
}
