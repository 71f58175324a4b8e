import type { RowRange, StripPixels } from "./trails-strip.ts";

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
 * Profile across the given rows: means of 16 rows, of which the middle three fifths are averaged so that stars on the trail or
 * beside it do not count; then a least-squares Gaussian over a level.
 */
export function fitProfile(strip: StripPixels, lit: readonly RowRange[], guess: number): TrailProfile {
  const mean = trimmedProfile(strip, lit);
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
  const fitter = new GaussianFit(mean, half);
  const look = (fwhm: number, centre: number) => {
    fitter.fit(centre, fwhm);
    if (fitter.amplitude > 0 && fitter.cost < best.cost) best = { cost: fitter.cost, amplitude: fitter.amplitude, centre, fwhm };
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

const FWHM_OF_SIGMA = 2 * Math.sqrt(2 * Math.LN2);

function trimmedProfile(strip: StripPixels, lit: readonly RowRange[]): Float64Array {
  const { kernels, pitch } = strip;
  const mark = kernels.mark();
  const rows = lit.reduce((sum, [from, to]) => sum + to - from, 0);
  const most = Math.floor(rows / GROUP) + 1;
  const samples = kernels.take(4 * most * pitch);
  kernels.f32(samples, most * pitch).fill(0);
  let [count, filled] = [0, 0];
  for (const [from, to] of lit) {
    for (let r = from; r < to; ) {
      const part = Math.min(to - r, GROUP - filled);
      kernels.call.trailSums(strip.values + 4 * r * pitch, pitch, part, 1, 1e30, samples + 4 * count * pitch);
      r += part;
      filled += part;
      if (filled < GROUP) continue;
      count++;
      filled = 0;
    }
  }
  const scratch = kernels.take(16 * most);
  const out = kernels.take(4 * pitch);
  kernels.call.trailTrimmed(samples, Math.max(1, count), pitch, Math.floor(count / 5), scratch, out);
  const profile = Float64Array.from(kernels.f32(out, 2 * strip.half + 1));
  const share = 1 / (count > 0 ? GROUP : Math.max(1, filled));
  for (let c = 0; c < profile.length; c++) profile[c] *= share;
  kernels.release(mark);
  return profile;
}

/** Linear least squares of amplitude and level for a Gaussian of given centre and FWHM. */
class GaussianFit {
  amplitude = 0;
  cost = 0;
  private readonly mean: Float64Array;
  private readonly half: number;
  private readonly sum: number;
  private readonly square: number;

  constructor(mean: Float64Array, half: number) {
    this.mean = mean;
    this.half = half;
    let [sum, square] = [0, 0];
    for (const v of mean) {
      sum += v;
      square += v * v;
    }
    this.sum = sum;
    this.square = square;
  }

  /** Sets amplitude and cost: what is left of the sum of squares. */
  fit(centre: number, fwhm: number): void {
    const { mean, half } = this;
    const scale = (4 * Math.LN2) / (fwhm * fwhm);
    const from = Math.max(-half, Math.ceil(centre - 1.8 * fwhm));
    const to = Math.min(half, Math.floor(centre + 1.8 * fwhm));
    // From one pixel to the next a Gaussian changes by a factor that itself changes by a constant one.
    let g = Math.exp(-scale * (from - centre) ** 2);
    let ratio = Math.exp(-scale * (2 * (from - centre) + 1));
    const bend = Math.exp(-2 * scale);
    let [sg, sgg, sgv] = [0, 0, 0];
    for (let c = from + half; c <= to + half; c++) {
      sg += g;
      sgg += g * g;
      sgv += g * mean[c];
      g *= ratio;
      ratio *= bend;
    }
    const n = mean.length;
    const det = n * sgg - sg * sg;
    this.amplitude = det <= 1e-9 ? 0 : (n * sgv - sg * this.sum) / det;
    const base = (this.sum - this.amplitude * sg) / n;
    this.cost = det <= 1e-9 ? Infinity : this.square - this.amplitude * sgv - base * this.sum;
  }
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
export function levelBeside(strip: StripPixels, centre: number, fwhm: number): Float32Array {
  const { kernels, pitch } = strip;
  const across = 2 * strip.half + 1;
  const gap = Math.max(1.2 * fwhm, fwhm / 2 + 2);
  const leftEnd = Math.max(0, Math.min(across, Math.floor(strip.half + centre - gap) + 1));
  const rightBegin = Math.max(0, Math.min(across, Math.ceil(strip.half + centre + gap)));
  const sides = (leftEnd > 0 ? 1 : 0) + (rightBegin < across ? 1 : 0);
  const levels = new Float32Array(Math.ceil(strip.rows / LEVEL_ROWS));
  if (sides === 0) return levels;
  const mark = kernels.mark();
  const sums = kernels.take(4 * pitch);
  const sum = kernels.f32(sums, pitch);
  for (let block = 0; block < levels.length; block++) {
    const rows = Math.min(strip.rows - block * LEVEL_ROWS, LEVEL_ROWS);
    sum.fill(0);
    // Every other row is enough: thousands of pixels remain.
    kernels.call.trailSums(strip.values + 4 * block * LEVEL_ROWS * pitch, pitch, rows, 2, 2.5, sums);
    let [left, right] = [0, 0];
    for (let c = 0; c < leftEnd; c++) left += sum[c];
    for (let c = rightBegin; c < across; c++) right += sum[c];
    const mean = (leftEnd > 0 ? left / leftEnd : 0) + (rightBegin < across ? right / (across - rightBegin) : 0);
    levels[block] = mean / (sides * Math.ceil(rows / 2));
  }
  kernels.release(mark);
  return levels;
}

const LEVEL_ROWS = 64;

/** A Gaussian of peak 1 sampled across the strip, from its first pixel that matters; a multiple of 4 long, filled with zeros. */
function template(half: number, centre: number, fwhm: number): { from: number; weights: Float32Array; square: number; sum: number } {
  const reach = Math.ceil(1.3 * fwhm);
  const from = Math.max(0, Math.floor(half + centre) - reach);
  const to = Math.min(2 * half, Math.ceil(half + centre) + reach);
  const count = Math.max(0, to - from + 1);
  const weights = new Float32Array((count + 3) & ~3);
  let [square, sum] = [1e-9, 0];
  for (let n = 0; n < count; n++) {
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
export function rowAmplitudes(strip: StripPixels, levels: Float32Array, centre: number, fwhm: number, clip: number): RowAmplitudes {
  const { kernels, pitch, rows } = strip;
  const { from, weights, square, sum } = template(strip.half, centre, fwhm);
  const mark = kernels.mark();
  const scaled = kernels.take(4 * weights.length);
  const parts = kernels.take(4 * levels.length);
  const out = kernels.take(4 * rows);
  const weight = kernels.f32(scaled, weights.length);
  for (let n = 0; n < weights.length; n++) weight[n] = weights[n] / square;
  const part = kernels.f32(parts, levels.length);
  for (let n = 0; n < levels.length; n++) part[n] = (sum * levels[n]) / square;
  kernels.call.trailRows(strip.values + 4 * from, pitch, rows, scaled, weights.length, clip, parts, LEVEL_ROWS, out);
  const values = kernels.f32(out, rows).slice();
  kernels.release(mark);
  return { values, sigma: 1 / Math.sqrt(square) };
}

/** Height over noise of the sum along the given rows of a Gaussian at each of `centres`; pixels clipped to +-4. */
export function heightsAt(
  strip: StripPixels,
  levels: Float32Array,
  stretches: readonly RowRange[],
  centres: readonly number[],
  fwhm: number,
): number[] {
  const { kernels, pitch } = strip;
  const mark = kernels.mark();
  const sums = kernels.take(4 * pitch);
  const sum = kernels.f32(sums, pitch).fill(0);
  let [rows, level] = [0, 0];
  for (const [from, to] of stretches) {
    kernels.call.trailSums(strip.values + 4 * from * pitch, pitch, to - from, 1, 4, sums);
    for (let r = from; r < to; r++) level += levels[Math.floor(r / LEVEL_ROWS)];
    rows += to - from;
  }
  const heights = centres.map((centre) => {
    const { from, weights, square, sum: weight } = template(strip.half, centre, fwhm);
    let total = -level * weight;
    for (let n = 0; n < weights.length; n++) if (weights[n] > 0) total += weights[n] * sum[from + n];
    return total / Math.sqrt(square * Math.max(1, rows));
  });
  kernels.release(mark);
  return heights;
}
