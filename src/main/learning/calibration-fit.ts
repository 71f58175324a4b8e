import { type CalibrationMap, calibrated, logOdds } from "../verdict/index.ts";
import { fitKnots } from "./isotonic.ts";
import { fitLogistic } from "./logistic.ts";
import { logLoss, type Prediction } from "./probability-scores.ts";

/** A prediction and the fold (a night) that it must not help to correct itself. */
export interface FoldedPrediction extends Prediction {
  fold: number;
}

export interface MapCandidate {
  name: "as it is" | "line" | "steps";
  map: CalibrationMap | null;
  /** Log loss on nights that the map was not fitted on, and its part of each frame. */
  logLoss: number;
  losses: number[];
}

/** A line is one whose slope is 1 and whose offset is 0 until labels say otherwise. */
const LINE_PRIOR = { slope: 1, slopeSigma: 0.5, offset: 0, offsetSigma: 1 };
/** Knots fall where the frames are, so each is given this many frames that behave as told. */
const BELIEF = 8;
/**
 * What a more flexible map must save on nights it has not seen: a share of the log loss, and this many standard errors of the
 * saving, so that one lucky frame does not choose it.
 */
const WORTH_IT = 0.02;
const SURE = 1.5;

function fitLine(predictions: readonly Prediction[]): CalibrationMap {
  const points = predictions.map(({ probability, contaminated }) => ({
    x: logOdds(probability),
    y: contaminated ? (1 as const) : (0 as const),
  }));
  const { slope, offset } = fitLogistic(points, LINE_PRIOR);
  // Labels that contradict the probability altogether are no reason to turn it round.
  return { kind: "logit", slope: Math.max(0.05, slope), offset };
}

const FITS: readonly { name: MapCandidate["name"]; learn: (predictions: readonly Prediction[]) => CalibrationMap | null }[] = [
  { name: "as it is", learn: () => null },
  { name: "line", learn: fitLine },
  { name: "steps", learn: (predictions) => fitKnots(predictions, BELIEF) },
];

/** The maps that come into question, simplest first, each with its log loss on held-back folds. */
export function mapCandidates(predictions: readonly FoldedPrediction[]): MapCandidate[] {
  const folds = [...new Set(predictions.map((entry) => entry.fold))];
  return FITS.map(({ name, learn }) => {
    const held = folds.flatMap((fold) => {
      const map = learn(predictions.filter((entry) => entry.fold !== fold));
      return predictions.filter((entry) => entry.fold === fold).map((entry) => apply(map, entry));
    });
    return { name, map: learn(predictions), logLoss: logLoss(held), losses: held.map((entry) => logLoss([entry])) };
  });
}

/** The simplest map that no more flexible one beats by enough. */
export function bestMap(candidates: readonly MapCandidate[]): MapCandidate {
  return candidates.reduce((best, next) => (saves(best, next) ? next : best));
}

function saves(best: MapCandidate, next: MapCandidate): boolean {
  const saving = best.logLoss - next.logLoss;
  const n = best.losses.length;
  const scatter = best.losses.reduce((sum, loss, i) => sum + (loss - next.losses[i] - saving) ** 2, 0);
  return saving > WORTH_IT * best.logLoss && saving > (SURE * Math.sqrt(scatter)) / Math.max(1, n - 1);
}

export function apply(map: CalibrationMap | null, prediction: Prediction): Prediction {
  return { ...prediction, probability: calibrated(prediction.probability, map) };
}
