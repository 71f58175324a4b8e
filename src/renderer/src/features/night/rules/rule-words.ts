import type { RuleDraft } from "../../../../../shared/contract.ts";
import { texts } from "../../../texts/index.ts";
import { metricLabel } from "../metric-words.ts";
import { axisNumber, withUnit } from "../plots/plot-words.ts";
import { type Bound, boundOf } from "./rules-document.ts";

const { rules: words, plots } = texts.nightPane;

const SIDES = {
  above: "above",
  below: "below",
  aboveRatio: "above",
  belowRatio: "below",
  aboveSigma: "above",
  belowSigma: "below",
} as const satisfies Partial<Record<Bound, "above" | "below">>;

/** "FWHM above 3.42 px", an expression as it was written. */
export function ruleWords(rule: RuleDraft): string {
  const given = boundOf(rule);
  if (rule.when !== undefined || rule.metric === undefined || given === null) return rule.when ?? "";
  const label = metricLabel(rule.metric);
  const { bound, number } = given;
  switch (bound) {
    case "above":
    case "below":
      return words.ruleValue(label, bound, withUnit(rule.metric, number));
    case "aboveRatio":
    case "belowRatio":
      return plots.beyondRatio(label, SIDES[bound], axisNumber(number), null);
    case "aboveSigma":
    case "belowSigma":
      return plots.beyondSigma(label, SIDES[bound], axisNumber(number), null);
    case "worstPercent":
      return words.ruleWorst(label, axisNumber(number));
  }
}

/** What a rule goes by: its name, else its words. */
export function ruleName(rule: RuleDraft): string {
  return rule.name ?? ruleWords(rule);
}
