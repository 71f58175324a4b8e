import type { DecidedVerdict, ReasonCode } from "../../shared/domain.ts";

/** How a metric may be held against a number. `Sigma` and `Ratio` are against the group's good part, `worstPercent` within the group. */
export const BOUNDS = ["above", "below", "aboveSigma", "belowSigma", "aboveRatio", "belowRatio", "worstPercent"] as const;
export type Bound = (typeof BOUNDS)[number];

export type RuleTest = { metric: string; bound: Bound; limit: number } | { when: string };

/** A rule of the user: plain data, so that it can be stored, shown and moved between threads. docs/rules.md explains it. */
export interface UserRule {
  name: string;
  /** `clean` keeps the frame whatever else speaks against it; the others make the verdict at least that grave. */
  verdict: DecidedVerdict;
  /** The cause that a fired rule names; null takes that of the first metric. */
  code: ReasonCode | null;
  /** Only frames taken through one of these, in any case of letters; null is all frames. */
  filters: readonly string[] | null;
  test: RuleTest;
}

/** Which frames a rule speaks about, and their exposure together. */
export interface Affected {
  ids: string[];
  frames: number;
  minutes: number;
}

/** What a rule did to a night. */
export interface RuleEffect extends Affected {
  rule: UserRule;
  /** How many of the frames have another verdict because of this rule. */
  changed: number;
}

const LONGEST_TITLE = 80;

/** What a rule is called that the user gave no name: its own words. */
export function ruleTitle(test: RuleTest): string {
  const text = "when" in test ? test.when.replace(/\s+/g, " ").trim() : metricTitle(test);
  return text.length > LONGEST_TITLE ? `${text.slice(0, LONGEST_TITLE - 1)}…` : text;
}

function metricTitle({ metric, bound, limit }: { metric: string; bound: Bound; limit: number }): string {
  switch (bound) {
    case "above":
    case "below":
      return `${metric} ${bound} ${limit}`;
    case "aboveSigma":
    case "belowSigma":
      return `${metric} ${limit} sigma ${bound === "aboveSigma" ? "above" : "below"} the night`;
    case "aboveRatio":
    case "belowRatio":
      return `${metric} ${bound === "aboveRatio" ? "above" : "below"} ${limit} x the night`;
    case "worstPercent":
      return `worst ${limit} % by ${metric}`;
  }
}

/** Filters are written in many ways: " ha" and "Ha" are one. */
export function filterKey(filter: string): string {
  return filter.trim().toLowerCase();
}
