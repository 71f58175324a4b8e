import type { SampleCoding } from "../../shared/pixels.ts";
import type { SampleScan } from "./scan-samples.ts";

/** What a file's metadata may tell about its counts; null where it does not. */
export interface CountHints {
  /** Saturation level, ADU. */
  saturation: number | null;
  /** Bits of the camera's converter. */
  bitDepth: number | null;
}

/** How stored samples become 16-bit counts: ADU = black + step * count, 0 = no data. */
export interface CountCoding {
  /** `direct`: 16-bit samples are the counts; `float`: f32 samples are scaled; `any`: the same in double precision. */
  path: "direct" | "float" | "any";
  black: number;
  step: number;
  /** XOR mask of the direct path: 0x8000 turns signed into offset samples. */
  flip: number;
  /** An exact zero (ADU) is no data, because it lies too far below the sky to be a measurement. */
  zeroIsHole: boolean;
  /** Count from which a sample is saturated. */
  ceilingCount: number;
  /** Noise of the sampled rows, counts. */
  noise: number;
  /** Median of the sampled rows, counts. */
  median: number;
}

/** How many counts the noise must span when the scale is ours to choose: quantisation then adds 0.07 % to it. */
const NOISE_COUNTS = 8;
/** A zero is no measurement when the sky lies more than this many sigma above it. */
const HOLE_SIGMA = 8;
/** Converters stop a little short of the last code (offset subtraction, 12 and 14 bits shifted to 16). */
const CEILING_MARGIN = 1 - 1 / 2048;

/** The largest value that data like these can hold, ADU: the type's for small integers, else 1, 65535 or what was seen. */
function naturalWhite(coding: SampleCoding, highest: number): number {
  if (coding.type === "u8") return coding.zero + 255 * coding.scale;
  if (coding.type === "i8") return coding.zero + 127 * coding.scale;
  const float = coding.type === "f32" || coding.type === "f64";
  if (float && highest <= 1.05) return Math.max(1, highest);
  if (highest <= 65535) return 65535;
  return float ? highest * 1.1 : 2 ** Math.ceil(Math.log2(highest + 1)) - 1;
}

/** Saturation level, ADU: the header's, else the converter's when the samples fit below it, else `white`. */
function ceilingOf(hints: CountHints, sky: number, noise: number, highest: number, white: number): number {
  const { saturation, bitDepth } = hints;
  if (saturation !== null && saturation > sky + 10 * noise && saturation <= white) return saturation;
  if (bitDepth !== null && bitDepth >= 8 && bitDepth < 32) {
    const full = 2 ** bitDepth - 1;
    if (highest <= full && full > sky + 10 * noise && full < white) return full;
  }
  return white;
}

/**
 * Chooses the counts for samples of `coding` from a scan of them. 16-bit samples keep theirs one to one, so that black and
 * step are exact; all others are mapped so that the noise spans several counts and, within that, the whole range fits.
 * What then lies above the range is clipped, and counts as saturated.
 */
export function chooseCounts(coding: SampleCoding, scan: SampleScan, hints: CountHints): CountCoding {
  const { zero, scale, type } = coding;
  const physical = (stored: number) => zero + scale * stored;
  const sky = physical(scan.median);
  const noise = Math.abs(scale) * scan.noise;
  const lowest = Math.min(physical(scan.lowest), physical(scan.highest));
  const highest = Math.max(physical(scan.lowest), physical(scan.highest));
  const zeroIsHole = sky - HOLE_SIGMA * noise > 0 && noise > 0;
  if ((type === "u16" || type === "i16") && scale > 0) {
    const first = type === "u16" ? 0 : -32768;
    const black = physical(first);
    const white = physical(first + 65535);
    const ceiling = ceilingOf(hints, sky, noise, highest, white);
    return {
      path: "direct",
      black,
      step: scale,
      flip: type === "u16" ? 0 : 0x8000,
      zeroIsHole,
      ceilingCount: Math.max(1, Math.floor(((ceiling - Math.max(0, black)) * CEILING_MARGIN + Math.max(0, black) - black) / scale)),
      noise: scan.noise,
      median: scan.median - first,
    };
  }
  const white = naturalWhite(coding, highest);
  // Calibrated data may lie on both sides of zero.
  const black = lowest < 0 ? lowest - 20 * noise : 0;
  const natural = (white - black) / 65534;
  const step = noise > 0 ? Math.min(natural, noise / NOISE_COUNTS) : natural;
  const ceiling = ceilingOf(hints, sky, noise, highest, white);
  return {
    path: type === "f32" && scale === 1 && zero === 0 && coding.blank === null ? "float" : "any",
    black: black - step,
    step,
    flip: 0,
    zeroIsHole,
    ceilingCount: Math.max(1, Math.min(65535, Math.floor(1 + ((ceiling - black) * CEILING_MARGIN) / step))),
    noise: noise / step,
    median: 1 + (sky - black) / step,
  };
}
