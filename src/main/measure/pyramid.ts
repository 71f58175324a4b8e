import type { Kernels } from "./kernels/kernels.ts";
import type { PreparedFrame } from "./prepared.ts";
import { selectRank } from "./scan-samples.ts";

/** One plane in which stars are looked for: the frame binned, its sky taken off. */
export interface PlaneLevel {
  /** Byte offset of the u16 plane. */
  plane: number;
  width: number;
  height: number;
  /** Measured pixels per pixel along one axis: 1, 2, 4, ... */
  scale: number;
  /** Sky, counts. For scale 1 the plane is the frame itself and the sky is the mesh's: null. */
  sky: number | null;
  /** Light of one count: ADU (mean over the pixel's measured pixels). */
  step: number;
  /** Noise of the plane and of the plane filtered with [1 2 1]^2, counts: medians over the frame. */
  noise: number;
  filteredNoise: number;
}

/** A peak of a filtered plane, as the scan writes it. */
export interface PeakScan {
  /** Byte offset of four u16 per peak. */
  peaks: number;
  count: number;
}

/** The matched filter leaves this much of white noise: sqrt(sum of squares of [1 2 1]^2 / 16). */
const FILTER_NOISE = 0.375;
/** Mean of what the filter's four roundings up add. */
const FILTER_BIAS = 0.75;
/** Counts that the noise is brought to at least, so that rounding does not blur the filter. */
const LEAST_NOISE = 8;
/** The flattened sky lies this many sigma above zero. */
const SKY_SIGMA = 8;
/** Error of the sky mesh, in sigma of a pixel: a median of 2000, then of 9 tiles. */
const MESH_ERROR = 0.03;
const MAX_PEAKS = 400_000;
const SMALLEST = 16;

/**
 * The frame at scales 1, 2, 4, ... 32 with its sky taken off from scale 2 on. Planes live in the kernels' memory until the
 * caller releases it. Scales whose plane would be smaller than 16 pixels are left out.
 */
export class Pyramid {
  readonly levels: PlaneLevel[] = [];
  private readonly frame: PreparedFrame;
  private readonly kernels: Kernels;
  private readonly amplify: number;
  private readonly peaks: number;
  private readonly capacity: number;
  private firstScan: PeakScan | null = null;

  constructor(frame: PreparedFrame) {
    this.frame = frame;
    this.kernels = frame.kernels;
    const { width, height, mesh } = frame;
    const noise = mesh.medianNoise / frame.step;
    this.levels.push({
      plane: frame.pixels,
      width,
      height,
      scale: 1,
      sky: null,
      step: frame.step,
      noise,
      filteredNoise: FILTER_NOISE * noise,
    });
    const binnedNoise = Math.max(mesh.medianNoise / 2 / frame.binnedStep, 0.3);
    this.amplify = amplifyFor(binnedNoise);
    this.capacity = Math.min(MAX_PEAKS, Math.ceil((width * height) / 16) + 64);
    this.peaks = this.kernels.take(this.capacity * 8);
    for (let scale = 2; scale <= 32; scale *= 2) {
      const [w, h] = [Math.floor(width / scale), Math.floor(height / scale)];
      if (Math.min(w, h) < SMALLEST) break;
      const plane = this.kernels.take(w * h * 2 + 64);
      const flatNoise = binnedNoise * 2 ** this.amplify;
      this.levels.push({
        plane,
        width: w,
        height: h,
        scale,
        sky: (SKY_SIGMA * flatNoise * scale) / 2,
        step: (frame.binnedStep / 2 ** this.amplify / scale) * 2,
        noise: flatNoise,
        filteredNoise: FILTER_NOISE * flatNoise,
      });
    }
    this.build();
  }

  /** Flattens the binned plane, halves it down, and sets each level's noise as it really is. */
  private build(): void {
    const { levels, kernels } = this;
    if (levels.length < 2) return;
    // The scan flattens and halves on its way; noise is known to a few percent beforehand, and peaks just below are told apart later.
    this.firstScan = this.scanLevel(1, this.thresholdOf(levels[1], 5));
    for (let i = 3; i < levels.length; i++)
      kernels.call.halve(levels[i - 1].plane, levels[i - 1].width, levels[i - 1].height, levels[i].plane);
    for (let i = 1; i < levels.length; i++) levels[i] = { ...levels[i], filteredNoise: this.filteredNoiseOf(levels[i]) };
  }

  /** Peaks `significance` sigma above the sky of the filtered plane of a level (0: the frame itself). */
  scan(index: number, significance: number): PeakScan {
    const level = this.levels[index];
    const threshold = this.thresholdOf(level, significance);
    if (index === 1 && this.firstScan) return above(this.kernels, this.firstScan, threshold);
    this.firstScan = null;
    return this.scanLevel(index, threshold);
  }

  private thresholdOf(level: PlaneLevel, significance: number): number {
    const sky = level.sky ?? SKY_SIGMA * level.noise * 2 ** amplifyFor(level.noise);
    const gain = level.scale === 1 ? 2 ** amplifyFor(level.noise) : 1;
    return Math.min(65535, Math.ceil(sky + FILTER_BIAS + significance * level.filteredNoise * gain));
  }

  private scanLevel(index: number, threshold: number): PeakScan {
    const { kernels, frame } = this;
    const level = this.levels[index];
    const mark = kernels.mark();
    const scratch = kernels.take((level.width * 2 + 80) * 10);
    const first = index <= 1;
    const amplify = index === 0 ? amplifyFor(level.noise) : this.amplify;
    const table = first ? this.skyTable(level, amplify) : 0;
    const plane = index === 1 ? frame.binned : level.plane;
    const flat = index === 1 ? level.plane : 0;
    const half = index === 1 ? (this.levels[2]?.plane ?? 0) : 0;
    const found = kernels.call.scanPeaks(
      plane,
      level.width,
      level.height,
      table,
      first ? amplify : 0,
      flat,
      half,
      threshold,
      this.peaks,
      this.capacity,
      scratch,
    );
    kernels.release(mark);
    return { peaks: this.peaks, count: Math.min(found, this.capacity) };
  }

  /** The mesh in a plane's counts, less the margin that keeps the noise above zero, interpolated for the kernel. */
  private skyTable(level: PlaneLevel, amplify: number): number {
    const { kernels, frame } = this;
    const { mesh } = frame;
    const [black, step] = level.scale === 1 ? [frame.black, frame.step] : [frame.binnedBlack, frame.binnedStep];
    const noise = level.scale === 1 ? level.noise : level.noise / 2 ** amplify;
    const count = mesh.columns * mesh.rows;
    const levels = kernels.take(count * 4);
    const table = kernels.take(Math.ceil(level.width / 16) * Math.ceil(level.height / 8) * 4 + 16);
    const values = kernels.f32(levels, count);
    for (let i = 0; i < count; i++) values[i] = (mesh.level[i] - black) / step - SKY_SIGMA * noise;
    kernels.call.skyTable(levels, mesh.columns, mesh.rows, mesh.tile / level.scale, level.width, level.height, amplify, table);
    return table;
  }

  /**
   * Noise of a filtered plane from some of its rows: what correlated noise (resampled or debayered frames) has more than
   * white noise. From 2 to 1 sigma below the middle, where the stars of a crowded field reach least.
   */
  private filteredNoiseOf(level: PlaneLevel): number {
    const { kernels } = this;
    // At the coarse scales the mesh's own error is more than what is left of the noise.
    const white = Math.hypot(FILTER_NOISE * level.noise, (MESH_ERROR * this.frame.mesh.medianNoise) / level.step);
    const bands = 6;
    const rows = 2;
    if (level.height < 2 * bands) return white;
    const mark = kernels.mark();
    const column = kernels.take(level.width * 2 + 80);
    const out = kernels.take(level.width * rows * 2 + 64);
    const every = Math.max(1, Math.floor((level.width * rows * bands) / 6000));
    const values = new Float32Array(Math.ceil((level.width * rows) / every) * bands);
    let n = 0;
    for (let band = 0; band < bands; band++) {
      const first = Math.floor(((band + 0.5) * (level.height - rows)) / bands);
      kernels.call.smoothRows(level.plane, level.width, level.height, first, first + rows, column, out);
      const filtered = kernels.u16(out, level.width * rows);
      for (let i = 0; i < filtered.length; i += every) if (filtered[i] > 0) values[n++] = filtered[i];
    }
    kernels.release(mark);
    if (n < 200) return white;
    // The second selection only needs to look at what the first has put below.
    const low = countQuantile(values, n, 0.15866 * n, n);
    const lowest = countQuantile(values, n, 0.02275 * n, Math.floor(0.15866 * n) + 1);
    // Stars and nebulae widen it too, the more the coarser the plane: they must not raise the threshold without end.
    return Math.min(Math.max(low - lowest, white), 2 * white);
  }
}

/** Quantile of n whole counts, the lowest `among` of which come first; each count taken as spread evenly over its interval: the noise may span three counts only. */
function countQuantile(values: Float64Array | Float32Array, n: number, target: number, among: number): number {
  const value = selectRank(values, among, Math.floor(target));
  let [below, equal] = [0, 0];
  for (let i = 0; i < n; i++) {
    if (values[i] < value) below++;
    else if (values[i] === value) equal++;
  }
  return value - 0.5 + (target - below) / equal;
}

/** Power of two that brings `noise` to 8 counts at least, and below 16 at most. */
function amplifyFor(noise: number): number {
  let amplify = 0;
  while (noise * 2 ** amplify < LEAST_NOISE && amplify < 6) amplify++;
  while (noise * 2 ** amplify >= 2 * LEAST_NOISE && amplify > -8) amplify--;
  return amplify;
}

/** The peaks of a scan that reach a higher threshold, kept in place. */
function above(kernels: Kernels, scan: PeakScan, threshold: number): PeakScan {
  const all = kernels.u16(scan.peaks, scan.count * 4);
  let kept = 0;
  for (let i = 0; i < scan.count; i++) {
    if (all[4 * i + 2] < threshold) continue;
    if (kept < i) for (let word = 0; word < 4; word++) all[4 * kept + word] = all[4 * i + word];
    kept++;
  }
  return { peaks: scan.peaks, count: kept };
}
