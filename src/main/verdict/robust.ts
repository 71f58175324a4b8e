/** Robust statistics over plain arrays. Non-finite values are left out; an empty input gives null. */

export function median(values: ArrayLike<number>): number | null {
  return quantile(values, 0.5);
}

/** Linear interpolation between order statistics (type 7 of Hyndman & Fan 1996). */
export function quantile(values: ArrayLike<number>, q: number): number | null {
  const kept = scratchFor(values.length);
  let count = 0;
  for (let i = 0; i < values.length; i++) if (Number.isFinite(values[i])) kept[count++] = values[i];
  return count === 0 ? null : quantileInPlace(kept, 0, count, q);
}

/** 1.4826 * median absolute deviation: the standard deviation for Gaussian data (Rousseeuw & Croux 1993). */
export function spread(values: ArrayLike<number>, centre: number): number {
  const kept = scratchFor(values.length);
  let count = 0;
  for (let i = 0; i < values.length; i++) {
    const deviation = Math.abs(values[i] - centre);
    if (Number.isFinite(deviation)) kept[count++] = deviation;
  }
  return count === 0 ? 0 : GAUSSIAN * quantileInPlace(kept, 0, count, 0.5);
}

const GAUSSIAN = 1.4826;

/** Judging a night takes medians of hundreds of thousands of short lists: they share one copy, as large as the longest. */
let scratch = new Float64Array(1024);

function scratchFor(length: number): Float64Array {
  if (scratch.length < length) scratch = new Float64Array(2 * length);
  return scratch;
}

/** Quantile of values[from, to), at least one and all finite, which it reorders. */
export function quantileInPlace(values: Float64Array, from: number, to: number, q: number): number {
  const position = (to - from - 1) * Math.min(1, Math.max(0, q));
  const low = from + Math.floor(position);
  const share = position - Math.floor(position);
  select(values, from, to - 1, low);
  if (share === 0) return values[low];
  let next = values[low + 1];
  for (let i = low + 2; i < to; i++) if (values[i] < next) next = values[i];
  return values[low] + (next - values[low]) * share;
}

/** `spread` of values[from, to), at least one and all finite, which are lost. */
export function spreadInPlace(values: Float64Array, from: number, to: number, centre: number): number {
  for (let i = from; i < to; i++) values[i] = Math.abs(values[i] - centre);
  return GAUSSIAN * quantileInPlace(values, from, to, 0.5);
}

const SHORT = 12;

/** Puts the k-th smallest in its place, none greater before it, none smaller after it (Hoare 1961, median of three). */
function select(values: Float64Array, first: number, last: number, k: number): void {
  let left = first;
  let right = last;
  while (right - left >= SHORT) {
    const pivot = middleOf(values[left], values[(left + right) >> 1], values[right]);
    let i = left;
    let j = right;
    while (i <= j) {
      while (values[i] < pivot) i++;
      while (values[j] > pivot) j--;
      if (i > j) break;
      const swapped = values[i];
      values[i++] = values[j];
      values[j--] = swapped;
    }
    if (k <= j) right = j;
    else if (k >= i) left = i;
    else return;
  }
  for (let i = left + 1; i <= right; i++) {
    const value = values[i];
    let j = i - 1;
    for (; j >= left && values[j] > value; j--) values[j + 1] = values[j];
    values[j + 1] = value;
  }
}

function middleOf(a: number, b: number, c: number): number {
  return a < b ? (b < c ? b : a < c ? c : a) : a < c ? a : b < c ? c : b;
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
