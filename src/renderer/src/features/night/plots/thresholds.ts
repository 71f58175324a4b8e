import type { RuleDraft, RulesDocument, RulesState } from "../../../../../shared/contract.ts";
import { metricNamed } from "../../../../../shared/night-metrics.ts";
import { type Bound, boundOf, type RulePlace, rulesOf, withLimit, withRule, withRuleAt } from "../rules/rules-document.ts";

/** A line across a plot: frames beyond it are rejected, or whatever its rule says. */
export interface Threshold {
  id: string;
  /** One of Nebulift's own limits, a rule of the user's, or a line that is just being drawn. */
  source: { kind: "limit"; limit: string } | { kind: "rule"; place: RulePlace; rule: RuleDraft } | { kind: "new" };
  metric: string;
  side: "above" | "below";
  /** The number is a value, a multiple of the group's median, or so many sigma from it. */
  how: "value" | "ratio" | "sigma";
  number: number;
  /** Only frames through these filters; null is all. */
  filters: readonly string[] | null;
  /** Other numbers for some filters. */
  own: readonly { filter: string; number: number }[];
}

/** What a group's frames are held against. */
export interface GroupLevel {
  filter: string | null;
  median: number | null;
  sigma: number | null;
}

/** Nebulift's own limits that are one number on one plot; the others need more than a line. */
const LINES: Record<string, { metrics: readonly string[]; side: Threshold["side"]; how: Threshold["how"] } | undefined> = {
  transparency: { metrics: ["transparency"], side: "below", how: "value" },
  weight: { metrics: ["weight"], side: "below", how: "value" },
  fwhmRatio: { metrics: ["fwhmSeen", "fwhm"], side: "above", how: "ratio" },
  eccentricity: { metrics: ["eccentricitySeen", "eccentricity"], side: "above", how: "value" },
  gradient: { metrics: ["gradient"], side: "above", how: "value" },
  donuts: { metrics: ["donuts"], side: "above", how: "value" },
  skyFill: { metrics: ["skyFill"], side: "above", how: "value" },
};

const BOUND_LINES: Record<Bound, Pick<Threshold, "side" | "how"> | null> = {
  above: { side: "above", how: "value" },
  below: { side: "below", how: "value" },
  aboveRatio: { side: "above", how: "ratio" },
  belowRatio: { side: "below", how: "ratio" },
  aboveSigma: { side: "above", how: "sigma" },
  belowSigma: { side: "below", how: "sigma" },
  worstPercent: null,
};

/** Every line that belongs on the plot of this metric. */
export function thresholdsOn(metric: string, state: RulesState): Threshold[] {
  const limits = Object.entries(state.limits).flatMap(([limit, number]): Threshold[] => {
    const line = LINES[limit];
    if (!line?.metrics.includes(metric)) return [];
    const own = Object.entries(state.document.filters ?? {}).flatMap(([filter, { limits: others }]) => {
      const other = others?.[limit];
      return other === undefined ? [] : [{ filter, number: other }];
    });
    const source = { kind: "limit", limit } as const;
    return [{ id: `limit.${limit}`, source, metric, side: line.side, how: line.how, number, filters: null, own }];
  });
  const rules = rulesOf(state.document).flatMap(({ place, rule }): Threshold[] => {
    const given = boundOf(rule);
    const line = given === null ? null : BOUND_LINES[given.bound];
    if (rule.metric !== metric || given === null || line === null) return [];
    const filters = place.filter === null ? (rule.filters ?? null) : [place.filter];
    const source = { kind: "rule", place, rule } as const;
    return [{ id: `rule.${place.filter ?? ""}.${place.index}`, source, metric, ...line, number: given.number, filters, own: [] }];
  });
  return [...limits, ...rules];
}

/** A line drawn in by hand: bad lies where the metric says, or away from the middle of the night. */
export function newThreshold(metric: string, value: number, middle: number, filters: readonly string[] | null): Threshold {
  const better = metricNamed(metric)?.better ?? null;
  const side = better === "lower" ? "above" : better === "higher" ? "below" : value >= middle ? "above" : "below";
  return { id: "new", source: { kind: "new" }, metric, side, how: "value", number: value, filters, own: [] };
}

/** Filters are written in many ways: " ha" and "Ha" are one. */
function sameFilter(a: string, b: string): boolean {
  return a.trim().toLowerCase() === b.trim().toLowerCase();
}

function ownOf(threshold: Threshold, filter: string | null): { filter: string; number: number } | undefined {
  return filter === null ? undefined : threshold.own.find((own) => sameFilter(own.filter, filter));
}

/** Where the line lies for a group's frames; null where it does not hold for them or nothing can be compared. */
export function levelOf(threshold: Threshold, { filter, median, sigma }: GroupLevel): number | null {
  if (threshold.filters !== null && !threshold.filters.some((one) => filter !== null && sameFilter(one, filter))) return null;
  const number = ownOf(threshold, filter)?.number ?? threshold.number;
  if (threshold.how === "value") return number;
  if (median === null) return null;
  if (threshold.how === "ratio") return number * median;
  return sigma === null ? null : median + (threshold.side === "above" ? 1 : -1) * number * sigma;
}

export function isBeyond(threshold: Threshold, level: number | null, value: number | null): boolean {
  if (level === null || value === null) return false;
  return threshold.side === "above" ? value > level : value < level;
}

/** Least and greatest numbers that limits and rules may have (docs/rules.md). */
const RANGES: Record<string, readonly [number, number] | undefined> = { fwhmRatio: [1, 1000], gradient: [1, 1000] };

/** The line moved so that it lies at this value for a group; as it was where that cannot be. */
export function movedTo(threshold: Threshold, value: number, { filter, median, sigma }: GroupLevel): Threshold {
  const number = numberFor(threshold, value, median, sigma);
  if (number === null) return threshold;
  const { source } = threshold;
  const [least, most] =
    source.kind === "limit" ? (RANGES[source.limit] ?? [0, 1]) : threshold.how === "value" ? [-1e12, 1e12] : [1e-3, 1e6];
  const held = Math.min(Math.max(number, least), most);
  const own = ownOf(threshold, filter);
  if (own === undefined) return { ...threshold, number: held };
  return { ...threshold, own: threshold.own.map((other) => (other === own ? { ...own, number: held } : other)) };
}

function numberFor({ how, side }: Threshold, value: number, median: number | null, sigma: number | null): number | null {
  if (how === "value") return value;
  // A thousandth is finer than any plot shows, and short enough to be read out.
  if (how === "ratio") return median === null || median === 0 ? null : Math.round((value / median) * 1000) / 1000;
  if (median === null || sigma === null || sigma <= 0) return null;
  return Math.round(((side === "above" ? value - median : median - value) / sigma) * 100) / 100;
}

const BOUND_NAMES = {
  above: { value: "above", ratio: "aboveRatio", sigma: "aboveSigma" },
  below: { value: "below", ratio: "belowRatio", sigma: "belowSigma" },
} as const;

/** What the line would say as a rule: for one's own lines what is kept, for Nebulift's what asks how many frames lie beyond. */
export function asRule(threshold: Threshold): RuleDraft {
  const bound = BOUND_NAMES[threshold.side][threshold.how];
  const { source } = threshold;
  if (source.kind === "rule") return { ...source.rule, [bound]: threshold.number };
  return {
    metric: threshold.metric,
    [bound]: threshold.number,
    verdict: "contaminated",
    ...(threshold.filters === null ? {} : { filters: [...threshold.filters] }),
  };
}

/** The user's rules with this line as it is now. */
export function withThreshold(document: RulesDocument, threshold: Threshold): RulesDocument {
  const { source } = threshold;
  if (source.kind === "new") return withRule(document, asRule(threshold));
  if (source.kind === "rule") return withRuleAt(document, source.place, asRule(threshold));
  const general = withLimit(document, source.limit, threshold.number);
  return threshold.own.reduce((kept, { filter, number }) => withLimit(kept, source.limit, number, filter), general);
}
