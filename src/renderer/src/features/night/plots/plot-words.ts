import { metricNamed } from "../../../../../shared/night-metrics.ts";
import { measured } from "../../../quantities.ts";
import { texts } from "../../../texts/index.ts";
import { metricLabel, unitText } from "../metric-words.ts";
import type { Threshold } from "./thresholds.ts";

const words = texts.nightPane.plots;

/** A value on an axis: short, with the digits that tell neighbours apart. */
export function axisNumber(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e5) return `${measured(value / 1000)}k`;
  return String(Number(value.toPrecision(size >= 1000 ? 4 : 3))).replace("-", "\u2212");
}

/** "3.42 px" */
export function withUnit(metric: string, value: number): string {
  const unit = unitText(metricNamed(metric)?.unit ?? "");
  return unit === "" ? axisNumber(value) : `${axisNumber(value)}\u2009${unit}`;
}

/** "FWHM above 3.42 px", "FWHM above 1.35 × the night's (4.27 px)" */
export function thresholdWords(threshold: Threshold, level: number | null): string {
  const { metric, side, how, number } = threshold;
  const label = metricLabel(metric);
  const there = level === null ? null : withUnit(metric, level);
  if (how === "value") return words.beyondValue(label, side, there ?? withUnit(metric, number));
  return how === "ratio"
    ? words.beyondRatio(label, side, axisNumber(number), there)
    : words.beyondSigma(label, side, axisNumber(number), there);
}
