import type { ReasonCode } from "../../shared/domain.ts";
import type { DetectionCurve } from "../../shared/evaluation.ts";
import { fitLogistic } from "./logistic.ts";
import type { LabelledFrame } from "./matching.ts";

/** Fewer frames, or fewer than this many noticed or overlooked, tell nothing of the point between. */
const LEAST_FRAMES = 8;
const LEAST_EACH = 2;
/** Wide: only keeps separable data finite. Slope per natural log of severity, of which 0.1 is 10 % of the limit. */
const PRIOR = { slope: 10, slopeSigma: 30, offset: 0, offsetSigma: 30 };

/** Per main cause how strong the harm must be to be noticed. */
export function detectionCurves(pairs: readonly LabelledFrame[]): DetectionCurve[] {
  const byCause = new Map<ReasonCode, { severity: number; noticed: boolean }[]>();
  for (const { frame, label } of pairs) {
    const [code] = label.causes;
    if (code === undefined || label.severity === null || !(label.severity > 0)) continue;
    const named = frame.reasons.some((reason) => reason.code === "trail");
    const points = byCause.get(code) ?? [];
    points.push({ severity: label.severity, noticed: code === "trail" ? named : frame.verdict !== "clean" });
    byCause.set(code, points);
  }
  return [...byCause].sort(([, a], [, b]) => b.length - a.length).map(([code, points]) => curveOf(code, points));
}

function curveOf(code: ReasonCode, points: readonly { severity: number; noticed: boolean }[]): DetectionCurve {
  const noticed = points.filter((point) => point.noticed).map((point) => point.severity);
  const missed = points.filter((point) => !point.noticed).map((point) => point.severity);
  return {
    code,
    frames: points.length,
    noticed: noticed.length,
    ...halfPoint(points, Math.min(noticed.length, missed.length)),
    weakestNoticed: noticed.length > 0 ? Math.min(...noticed) : null,
    strongestMissed: missed.length > 0 ? Math.max(...missed) : null,
  };
}

function halfPoint(points: readonly { severity: number; noticed: boolean }[], rarer: number): Pick<DetectionCurve, "half" | "factor"> {
  if (points.length < LEAST_FRAMES || rarer < LEAST_EACH) return { half: null, factor: null };
  const fit = fitLogistic(
    points.map(({ severity, noticed }) => ({ x: Math.log(severity), y: noticed ? 1 : 0 })),
    PRIOR,
  );
  // Noticed less the stronger it is: nothing that a threshold describes.
  if (!(fit.slope > 0)) return { half: null, factor: null };
  const log = -fit.offset / fit.slope;
  const strongest = Math.max(...points.map((point) => point.severity));
  const weakest = Math.min(...points.map((point) => point.severity));
  const [vs, c, vo] = fit.covariance;
  // Variance of -offset/slope to first order.
  const sigma = Math.sqrt(Math.max(0, vo + 2 * log * c + log * log * vs)) / fit.slope;
  const half = Math.exp(log);
  return half >= weakest && half <= strongest ? { half, factor: Math.exp(sigma) } : { half: null, factor: null };
}
