import { noiseAt, skyAt } from "./background.ts";
import { descendingOrder } from "./descending.ts";
import { centreScratchBytes } from "./kernels/centre-kernels.ts";
import { PEAK, PEAK_RECORD } from "./kernels/peaks-kernels.ts";
import type { PreparedFrame } from "./prepared.ts";
import type { PeakScan, PlaneLevel, Pyramid } from "./pyramid.ts";
import { type BrightPeak, estimateSize, refineSize } from "./star-size.ts";
import { FWHM_OF_SIGMA } from "./stars.ts";

/** Stars found, brightest first; positions and lengths in measured pixels. */
export interface Detections {
  count: number;
  x: Float32Array;
  y: Float32Array;
  /** Height of the matched-filtered peak above its local sky, in sigma of the filtered noise there. */
  significance: Float32Array;
  /** Bit 1: shares light with another star; bit 2: stands on the flank of a brighter one. */
  flags: Uint8Array;
  /** FWHM of the frame's stars as far as detection knows it; 0 when nothing was found. */
  fwhm: number;
  /** Variance per count of light of the frame's pixels, counts. */
  slope: number;
}

export const DETECTED = { blended: 1, second: 2 } as const;

export interface DetectOptions {
  /** Whether a position (sensor px) lies on a trail: what is found there is no star. */
  onTrail: ((x: number, y: number) => boolean) | null;
  electronsPerAdu: number | null;
  /** Peaks of the filtered frame count from this many sigma. */
  significance?: number;
}

/**
 * Noise alone gives well under one peak of this height in 25 Mpix; the limit of source-extractor at its threshold 2 lies at
 * about 8 of these sigma.
 */
const SIGNIFICANCE = 5.7;
/** A second peak beside a star must stand out at least this much. */
const SECOND_SIGNIFICANCE = 6.5;
/** Between the fine plane, where peaks are judged, and the coarse one, where they are found, a faint star's height scatters. */
const LEAST_SIGNIFICANCE = 4;
/** What a Moffat star is taken for while stars are told apart. */
const BETA = 2.5;
/** Lumps on a star's flank up to this share of the light there are its profile's own: spikes, speckles, tracking. */
const LUMP = 0.015;
/** Below this many sigma a peak's noise moves it by more than the plane's pixels do; stars narrower than this have none to spare. */
const FAINT = 12;
const LEAST_FOR_CENTRE = 2.8;
const RECORD_WORDS = PEAK_RECORD / 4;

/**
 * Finds the frame's stars: peaks of the matched filter at the scale that fits their size, looked at in the plane twice as
 * fine, single pixels and defective lines taken out, close pairs parted by their saddle. Planes and lists are left in the
 * kernels' memory; the caller releases it.
 */
export function detectStars(frame: PreparedFrame, pyramid: Pyramid, options: DetectOptions): Detections {
  const slope = lightVariance(frame, options.electronsPerAdu);
  const none = {
    count: 0,
    x: new Float32Array(),
    y: new Float32Array(),
    significance: new Float32Array(),
    flags: new Uint8Array(),
    fwhm: 0,
    slope,
  };
  if (Math.min(frame.width, frame.height) < 16) return none;
  const significance = options.significance ?? SIGNIFICANCE;
  const finder = new PeakFinder(frame, pyramid, slope, options.onTrail);
  const rough = estimateSize(frame, pyramid, significance, (scan, index) => finder.bright(scan, index));
  if (rough === null) return none;
  const fwhm = refineSize(frame, pyramid, rough);
  const index = levelFor(pyramid.levels, fwhm);
  const scan = pyramid.scan(index, significance);
  return finder.stars(scan, index, fwhm);
}

/**
 * Variance that a count of light brings, counts. Without the gain, the sky's own noise tells: it is photon noise above an
 * unknown offset and with an unknown part of read noise, so twice the ratio of variance to level is between the extremes.
 */
function lightVariance(frame: PreparedFrame, electronsPerAdu: number | null): number {
  const { mesh, sampling, step, black } = frame;
  const samples = sampling * sampling;
  const noise = mesh.medianNoise / step;
  const stated = electronsPerAdu !== null && electronsPerAdu > 0 ? 1 / (electronsPerAdu * step * samples) : 0;
  // Data rescaled after the camera (floats 0..1) still carry the camera's gain in their header: it cannot be theirs.
  if (stated > 0 && stated < noise * noise) return stated;
  const level = Math.max((mesh.medianLevel - black) / step, noise);
  return Math.min((2 * noise * noise) / level, noise * noise);
}

/**
 * The scale whose filter fits stars of this FWHM: its own FWHM is 1.8 of its pixels. Between scales the finer one parts close
 * stars better and costs faint ones less than a tenth of their signal-to-noise; only the finest costs time.
 */
function levelFor(levels: readonly PlaneLevel[], fwhm: number): number {
  let best = 0;
  for (let i = 1; i < levels.length; i++) if (fwhm > (i === 1 ? FINEST_FWHM : 1.7 * levels[i].scale)) best = i;
  return best;
}

/** Stars larger than this are out of focus. */
export const DEFOCUSED_FWHM = 12;
/** Stars smaller than this are looked for in the frame itself, not in the binned plane. */
const FINEST_FWHM = 2.5;

/** Peaks of one scale looked at in the plane twice as fine. Scratch is taken from the kernels' memory as needed. */
class PeakFinder {
  private readonly frame: PreparedFrame;
  private readonly pyramid: Pyramid;
  private readonly slope: number;
  private readonly onTrail: ((x: number, y: number) => boolean) | null;

  constructor(frame: PreparedFrame, pyramid: Pyramid, slope: number, onTrail: ((x: number, y: number) => boolean) | null) {
    this.frame = frame;
    this.pyramid = pyramid;
    this.slope = slope;
    this.onTrail = onTrail;
  }

  /** The brightest peaks that are neither single pixels nor saturated nor on a trail, brightest first. */
  bright(scan: PeakScan, index: number): BrightPeak[] {
    const { kernels, ceilingCount } = this.frame;
    const mark = kernels.mark();
    const brightest = this.brightest(scan, 600);
    const { fine, ratio } = this.fineOf(index);
    const { records, count } = this.refine(brightest, fine, ratio, 3);
    const values = kernels.f32(records, count * RECORD_WORDS);
    const words = kernels.i32(records, count * RECORD_WORDS);
    const found: BrightPeak[] = [];
    const stellar: BrightPeak[] = [];
    for (let i = 0; i < count; i++) {
      const at = i * RECORD_WORDS;
      if (words[at + 6] & (PEAK.sharp | PEAK.line | PEAK.second)) continue;
      const x = (values[at] + 0.5) * fine.scale - 0.5;
      const y = (values[at + 1] + 0.5) * fine.scale - 0.5;
      if (this.isOnTrail(x, y)) continue;
      const reach = Math.max(2, fine.scale);
      const peak = kernels.call.peakAround(this.frame.pixels, this.frame.width, this.frame.height, Math.round(x), Math.round(y), reach);
      if (peak >= ceilingCount) continue;
      found.push({ x, y, height: values[at + 2] });
      if (this.spreads(Math.round(x), Math.round(y), reach)) stellar.push({ x, y, height: values[at + 2] });
    }
    kernels.release(mark);
    // Where hardly anything spreads, the stars themselves are smaller than a pixel.
    return stellar.length >= LEAST_SPREAD * found.length ? stellar : found;
  }

  /**
   * Whether the light about a peak reaches at least two of the four pixels beside its highest, as that of any star does whose
   * FWHM is near a pixel or more; cosmic rays and hot pixels mostly reach one or none.
   */
  private spreads(x: number, y: number, reach: number): boolean {
    const { kernels, width, height, mesh, black, step } = this.frame;
    const pixels = kernels.u16(this.frame.pixels, width * height);
    let [most, at] = [-1, -1];
    for (let v = Math.max(1, y - reach); v <= Math.min(height - 2, y + reach); v++) {
      for (let u = Math.max(1, x - reach); u <= Math.min(width - 2, x + reach); u++) {
        const count = pixels[v * width + u];
        if (count > most) [most, at] = [count, v * width + u];
      }
    }
    if (at < 0) return false;
    const sky = (skyAt(mesh, x, y) - black) / step;
    const least = sky + Math.max(SPREAD_SIGMA * (mesh.medianNoise / step), SPREAD * (most - sky));
    let reached = 0;
    for (const beside of [at - 1, at + 1, at - width, at + width]) if (pixels[beside] > least) reached++;
    return reached >= 2;
  }

  stars(scan: PeakScan, index: number, fwhm: number): Detections {
    const { frame, slope } = this;
    const { kernels, ceilingCount } = frame;
    const { fine, ratio } = this.fineOf(index, fwhm);
    const mark = kernels.mark();
    const { records, count } = this.refine(this.offTrails(scan, fine.scale * ratio), fine, ratio, sharpnessLimit(fwhm / fine.scale));
    const order = this.prepareRecords(records, count, fine);
    const across = Math.ceil(fine.width / 16);
    const cells = across * Math.ceil(fine.height / 16);
    const heads = kernels.take(cells * 4);
    const capacity = count * 8 + 100_000;
    const nodes = kernels.take(capacity * 8);
    kernels.i32(heads, cells).fill(-1);
    const scale2 = fine.scale * fine.scale;
    const fineSlope = fine.scale === 1 ? slope : (slope * frame.step) / fine.step / scale2;
    const ceiling =
      fine.scale === 1 ? ceilingCount : ((ceilingCount * frame.step + frame.black - frame.mesh.medianLevel) * 0.9) / fine.step;
    kernels.call.judgePeaks(
      fine.plane,
      fine.width,
      fine.height,
      records,
      order,
      count,
      LEAST_SIGNIFICANCE,
      fineSlope,
      LUMP,
      fwhm / fine.scale / (2 * Math.sqrt(2 ** (1 / BETA) - 1)),
      BETA,
      Math.min(65535, ceiling),
      heads,
      nodes,
      capacity,
    );
    this.centreFaint(records, count, fine, fwhm);
    const detections = this.collect(records, order, count, fine.scale, fwhm);
    kernels.release(mark);
    return detections;
  }

  /** Sky and noise of the mesh into the records, and their order by height: i32 indices, without those on trails. */
  private prepareRecords(records: number, count: number, fine: PlaneLevel): number {
    const { frame } = this;
    const { kernels, mesh, black, step } = frame;
    const order = kernels.take(count * 4 + 16);
    const values = kernels.f32(records, count * RECORD_WORDS);
    const words = kernels.i32(records, count * RECORD_WORDS);
    const heights = new Float32Array(count);
    for (let i = 0; i < count; i++) {
      const at = i * RECORD_WORDS;
      const x = (values[at] + 0.5) * fine.scale - 0.5;
      const y = (values[at + 1] + 0.5) * fine.scale - 0.5;
      values[at + 4] = fine.sky ?? (skyAt(mesh, x, y) - black) / step;
      values[at + 5] = (fine.filteredNoise * noiseAt(mesh, x, y)) / mesh.medianNoise;
      if (this.isOnTrail(x, y)) words[at + 6] |= PEAK.line;
      heights[i] = values[at + 2];
    }
    kernels.i32(order, count).set(descendingOrder(heights));
    return order;
  }

  /** Of faint stars the fine plane knows best where its own noise is highest: they go to the centre of their light. */
  private centreFaint(records: number, count: number, fine: PlaneLevel, fwhm: number): void {
    const { kernels } = this.frame;
    const size = fwhm / fine.scale;
    if (size < LEAST_FOR_CENTRE || fwhm >= DEFOCUSED_FWHM) return;
    const sigma = size / FWHM_OF_SIGMA;
    const list = kernels.take(count * 4);
    const scratch = kernels.take(centreScratchBytes(sigma));
    const values = kernels.f32(records, count * RECORD_WORDS);
    const words = kernels.i32(records, count * RECORD_WORDS);
    const faint = kernels.i32(list, count);
    let found = 0;
    // Records are in the order of the scan, down the frame: what is near is still in the cache.
    for (let i = 0; i < count; i++) {
      const at = i * RECORD_WORDS;
      if ((words[at + 6] & (PEAK.kept | PEAK.blended | PEAK.second)) !== PEAK.kept) continue;
      if (values[at + 2] < FAINT * values[at + 5]) faint[found++] = i;
    }
    kernels.call.centrePeaks(fine.plane, fine.width, fine.height, records, list, found, sigma, 0.7 * size, scratch);
  }

  private collect(records: number, order: number, count: number, scale: number, fwhm: number): Detections {
    const { kernels } = this.frame;
    const values = kernels.f32(records, count * RECORD_WORDS);
    const words = kernels.i32(records, count * RECORD_WORDS);
    const indices = kernels.i32(order, count);
    let found = 0;
    for (let i = 0; i < count; i++) if (words[indices[i] * RECORD_WORDS + 6] & PEAK.kept) found++;
    const x = new Float32Array(found);
    const y = new Float32Array(found);
    const significance = new Float32Array(found);
    const flags = new Uint8Array(found);
    let n = 0;
    for (let i = 0; i < count; i++) {
      const at = indices[i] * RECORD_WORDS;
      const flag = words[at + 6];
      if ((flag & PEAK.kept) === 0) continue;
      x[n] = (values[at] + 0.5) * scale - 0.5;
      y[n] = (values[at + 1] + 0.5) * scale - 0.5;
      significance[n] = values[at + 2] / values[at + 5];
      flags[n++] = (flag & PEAK.blended ? DETECTED.blended : 0) | (flag & PEAK.second ? DETECTED.second : 0);
    }
    return { count: found, x, y, significance, flags, fwhm, slope: this.slope };
  }

  private isOnTrail(x: number, y: number): boolean {
    const { sampling } = this.frame;
    return this.onTrail?.((x + 0.5) * sampling - 0.5, (y + 0.5) * sampling - 0.5) ?? false;
  }

  /**
   * The plane in which the peaks of level `index` are looked at: the one twice as fine. Defocused stars stay where they are
   * one peak, for twice as fine a donut falls apart into its ring.
   */
  private fineOf(index: number, fwhm = 0): { fine: PlaneLevel; ratio: number } {
    const { levels } = this.pyramid;
    const fine = levels[fwhm >= DEFOCUSED_FWHM ? index : Math.max(0, index - 1)];
    return { fine, ratio: levels[index].scale / fine.scale };
  }

  /** Without the peaks on trails: along a bright one there are more of them than there are stars. */
  private offTrails(scan: PeakScan, scale: number): PeakScan {
    if (this.onTrail === null) return scan;
    const { kernels } = this.frame;
    const all = kernels.u16(scan.peaks, scan.count * 4);
    const copy = kernels.take(scan.count * 8);
    const into = kernels.u16(copy, scan.count * 4);
    let kept = 0;
    for (let i = 0; i < scan.count; i++) {
      if (this.isOnTrail((all[4 * i] + 0.5) * scale - 0.5, (all[4 * i + 1] + 0.5) * scale - 0.5)) continue;
      into.set(all.subarray(4 * i, 4 * i + 4), 4 * kept++);
    }
    return { peaks: copy, count: kept };
  }

  private brightest(scan: PeakScan, most: number): PeakScan {
    if (scan.count <= most) return scan;
    const { kernels } = this.frame;
    const copy = kernels.take(most * 8);
    const all = kernels.u16(scan.peaks, scan.count * 4);
    const heights = new Float32Array(scan.count);
    for (let i = 0; i < scan.count; i++) heights[i] = all[4 * i + 2];
    const order = descendingOrder(heights);
    const into = kernels.u16(copy, most * 4);
    for (let k = 0; k < most; k++) for (let word = 0; word < 4; word++) into[4 * k + word] = all[4 * order[k] + word];
    return { peaks: copy, count: most };
  }

  private refine(scan: PeakScan, fine: PlaneLevel, ratio: number, sharpness: number): { records: number; count: number } {
    const { kernels } = this.frame;
    const capacity = scan.count * 2 + SPARE_RECORDS;
    const records = kernels.take(capacity * PEAK_RECORD);
    const offsets = kernels.take(64);
    const scratch = kernels.take(1024);
    kernels.u8(offsets, RING.length).set(RING);
    const count = kernels.call.refinePeaks(
      fine.plane,
      fine.width,
      fine.height,
      scan.peaks,
      scan.count,
      ratio,
      fine.filteredNoise,
      SECOND_SIGNIFICANCE,
      sharpness,
      offsets,
      scratch,
      records,
      capacity,
    );
    return { records, count };
  }
}

/** Room for peaks within peaks: a lump of light may have dozens, and what comes after a full list would be lost. */
const SPARE_RECORDS = 50_000;

/** What light beside a star's highest pixel must be over, in sigma of the noise and as a share of that pixel. */
const SPREAD_SIGMA = 2.5;
const SPREAD = 0.03;
/** Share of the bright peaks that must spread for the others to be left out. */
const LEAST_SPREAD = 0.15;

/** 24 points on a circle of 6.5 pixels, as pairs of i8. */
const RING = Uint8Array.from({ length: 48 }, (_, i) => {
  const angle = (Math.floor(i / 2) * Math.PI) / 12;
  return Math.round(6.5 * (i % 2 === 0 ? Math.cos(angle) : Math.sin(angle))) & 255;
});

/**
 * Height of a star's highest pixel over that of its filtered peak, for a Gaussian in pixels of the plane; a single hot pixel
 * has 4. The limit lies nearer to the star, for cosmic rays fill two or three pixels.
 */
function sharpnessLimit(fwhm: number): number {
  const variance = (fwhm / 2.3548) ** 2 + 1 / 12;
  const star = (variance + 0.5) / variance;
  return Math.min(3, star + 0.35 * Math.max(0, 4 - star));
}
