import type { Evidence, Reason, ReasonCode, Severity, Where } from "../../shared/domain.ts";
import { normalCdf } from "./robust.ts";

/**
 * One way in which a frame may harm the stack: a measured quantity against its limit. `probability` is the chance that the
 * true value lies beyond the limit given the error of the measurement, so that limits and probabilities speak one language.
 */
export interface Harm {
  code: ReasonCode;
  metric: string;
  value: number | null;
  unit: string;
  baseline: number | null;
  limit: number | null;
  z: number | null;
  probability: number;
  /** How the probability follows from value and limit; null where it does not follow from these alone. */
  test: HarmTest | null;
  /** Whether it stands out enough to be named though it is within the limit. */
  notable: boolean;
  where: Where | null;
}

export interface HarmTest {
  scale: "ratio" | "difference";
  beyond: "above" | "below";
  /** 1 sigma, relative for ratios. */
  error: number;
  /** What else has to hold, 0..1. */
  factor: number;
}

/** Chance that a ratio is beyond its limit, with how that was found. */
export function ratioTest(
  value: number,
  limit: number,
  error: number,
  beyond: "above" | "below",
  factor = 1,
): Pick<Harm, "probability" | "test"> {
  return { probability: factor * chanceBeyondRatio(value, limit, error, beyond), test: { scale: "ratio", beyond, error, factor } };
}

/** The same for a quantity whose error does not scale with it. */
export function differenceTest(
  value: number,
  limit: number,
  error: number,
  beyond: "above" | "below",
  factor = 1,
): Pick<Harm, "probability" | "test"> {
  return { probability: factor * chanceBeyond(value, limit, error, beyond), test: { scale: "difference", beyond, error, factor } };
}

/** The harms as numbers from which anybody can redo the verdict. */
export function evidenceOf(harms: readonly Harm[]): Evidence[] {
  return harms.map(({ code, metric, value, unit, limit, probability, test }) => ({
    code,
    metric,
    value: finite(value),
    unit,
    limit: finite(limit),
    beyond: test?.beyond ?? null,
    scale: test?.scale ?? null,
    error: test?.error ?? null,
    factor: test?.factor ?? 1,
    chance: probability,
  }));
}

/** P(true value beyond limit) for a Gaussian error; `beyond` says on which side harm lies. */
export function chanceBeyond(value: number, limit: number, sigma: number, beyond: "above" | "below"): number {
  const z = (value - limit) / Math.max(sigma, 1e-9);
  return normalCdf(beyond === "above" ? z : -z);
}

/** The same for ratios, whose errors are relative. */
export function chanceBeyondRatio(value: number, limit: number, relativeSigma: number, beyond: "above" | "below"): number {
  if (!(value > 0)) return beyond === "below" ? 1 : 0;
  return chanceBeyond(Math.log(value), Math.log(limit), relativeSigma, beyond);
}

/** Within a tenth of a limit a frame is borderline: that is said, whatever the verdict. */
const BORDER = 1.1;
const WORTH_SAYING = 0.2;

/** Whether a ratio may well lie within a tenth of its limit or beyond it. */
export function nearRatio(value: number, limit: number, relativeSigma: number, beyond: "above" | "below"): boolean {
  return chanceBeyondRatio(value, beyond === "above" ? limit / BORDER : limit * BORDER, relativeSigma, beyond) > WORTH_SAYING;
}

/** Independent ways to harm add up: 1 - product of (1 - p). Of each code only the strongest counts: its metrics are one cause. */
export function combine(harms: readonly Harm[]): number {
  const strongest = new Map<string, number>();
  for (const harm of harms) strongest.set(harm.code, Math.max(strongest.get(harm.code) ?? 0, harm.probability));
  let clean = 1;
  for (const p of strongest.values()) clean *= 1 - (p < 0.02 ? 0 : p);
  return 1 - clean;
}

const HARD = 0.7;
const NAMED = 0.15;

/** The harms worth naming, strongest first, as reasons; the rest is silent. */
export function reasonsOf(harms: readonly Harm[]): Reason[] {
  return harms
    .filter((harm) => harm.probability >= NAMED || harm.notable)
    .sort((a, b) => b.probability - a.probability)
    .map((harm) => ({
      code: harm.code,
      severity: severityOf(harm),
      metric: harm.metric,
      value: finite(harm.value),
      unit: harm.unit,
      baseline: finite(harm.baseline),
      z: finite(harm.z),
      limit: finite(harm.limit),
      where: harm.where,
    }));
}

function severityOf(harm: Harm): Severity {
  if (harm.probability >= HARD) return "hard";
  return harm.code === "too-few" ? "info" : "soft";
}

function finite(value: number | null): number | null {
  return value !== null && Number.isFinite(value) ? value : null;
}
