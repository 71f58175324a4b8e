import type { Reason, ReasonCode } from "../../shared/domain.ts";
import { NebuliftError } from "../../shared/errors.ts";
import { noSuchName } from "./nearest-name.ts";
import { type Bound, filterKey, type UserRule } from "./user-rule.ts";
import { compileExpression } from "./user-rule-expression.ts";
import { codeOfName, isRuleText, RULE_NUMBER_NAMES, type RuleNumber, ruleNumber } from "./user-rule-names.ts";
import type { RuleFrame } from "./user-rule-night.ts";

export type RuleEvidence = Pick<Reason, "metric" | "value" | "unit" | "baseline" | "z" | "limit">;

/** A rule that has been understood. */
export interface ReadyRule {
  rule: UserRule;
  code: ReasonCode;
  /** Whether it compares the frame with its group. */
  relative: boolean;
  fires: (frame: RuleFrame) => boolean;
  evidence: (frame: RuleFrame) => RuleEvidence;
}

/** Understands a rule: names, kinds, expression. Throws `bad-rules` with what is wrong. */
export function readyRule(rule: UserRule): ReadyRule {
  const { test } = rule;
  const ready = "when" in test ? readyExpression(test.when) : readyMetric(test);
  const filters = rule.filters && new Set(rule.filters.map(filterKey));
  const through = (frame: RuleFrame): boolean => {
    if (filters === null) return true;
    const filter = frame.text("filter");
    return filter !== null && filters.has(filterKey(filter));
  };
  return { ...ready, rule, code: rule.code ?? ready.code, fires: (frame) => through(frame) && ready.fires(frame) };
}

type Ready = Omit<ReadyRule, "rule">;

function readyExpression(when: string): Ready {
  const { holds, names, relative } = compileExpression(when);
  const first = names.find((name) => !isRuleText(name)) ?? names[0];
  return {
    code: codeOfName(first),
    relative,
    // Only what is certain fires: a frame without the number was not what the user meant.
    fires: (frame) => holds(frame) === true,
    evidence: (frame) => evidenceOf(frame, first, null),
  };
}

function readyMetric({ metric, bound, limit }: { metric: string; bound: Bound; limit: number }): Ready {
  const number = ruleNumber(metric);
  if (number === null) {
    if (isRuleText(metric)) throw wrong(`${metric} is a text: use "when", as in "${metric} == 'Ha'"`);
    throw wrong(noSuchName(metric, RULE_NUMBER_NAMES));
  }
  const edge = edgeOf(metric, number, bound, limit);
  const high = bound === "worstPercent" ? number.better === "lower" : bound.startsWith("above");
  return {
    code: number.code,
    relative: bound !== "above" && bound !== "below",
    fires: (frame) => {
      const value = frame.number(metric);
      const most = edge(frame);
      return value !== null && most !== null && (high ? value > most : value < most);
    },
    evidence: (frame) => evidenceOf(frame, metric, edge(frame)),
  };
}

/** The value that a frame must be beyond, from the limit and the frame's group; null where the group says nothing. */
function edgeOf(metric: string, number: RuleNumber, bound: Bound, limit: number): (frame: RuleFrame) => number | null {
  switch (bound) {
    case "above":
    case "below":
      return () => limit;
    case "aboveSigma":
    case "belowSigma": {
      const sigmas = bound === "aboveSigma" ? limit : -limit;
      return ({ group }) => {
        const base = group.baseline(metric);
        // Where nothing varies, group.z is null: no number of sigmas means anything.
        return base && group.z(metric, base.median) !== null ? base.median + sigmas * base.sigma : null;
      };
    }
    case "aboveRatio":
    case "belowRatio":
      return ({ group }) => {
        const base = group.baseline(metric);
        // Sky of calibrated frames may lie about zero: a multiple of that is no limit.
        return base && base.median > 0 ? limit * base.median : null;
      };
    case "worstPercent": {
      const { better } = number;
      if (better === null) throw wrong(`neither end of ${metric} is the worse one: use above, below or "when" with rank(${metric})`);
      return ({ group }) => group.worstEdge(metric, limit, better);
    }
  }
}

function evidenceOf(frame: RuleFrame, metric: string, limit: number | null): RuleEvidence {
  const number = ruleNumber(metric);
  if (number === null) return { metric, value: null, unit: "", baseline: null, z: null, limit: null };
  const value = frame.number(metric);
  return {
    metric,
    value,
    unit: number.unit,
    baseline: frame.group.baseline(metric)?.median ?? null,
    z: value === null ? null : frame.group.z(metric, value),
    limit: limit !== null && Number.isFinite(limit) ? limit : null,
  };
}

function wrong(detail: string): NebuliftError {
  return new NebuliftError("bad-rules", detail);
}
