import { NebuliftError } from "../../shared/errors.ts";
import { BYTES_PER_SAMPLE, type PixelSource, type SampleCoding } from "../../shared/pixels.ts";
import { type CountCoding, type CountHints, chooseCounts } from "./count-coding.ts";
import type { Kernels } from "./kernels/kernels.ts";
import { type SampleScan, scanSamples } from "./scan-samples.ts";

/** A frame's counts in the kernels' memory, before the sky is known. Fields as in PreparedFrame. */
export interface LoadedFrame {
  width: number;
  height: number;
  sampling: 1 | 2 | 3;
  pixels: number;
  black: number;
  step: number;
  ceilingCount: number;
  binned: number;
  binnedWidth: number;
  binnedHeight: number;
  binnedBlack: number;
  binnedStep: number;
  hasHoles: boolean;
  /** Noise and median of the sampled rows, counts of the measured pixels. */
  noise: number;
  median: number;
}

/** Raw bytes of one strip: small enough to stay in the second-level cache with its counts. */
const STRIP_BYTES = 384 * 1024;
const SLACK = 64;
const MAX_PIXELS = 400e6;
const TYPE_CODES: Record<SampleCoding["type"], number> = { u8: 0, i8: 1, u16: 2, i16: 3, u32: 4, i32: 5, u64: 6, i64: 7, f32: 8, f64: 9 };
const HOLE_FLAG = 65536;

/** How many stored samples make one measured pixel, and where they lie. */
interface Layout {
  sampling: 1 | 2 | 3;
  /** Planes averaged into luminance. */
  planes: 1 | 3;
  width: number;
  height: number;
  /** Samples per measured pixel. */
  samples: number;
}

function layoutOf(source: PixelSource): Layout {
  const { width, height, cfa, planes } = source;
  const side = cfa === null || planes > 1 ? 1 : cfa.side === 2 ? 2 : 3;
  if (side > 1 && width >= side && height >= side) {
    return { sampling: side, planes: 1, width: Math.floor(width / side), height: Math.floor(height / side), samples: side * side };
  }
  const averaged = planes >= 3 ? 3 : 1;
  return { sampling: 1, planes: averaged, width, height, samples: averaged };
}

function checkSize({ width, height }: PixelSource): void {
  if (!Number.isSafeInteger(width) || !Number.isSafeInteger(height) || width < 1 || height < 1) {
    throw new NebuliftError("bad-header", `an image of ${width} x ${height} pixels`);
  }
  if (width * height > MAX_PIXELS) throw new NebuliftError("too-large", `${width} x ${height} pixels`);
}

/** Beyond these a frame's values leave single precision as soon as they are summed; no camera, unit or calibration comes near. */
const LARGEST_VALUE = 1e18;
const SMALLEST_RANGE = 1e-18;

/** A damaged scale (BSCALE, a flipped exponent) makes numbers of which nothing can be measured. */
function checkRange({ black, step }: CountCoding): void {
  const range = 65535 * step;
  if (Math.abs(black) + range <= LARGEST_VALUE && range >= SMALLEST_RANGE) return;
  throw new NebuliftError("bad-data", `pixel values from ${black.toPrecision(3)} to ${(black + range).toPrecision(3)}`);
}

/** The least shift for which `samples` counts at the ceiling still add up to 16 bits. */
function shiftFor(samples: number, ceiling: number): number {
  let shift = 0;
  while ((samples * ceiling) >> shift > 65535) shift++;
  return shift;
}

/**
 * The 2x2 bin keeps the sum's lowest bits (shift below 2) where the noise would otherwise span fewer than 4 counts, as long
 * as the sky stays in the lower half of the range; only very bright stars are clipped in the binned plane then.
 */
function binShiftFor(noise: number, median: number): number {
  let shift = 2;
  while (shift > 0 && (2 * noise) / 2 ** shift < 4 && (4 * median) / 2 ** (shift - 1) < 32768) shift--;
  return shift;
}

/** Converts strips of one plane after another; all offsets are scratch in the kernels' memory. */
class StripReader {
  private readonly kernels: Kernels;
  private readonly source: PixelSource;
  private readonly coding: CountCoding;
  private readonly raw: number;

  constructor(kernels: Kernels, source: PixelSource, coding: CountCoding, raw: number) {
    this.kernels = kernels;
    this.source = source;
    this.coding = coding;
    this.raw = raw;
  }

  /** Counts of `rows` rows at `out`; returns the largest count with the hole flag. 16-bit samples become counts where they stand. */
  read(plane: number, firstRow: number, rows: number, out: number): number {
    const { width, coding: stored } = this.source;
    const { call } = this.kernels;
    const { coding } = this;
    const count = rows * width;
    const raw = coding.path === "direct" ? out : this.raw;
    this.source.readRows(plane, firstRow, rows, this.kernels.u8(raw, count * BYTES_PER_SAMPLE[stored.type]));
    const { swap } = this;
    if (coding.path === "direct") {
      let largest = call.countsOf16(raw, out, count, swap, coding.flip, this.floor);
      for (const hole of this.holeCounts()) if (call.punchHoles(out, count, hole) > 0) largest |= HOLE_FLAG;
      return largest;
    }
    if (coding.path === "float") {
      return call.countsOfF32(raw, out, count, swap, coding.black + coding.step, 1 / coding.step, coding.zeroIsHole);
    }
    return call.countsOfAny(
      raw,
      out,
      count,
      TYPE_CODES[stored.type],
      swap,
      (coding.black + coding.step - stored.zero) / stored.scale,
      stored.scale / coding.step,
      stored.blank !== null,
      stored.blank ?? 0,
      coding.zeroIsHole,
      -stored.zero / stored.scale,
    );
  }

  /** The same with the 2x2 bin of the rows at `binned`: in one pass where samples are counts, in two else. */
  readBinned(firstRow: number, rows: number, out: number, shift: number, binned: number): number {
    const { source, kernels, coding } = this;
    const { width } = source;
    const even = rows & ~1;
    if (coding.path !== "direct" || even < rows || this.holeCounts().length > 0) {
      const top = this.read(0, firstRow, rows, out);
      kernels.call.bin2(out, width, even, shift, top > 65535, binned);
      return top;
    }
    source.readRows(0, firstRow, rows, kernels.u8(out, rows * width * 2));
    return kernels.call.countsOf16Binned(out, out, width, rows, this.swap, coding.flip, this.floor, shift, binned);
  }

  private get swap(): boolean {
    const { type, littleEndian } = this.source.coding;
    return !littleEndian && BYTES_PER_SAMPLE[type] > 1;
  }

  /** The least count of the direct path: 0 is left to what may be a hole. */
  private get floor(): number {
    return this.coding.zeroIsHole || this.coding.black < 0 ? 0 : 1;
  }

  /** Counts of the direct path, other than 0, that mean "no data". */
  private holeCounts(): number[] {
    const { coding: stored } = this.source;
    const { coding } = this;
    const first = stored.type === "u16" ? 0 : -32768;
    const holes: number[] = [];
    if (stored.blank !== null) holes.push(stored.blank - first);
    // Signed samples: zero ADU is count 32768 there.
    if (coding.zeroIsHole && coding.black < 0) holes.push(Math.round(-coding.black / coding.step));
    return holes.filter((count) => Number.isInteger(count) && count > 0 && count <= 65535);
  }
}

/** Scan of the plane that luminance rests on most: the middle one of three. */
function scan(kernels: Kernels, source: PixelSource, planes: number): SampleScan {
  const mark = kernels.mark();
  const bytes = source.width * BYTES_PER_SAMPLE[source.coding.type];
  const at = kernels.take(bytes);
  const result = scanSamples(source, planes === 3 ? 1 : 0, kernels.u8(at, bytes));
  kernels.release(mark);
  return result;
}

/**
 * Reads a frame into the kernels' memory (everything there before is given up): counts, superpixels of mosaics, mean of
 * colour planes, and the 2x2 bin, strip by strip while the samples are in the cache.
 * Throws what `source.readRows` throws, `bad-header` and `too-large` for impossible sizes, `bad-data` for impossible values,
 * `out-of-memory`.
 */
export function loadFrame(kernels: Kernels, source: PixelSource, hints: CountHints): LoadedFrame {
  checkSize(source);
  kernels.reset();
  const layout = layoutOf(source);
  const coding = chooseCounts(source.coding, scan(kernels, source, layout.planes), hints);
  checkRange(coding);
  const shift = layout.samples > 1 ? shiftFor(layout.samples, Math.min(65535, coding.ceilingCount)) : 0;
  const noise = layout.samples > 1 ? (Math.sqrt(layout.samples) * coding.noise) / 2 ** shift : coding.noise;
  const median = layout.samples > 1 ? (layout.samples * coding.median) / 2 ** shift : coding.median;
  const binShift = binShiftFor(noise, median);
  const { width, height } = layout;
  const binnedWidth = width >> 1;
  const binnedHeight = height >> 1;
  const pixels = kernels.take(width * height * 2 + SLACK);
  const binned = kernels.take(binnedWidth * binnedHeight * 2 + SLACK);
  const step = (coding.step * 2 ** shift) / layout.samples;
  const frame: LoadedFrame = {
    width,
    height,
    sampling: layout.sampling,
    pixels,
    black: coding.black,
    step,
    ceilingCount: layout.samples > 1 ? Math.min(65535, (layout.samples * coding.ceilingCount) >> shift) : coding.ceilingCount,
    binned,
    binnedWidth,
    binnedHeight,
    binnedBlack: coding.black,
    binnedStep: (step * 2 ** binShift) / 4,
    hasHoles: false,
    noise,
    median,
  };
  const largest = fill(kernels, source, layout, coding, shift, binShift, frame);
  const piled = pileUp(kernels, frame, largest);
  return piled === null ? frame : { ...frame, ceilingCount: piled };
}

/** Reads all strips into the frame's planes; returns the largest count and sets `hasHoles`. */
function fill(
  kernels: Kernels,
  source: PixelSource,
  layout: Layout,
  coding: CountCoding,
  shift: number,
  binShift: number,
  frame: LoadedFrame,
): number {
  const { call } = kernels;
  const { sampling, planes } = layout;
  const unit = sampling * 2;
  const rowBytes = source.width * BYTES_PER_SAMPLE[source.coding.type];
  const stripRows = Math.min(Math.max(unit, Math.floor(STRIP_BYTES / rowBytes / unit) * unit), Math.ceil(source.height / unit) * unit);
  const mark = kernels.mark();
  const raw = kernels.take(stripRows * rowBytes + SLACK);
  const parts: number[] = [];
  const stripBytes = stripRows * source.width * 2 + SLACK;
  if (layout.samples > 1) for (let p = 0; p < planes; p++) parts.push(kernels.take(stripBytes));
  const reader = new StripReader(kernels, source, coding, raw);
  const sensorRows = frame.height * sampling;
  let largest = 0;
  for (let y = 0; y < sensorRows; y += stripRows) {
    const rows = Math.min(stripRows, sensorRows - y);
    const first = y / sampling;
    const measured = rows / sampling;
    const out = frame.pixels + first * frame.width * 2;
    const bin = frame.binned + (first >> 1) * frame.binnedWidth * 2;
    let top: number;
    if (layout.samples === 1) top = reader.readBinned(y, rows, out, binShift, bin);
    else {
      parts.forEach((part, plane) => {
        reader.read(plane, y, rows, part);
      });
      if (sampling === 2) top = call.superpixels2(parts[0], source.width, rows, coding.ceilingCount, shift, out);
      else if (sampling === 3) top = call.superpixels3(parts[0], source.width, rows, coding.ceilingCount, shift, out);
      else top = call.sumPlanes(parts[0], parts[1], parts[2], rows * source.width, coding.ceilingCount, shift, out);
      call.bin2(out, frame.width, measured & ~1, binShift, (top & HOLE_FLAG) !== 0, bin);
    }
    if (top & HOLE_FLAG) frame.hasHoles = true;
    largest = Math.max(largest, top & 65535);
  }
  kernels.release(mark);
  return largest;
}

/**
 * Where neither header nor type gives the ceiling, the data may: counts piled up at the largest one, far above the sky.
 * Returns the count from which to call a pixel saturated, or null.
 */
function pileUp(kernels: Kernels, frame: LoadedFrame, largest: number): number | null {
  if (largest >= frame.ceilingCount) return null;
  if (largest - frame.median < 100 * Math.max(frame.noise, 1)) return null;
  const margin = Math.max(1, Math.floor((largest - frame.median) / 1024));
  const piled = kernels.call.countFrom(frame.pixels, frame.width * frame.height, largest - margin);
  if (piled < 8) return null;
  // A superpixel is spoilt as soon as one of its colours is full, which its mean does not tell.
  return frame.sampling === 1 ? largest - margin : Math.round(frame.median + 0.6 * (largest - frame.median));
}
