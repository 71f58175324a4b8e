import type { ProbabilityScores, ReliabilityBin } from "../../shared/evaluation.ts";

/** A predicted P(contaminated) and whether the frame was. */
export interface Prediction {
  probability: number;
  contaminated: boolean;
}

const BINS = 10;
/** Probabilities are told to three digits: no one is punished for 0.000 as if it were impossible. */
const SUREST = 1e-3;

/** All scores of a set of predictions; null for an empty one. Order does not matter. */
export function scoreProbabilities(predictions: readonly Prediction[]): ProbabilityScores | null {
  if (predictions.length === 0) return null;
  const bins = reliability(predictions);
  const curve = rocOf(predictions);
  return {
    frames: predictions.length,
    contaminated: predictions.filter((entry) => entry.contaminated).length,
    brier: mean(predictions.map(({ probability, contaminated }) => (probability - Number(contaminated)) ** 2)),
    logLoss: logLoss(predictions),
    ece: bins.reduce((sum, bin) => sum + bin.frames * Math.abs(bin.predicted - bin.observed), 0) / predictions.length,
    bins,
    ...curve,
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Mean -ln P(what was true), nats; P is kept within 0.001..0.999. */
export function logLoss(predictions: readonly Prediction[]): number {
  return mean(
    predictions.map(({ probability, contaminated }) => {
      const p = Math.min(1 - SUREST, Math.max(SUREST, probability));
      return -Math.log(contaminated ? p : 1 - p);
    }),
  );
}

/** Bins of about equal count. Equal probabilities share a bin, so that the order of the frames cannot matter. */
export function reliability(predictions: readonly Prediction[], count = BINS): ReliabilityBin[] {
  const sorted = [...predictions].sort((a, b) => a.probability - b.probability);
  const bins: ReliabilityBin[] = [];
  let at = 0;
  while (at < sorted.length) {
    const size = Math.ceil((sorted.length - at) / Math.max(1, count - bins.length));
    let end = at + size;
    while (end < sorted.length && sorted[end].probability === sorted[end - 1].probability) end++;
    bins.push(binOf(sorted.slice(at, end)));
    at = end;
  }
  return bins;
}

function binOf(members: readonly Prediction[]): ReliabilityBin {
  const bad = members.filter((entry) => entry.contaminated).length;
  const [low, high] = wilson(bad, members.length);
  return {
    frames: members.length,
    from: members[0].probability,
    to: members[members.length - 1].probability,
    predicted: mean(members.map((entry) => entry.probability)),
    observed: bad / members.length,
    low,
    high,
  };
}

/** 97.5 % point of the standard normal. */
const Z95 = 1.959964;

/** 95 % interval of a share `hits` of `n` (Wilson 1927): honest for small n and shares near 0 and 1. */
export function wilson(hits: number, n: number): [low: number, high: number] {
  if (n === 0) return [0, 1];
  const share = hits / n;
  const scale = 1 + Z95 ** 2 / n;
  const centre = (share + Z95 ** 2 / (2 * n)) / scale;
  const half = (Z95 * Math.sqrt((share * (1 - share)) / n + Z95 ** 2 / (4 * n * n))) / scale;
  return [Math.max(0, centre - half), Math.min(1, centre + half)];
}

/** ROC curve, one point per distinct probability from the strictest on, and the area under it (ties count half: Mann & Whitney 1947). */
export function rocOf(predictions: readonly Prediction[]): Pick<ProbabilityScores, "auc" | "roc"> {
  const bad = predictions.filter((entry) => entry.contaminated).length;
  const good = predictions.length - bad;
  if (bad === 0 || good === 0) return { auc: null, roc: [] };
  const sorted = [...predictions].sort((a, b) => b.probability - a.probability);
  const roc: [number, number][] = [[0, 0]];
  let [hits, alarms, auc] = [0, 0, 0];
  for (let at = 0; at < sorted.length; ) {
    const before: [number, number] = [alarms, hits];
    const { probability } = sorted[at];
    for (; at < sorted.length && sorted[at].probability === probability; at++) {
      if (sorted[at].contaminated) hits++;
      else alarms++;
    }
    auc += ((alarms - before[0]) * (hits + before[1])) / 2;
    roc.push([alarms / good, hits / bad]);
  }
  return { auc: auc / (good * bad), roc };
}
