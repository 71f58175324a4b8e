import type { RuleDraft } from "../../../../../shared/contract.ts";
import { readNumber } from "./read-number.ts";
import { type Bound, boundOf } from "./rules-document.ts";

/** A rule while it is being written: whatever was typed, also what makes no rule yet. */
export interface RuleFields {
  name: string;
  by: "metric" | "expression";
  metric: string;
  bound: Bound;
  number: string;
  when: string;
  verdict: "contaminated" | "review" | "clean";
  filters: readonly string[];
  /** Not asked here, but not lost either. */
  code: string | null;
}

export const EMPTY_RULE: RuleFields = {
  name: "",
  by: "metric",
  metric: "fwhm",
  bound: "above",
  number: "",
  when: "",
  verdict: "contaminated",
  filters: [],
  code: null,
};

export function fieldsOf(rule: RuleDraft): RuleFields {
  const given = boundOf(rule);
  return {
    name: rule.name ?? "",
    by: rule.when === undefined ? "metric" : "expression",
    metric: rule.metric ?? EMPTY_RULE.metric,
    bound: given?.bound ?? EMPTY_RULE.bound,
    number: given === null ? "" : String(given.number),
    when: rule.when ?? "",
    verdict: rule.verdict ?? "contaminated",
    filters: rule.filters ?? [],
    code: rule.code ?? null,
  };
}

/** The rule that the fields say; null while they say none. Whether it makes sense is for main to tell. */
export function ruleOf(fields: RuleFields): RuleDraft | null {
  const said = fields.by === "expression" ? expressionOf(fields) : metricRuleOf(fields);
  if (said === null) return null;
  const name = fields.name.trim();
  return {
    ...(name === "" ? {} : { name }),
    ...said,
    verdict: fields.verdict,
    ...(fields.code === null ? {} : { code: fields.code }),
    ...(fields.filters.length === 0 ? {} : { filters: [...fields.filters] }),
  };
}

function expressionOf({ when }: RuleFields): RuleDraft | null {
  return when.trim() === "" ? null : { when: when.trim() };
}

function metricRuleOf({ metric, bound, number }: RuleFields): RuleDraft | null {
  const value = readNumber(number);
  return value === null ? null : { metric, [bound]: value };
}
