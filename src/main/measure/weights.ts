import type { WeightMeasurement } from "../../shared/domain.ts";
import { meshAt } from "./grid.ts";
import { foldedQuantile, type Levels, quantile } from "./levels.ts";
import type { PreparedFrame } from "./prepared.ts";

/** Stars for the weights: parallel columns, those whose light is known and not saturated. */
export interface StarLight {
  /** Total flux, ADU. */
  flux: ArrayLike<number>;
  /** Moffat FWHM, geometric mean of the axes, measured pixels. */
  fwhm: ArrayLike<number>;
  /** Moffat exponent of the frame; PixInsight's default profile has 4. */
  beta: number;
}

/** Where the sky lies and how much it scatters, by PixInsight's M* and N*, ADU. */
export interface LocalSky {
  mStar: number;
  nStar: number;
}

/** Sums over stars as PixInsight forms them, normalised to its 0..1. */
export interface FluxSums {
  totalFlux: number;
  totalMeanFlux: number;
}

/** PSFSignalWeight, PSFSNR and SNRWeight; `range` is what counts as 0 and 1 (fullRange in stretch.ts). null where undefined. */
export function measureWeights(
  frame: PreparedFrame,
  stars: StarLight,
  levels: Levels,
  noise: number,
  range: readonly [black: number, white: number],
): WeightMeasurement {
  const span = range[1] - range[0];
  const sky = localSky(frame);
  const sums = fluxSums(stars, span);
  const known = sums !== null && sky !== null;
  return {
    psfSignalWeight: known ? psfSignalWeight(sums, sky.nStar / span, sky.mStar / span) : null,
    psfSnr: known ? psfSnr(sums, sky.nStar / span) : null,
    snrWeight: levels.sampled > 0 ? snrWeight(levels.averageDeviation, noise) : null,
  };
}

/** PCL PSFSignalEstimator.h: 5.326e-6 totalFlux totalMeanFlux / (9.0e6 sigma M*); all normalised. null without noise or sky. */
export function psfSignalWeight(sums: FluxSums, sigma: number, mStar: number): number | null {
  return finite((5.326e-6 * sums.totalFlux * sums.totalMeanFlux) / (9.0e6 * sigma * mStar));
}

/** PCL PSFSignalEstimator.h: 1.316e-7 totalFlux^2 / (4.987e6 sigma^2). */
export function psfSnr(sums: FluxSums, sigma: number): number | null {
  return finite((1.316e-7 * sums.totalFlux ** 2) / (4.987e6 * sigma ** 2));
}

/** SNRWeight of SubframeSelector: (mean absolute deviation about the median / noise)^2. Any unit. */
export function snrWeight(averageDeviation: number, noise: number): number | null {
  return finite((averageDeviation / noise) ** 2);
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

/**
 * totalFlux and totalMeanFlux by PCL: a star's signal is its light within the ellipse at a tenth of the maximum, its mean
 * flux that signal over the ellipse's area pi/4 FWTMx FWTMy; mean fluxes are Winsorised to what robust Chauvenet rejection
 * keeps. For a Moffat profile FWTM = FWHM sqrt((10^(1/b) - 1) / (2^(1/b) - 1)) and the light within is 1 - 10^((1-b)/b).
 * null when no star counts.
 */
export function fluxSums(stars: StarLight, span: number): FluxSums | null {
  const beta = Math.min(100, Math.max(1.05, Number.isFinite(stars.beta) ? stars.beta : 4));
  const tenth = Math.sqrt((10 ** (1 / beta) - 1) / (2 ** (1 / beta) - 1));
  const within = 1 - 10 ** ((1 - beta) / beta);
  const means: number[] = [];
  let totalFlux = 0;
  for (let i = 0; i < stars.flux.length; i++) {
    const signal = (within * stars.flux[i]) / span;
    const fwtm = tenth * stars.fwhm[i];
    if (!(signal > 0) || !(fwtm > 0) || !Number.isFinite(signal / fwtm)) continue;
    totalFlux += signal;
    means.push(signal / ((Math.PI / 4) * fwtm * fwtm));
  }
  if (means.length === 0) return null;
  return { totalFlux, totalMeanFlux: winsorised(means).reduce((sum, mean) => sum + mean, 0) };
}

/** Values, in ascending order; those outside what Chauvenet keeps have become the nearest value that it keeps. */
export function winsorised(values: readonly number[]): Float64Array {
  const sorted = Float64Array.from(values).sort();
  const [first, end] = chauvenetKeeps(sorted);
  sorted.fill(sorted[first], 0, first);
  return sorted.fill(sorted[end - 1], end);
}

/**
 * Robust Chauvenet rejection (Maples et al. 2018, ApJS 238, 2) on ascending values: a value goes while fewer than half a
 * value as far out is expected, judged first by median and 68.3rd percentile of the deviations, then by median and
 * standard deviation, then by mean and standard deviation. Returns the range [first, end) that is kept.
 */
export function chauvenetKeeps(sorted: Float64Array): [first: number, end: number] {
  let first = 0;
  let end = sorted.length;
  for (const [centreOf, spreadOf] of CHAUVENET_STAGES) {
    for (;;) {
      const kept = sorted.subarray(first, end);
      if (kept.length < 3) break;
      const centre = centreOf(kept);
      const spread = spreadOf(kept, centre);
      const outside = (value: number) => spread > 0 && kept.length * normalTails(Math.abs(value - centre) / spread) < 0.5;
      const before = end - first;
      while (end - first > 2 && outside(sorted[first])) first++;
      while (end - first > 2 && outside(sorted[end - 1])) end--;
      if (end - first === before) break;
    }
  }
  return [first, end];
}

const meanOf = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
/** Of ascending values. */
const medianOf = (values: Float64Array) => (values[(values.length - 1) >> 1] + values[values.length >> 1]) / 2;
const deviation = (values: Float64Array, centre: number) =>
  Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / Math.max(1, values.length - 1));
const percentile68 = (values: Float64Array, centre: number) =>
  values.map((value) => Math.abs(value - centre)).sort()[Math.min(values.length - 1, Math.floor(0.683 * values.length))];
const CHAUVENET_STAGES: [(v: Float64Array) => number, (v: Float64Array, centre: number) => number][] = [
  [medianOf, percentile68],
  [medianOf, deviation],
  [meanOf, deviation],
];

/** Share of a normal distribution beyond z sigma on both sides (Abramowitz & Stegun 7.1.26, to 1.5e-7). */
function normalTails(z: number): number {
  const x = z / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * x);
  const poly = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  return poly * Math.exp(-x * x);
}

/** Patches on which M* and N* are taken, and their side in pixels: 10^5 pixels over the frame. */
const PATCHES_ACROSS = 6;
const PATCHES_DOWN = 4;
const PATCH = 64;
/** The residual is counted in bins of 1/256 of the sky noise, from 2 counts above the sky to 16 sigma below. */
const RESIDUAL_BINS = 4096;
const BINS_PER_SIGMA = 256;

/**
 * M* and N* (PCL PSFSignalEstimator): over the residual R = local sky - pixel of all pixels below their local sky,
 * M* = median(R) and N* = 2.48308 MAD(R), which is the standard deviation of normal noise. The local sky is the mesh, whose
 * tiles and median smoothing match the 256 px scale there. Whole counts are taken as spread evenly over their width, and
 * the variance that adds is taken off again, so that noise of about one count is measured as well as any.
 * null where no pixel has data or all are equal.
 */
export function localSky(frame: PreparedFrame): LocalSky | null {
  const { mesh, step } = frame;
  const perCount = (BINS_PER_SIGMA * step) / Math.max(mesh.medianNoise, step / 8);
  const half = Math.max(1, Math.round(perCount / 2));
  const zero = 4 * half;
  const found = spreadOut(residuals(frame, perCount, zero), half).subarray(zero);
  const count = found.reduce((sum, here) => sum + here, 0);
  if (count === 0) return null;
  const middle = quantile(found, count / 2);
  const deviation = foldedQuantile(found, middle, count / 2) / perCount;
  // A count taken as spread over its width gains 1/12 of its square in variance.
  const variance = (2.48308 * deviation) ** 2 - 1 / 12;
  if (!(variance > 0)) return null;
  const nStar = Math.sqrt(variance);
  return { mStar: (((step * (middle + 0.5)) / perCount) * nStar) / (2.48308 * deviation), nStar: step * nStar };
}

/** Histogram of sky - pixel over the patches; bin `zero` holds 0 up to 1 / perCount. */
function residuals(frame: PreparedFrame, perCount: number, zero: number): Uint32Array {
  const { kernels, width, height } = frame;
  const side = Math.min(PATCH, width, height);
  const across = Math.min(PATCHES_ACROSS, Math.max(1, Math.floor(width / side)));
  const down = Math.min(PATCHES_DOWN, Math.max(1, Math.floor(height / side)));
  const plane = kernels.u16(frame.pixels, width * height);
  const histogram = new Uint32Array(zero + RESIDUAL_BINS);
  const last = histogram.length - 1;
  for (let row = 0; row < down; row++) {
    const top = Math.floor(((row + 0.5) * height) / down - side / 2);
    for (let column = 0; column < across; column++) {
      const left = Math.floor(((column + 0.5) * width) / across - side / 2);
      const [origin, dx, dy] = skyPlane(frame, left, top, side);
      for (let y = 0; y < side; y++) {
        const line = (top + y) * width + left;
        const sky = origin + dy * y;
        for (let x = 0; x < side; x++) {
          const pixel = plane[line + x];
          const bin = zero + (sky + dx * x - pixel) * perCount;
          if (pixel !== 0 && bin >= 0) histogram[bin < last ? bin | 0 : last]++;
        }
      }
    }
  }
  return histogram;
}

/** Every bin spread evenly over `half` bins to both sides. */
function spreadOut(histogram: Uint32Array, half: number): Float64Array {
  const below = new Float64Array(histogram.length + 1);
  for (let i = 0; i < histogram.length; i++) below[i + 1] = below[i] + histogram[i];
  const width = 2 * half + 1;
  return Float64Array.from(histogram, (_, i) => (below[Math.min(histogram.length, i + half + 1)] - below[Math.max(0, i - half)]) / width);
}

/** The mesh over one patch as a plane in counts: within half a tile it bends less than the noise can tell. */
function skyPlane(frame: PreparedFrame, left: number, top: number, side: number): [origin: number, dx: number, dy: number] {
  const { mesh, width, height, black, step } = frame;
  const at = (x: number, y: number) => (meshAt(mesh, mesh.level, left + x, top + y, width, height) - black) / step;
  const last = Math.max(1, side - 1);
  const origin = at(0, 0);
  return [origin, (at(last, 0) - origin) / last, (at(0, last) - origin) / last];
}
