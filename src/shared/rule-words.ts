import type { Reason } from "./domain.ts";
import { plainFact } from "./reason-fact.ts";

/** A reason that the user's own rule gave, in one line: whose word it is comes first. */
export function ruleText(reason: Reason): string {
  const whose = `${reason.severity === "info" ? "kept by " : ""}your rule "${reason.rule ?? ""}"`;
  return reason.value === null ? whose : `${whose}: ${plainFact(reason)}`;
}
