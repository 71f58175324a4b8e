import type { Samples } from "./fits-tile-codec.ts";
import { DITHER_COUNT } from "./kernels/dither-kernels.ts";
import type { FormatKernels } from "./kernels/kernels.ts";

/** Numbers of the methods in `DitherKernels`. */
const METHODS = { none: 0, "dither-1": 1, "dither-2": 2 } as const;
export type Dither = keyof typeof METHODS;

/** No 32-bit integer. */
const NO_BLANK = 2 ** 40;

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
 * Pixel values of a quantised tile, number `tile` from 0 in the table, as f32 (bitpix -32) or f64; valid until the kernels'
 * memory is used again. Each tile begins at its own place in the random sequence: number + ZDITHER0 - 1.
 */
export function dequantise(kernels: FormatKernels, stored: Samples, bitpix: -32 | -64, tile: number, how: Quantisation): Samples {
  const bytes = bitpix === -32 ? 4 : 8;
  const count = stored.length;
  const mark = kernels.mark();
  // What RICE_1 and HCOMPRESS_1 decoded lies in the kernels' memory already, in room that was given back.
  const inPlace = stored instanceof Int32Array && stored.buffer === kernels.memory.buffer;
  const source = inPlace ? stored.byteOffset : kernels.take(count * 4);
  if (inPlace) kernels.take(Math.max(0, source + count * 4 - mark));
  else kernels.i32(source, count).set(integers(stored));
  const target = kernels.take(count * bytes);
  kernels.release(mark);
  const start = (((tile + how.seed - 1) % DITHER_COUNT) + DITHER_COUNT) % DITHER_COUNT;
  kernels.call.dequantise(source, target, count, start, METHODS[how.dither], how.scale, how.zero, how.blank ?? NO_BLANK, bytes);
  const memory = kernels.memory.buffer;
  return bytes === 4 ? new Float32Array(memory, target, count) : new Float64Array(memory, target, count);
}

function integers(samples: Samples): Int32Array | Int16Array | Uint8Array {
  if (samples instanceof Int32Array || samples instanceof Int16Array || samples instanceof Uint8Array) return samples;
  return samples instanceof BigInt64Array ? Int32Array.from(samples, Number) : Int32Array.from(samples);
}
