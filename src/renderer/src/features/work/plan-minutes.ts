import type { SortPlanView } from "../../../../shared/contract.ts";
import type { ReportSummary } from "../../../../shared/domain.ts";

type Kind = "clean" | "contaminated" | "review";

/**
 * The integration time of what goes into each folder. The night's own time is that only where all of its frames go; of a
 * part of them (the rest lies in place already, or is missing) it is not known.
 */
export function minutesOf(plan: Pick<SortPlanView, Kind>, summary: ReportSummary | null): Partial<Record<Kind, number>> {
  if (summary === null) return {};
  const kinds = (["clean", "contaminated", "review"] as const).filter((kind) => plan[kind] === summary[kind]);
  return Object.fromEntries(kinds.map((kind) => [kind, summary.minutes[kind]]));
}
