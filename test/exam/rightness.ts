import type { ReasonCode } from "../../src/shared/domain.ts";
import type { ExamFrame } from "./graded.ts";

/**
 * Whether a verdict is right: the truth's own, or, of a frame within 10 % of a limit, anything but a clean without a word. A
 * clear frame left to review is not right.
 */
export function isRight({ label, frame }: Pick<ExamFrame, "label" | "frame">): boolean {
  if (label !== "borderline") return frame.verdict === label;
  return frame.verdict === "contaminated" || frame.verdict === "review" || (frame.verdict === "clean" && frame.reasons.length > 0);
}

/** A probability and what came true. */
export interface Forecast {
  probability: number;
  bad: boolean;
}

/** Borderline frames have no truth to forecast. */
export function forecastsOf(frames: readonly ExamFrame[]): Forecast[] {
  return frames.flatMap(({ label, frame }) =>
    label === "borderline" || frame.probability === null ? [] : [{ probability: frame.probability, bad: label === "contaminated" }],
  );
}

/** Mean of (p - outcome)^2 (Brier 1950). */
export function brierScore(forecasts: readonly Forecast[]): number {
  return mean(forecasts.map(({ probability, bad }) => (probability - (bad ? 1 : 0)) ** 2));
}

/**
 * Expected calibration error over `bins` bins of equally many forecasts each: mean distance between the forecast and what came
 * true, weighted by the bins' sizes.
 */
export function calibrationError(forecasts: readonly Forecast[], bins: number): number {
  const sorted = [...forecasts].sort((a, b) => a.probability - b.probability);
  let error = 0;
  for (let bin = 0; bin < bins; bin++) {
    const part = sorted.slice(Math.round((bin * sorted.length) / bins), Math.round(((bin + 1) * sorted.length) / bins));
    if (part.length === 0) continue;
    const off = Math.abs(mean(part.map((f) => f.probability)) - mean(part.map((f) => (f.bad ? 1 : 0))));
    error += (off * part.length) / sorted.length;
  }
  return error;
}

export interface CauseScore {
  cause: ReasonCode;
  /** Contaminated frames with this as the greatest harm, and how many of them were given this reason. */
  frames: number;
  named: number;
  /** Contaminated verdicts with this as a hard reason, and how many of those frames have the harm (at 0.9 of its limit or above). */
  said: number;
  true: number;
}

export function causeScores(frames: readonly ExamFrame[]): CauseScore[] {
  const scores = new Map<ReasonCode, CauseScore>();
  const of = (cause: ReasonCode): CauseScore => {
    const score = scores.get(cause) ?? { cause, frames: 0, named: 0, said: 0, true: 0 };
    scores.set(cause, score);
    return score;
  };
  for (const { label, truth, causes, frame } of frames) {
    const hard = new Set(frame.reasons.filter((reason) => reason.severity === "hard").map((reason) => reason.code));
    if (label === "contaminated") {
      const score = of(truth.cause as ReasonCode);
      score.frames++;
      if (frame.reasons.some((reason) => reason.code === truth.cause)) score.named++;
    }
    if (frame.verdict !== "contaminated") continue;
    for (const code of hard) {
      const score = of(code);
      score.said++;
      if (causes.includes(code)) score.true++;
    }
  }
  return [...scores.values()].sort((a, b) => b.frames - a.frames);
}

export const mean = (values: readonly number[]): number =>
  values.length === 0 ? Number.NaN : values.reduce((sum, value) => sum + value, 0) / values.length;

export const share = (count: number, of: number): number => (of === 0 ? Number.NaN : count / of);
