import type { Reason } from "../../../../shared/domain.ts";

const GRAVITY = { hard: 0, soft: 1, info: 2 } as const;

export interface GatheredReasons {
  key: string;
  /** The user's rule that says so; null where Nebulift does. */
  rule: string | null;
  code: Reason["code"];
  severity: Reason["severity"];
  reasons: [Reason, ...Reason[]];
}

/** One cause can have several pieces of evidence; it is named once, by the gravest of them. A rule of the user's stands for itself. */
export function gatheredReasons(reasons: readonly Reason[]): GatheredReasons[] {
  const by = new Map<string, GatheredReasons>();
  for (const reason of reasons) {
    const key = reason.rule === undefined ? reason.code : `rule ${reason.rule}`;
    const before = by.get(key);
    if (before === undefined) {
      by.set(key, { key, rule: reason.rule ?? null, code: reason.code, severity: reason.severity, reasons: [reason] });
      continue;
    }
    before.reasons.push(reason);
    before.reasons.sort((a, b) => GRAVITY[a.severity] - GRAVITY[b.severity]);
    before.severity = before.reasons[0].severity;
  }
  return [...by.values()];
}
