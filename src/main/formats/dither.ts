export type Dither = "none" | "dither-1" | "dither-2";

/** Entries of the sequence of random numbers that quantised pixels were dithered with. */
const COUNT = 10_000;
/** Stored for a pixel that was exactly 0 under SUBTRACTIVE_DITHER_2. */
const ZERO = -2147483646;

/**
 * The sequence that every FITS implementation must use (standard 4.0, appendix I): Park & Miller's minimal generator
 * x' = 16807 x mod (2^31 - 1) from 1, as fractions rounded to 32-bit floats.
 */
function randomSequence(): Float32Array {
  const values = new Float32Array(COUNT);
  let seed = 1;
  for (let i = 0; i < COUNT; i++) {
    seed = (16807 * seed) % 2147483647;
    values[i] = seed / 2147483647;
  }
  return values;
}

let sequence: Float32Array | null = null;

export interface Quantisation {
  scale: number;
  zero: number;
  dither: Dither;
  /** ZDITHER0, 1..10000. */
  seed: number;
  /** Stored for a pixel without a value. */
  blank: number | null;
}

/**
 * Pixel values of a quantised tile, number `tile` from 0 in the table: scale * (stored - random + 0.5) + zero, computed in
 * doubles as cfitsio does; blank ones become NaN. The random numbers advance with every pixel, also those not used.
 */
export function dequantise(stored: Int32Array, into: Float32Array | Float64Array, tile: number, how: Quantisation): void {
  const { scale, zero, blank } = how;
  if (how.dither === "none") {
    for (let i = 0; i < stored.length; i++) into[i] = stored[i] === blank ? Number.NaN : stored[i] * scale + zero;
    return;
  }
  sequence ??= randomSequence();
  const random = sequence;
  const zeros = how.dither === "dither-2";
  let start = (((tile + how.seed - 1) % COUNT) + COUNT) % COUNT;
  let next = Math.floor(random[start] * 500);
  for (let i = 0; i < stored.length; i++) {
    const value = stored[i];
    if (value === blank) into[i] = Number.NaN;
    else if (zeros && value === ZERO) into[i] = 0;
    else into[i] = (value - random[next] + 0.5) * scale + zero;
    next++;
    if (next === COUNT) {
      start = (start + 1) % COUNT;
      next = Math.floor(random[start] * 500);
    }
  }
}
