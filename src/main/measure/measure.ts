import type { FrameMetadata, Measurement, StarMeasurement } from "../../shared/domain.ts";
import type { PixelSource } from "../../shared/pixels.ts";
import { trailMask } from "../../shared/trail-mask.ts";
import { medianOf } from "./background.ts";
import { descendingOrder } from "./descending.ts";
import { DEFOCUSED_FWHM, DETECTED, type Detections, detectStars } from "./detect.ts";
import { measureBackground } from "./field.ts";
import { starsPerCell } from "./grid.ts";
import { measureLevels } from "./levels.ts";
import { fitStars, type MoffatFit } from "./moffat.ts";
import type { PreparedFrame } from "./prepared.ts";
import { Pyramid } from "./pyramid.ts";
import { measureSensor } from "./sensor.ts";
import { measureShape } from "./shape.ts";
import { spreadChoice } from "./star-choice.ts";
import { listStars } from "./star-list.ts";
import { type MeasuredStars, measureStarsAt, STAR } from "./stars.ts";
import { fullRange, measureStretch } from "./stretch.ts";
import { findTrails } from "./trails.ts";
import { MEASURE_VERSION } from "./version.ts";
import { measureWeights } from "./weights.ts";

/** What measuring uses of a frame's metadata. */
export type MeasureHints = Pick<FrameMetadata, "saturation" | "bitDepth" | "electronsPerAdu" | "pixelScale">;

/** Stars measured one by one: enough for every statistic; a Milky Way field has fifty times as many. */
const MOST_MEASURED = 3000;
/** Five for each cell of the grid. */
const MOST_FITTED = 240;
/** Signal-to-noise from which stars are fitted; the lower ones only where the higher leave fewer than 20. */
const FIT_SNR = [60, 30, 12];
const LEAST_FITTED = 20;
/** From this signal-to-noise on a star's width tells whether it is one. */
const EXTENDED_SNR = 8;
/** Stars count from this signal-to-noise on. */
const COUNT_SNR = 5;

/**
 * Measures a frame that has been prepared; the frame stays as it is. `check` is called between the steps and may throw to
 * stop the work.
 */
export function measurePrepared(
  frame: PreparedFrame,
  source: Pick<PixelSource, "coding" | "width" | "height">,
  hints: MeasureHints,
  check: () => void = () => {},
): Measurement {
  const { kernels } = frame;
  const mark = kernels.mark();
  try {
    const trails = findTrails(frame);
    check();
    const field = measureField(frame, hints, trails.length > 0 ? trailMask(trails) : null);
    check();
    const background = measureBackground(frame);
    const levels = measureLevels(frame);
    check();
    const range = fullRange(source.coding, frame.black + frame.step * frame.ceilingCount);
    return {
      version: MEASURE_VERSION,
      width: source.width,
      height: source.height,
      sampling: frame.sampling,
      background,
      stars: countStars(frame, field),
      shape: measureShape(frame, field.stars, field.fits, hints.pixelScale),
      trails,
      sensor: measureSensor(frame, hints),
      weights: measureWeights(frame, lightOf(field), levels, background.noise, range),
      stretch: measureStretch(levels, range),
      list: listStars(field.stars, field.fits, frame.sampling),
    };
  } finally {
    kernels.release(mark);
  }
}

/** The stars of a frame: all that were found, those measured, those fitted. Lengths in measured pixels. */
export interface StarField {
  detections: Detections;
  stars: MeasuredStars;
  fits: MoffatFit[];
}

/** Finds, measures and fits the stars of a prepared frame. `onTrail` tells positions (sensor px) where no star is believed. */
export function measureField(
  frame: PreparedFrame,
  hints: Pick<MeasureHints, "electronsPerAdu">,
  onTrail: ((x: number, y: number) => boolean) | null,
): StarField {
  const { kernels } = frame;
  const mark = kernels.mark();
  const pyramid = new Pyramid(frame);
  const found = detectStars(frame, pyramid, { onTrail, electronsPerAdu: hints.electronsPerAdu });
  const { width, height } = frame;
  const chosen = spreadChoice(found, MOST_MEASURED, width, height);
  const positions = { x: chosen.map((i) => found.x[i]), y: chosen.map((i) => found.y[i]) };
  const stars = measureStarsAt(frame, pyramid, positions, Math.max(found.fwhm, 1), found.slope);
  chosen.forEach((index, i) => {
    if (found.flags[index] & (DETECTED.blended | DETECTED.second)) stars.flags[i] |= STAR.blended;
  });
  // Donuts are as wide as galaxies; there is no telling them apart, and no need.
  if (found.fwhm < DEFOCUSED_FWHM) {
    markExtended(stars, found.fwhm);
    markNarrow(stars);
  }
  const fits = fitStars(frame, pyramid, stars, chooseForFit(stars, width, height), found.fwhm);
  kernels.release(mark);
  return { detections: withoutExtended(found, chosen, stars), stars, fits };
}

/** Galaxies, knots of nebulae, spikes: wider than the frame's stars, though bright enough to tell. */
function markExtended(stars: MeasuredStars, fwhm: number): void {
  for (let i = 0; i < stars.count; i++) {
    if (stars.flags[i] & STAR.saturated || stars.snr[i] < EXTENDED_SNR) continue;
    // A neighbour's light spoils the moments: of a blend they tell nothing.
    if (stars.flags[i] & STAR.blended) continue;
    if (stars.fwhm[i] > 1.8 * fwhm || stars.fwhm[i] === 0) stars.flags[i] |= STAR.extended;
  }
}

/** Stars that tell the frame's narrowest width, at least so many; below that width there are only a particle's tracks. */
const LEAST_FOR_WIDTH = 20;
const NARROW_SNR = 20;
const NARROW = 0.6;
/** Narrower stars than this, measured pixels, cannot be told from single pixels. */
const LEAST_WIDTH = 1.8;

/** Tracks and hits of particles in the sensor: narrower across than the optics and the air let any star be. */
function markNarrow(stars: MeasuredStars): void {
  const widths = new Float32Array(stars.count);
  const known: number[] = [];
  for (let i = 0; i < stars.count; i++) {
    if (stars.flags[i] & (STAR.saturated | STAR.extended) || stars.snr[i] < NARROW_SNR) continue;
    const e = Math.min(0.999, Math.hypot(stars.e1[i], stars.e2[i]));
    widths[i] = stars.fwhm[i] * ((1 - e) / (1 + e)) ** 0.25;
    // A neighbour's light widens a star, and pieces of a long track are each other's neighbours.
    if ((stars.flags[i] & STAR.blended) === 0) known.push(widths[i]);
  }
  const typical = known.length < LEAST_FOR_WIDTH ? 0 : medianOf(known);
  if (typical < LEAST_WIDTH) return;
  for (let i = 0; i < stars.count; i++) if (widths[i] > 0 && widths[i] < NARROW * typical) stars.flags[i] |= STAR.extended;
}

/** The detections without those that measuring showed to be extended; `chosen` are the indices of the measured ones. */
function withoutExtended(found: Detections, chosen: readonly number[], stars: MeasuredStars): Detections {
  const kept = new Uint8Array(found.count).fill(1);
  let left = found.count;
  for (let i = 0; i < chosen.length; i++) {
    if ((stars.flags[i] & STAR.extended) === 0) continue;
    kept[chosen[i]] = 0;
    left--;
  }
  if (left === found.count) return found;
  const [x, y, significance] = [new Float32Array(left), new Float32Array(left), new Float32Array(left)];
  const flags = new Uint8Array(left);
  let n = 0;
  for (let i = 0; i < found.count; i++) {
    if (kept[i] === 0) continue;
    x[n] = found.x[i];
    y[n] = found.y[i];
    significance[n] = found.significance[i];
    flags[n++] = found.flags[i];
  }
  return { ...found, count: left, x, y, significance, flags };
}

/** Bright, unsaturated, single stars, spread over the frame; fainter ones only where there are few. */
function chooseForFit(stars: MeasuredStars, width: number, height: number): number[] {
  const bad = STAR.saturated | STAR.blended | STAR.border | STAR.wandered | STAR.extended;
  const order = descendingOrder(stars.snr).filter((i) => (stars.flags[i] & bad) === 0);
  let sound = order;
  for (const snr of FIT_SNR) {
    sound = order.filter((i) => stars.snr[i] >= snr);
    if (sound.length >= LEAST_FITTED) break;
  }
  const places = { x: Float32Array.from(sound, (i) => stars.x[i]), y: Float32Array.from(sound, (i) => stars.y[i]) };
  const picked = spreadChoice(places, MOST_FITTED, width, height);
  return picked.map((i) => sound[i]);
}

function countStars(frame: PreparedFrame, { detections, stars }: StarField): StarMeasurement {
  const x = new Float32Array(detections.count);
  const y = new Float32Array(detections.count);
  let count = 0;
  for (let i = 0; i < detections.count; i++) {
    if (detections.significance[i] < COUNT_SNR) continue;
    x[count] = detections.x[i];
    y[count++] = detections.y[i];
  }
  let [measured, saturated, blended, totalFlux] = [0, 0, 0, 0];
  for (let i = 0; i < stars.count; i++) {
    if (stars.flags[i] & STAR.extended) continue;
    measured++;
    if (stars.flags[i] & STAR.saturated) saturated++;
    if (stars.flags[i] & STAR.blended) blended++;
    totalFlux += Math.max(0, stars.flux[i]) * frame.sampling ** 2;
  }
  return {
    count,
    counted: measured,
    saturated,
    blended,
    cells: starsPerCell(x.subarray(0, count), y.subarray(0, count), frame.width, frame.height),
    totalFlux,
  };
}

/** Light and width of the fitted stars: a Moffat profile's light is pi alpha^2 A / (beta - 1). */
function lightOf({ fits }: StarField): { flux: number[]; fwhm: number[]; beta: number } {
  const flux = fits.map(({ amplitude, fwhm, beta }) => {
    const alpha = fwhm / (2 * Math.sqrt(2 ** (1 / beta) - 1));
    return (Math.PI * alpha * alpha * amplitude) / (beta - 1);
  });
  return { flux, fwhm: fits.map((fit) => fit.fwhm), beta: fits[0]?.beta ?? 4 };
}
