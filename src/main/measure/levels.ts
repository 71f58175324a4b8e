import type { PreparedFrame } from "./prepared.ts";

/** What the counts of a frame are like as a whole, ADU; from a sample of its rows. */
export interface Levels {
  median: number;
  /** Median absolute deviation about the median, not scaled to a sigma. */
  mad: number;
  /** Mean absolute deviation about the median (PixInsight's AvgDev). */
  averageDeviation: number;
  /** How many pixels the median stands on; 0 when the frame has no data. */
  sampled: number;
}

/** Pixels for median and MAD: their error is then a thousandth of the sky noise. */
const HISTOGRAM_PIXELS = 1_000_000;
/** The mean deviation is carried by stars, so its rows lie no further apart than a bright star is wide. */
const LONGEST_DEVIATION_STEP = 7;

export function measureLevels(frame: PreparedFrame): Levels {
  const { kernels, pixels, width, height, black, step } = frame;
  const mark = kernels.mark();
  try {
    const bins = kernels.take(65536 * 4);
    new Uint32Array(kernels.memory.buffer, bins, 65536).fill(0);
    // An odd step also sees both row parities of a sensor that reads them through different amplifiers.
    const rowStep = Math.max(1, Math.floor((width * height) / HISTOGRAM_PIXELS)) | 1;
    kernels.call.histogramRows(pixels, width, height, rowStep, bins);
    const histogram = new Uint32Array(kernels.memory.buffer, bins, 65536);
    const holes = histogram[0];
    histogram[0] = 0;
    const rows = Math.ceil(height / rowStep);
    const sampled = rows * width - holes;
    if (sampled === 0) return { median: black, mad: 0, averageDeviation: 0, sampled: 0 };
    const median = quantile(histogram, sampled / 2);
    // Half of the pixels are below the median, so no farther from it than zero is: counts beyond twice the median do not matter.
    const mad = foldedQuantile(histogram.subarray(0, 2 * Math.ceil(median) + 3), median, sampled / 2);
    const deviationStep = Math.max(1, Math.min(rowStep, LONGEST_DEVIATION_STEP));
    const centre = Math.round(median);
    const sum = kernels.call.deviationRows(pixels, width, height, deviationStep, centre);
    const data = Math.ceil(height / deviationStep) * width * (sampled / (rows * width));
    return { median: black + step * median, mad: step * mad, averageDeviation: (step * sum) / data, sampled };
  } finally {
    kernels.release(mark);
  }
}

/**
 * Count below which `target` pixels lie, interpolated within its bin: a bin holds counts from c - 1/2 to c + 1/2.
 */
export function quantile(histogram: Uint32Array | Float64Array, target: number): number {
  let below = 0;
  for (let count = 0; count < histogram.length; count++) {
    const here = histogram[count];
    if (here > 0 && below + here >= target) return count - 0.5 + (target - below) / here;
    below += here;
  }
  return histogram.length - 1;
}

/** Distance d for which `target` pixels lie within median - d .. median + d, by bisection of the interpolated distribution. */
export function foldedQuantile(histogram: Uint32Array | Float64Array, median: number, target: number): number {
  const cumulative = new Float64Array(histogram.length + 1);
  for (let i = 0; i < histogram.length; i++) cumulative[i + 1] = cumulative[i] + histogram[i];
  const below = (count: number): number => {
    const at = Math.min(histogram.length, Math.max(0, count + 0.5));
    const bin = Math.min(histogram.length - 1, Math.floor(at));
    return cumulative[bin] + (at - bin) * histogram[bin];
  };
  let low = 0;
  let high = histogram.length;
  for (let i = 0; i < 40; i++) {
    const middle = (low + high) / 2;
    if (below(median + middle) - below(median - middle) >= target) high = middle;
    else low = middle;
  }
  return high;
}
