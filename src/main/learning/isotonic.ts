import { type CalibrationMap, logOdds } from "../verdict/index.ts";
import { type Prediction, reliability } from "./probability-scores.ts";

const MOST_KNOTS = 12;
/** Least rise of log-odds per log-odds: the map stays invertible and never makes different frames quite equal. */
const LEAST_SLOPE = 0.05;

/**
 * Isotonic regression (pool adjacent violators, Ayer et al. 1955) over bins of equal count. Every bin is given `belief`
 * frames that behave as predicted, so that few labels change little.
 */
export function fitKnots(predictions: readonly Prediction[], belief: number): CalibrationMap | null {
  const blocks = reliability(predictions, MOST_KNOTS).map((bin) => ({
    // The middle of a bin in log-odds, where the knots live.
    x: logOdds(bin.predicted),
    y: (bin.observed * bin.frames + bin.predicted * belief) / (bin.frames + belief),
    weight: bin.frames + belief,
    xs: [logOdds(bin.predicted)],
  }));
  const pooled: typeof blocks = [];
  for (const block of blocks) {
    pooled.push(block);
    for (;;) {
      const [before, last] = pooled.slice(-2);
      if (!last || !before || before.y < last.y) break;
      const weight = before.weight + last.weight;
      pooled.splice(-2, 2, {
        x: before.x,
        y: (before.y * before.weight + last.y * last.weight) / weight,
        weight,
        xs: [...before.xs, ...last.xs],
      });
    }
  }
  const knots: [number, number][] = [];
  for (const { xs, y } of pooled) {
    for (const x of xs) {
      const last = knots.at(-1);
      if (last && !(x > last[0])) continue;
      const at = logOdds(y);
      knots.push([x, last ? Math.max(at, last[1] + LEAST_SLOPE * (x - last[0])) : at]);
    }
  }
  return knots.length >= 2 ? { kind: "knots", knots } : null;
}
