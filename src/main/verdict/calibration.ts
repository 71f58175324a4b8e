/**
 * A monotone correction of P(contaminated), learned from labels: frames that were said to be bad with 0.6 should be bad in
 * six of ten cases. It works on the log-odds ln(p/(1-p)), in which independent evidence adds up: either a straight line
 * (Platt 1999) or a chain of straight pieces through `knots` [log-odds told, log-odds observed], both strictly rising, of
 * slope 1 beyond its ends.
 */
export type CalibrationMap = { kind: "logit"; slope: number; offset: number } | { kind: "knots"; knots: [from: number, to: number][] };

/** Verdicts tell probabilities to three digits. */
const SUREST = 0.001;

/** The corrected probability; without a map the same one. */
export function calibrated(probability: number, map: CalibrationMap | null): number {
  return map === null ? probability : fromLogOdds(along(map, logOdds(probability)));
}

/** The probability that was corrected: undoes `calibrated` within 0.001..0.999. */
export function uncalibrated(probability: number, map: CalibrationMap | null): number {
  if (map === null) return probability;
  const x = logOdds(probability);
  if (map.kind === "logit") return fromLogOdds((x - map.offset) / map.slope);
  return fromLogOdds(interpolate(map.knots, x, 1, 0));
}

export function logOdds(probability: number): number {
  const p = Math.min(1 - SUREST, Math.max(SUREST, probability));
  return Math.log(p / (1 - p));
}

function fromLogOdds(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

function along(map: CalibrationMap, x: number): number {
  return map.kind === "logit" ? map.slope * x + map.offset : interpolate(map.knots, x, 0, 1);
}

function interpolate(knots: readonly (readonly [number, number])[], x: number, from: 0 | 1, to: 0 | 1): number {
  const first = knots[0];
  const last = knots.at(-1);
  if (!first || !last) return x;
  if (x <= first[from]) return x + first[to] - first[from];
  if (x >= last[from]) return x + last[to] - last[from];
  const next = knots.findIndex((knot) => knot[from] > x);
  const [a, b] = [knots[next - 1], knots[next]];
  return a[to] + ((x - a[from]) / (b[from] - a[from])) * (b[to] - a[to]);
}
