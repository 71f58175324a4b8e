import type { DecidedVerdict, ReasonCode } from "../../../../shared/domain.ts";
import { call } from "../../bridge.ts";
import { attempt } from "./attempt.ts";

/** Resolves once the decision is on the disk; the rows change by main's own word. */
export function decide(ids: readonly string[], verdict: DecidedVerdict | null, cause: ReasonCode | null = null): Promise<void> {
  return attempt(async () => {
    if (ids.length > 0) await call("decisions.decide", { ids: [...ids], verdict, cause });
  });
}

/** Takes the last decision back and resolves with the frames it was about; null when there was none. */
export async function stepDecisions(way: "undo" | "redo"): Promise<string[] | null> {
  let ids: string[] | null = null;
  await attempt(async () => {
    ids = (await call(way === "undo" ? "decisions.undo" : "decisions.redo", undefined))?.ids ?? null;
  });
  return ids;
}
