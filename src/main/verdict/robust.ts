/** Robust statistics over plain arrays. Non-finite values are left out; an empty input gives null. */

export function median(values: ArrayLike<number>): number | null {
  return quantile(values, 0.5);
}

/** Linear interpolation between order statistics (type 7 of Hyndman & Fan 1996). */
export function quantile(values: ArrayLike<number>, q: number): number | null {
  const sorted = new Float64Array(values.length);
  let count = 0;
  for (let i = 0; i < values.length; i++) if (Number.isFinite(values[i])) sorted[count++] = values[i];
  if (count === 0) return null;
  sorted.subarray(0, count).sort();
  const position = (count - 1) * Math.min(1, Math.max(0, q));
  const low = Math.floor(position);
  const high = Math.min(count - 1, low + 1);
  return sorted[low] + (sorted[high] - sorted[low]) * (position - low);
}

/** 1.4826 * median absolute deviation: the standard deviation for Gaussian data (Rousseeuw & Croux 1993). */
export function spread(values: readonly number[], centre: number): number {
  const deviation = median(values.map((value) => Math.abs(value - centre)));
  return deviation === null ? 0 : 1.4826 * deviation;
}

export interface Baseline {
  median: number;
  sigma: number;
  count: number;
}

/** Median and spread; the spread has a floor, relative and absolute, so that a superb night does not reject its own tail. */
export function baseline(values: readonly number[], relativeFloor: number, absoluteFloor = 0): Baseline | null {
  const finite = values.filter(Number.isFinite);
  const centre = median(finite);
  if (centre === null) return null;
  const sigma = Math.max(spread(finite, centre), Math.abs(centre) * relativeFloor, absoluteFloor, 1e-12);
  return { median: centre, sigma, count: finite.length };
}

/** Cumulative distribution of the standard normal (Abramowitz & Stegun 7.1.26, error < 1.5e-7). */
export function normalCdf(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * x);
  const poly = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const tail = 0.5 * poly * Math.exp(-x * x);
  return z >= 0 ? 1 - tail : tail;
}
