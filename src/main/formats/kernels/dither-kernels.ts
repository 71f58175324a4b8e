/** Pixel values of quantised tiles (FITS standard 4.0, 10.2). */
export interface DitherKernels {
  /**
   * Turns `count` stored i32 at `source` into f32 or f64 (`bytes` 4 or 8) in native order at `target`, which must not overlap:
   * scale * (stored - random + 0.5) + zero, computed in doubles as cfitsio does; without dithering scale * stored + zero.
   * `start`, 0..9999, tells where in the sequence of random numbers the tile begins; they advance with every pixel, also with
   * those that do not need one. `dither` 0 none, 1 SUBTRACTIVE_DITHER_1, 2 SUBTRACTIVE_DITHER_2, which keeps zeros.
   * Stored values equal to `blank` become NaN; a `blank` that is no 32-bit integer is never met.
   */
  dequantise(
    source: number,
    target: number,
    count: number,
    start: number,
    dither: number,
    scale: number,
    zero: number,
    blank: number,
    bytes: number,
  ): void;
}

/** Entries of the sequence of random numbers that quantised pixels were dithered with. */
export const DITHER_COUNT = 10_000;
/** Stored for a pixel that was exactly 0 under SUBTRACTIVE_DITHER_2. */
const STORED_ZERO = -2147483646;

/**
 * The sequence that every FITS implementation must use (standard 4.0, appendix I): Park & Miller's minimal generator
 * x' = 16807 x mod (2^31 - 1) from 1, as fractions rounded to 32-bit floats.
 */
function randomSequence(): Float32Array {
  const values = new Float32Array(DITHER_COUNT);
  let seed = 1;
  for (let i = 0; i < DITHER_COUNT; i++) {
    seed = (16807 * seed) % 2147483647;
    values[i] = seed / 2147483647;
  }
  return values;
}

/** The same in plain TypeScript: the truth for the kernel's test, and what runs where WASM SIMD is missing. */
export function referenceDither(memory: WebAssembly.Memory): DitherKernels {
  const random = randomSequence();
  return {
    dequantise(source, target, count, start, dither, scale, zero, blank, bytes) {
      const stored = new Int32Array(memory.buffer, source, count);
      const into = bytes === 4 ? new Float32Array(memory.buffer, target, count) : new Float64Array(memory.buffer, target, count);
      let seed = start;
      let next = Math.floor(random[seed] * 500);
      for (let i = 0; i < count; i++) {
        const value = stored[i];
        if (value === blank) into[i] = Number.NaN;
        else if (dither === 2 && value === STORED_ZERO) into[i] = 0;
        else if (dither === 0) into[i] = value * scale + zero;
        else into[i] = (value - random[next] + 0.5) * scale + zero;
        next++;
        if (next === DITHER_COUNT) {
          seed = (seed + 1) % DITHER_COUNT;
          next = Math.floor(random[seed] * 500);
        }
      }
    },
  };
}
