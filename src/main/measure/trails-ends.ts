import { levelBeside, type TrailProfile } from "./trails-profile.ts";
import type { RowRange, StripPixels } from "./trails-strip.ts";

/** Pixels count at most this many sigma above a trail or below the sky. */
const CLIP = 4;
/** Log likelihood that a trail's way to the border of the frame may cost: most trails cross it. */
const TO_BORDER = 6;
const ROUNDS = 3;

/** How likely each row is to be lit: per row the sum of template times pixel, and of the template squared, without hidden pixels. */
interface RowSums {
  signal: Float64Array;
  weight: Float64Array;
}

/**
 * Where a trail lit all along begins and ends, rows of the strip: the pair of change points of the highest likelihood for a brightness
 * that is that of the range itself (Hinkley 1970, Biometrika 57, 1; of a step d in units of the noise the place is known to about
 * 3 / d^2 rows). Hidden pixels say nothing. `atBorder`: whether the strip ends where the frame does, on either side; a trail goes on to
 * there unless the rows between speak clearly against it.
 */
export function trailEnds(strip: StripPixels, profile: TrailProfile, range: RowRange, atBorder: readonly [boolean, boolean]): RowRange {
  const rows = rowSums(strip, profile);
  let [from, to] = range;
  for (let round = 0; round < ROUNDS; round++) {
    const inset = Math.floor(0.1 * (to - from));
    const amplitude = meanOf(rows, from + inset, to - inset);
    if (amplitude <= 0) return range;
    const gains = rowGains(rows, amplitude);
    const [low, high] = bestRange(gains, from + inset, to - inset);
    const [first, last] = [atBorder[0] ? toBorder(gains, low, -1) : low, atBorder[1] ? toBorder(gains, high, 1) : high];
    if (first === from && last === to) break;
    [from, to] = [first, last];
  }
  return [from, to];
}

function rowSums(strip: StripPixels, profile: TrailProfile): RowSums {
  const { kernels, rows, pitch, half } = strip;
  const levels = levelBeside(strip, profile.centre, profile.fwhm);
  const perLevel = Math.ceil(rows / levels.length);
  const reach = Math.ceil(1.2 * profile.fwhm);
  const first = Math.max(0, Math.round(half + profile.centre) - reach);
  const last = Math.min(2 * half, Math.round(half + profile.centre) + reach);
  const template = Float64Array.from({ length: Math.max(0, last - first + 1) }, (_, n) =>
    Math.exp(-4 * Math.LN2 * ((first + n - half - profile.centre) / profile.fwhm) ** 2),
  );
  const signal = new Float64Array(rows);
  const weight = new Float64Array(rows);
  const values = kernels.f32(strip.values, rows * pitch);
  const most = profile.amplitude + CLIP;
  for (let r = 0; r < rows; r++) {
    const level = levels[Math.floor(r / perLevel)];
    for (let n = 0; n < template.length; n++) {
      const value = values[r * pitch + first + n];
      if (value === 0) continue;
      signal[r] += template[n] * (Math.max(-CLIP, Math.min(value, most)) - level);
      weight[r] += template[n] ** 2;
    }
  }
  return { signal, weight };
}

function meanOf({ signal, weight }: RowSums, from: number, to: number): number {
  let [sum, total] = [0, 1e-9];
  for (let r = from; r < to; r++) {
    sum += signal[r];
    total += weight[r];
  }
  return sum / total;
}

/** Log likelihood of "lit" over "dark" per row, limited so that no star decides. */
function rowGains({ signal, weight }: RowSums, amplitude: number): Float64Array {
  return signal.map((value, r) => {
    const most = Math.max(1, Math.min(3, 4 * amplitude * amplitude * weight[r]));
    return Math.max(-most, Math.min(amplitude * value - (amplitude * amplitude * weight[r]) / 2, most));
  });
}

/** The range of the highest sum that holds the rows from .. to - 1. */
function bestRange(gains: Float64Array, from: number, to: number): RowRange {
  let [low, high] = [from, to];
  let [sum, best] = [0, 0];
  for (let r = from - 1; r >= 0; r--) {
    sum += gains[r];
    if (sum > best) [best, low] = [sum, r];
  }
  [sum, best] = [0, 0];
  for (let r = to; r < gains.length; r++) {
    sum += gains[r];
    if (sum > best) [best, high] = [sum, r + 1];
  }
  return [low, high];
}

/** The strip's end beyond a change point, if going on to there costs little. */
function toBorder(gains: Float64Array, end: number, direction: -1 | 1): number {
  let sum = 0;
  if (direction < 0) for (let r = end - 1; r >= 0; r--) sum += gains[r];
  else for (let r = end; r < gains.length; r++) sum += gains[r];
  if (sum < -TO_BORDER) return end;
  return direction < 0 ? 0 : gains.length;
}
