import type { NightHead, SortPlanView } from "../../../../shared/contract.ts";

/** Why a sort cannot start now; the first in this order is what the user can do something about next. */
export type SortObstacle = "failed" | "grading" | "no-folder" | "trouble" | "looking" | "too-small" | "nothing" | "busy";

export interface SortSituation {
  state: NightHead["state"];
  output: string | null;
  plan: Pick<SortPlanView, "total" | "bytesNeeded" | "bytesFree"> | null;
  looking: boolean;
  trouble: boolean;
  /** Main is busy with other files. */
  busy: boolean;
}

/** Whether every frame that is there has its verdict. */
export function isJudged(state: NightHead["state"]): boolean {
  return state === "done" || state === "watching" || state === "cancelled";
}

export function sortObstacle({ state, output, plan, looking, trouble, busy }: SortSituation): SortObstacle | null {
  if (state === "failed") return "failed";
  if (!isJudged(state)) return "grading";
  if (output === null) return "no-folder";
  if (trouble) return "trouble";
  if (looking || plan === null) return "looking";
  if (plan.total === 0) return "nothing";
  if (plan.bytesNeeded > plan.bytesFree) return "too-small";
  return busy ? "busy" : null;
}
