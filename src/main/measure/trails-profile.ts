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
  const widest = Math.min(1.3 * half, 140);
  const reach = Math.min(half * 0.6, 4 + guess);
  for (let fwhm = 1.4; fwhm <= widest; fwhm *= 1.5) {
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
  for (let c = -half; c <= half; c++) {
    const d = c - centre;
    const e = scale * d * d;
    const g = e < 9 ? Math.exp(-e) : 0;
    const v = mean[c + half];
    sg += g;
    sgg += g * g;
    sv += v;
    sgv += g * v;
    svv += v * v;
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

/** Amplitude of every row in sky noise by the matched filter, and the noise of one such amplitude. */
export interface RowAmplitudes {
  values: Float32Array;
  sigma: number;
}

/**
 * Least-squares amplitude per row of a Gaussian at `centre`, over the level of the strip's outer parts (their mean over 64 rows);
 * pixels above `clip` are cut, so that stars weigh little.
 */
export function rowAmplitudes(strip: TrailStrip, centre: number, fwhm: number, clip: number): RowAmplitudes {
  const across = 2 * strip.half + 1;
  const weights = new Float64Array(across);
  let square = 0;
  let inner = 0;
  for (let c = 0; c < across; c++) {
    weights[c] = Math.exp(-4 * Math.LN2 * ((c - strip.half - centre) / fwhm) ** 2);
    if (weights[c] < 0.01) weights[c] = 0;
    square += weights[c] ** 2;
    inner += weights[c];
  }
  const level = levelBeside(strip, centre, fwhm);
  const values = new Float32Array(strip.rows);
  for (let r = 0; r < strip.rows; r++) {
    let sum = 0;
    for (let c = 0; c < across; c++) {
      if (weights[c] === 0) continue;
      const v = strip.values[r * across + c];
      sum += weights[c] * Math.min(clip, Math.max(v, -4));
    }
    values[r] = (sum - inner * level[Math.floor(r / 64)]) / square;
  }
  return { values, sigma: 1 / Math.sqrt(square) };
}

function levelBeside(strip: TrailStrip, centre: number, fwhm: number): Float64Array {
  const across = 2 * strip.half + 1;
  const gap = Math.max(1.2 * fwhm, fwhm / 2 + 2);
  const levels = new Float64Array(Math.ceil(strip.rows / 64));
  for (let block = 0; block < levels.length; block++) {
    let [left, leftCount, right, rightCount] = [0, 0, 0, 0];
    for (let r = block * 64; r < Math.min(strip.rows, block * 64 + 64); r++) {
      for (let c = -strip.half; c <= strip.half; c++) {
        const v = strip.values[r * across + c + strip.half];
        const clipped = Math.min(2.5, Math.max(v, -2.5));
        if (c < centre - gap) {
          left += clipped;
          leftCount++;
        } else if (c > centre + gap) {
          right += clipped;
          rightCount++;
        }
      }
    }
    if (leftCount > 0 && rightCount > 0) levels[block] = (left / leftCount + right / rightCount) / 2;
  }
  return levels;
}
