import type { Evidence, Reason } from "../../../../shared/domain.ts";

/** Below this chance a number was nowhere near its limit. */
const NEAR = 0.02;
const MOST = 4;

/** What was held against a limit and passed, but not by much: the nearest first, each measurement once. */
export function nearLimits(evidence: readonly Evidence[], reasons: readonly Reason[]): Evidence[] {
  const said = new Set(reasons.map(({ metric }) => metric));
  return evidence
    .filter(({ metric, value, chance }) => value !== null && chance >= NEAR && !said.has(metric))
    .toSorted((a, b) => b.chance - a.chance)
    .filter(({ metric }) => !said.has(metric) && said.add(metric))
    .slice(0, MOST);
}

/** Evidence has no words of its own; as a reason it has. */
export function asReason({ code, metric, value, unit, limit }: Evidence): Reason {
  return { code, severity: "info", metric, value, unit, limit, baseline: null, z: null, where: null };
}
