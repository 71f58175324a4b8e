import { endianness } from "node:os";
import { BYTES_PER_SAMPLE, type SampleCoding } from "../../shared/pixels.ts";

export type HostSamples =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | BigUint64Array
  | BigInt64Array
  | Float32Array
  | Float64Array;

export type Numbers = Exclude<HostSamples, BigUint64Array | BigInt64Array>;

/** 64-bit integers as floating point, which loses bits beyond 2^53: for looking at, not for measuring. */
export function numbersOf(samples: HostSamples): Numbers {
  return samples instanceof BigUint64Array || samples instanceof BigInt64Array ? Float64Array.from(samples, Number) : samples;
}

const HOST_LITTLE = endianness() === "LE";

/**
 * Stored samples as numbers of this computer. `bytes` itself is turned into host byte order and viewed, so it has to lie at
 * a multiple of the sample size and is of no other use afterwards.
 */
export function hostSamples(bytes: Uint8Array, coding: SampleCoding): HostSamples {
  const size = BYTES_PER_SAMPLE[coding.type];
  const { buffer, byteOffset } = bytes;
  const count = bytes.length / size;
  if (size > 1 && coding.littleEndian !== HOST_LITTLE) {
    const swapped = Buffer.from(buffer, byteOffset, bytes.length);
    if (size === 2) swapped.swap16();
    else if (size === 4) swapped.swap32();
    else swapped.swap64();
  }
  switch (coding.type) {
    case "u8":
      return new Uint8Array(buffer, byteOffset, count);
    case "i8":
      return new Int8Array(buffer, byteOffset, count);
    case "u16":
      return new Uint16Array(buffer, byteOffset, count);
    case "i16":
      return new Int16Array(buffer, byteOffset, count);
    case "u32":
      return new Uint32Array(buffer, byteOffset, count);
    case "i32":
      return new Int32Array(buffer, byteOffset, count);
    case "u64":
      return new BigUint64Array(buffer, byteOffset, count);
    case "i64":
      return new BigInt64Array(buffer, byteOffset, count);
    case "f32":
      return new Float32Array(buffer, byteOffset, count);
    case "f64":
      return new Float64Array(buffer, byteOffset, count);
  }
}
