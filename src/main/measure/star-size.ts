import { medianOf } from "./background.ts";
import type { PreparedFrame } from "./prepared.ts";
import type { PeakScan, PlaneLevel, Pyramid } from "./pyramid.ts";
import { FWHM_OF_SIGMA, measureStarsAt } from "./stars.ts";

/** What is known of a bright peak while the stars' size is still to be found. Measured pixels. */
export interface BrightPeak {
  x: number;
  y: number;
  /** Counts of the plane it was looked at in. */
  height: number;
}

/** Sigma of the filter [1 2 1] with the pixel's own width, in pixels of the plane. */
const FILTER_SIGMA = Math.sqrt(0.5 + 1 / 12);
const PROBES = 100;

/** Bright stars that tell the frame's star size, and their FWHM as the scales see it; measured pixels. */
export interface RoughSize {
  fwhm: number;
  stars: BrightPeak[];
  /** How many of them stand well above what noise reaches. */
  solid: number;
  /** Height of the highest over the noise of the plane it was looked at in. */
  significance: number;
}

/**
 * The size of the frame's stars from the scale at which bright ones stand out most: a Gaussian of sigma s in a filter of
 * sigma k has the signal-to-noise k / (s^2 + k^2), greatest at k = s. Peaks of the finest scales are asked first; a frame
 * without any there may still have large defocused stars at the coarser ones. Null when there is no peak at all.
 */
export function estimateSize(
  frame: PreparedFrame,
  pyramid: Pyramid,
  significance: number,
  bright: (scan: PeakScan, index: number) => BrightPeak[],
): RoughSize | null {
  const { levels } = pyramid;
  const start = Math.min(1, levels.length - 1);
  let best: RoughSize | null = null;
  for (let index = start; index < levels.length; index++) {
    const rough = roughSize(frame, levels, index, bright(pyramid.scan(index, significance), index));
    if (rough === null) continue;
    if (best === null || rough.stars.length > 3 * best.stars.length || areDefects(best, rough)) best = rough;
    if (best.stars.length >= 5 && (best.fwhm >= DEFECT_SIZE || index > start + 1)) break;
  }
  // A few faint peaks are what noise and clouds make, at the coarser scales more than at the fine.
  if (best === null || (best.stars.length < 5 && best.significance < LEAST_SIGNIFICANCE)) return null;
  return best;
}

/** Cosmic rays and defective pixels are up to this large, measured pixels; so are the stars of a short lens, but those are many. */
const DEFECT_SIZE = 2;

/**
 * Whether the smaller of two populations is the sensor's and not the sky's: stars of one frame have one size, and where many are
 * large the few tiny ones, however bright, are cosmic rays. Of truly small stars hardly any look large at a coarser scale.
 */
function areDefects(small: RoughSize, large: RoughSize): boolean {
  return small.fwhm < DEFECT_SIZE && large.fwhm > 1.7 * small.fwhm && large.solid >= Math.max(5, 0.75 * small.solid);
}

/** The size of the stars among the bright peaks of one scale; null without any. */
function roughSize(frame: PreparedFrame, levels: readonly PlaneLevel[], index: number, peaks: BrightPeak[]): RoughSize | null {
  const stars = apart(peaks, 4 * levels[index].scale).slice(0, PROBES);
  const sizes = stars.map((star) => sizeOf(frame, levels, star));
  const { filteredNoise } = levels[Math.max(0, index - 1)];
  const known = stars
    .map((star, i) => ({ size: sizes[i], height: star.height, weight: Math.max(star.height / filteredNoise - NOISE_PEAK, LIGHTEST) }))
    .filter(({ size }) => size > 0);
  if (known.length === 0) return null;
  const size = commonSize(known);
  const highest = Math.max(...known.map(({ height }) => height)) / filteredNoise;
  const alike = stars.filter((_, i) => sizes[i] > size / 1.5 && sizes[i] < size * 1.5);
  const solid = alike.filter(({ height }) => height > SOLID * filteredNoise).length;
  return { fwhm: size, stars: alike, solid, significance: highest };
}

/** Peaks of the noise on a nebula reach this height, sigma; they have any size. */
const NOISE_PEAK = 5.7;
const LIGHTEST = 0.05;
/** Higher than that peaks are no noise, sigma. */
const SOLID = 7.5;
/** Fewer than five peaks are believed to be stars from this height on, sigma. */
const LEAST_SIGNIFICANCE = 8;
/** A size that only one peak has counts this much, that two have twice: it may be a galaxy's. */
const LONE = 0.4;
/** No star counts for more than this many typical ones. */
const HEAVIEST = 50;

/**
 * The size that most share: the weighted median of the heaviest interval of a factor 1.4. Stars of a frame are of one size;
 * edges of light, nebulae and galaxies are of any. Weighted by height, for a few faint defects must not outvote the only star.
 */
function commonSize(sizes: readonly { size: number; weight: number }[]): number {
  const sorted = [...sizes].sort((a, b) => a.size - b.size);
  const cap = HEAVIEST * medianOf(sorted.map(({ weight }) => weight));
  const weights = sorted.map(({ weight }) => Math.min(Math.max(weight, 0), cap));
  let [most, first, end, sum] = [-1, 0, 0, 0];
  for (let low = 0, high = 0; low < sorted.length; low++) {
    while (high < sorted.length && sorted[high].size <= 1.4 * sorted[low].size) sum += weights[high++];
    const believed = sum * Math.min(1, LONE * (high - low));
    if (believed > most) [most, first, end] = [believed, low, high];
    sum -= weights[low];
  }
  let half = weights.slice(first, end).reduce((a, b) => a + b, 0) / 2;
  for (let i = first; i < end; i++) {
    half -= weights[i];
    if (half <= 0) return sorted[i].size;
  }
  return sorted[first].size;
}

/** Stars at least `distance` from a brighter one. */
function apart(stars: BrightPeak[], distance: number): BrightPeak[] {
  const kept: BrightPeak[] = [];
  for (const star of [...stars].sort((a, b) => b.height - a.height)) {
    if (kept.length >= 2 * PROBES) break;
    if (kept.every((other) => Math.abs(other.x - star.x) > distance || Math.abs(other.y - star.y) > distance)) kept.push(star);
  }
  return kept;
}

/** FWHM (measured pixels) from the signal-to-noise at each scale; 0 where there is no signal. */
function sizeOf(frame: PreparedFrame, levels: readonly PlaneLevel[], star: BrightPeak): number {
  const signals = levels.map((level) => signalAt(frame, level, star));
  if (signals.some(Number.isNaN)) return 0;
  let best = 0;
  for (let i = 1; i < signals.length; i++) if (signals[i] > signals[best]) best = i;
  if (!(signals[best] > 0)) return 0;
  const other = best === 0 ? 1 : best === signals.length - 1 || signals[best - 1] > signals[best + 1] ? best - 1 : best + 1;
  const low = Math.min(best, other);
  if (other >= signals.length) return FWHM_OF_SIGMA * FILTER_SIGMA;
  // R(2k) / R(k) = 2 (s^2 + k^2) / (s^2 + 4 k^2), solved for s.
  const ratio = signals[low + 1] / Math.max(signals[low], 1e-9);
  const k = FILTER_SIGMA * levels[low].scale;
  const square = (k * k * (4 * ratio - 2)) / Math.max(2 - ratio, 0.05);
  return FWHM_OF_SIGMA * Math.sqrt(Math.min(Math.max(square, 0.2), 16 * k * k));
}

/** Signal-to-noise of the filtered plane near the star. */
function signalAt(frame: PreparedFrame, level: PlaneLevel, star: BrightPeak): number {
  const { kernels, mesh, black, step } = frame;
  const pixels = kernels.u16(level.plane, level.width * level.height);
  const { width, height } = level;
  const cx = Math.round((star.x + 0.5) / level.scale - 0.5);
  const cy = Math.round((star.y + 0.5) / level.scale - 0.5);
  const at = (x: number, y: number) => pixels[Math.min(Math.max(y, 0), height - 1) * width + Math.min(Math.max(x, 0), width - 1)];
  let highest = 0;
  for (let y = cy - 1; y <= cy + 1; y++) {
    for (let x = cx - 1; x <= cx + 1; x++) {
      const sides = at(x - 1, y) + at(x + 1, y) + at(x, y - 1) + at(x, y + 1);
      const corners = at(x - 1, y - 1) + at(x + 1, y - 1) + at(x - 1, y + 1) + at(x + 1, y + 1);
      highest = Math.max(highest, (4 * at(x, y) + 2 * sides + corners) / 16);
    }
  }
  // A clipped peak would look fainter than it is at this scale.
  if (highest > 60000 && level.scale > 1) return Number.NaN;
  const sky = level.sky ?? (mesh.medianLevel - black) / step;
  return (highest - sky) / level.filteredNoise;
}

/** FWHM by windowed moments of the stars found, the window adapted to them twice. */
export function refineSize(frame: PreparedFrame, pyramid: Pyramid, rough: RoughSize): number {
  const positions = { x: rough.stars.map((star) => star.x), y: rough.stars.map((star) => star.y) };
  let fwhm = rough.fwhm;
  for (let round = 0; round < 2; round++) {
    const stars = measureStarsAt(frame, pyramid, positions, fwhm, 0);
    const sizes = rough.stars.map((star, i) => ({ size: stars.fwhm[i], weight: star.height })).filter(({ size }) => size > 0);
    // Too wide for the window to tell, most of them: a wider window, then.
    const known = sizes.length > positions.x.length / 2 ? commonSize(sizes) : 1.6 * fwhm;
    fwhm = Math.min(Math.max(known, 0.5 * fwhm, 1), 2 * fwhm);
  }
  return fwhm;
}
