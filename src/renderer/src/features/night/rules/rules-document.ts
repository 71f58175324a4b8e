import type { RuleDraft, RulesDocument } from "../../../../../shared/contract.ts";

/** Changes to what the user's rules say, as new documents; nothing here knows what a rule means. */

/** Where a rule stands: among those for all filters (null) or under one of them. */
export interface RulePlace {
  filter: string | null;
  index: number;
}

export const BOUNDS = ["above", "below", "aboveSigma", "belowSigma", "aboveRatio", "belowRatio", "worstPercent"] as const;
export type Bound = (typeof BOUNDS)[number];

export function rulesOf(document: RulesDocument): { place: RulePlace; rule: RuleDraft }[] {
  const own = (rules: readonly RuleDraft[] | undefined, filter: string | null) =>
    (rules ?? []).map((rule, index) => ({ place: { filter, index }, rule }));
  return [...own(document.rules, null), ...Object.entries(document.filters ?? {}).flatMap(([filter, { rules }]) => own(rules, filter))];
}

export function boundOf(rule: RuleDraft): { bound: Bound; number: number } | null {
  for (const bound of BOUNDS) {
    const number = rule[bound];
    if (number !== undefined) return { bound, number };
  }
  return null;
}

/** The limit moved; one that is as usual need not be said. */
export function withLimit(document: RulesDocument, name: string, value: number | null, filter: string | null = null): RulesDocument {
  const moved = (limits: Record<string, number> | undefined) => {
    const { [name]: _before, ...others } = limits ?? {};
    return value === null ? others : { ...others, [name]: value };
  };
  if (filter === null) return { ...document, limits: moved(document.limits) };
  const ofFilter = document.filters?.[filter] ?? {};
  return { ...document, filters: { ...document.filters, [filter]: { ...ofFilter, limits: moved(ofFilter.limits) } } };
}

export function withRule(document: RulesDocument, rule: RuleDraft): RulesDocument {
  return { ...document, rules: [...(document.rules ?? []), rule] };
}

export function withRuleAt(document: RulesDocument, place: RulePlace, rule: RuleDraft): RulesDocument {
  return replaced(document, place, (rules) => rules.map((other, index) => (index === place.index ? rule : other)));
}

export function withoutRule(document: RulesDocument, place: RulePlace): RulesDocument {
  return replaced(document, place, (rules) => rules.filter((_, index) => index !== place.index));
}

/**
 * A document whose last rule is this one, for asking what it touches; the one it stands for is left out, so that it is
 * not counted twice.
 */
export function tryingRule(document: RulesDocument, rule: RuleDraft, instead: RulePlace | null): RulesDocument {
  const rest = instead === null ? document : withoutRule(document, instead);
  if (instead === null || instead.filter === null) return withRule(rest, rule);
  // Under a filter a rule names none itself.
  return withRule(rest, { ...rule, filters: [instead.filter] });
}

function replaced(document: RulesDocument, { filter }: RulePlace, change: (rules: RuleDraft[]) => RuleDraft[]): RulesDocument {
  if (filter === null) return { ...document, rules: change(document.rules ?? []) };
  const ofFilter = document.filters?.[filter] ?? {};
  return { ...document, filters: { ...document.filters, [filter]: { ...ofFilter, rules: change(ofFilter.rules ?? []) } } };
}
