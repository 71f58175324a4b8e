import { BYTES_PER_SAMPLE, type SampleCoding } from "../../shared/pixels.ts";
import type { FrameFile, Image } from "./frame-file.ts";
import { hostSamples } from "./samples.ts";

type Data = Image["data"];

/**
 * All pixels of a prepared frame, plane after plane in stored row order, as physical values: integers in the smallest type
 * that holds every value the coding can give, exactly; floating point as stored. Integers with gaps (`blank`) or scaled by
 * fractions become floating point, gaps NaN. Throws what `readRows` throws.
 */
export function decodeImage(frame: FrameFile): Image {
  const { width, height, planes, coding } = frame;
  const plane = width * height;
  const data = room(coding, plane * planes);
  const rows = Math.max(1, Math.floor((1 << 20) / (width * BYTES_PER_SAMPLE[coding.type])));
  const strip = new Uint8Array(rows * width * BYTES_PER_SAMPLE[coding.type]);
  for (let p = 0; p < planes; p++) {
    for (let row = 0; row < height; row += rows) {
      const count = Math.min(rows, height - row);
      const bytes = strip.subarray(0, count * width * BYTES_PER_SAMPLE[coding.type]);
      frame.readRows(p, row, count, bytes);
      convert(bytes, coding, data, p * plane + row * width);
    }
  }
  const { format, cfa, rowOrder, metadata, warnings } = frame;
  return { width, height, planes, data, frame: { format, width, height, planes, cfa, rowOrder, metadata, warnings } };
}

type IntegerType = Exclude<SampleCoding["type"], "f32" | "f64">;

/** Smallest and largest stored value. */
const RANGES: Record<IntegerType, [low: bigint, high: bigint]> = {
  u8: [0n, 255n],
  i8: [-128n, 127n],
  u16: [0n, 65535n],
  i16: [-32768n, 32767n],
  u32: [0n, (1n << 32n) - 1n],
  i32: [-(1n << 31n), (1n << 31n) - 1n],
  u64: [0n, (1n << 64n) - 1n],
  i64: [-(1n << 63n), (1n << 63n) - 1n],
};

const CONSTRUCTORS: [IntegerType, (length: number) => Data][] = [
  ["u8", (length) => new Uint8Array(length)],
  ["i8", (length) => new Int8Array(length)],
  ["u16", (length) => new Uint16Array(length)],
  ["i16", (length) => new Int16Array(length)],
  ["u32", (length) => new Uint32Array(length)],
  ["i32", (length) => new Int32Array(length)],
  ["u64", (length) => new BigUint64Array(length)],
  ["i64", (length) => new BigInt64Array(length)],
];

function room(coding: SampleCoding, length: number): Data {
  const { type, zero, scale, blank } = coding;
  if (type === "f32") return zero === 0 && scale === 1 ? new Float32Array(length) : new Float64Array(length);
  if (type === "f64") return new Float64Array(length);
  if (blank !== null || !Number.isInteger(zero) || !Number.isInteger(scale)) {
    const short = BYTES_PER_SAMPLE[type] <= 2 && Number.isInteger(zero) && scale === 1;
    return short ? new Float32Array(length) : new Float64Array(length);
  }
  const ends = RANGES[type].map((end) => end * BigInt(scale) + BigInt(zero)).sort((a, b) => (a < b ? -1 : 1));
  const fitting = CONSTRUCTORS.find(([name]) => RANGES[name][0] <= ends[0] && ends[1] <= RANGES[name][1]);
  return fitting ? fitting[1](length) : new Float64Array(length);
}

function convert(bytes: Uint8Array, coding: SampleCoding, data: Data, at: number): void {
  const stored = hostSamples(bytes, coding);
  const { zero, scale, blank } = coding;
  if (stored instanceof BigUint64Array || stored instanceof BigInt64Array) {
    convertBig(stored, coding, data, at);
    return;
  }
  if (data instanceof BigUint64Array || data instanceof BigInt64Array) {
    for (let i = 0; i < stored.length; i++) data[at + i] = BigInt(stored[i]) * BigInt(scale) + BigInt(zero);
    return;
  }
  if (zero === 0 && scale === 1 && blank === null) {
    data.set(stored, at);
    return;
  }
  for (let i = 0; i < stored.length; i++) data[at + i] = stored[i] === blank ? Number.NaN : zero + scale * stored[i];
}

function convertBig(stored: BigUint64Array | BigInt64Array, coding: SampleCoding, data: Data, at: number): void {
  const { zero, scale, blank } = coding;
  if (data instanceof BigUint64Array || data instanceof BigInt64Array) {
    for (let i = 0; i < stored.length; i++) data[at + i] = stored[i] * BigInt(scale) + BigInt(zero);
    return;
  }
  for (let i = 0; i < stored.length; i++) {
    const value = Number(stored[i]);
    data[at + i] = blank !== null && stored[i] === BigInt(blank) ? Number.NaN : zero + scale * value;
  }
}
