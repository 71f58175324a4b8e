import type { TrailStrip } from "./trails-strip.ts";

/** A Gaussian across a trail: amplitude in sky noise, centre and FWHM in px along the other axis. */
export interface TrailProfile {
  amplitude: number;
  centre: number;
  fwhm: number;
  /** Level left and right of the trail, sky noise; a large difference is an edge, not a trail. */
  left: number;
  right: number;
  /** Mean over the rows used, per pixel across (2 half + 1). */
  mean: Float64Array;
}

/** Rows whose mean is one sample of the profile: stars fill few of them, and the middle samples are kept. */
const GROUP = 16;

/**
 * Profile across the rows for which `lit` is set: means of 16 rows, of which the middle three fifths are averaged so that stars
 * on the trail or beside it do not count; then a least-squares Gaussian over a level.
 */
export function fitProfile(strip: TrailStrip, lit: Uint8Array, from: number, to: number, guess: number): TrailProfile {
  const mean = trimmedProfile(strip, lit, from, to);
  const { half } = strip;
  const best = fitGaussian(mean, half, guess);
  // Rounding the path to whole pixels blurs by a box of one pixel, variance 1/12.
  const sigma2 = Math.max((best.fwhm / FWHM_OF_SIGMA) ** 2 - 1 / 12, 0.05);
  const fwhm = FWHM_OF_SIGMA * Math.sqrt(sigma2);
  const wing = Math.max(1.1 * best.fwhm, best.fwhm / 2 + 2);
  return {
    amplitude: (best.amplitude * best.fwhm) / fwhm,
    centre: best.centre,
    fwhm,
    left: middleOf(mean, 0, half + best.centre - wing),
    right: middleOf(mean, half + best.centre + wing, 2 * half),
    mean,
  };
}

/** Best Gaussian by a search that is first coarse, then fine, in width and centre. */
function fitGaussian(mean: Float64Array, half: number, guess: number) {
  let best = { cost: Infinity, amplitude: 0, centre: 0, fwhm: guess };
  const look = (fwhm: number, centre: number) => {
    const fit = fitAmplitude(mean, half, centre, fwhm);
    if (fit.amplitude > 0 && fit.cost < best.cost) best = { cost: fit.cost, amplitude: fit.amplitude, centre, fwhm };
  };
  // The ribbon that found the trail is known to a factor of two or so.
  const widest = Math.max(6, Math.min(1.3 * half, 140, 3 * guess));
  const reach = Math.min(half * 0.6, 4 + guess);
  for (let fwhm = Math.max(1.4, guess / 3.5); fwhm <= widest; fwhm *= 1.5) {
    const step = Math.max(0.7, fwhm / 4);
    for (let centre = -reach; centre <= reach; centre += step) look(fwhm, centre);
  }
  for (let finer = 1; finer <= 3; finer++) {
    const { fwhm, centre } = best;
    const ratio = 1.5 ** (0.4 ** finer);
    const step = Math.max(0.7, fwhm / 4) * 0.4 ** finer;
    for (const f of [fwhm / ratio ** 2, fwhm / ratio, fwhm, fwhm * ratio, fwhm * ratio ** 2]) {
      if (f < 0.7) continue;
      for (let c = -2; c <= 2; c++) look(f, centre + c * step);
    }
  }
  return best;
}

export const FWHM_OF_SIGMA = 2 * Math.sqrt(2 * Math.LN2);

function trimmedProfile(strip: TrailStrip, lit: Uint8Array, from: number, to: number): Float64Array {
  const across = 2 * strip.half + 1;
  const samples: Float64Array[] = [];
  let sum = new Float64Array(across);
  let count = 0;
  for (let r = from; r < to; r++) {
    if (!lit[r]) continue;
    for (let c = 0; c < across; c++) sum[c] += strip.values[r * across + c];
    if (++count < GROUP) continue;
    samples.push(sum.map((value) => value / GROUP));
    sum = new Float64Array(across);
    count = 0;
  }
  if (samples.length === 0) return count > 0 ? sum.map((value) => value / count) : sum;
  const column = new Float64Array(samples.length);
  const cut = Math.floor(samples.length / 5);
  const profile = new Float64Array(across);
  for (let c = 0; c < across; c++) {
    for (let n = 0; n < samples.length; n++) column[n] = samples[n][c];
    column.sort();
    let total = 0;
    for (let n = cut; n < samples.length - cut; n++) total += column[n];
    profile[c] = total / (samples.length - 2 * cut);
  }
  return profile;
}

/** Linear least squares of amplitude and level for a Gaussian of given centre and FWHM. */
function fitAmplitude(mean: Float64Array, half: number, centre: number, fwhm: number) {
  let [sg, sgg, sv, sgv, svv] = [0, 0, 0, 0, 0];
  const scale = (4 * Math.LN2) / (fwhm * fwhm);
  for (const v of mean) {
    sv += v;
    svv += v * v;
  }
  const from = Math.max(-half, Math.ceil(centre - 1.8 * fwhm));
  const to = Math.min(half, Math.floor(centre + 1.8 * fwhm));
  for (let c = from; c <= to; c++) {
    const g = Math.exp(-scale * (c - centre) ** 2);
    sg += g;
    sgg += g * g;
    sgv += g * mean[c + half];
  }
  const n = mean.length;
  const det = n * sgg - sg * sg;
  if (det <= 1e-9) return { amplitude: 0, base: 0, cost: Infinity };
  const amplitude = (n * sgv - sg * sv) / det;
  const base = (sv - amplitude * sg) / n;
  return { amplitude, base, cost: svv - amplitude * sgv - base * sv };
}

function middleOf(values: Float64Array, from: number, to: number): number {
  const part = values.slice(Math.max(0, Math.floor(from)), Math.max(0, Math.ceil(to))).sort();
  return part.length > 0 ? part[part.length >> 1] : 0;
}

/** Amplitude of every row in noise by the matched filter, and the noise of one such amplitude. */
export interface RowAmplitudes {
  values: Float32Array;
  sigma: number;
}

/** Level beside a trail, mean of both sides, for every LEVEL_ROWS rows of the strip; each pixel clipped to +-2.5. */
export function levelBeside(strip: TrailStrip, centre: number, fwhm: number): Float64Array {
  const across = 2 * strip.half + 1;
  const gap = Math.max(1.2 * fwhm, fwhm / 2 + 2);
  const leftEnd = Math.max(0, Math.min(across, Math.floor(strip.half + centre - gap) + 1));
  const rightBegin = Math.max(0, Math.min(across, Math.ceil(strip.half + centre + gap)));
  const levels = new Float64Array(Math.ceil(strip.rows / LEVEL_ROWS));
  for (let block = 0; block < levels.length; block++) {
    const end = Math.min(strip.rows, (block + 1) * LEVEL_ROWS);
    let [left, right, rows] = [0, 0, 0];
    // Every other row is enough: thousands of pixels remain.
    for (let r = block * LEVEL_ROWS; r < end; r += 2, rows++) {
      const at = r * across;
      for (let c = 0; c < leftEnd; c++) left += Math.min(2.5, Math.max(strip.values[at + c], -2.5));
      for (let c = rightBegin; c < across; c++) right += Math.min(2.5, Math.max(strip.values[at + c], -2.5));
    }
    const sides = (leftEnd > 0 ? 1 : 0) + (rightBegin < across ? 1 : 0);
    const sum = (leftEnd > 0 ? left / leftEnd : 0) + (rightBegin < across ? right / (across - rightBegin) : 0);
    if (sides > 0 && rows > 0) levels[block] = sum / (sides * rows);
  }
  return levels;
}

const LEVEL_ROWS = 64;

/** A Gaussian of peak 1 sampled across the strip, from its first pixel that matters. */
function template(half: number, centre: number, fwhm: number): { from: number; weights: Float64Array; square: number; sum: number } {
  const reach = Math.ceil(1.3 * fwhm);
  const from = Math.max(0, Math.floor(half + centre) - reach);
  const to = Math.min(2 * half, Math.ceil(half + centre) + reach);
  const weights = new Float64Array(Math.max(0, to - from + 1));
  let [square, sum] = [1e-9, 0];
  for (let n = 0; n < weights.length; n++) {
    weights[n] = Math.exp(-4 * Math.LN2 * ((from + n - half - centre) / fwhm) ** 2);
    square += weights[n] ** 2;
    sum += weights[n];
  }
  return { from, weights, square, sum };
}

/**
 * Least-squares amplitude per row of a Gaussian at `centre` above the level beside; pixels are cut at `clip`, so that stars
 * weigh little.
 */
export function rowAmplitudes(strip: TrailStrip, levels: Float64Array, centre: number, fwhm: number, clip: number): RowAmplitudes {
  const across = 2 * strip.half + 1;
  const { from, weights, square, sum } = template(strip.half, centre, fwhm);
  const values = new Float32Array(strip.rows);
  for (let r = 0; r < strip.rows; r++) {
    const at = r * across + from;
    let total = 0;
    for (let n = 0; n < weights.length; n++) total += weights[n] * Math.min(clip, Math.max(strip.values[at + n], -4));
    values[r] = (total - sum * levels[Math.floor(r / LEVEL_ROWS)]) / square;
  }
  return { values, sigma: 1 / Math.sqrt(square) };
}

/** Height over noise of the sum along the given rows of a Gaussian at each of `centres`; pixels clipped to +-4. */
export function heightsAt(
  strip: TrailStrip,
  levels: Float64Array,
  stretches: readonly [from: number, to: number][],
  centres: readonly number[],
  fwhm: number,
): number[] {
  const across = 2 * strip.half + 1;
  const sums = new Float64Array(across);
  let rows = 0;
  for (const [from, to] of stretches) {
    for (let r = from; r < to; r++) {
      const level = levels[Math.floor(r / LEVEL_ROWS)];
      for (let c = 0; c < across; c++) sums[c] += Math.min(4, Math.max(strip.values[r * across + c], -4)) - level;
    }
    rows += to - from;
  }
  return centres.map((centre) => {
    const { from, weights, square } = template(strip.half, centre, fwhm);
    let total = 0;
    for (let n = 0; n < weights.length; n++) total += weights[n] * sums[from + n];
    return total / Math.sqrt(square * Math.max(1, rows));
  });
}
