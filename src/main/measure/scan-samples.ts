import { BYTES_PER_SAMPLE, type PixelSource, type SampleCoding } from "../../shared/pixels.ts";

/** What a few rows tell about a frame before it is read: stored values (before scale and zero). */
export interface SampleScan {
  median: number;
  /** 1 sigma, from differences of pixels two apart, so that neither a mosaic nor a gradient counts as noise. */
  noise: number;
  lowest: number;
  highest: number;
  /** Share of samples without a value (NaN, blank). */
  missing: number;
}

const ROWS = 16;
const PAIRS_PER_ROW = 256;

type Reader = (view: DataView, index: number) => number;

function readerOf({ type, littleEndian }: SampleCoding): Reader {
  switch (type) {
    case "u8":
      return (view, i) => view.getUint8(i);
    case "i8":
      return (view, i) => view.getInt8(i);
    case "u16":
      return (view, i) => view.getUint16(i * 2, littleEndian);
    case "i16":
      return (view, i) => view.getInt16(i * 2, littleEndian);
    case "u32":
      return (view, i) => view.getUint32(i * 4, littleEndian);
    case "i32":
      return (view, i) => view.getInt32(i * 4, littleEndian);
    case "u64":
      return (view, i) => Number(view.getBigUint64(i * 8, littleEndian));
    case "i64":
      return (view, i) => Number(view.getBigInt64(i * 8, littleEndian));
    case "f32":
      return (view, i) => view.getFloat32(i * 4, littleEndian);
    case "f64":
      return (view, i) => view.getFloat64(i * 8, littleEndian);
  }
}

/** The k-th smallest (from 0) of the first `count` values, which are reordered. Hoare's quickselect. */
export function selectRank(values: Float64Array | Float32Array, count: number, rank: number): number {
  let low = 0;
  let high = count - 1;
  while (low < high) {
    const pivot = values[(low + high) >> 1];
    let i = low;
    let j = high;
    while (i <= j) {
      while (values[i] < pivot) i++;
      while (values[j] > pivot) j--;
      if (i <= j) {
        const swap = values[i];
        values[i] = values[j];
        values[j] = swap;
        i++;
        j--;
      }
    }
    if (rank <= j) high = j;
    else if (rank >= i) low = i;
    else break;
  }
  return values[rank];
}

/** Reads 16 rows spread over the plane into `scratch` (one row long) and takes stock of some 8000 samples. */
export function scanSamples(source: PixelSource, plane: number, scratch: Uint8Array): SampleScan {
  const { width, height, coding } = source;
  const rows = Math.min(ROWS, height);
  const read = readerOf(coding);
  const row = scratch.subarray(0, width * BYTES_PER_SAMPLE[coding.type]);
  const view = new DataView(row.buffer, row.byteOffset, row.byteLength);
  const apart = width > 2 ? 2 : width - 1;
  const pairs = Math.min(PAIRS_PER_ROW, width - apart);
  const values = new Float64Array(2 * rows * pairs);
  const differences = new Float64Array(rows * pairs);
  let count = 0;
  let different = 0;
  let seen = 0;
  const take = (value: number): boolean => {
    seen++;
    const missing = !Number.isFinite(value) || value === coding.blank;
    if (!missing) values[count++] = value;
    return !missing;
  };
  for (let r = 0; r < rows; r++) {
    source.readRows(plane, Math.floor(((r + 0.5) * height) / rows), 1, row);
    for (let p = 0; p < pairs; p++) {
      const x = Math.floor((p * (width - apart)) / pairs);
      const a = read(view, x);
      const b = read(view, x + apart);
      const both = [take(a), take(b)];
      if (both[0] && both[1]) differences[different++] = Math.abs(a - b);
    }
  }
  if (count === 0) return { median: 0, noise: 0, lowest: 0, highest: 0, missing: 1 };
  let lowest = values[0];
  let highest = values[0];
  for (let i = 1; i < count; i++) {
    if (values[i] < lowest) lowest = values[i];
    if (values[i] > highest) highest = values[i];
  }
  return { ...withoutZeros(values, count, differences, different, coding), lowest, highest, missing: 1 - count / seen };
}

/** Exact zeros are looked into from this share of the samples on. */
const MANY_ZEROS = 0.05;
/** Zeros hold no data when the rest lies this many of its sigma above them. */
const FAR = 8;

/**
 * Median and noise, those of the rest where many samples are exactly zero and far below it: half a frame that never
 * arrived must not pass for its sky.
 */
function withoutZeros(
  values: Float64Array,
  count: number,
  differences: Float64Array,
  different: number,
  { zero, scale }: SampleCoding,
): Pick<SampleScan, "median" | "noise"> {
  const all = { median: selectRank(values, count, count >> 1), noise: noiseOf(differences, different) };
  const nothing = -zero / scale;
  const rest = values.subarray(0, count).filter((value) => value !== nothing);
  if (rest.length > (1 - MANY_ZEROS) * count || rest.length < MANY_ZEROS * count) return all;
  // Between two holes nothing differs, between a hole and a pixel far too much: medians of what is left stand that.
  const apart = differences.subarray(0, different).filter((difference) => difference !== 0);
  const left = { median: selectRank(rest, rest.length, rest.length >> 1), noise: noiseOf(apart, apart.length) };
  return (left.median - nothing) * Math.sign(scale) > FAR * left.noise ? left : all;
}

function noiseOf(differences: Float64Array, count: number): number {
  return count > 0 ? (1.4826 / Math.SQRT2) * selectRank(differences, count, count >> 1) : 0;
}
