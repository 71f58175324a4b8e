import type { Stretch } from "../../shared/domain.ts";
import { NebuliftError } from "../../shared/errors.ts";
import type { SampleCoding } from "../../shared/pixels.ts";
import type { Levels } from "./levels.ts";

/** Shadows are clipped at this many 1.4826 MAD from the median (PixInsight STFAutoStretch, SCLIP). */
const SHADOWS_CLIP = -2.8;
/** Display value that the median is brought to (PixInsight STFAutoStretch, TBGND). */
const TARGET_BACKGROUND = 0.25;
/** Makes a MAD the standard deviation of a normal distribution. */
const MAD_TO_SIGMA = 1.4826;

/**
 * Midtones transfer function, x and m in 0..1: MTF(m, 0) = 0, MTF(m, m) = 1/2, MTF(m, 1) = 1
 * (PixInsight, HistogramTransformation.h; peers.md 4.1).
 */
export function mtf(m: number, x: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  if (m <= 0) return 1;
  if (m >= 1) return 0;
  return ((m - 1) * x) / ((2 * m - 1) * x - m);
}

/** The x that `mtf(m, x)` brought to y: the inverse is the transfer function of the mirrored midtones. */
export function inverseMtf(m: number, y: number): number {
  return mtf(1 - m, y);
}

export interface StretchLevels {
  /** Of all pixels, normalised 0..1. */
  median: number;
  /** Median absolute deviation about it, normalised and not scaled to a sigma. */
  mad: number;
}

/** The screen transfer function by the published rule of PixInsight's STFAutoStretch, for values normalised by `range`. */
export function autoStretch({ median, mad }: StretchLevels, range: [black: number, white: number] = [0, 1]): Stretch {
  const sigma = MAD_TO_SIGMA * mad;
  const clip = (value: number) => Math.min(1, Math.max(0, value));
  if (median > 0.5) {
    const highlights = sigma > 0 ? clip(median - SHADOWS_CLIP * sigma) : 1;
    return { shadows: 0, midtones: mtf(highlights - median, TARGET_BACKGROUND), highlights, range };
  }
  const shadows = sigma > 0 ? clip(median + SHADOWS_CLIP * sigma) : 0;
  return { shadows, midtones: mtf(TARGET_BACKGROUND, median - shadows), highlights: 1, range };
}

/**
 * One stretch for several planes or several frames of a night, by the rule's linked form: shadows (or highlights) are the
 * mean of the single ones, midtones follow from the mean distance of the medians to them, and the majority decides
 * between the rule for dark and the rule for bright images. Values are normalised by the first's range.
 * Throws NebuliftError `internal` for none.
 */
export function linkedStretch(stretches: readonly Stretch[]): Stretch {
  const first = stretches[0];
  if (!first) throw new NebuliftError("internal", "linked stretch of nothing");
  const bright = stretches.filter(isBright);
  const inverted = bright.length * 2 > stretches.length;
  const used = inverted ? bright : stretches.filter((stretch) => !isBright(stretch));
  const range = first.range;
  const span = range[1] - range[0];
  let clip = 0;
  let distance = 0;
  for (const one of used) {
    const scale = (one.range[1] - one.range[0]) / span;
    const offset = (one.range[0] - range[0]) / span;
    clip += (offset + scale * (inverted ? one.highlights : one.shadows)) / used.length;
    // Midtones hold the distance of the median to the clip: both forms of the rule can be solved for it.
    distance += (scale * (inverted ? mtf(one.midtones, TARGET_BACKGROUND) : inverseMtf(TARGET_BACKGROUND, one.midtones))) / used.length;
  }
  return inverted
    ? { shadows: 0, midtones: mtf(distance, TARGET_BACKGROUND), highlights: clip, range }
    : { shadows: clip, midtones: mtf(TARGET_BACKGROUND, distance), highlights: 1, range };
}

/** The rule clips shadows for dark images and highlights for bright ones, never both. */
function isBright(stretch: Stretch): boolean {
  return stretch.highlights < 1;
}

/** Display value 0..1 of a brightness in ADU. */
export function displayOf(stretch: Stretch, adu: number): number {
  const [black, white] = stretch.range;
  const x = (adu - black) / (white - black);
  return mtf(stretch.midtones, (x - stretch.shadows) / (stretch.highlights - stretch.shadows));
}

/** Brightness in ADU that is shown as y, 0 < y < 1: what the pointer reads on a preview. */
export function aduOfDisplay(stretch: Stretch, y: number): number {
  const [black, white] = stretch.range;
  const x = stretch.shadows + (stretch.highlights - stretch.shadows) * inverseMtf(stretch.midtones, y);
  return black + x * (white - black);
}

/**
 * ADU that count as 0 and 1, the way PixInsight normalises: integers by the range of their coding, floats 0..1 as they
 * are. Floats that go far beyond 1 are ADU of a 16-bit camera (Siril decides by the same rule, peers.md 5.1).
 * `highest` is the highest value in the frame, ADU.
 */
export function fullRange(coding: SampleCoding, highest: number): [black: number, white: number] {
  const span = INTEGER_RANGE[coding.type];
  if (!span) return highest <= 10 ? [0, 1] : [0, Math.max(65535, highest)];
  // A signed coding without an offset (-32768..32767) holds unsigned data when it is read as 0..32767.
  const low = coding.zero + coding.scale * span[0];
  const high = coding.zero + coding.scale * span[1];
  return [Math.max(0, Math.min(low, high)), Math.max(low, high)];
}

const INTEGER_RANGE: Partial<Record<SampleCoding["type"], [low: number, high: number]>> = {
  u8: [0, 255],
  i8: [-128, 127],
  u16: [0, 65535],
  i16: [-32768, 32767],
  u32: [0, 4294967295],
  i32: [-2147483648, 2147483647],
  u64: [0, 2 ** 64],
  i64: [-(2 ** 63), 2 ** 63],
};

/** The stretch of one frame from the levels of its pixels (ADU). */
export function measureStretch(levels: Levels, range: [black: number, white: number]): Stretch {
  const span = range[1] - range[0];
  return autoStretch({ median: (levels.median - range[0]) / span, mad: levels.mad / span }, range);
}
