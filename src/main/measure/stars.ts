import { noiseAt, skyAt } from "./background.ts";
import { descendingOrder } from "./descending.ts";
import { MEASURED, STAR_INPUTS, STAR_OUTPUTS, STAR_VALUES } from "./kernels/stars-kernels.ts";
import type { PreparedFrame } from "./prepared.ts";
import type { PlaneLevel, Pyramid } from "./pyramid.ts";

/** FWHM of a Gaussian over its sigma. */
export const FWHM_OF_SIGMA = 2 * Math.sqrt(2 * Math.LN2);

/** Stars measured one by one: parallel columns; positions and lengths in measured pixels, brightness in ADU. */
export interface MeasuredStars {
  count: number;
  x: Float32Array;
  y: Float32Array;
  /** Light in the aperture, sum over measured pixels. */
  flux: Float32Array;
  /** Light of the Gaussian that fits best. */
  psfFlux: Float32Array;
  snr: Float32Array;
  hfr: Float32Array;
  /** Highest count near the centre (of the frame's pixels). */
  peak: Uint16Array;
  /** Local sky. */
  sky: Float32Array;
  /** FWHM from second moments, the window's share taken out; 0 where that is not possible. */
  fwhm: Float32Array;
  /** Ellipticity (a^2 - b^2) / (a^2 + b^2) times cos and sin of twice the position angle, likewise. */
  e1: Float32Array;
  e2: Float32Array;
  /** Light at the centre over light at the half flux radius; below 1 in a donut. */
  ringRatio: Float32Array;
  flags: Uint8Array;
}

export const STAR = { saturated: 1, blended: 2, border: 4, fitted: 8, wandered: 16, extended: 32 } as const;

/** Apertures and windows, in FWHM. */
const APERTURE = 2.5;
const SKY_RING = 3.2;
const LEASH = 0.6;
/** A narrower window would see too few pixels to tell where in them a star lies. */
const NARROWEST_WINDOW = 2;
/** Variance of a pixel's own width along each axis. */
const PIXEL_VARIANCE = 1 / 12;
/** Larger stars are measured in a coarser plane. */
const LARGEST_FWHM = 5.8;

/** The finest plane in which stars of this FWHM (measured pixels) are small enough to be measured quickly. */
export function planeFor(frame: PreparedFrame, pyramid: Pyramid, fwhm: number): PlaneLevel {
  const { levels } = pyramid;
  let index = 0;
  while (index + 1 < levels.length && fwhm / levels[index].scale > LARGEST_FWHM) index++;
  if (index !== 1) return levels[index];
  // The binned plane as it was read reaches higher than its flattened copy.
  const noise = frame.mesh.medianNoise / 2 / frame.binnedStep;
  return { ...levels[1], plane: frame.binned, sky: null, step: frame.binnedStep, noise, filteredNoise: 0.375 * noise };
}

/** Sky of the mesh at a measured pixel, counts of the plane. */
function planeSky(frame: PreparedFrame, plane: PlaneLevel, x: number, y: number): number {
  if (plane.sky !== null) return plane.sky;
  const black = plane.scale === 1 ? frame.black : frame.binnedBlack;
  return (skyAt(frame.mesh, x, y) - black) / plane.step;
}

const CIRCLE = Float32Array.from({ length: 64 }, (_, i) => {
  const angle = (Math.floor(i / 2) * Math.PI) / 16;
  return i % 2 === 0 ? Math.cos(angle) : Math.sin(angle);
});

/**
 * Measures stars at given positions (measured pixels). `fwhm` sets the window (a Gaussian of that FWHM), the aperture (2.5
 * FWHM radius) and the sky ring; `slope` is the variance per count of light in the frame's pixels.
 * SNR = F / sqrt((2 pi sigma^2 noise)^2 / sum(w^2) + slope F), F = psfFlux: the matched filter's, with the star's own photons.
 */
export function measureStarsAt(
  frame: PreparedFrame,
  pyramid: Pyramid,
  positions: { x: ArrayLike<number>; y: ArrayLike<number> },
  fwhm: number,
  slope: number,
): MeasuredStars {
  const { kernels, mesh } = frame;
  const plane = planeFor(frame, pyramid, fwhm);
  const { scale } = plane;
  const count = positions.x.length;
  const mark = kernels.mark();
  const size = Math.max(fwhm / scale, NARROWEST_WINDOW);
  const sigma = size / FWHM_OF_SIGMA;
  const list = kernels.take(count * STAR_INPUTS * 4);
  const out = kernels.take(count * STAR_VALUES * 4 + 16);
  const circle = kernels.take(CIRCLE.byteLength);
  const scratch = kernels.take(4096 + 16 * Math.ceil(3 * sigma + 16));
  kernels.f32(circle, CIRCLE.length).set(CIRCLE);
  const inputs = kernels.f32(list, count * STAR_INPUTS);
  const order = downTheFrame(positions.y, frame.height);
  for (let k = 0; k < count; k++) {
    const x = positions.x[order[k]];
    const y = positions.y[order[k]];
    const at = k * STAR_INPUTS;
    inputs[at] = (x + 0.5) / scale - 0.5;
    inputs[at + 1] = (y + 0.5) / scale - 0.5;
    inputs[at + 2] = planeSky(frame, plane, x, y);
    inputs[at + 3] = (plane.noise * noiseAt(mesh, x, y)) / mesh.medianNoise;
  }
  const planeSlope = (slope * frame.step) / plane.step / (scale * scale);
  kernels.call.measureStars(
    plane.plane,
    plane.width,
    plane.height,
    list,
    count,
    sigma,
    APERTURE * size,
    SKY_RING * size + 1,
    LEASH * size + 0.5,
    planeSlope,
    circle,
    scratch,
    out,
  );
  const stars = readStars(frame, plane, kernels.f32(out, count * STAR_VALUES), order, sigma);
  kernels.release(mark);
  return stars;
}

/** Rows that neighbouring stars share: what is near in the frame is near in time, and then still in the cache. */
const BAND_ROWS = 16;

/** Indices ordered by band of rows (a counting sort). */
function downTheFrame(y: ArrayLike<number>, height: number): Int32Array {
  const bands = Math.ceil(height / BAND_ROWS);
  const bandOf = (i: number) => Math.min(bands - 1, Math.max(0, Math.floor(y[i] / BAND_ROWS)));
  const ends = new Int32Array(bands + 1);
  for (let i = 0; i < y.length; i++) ends[bandOf(i) + 1]++;
  for (let b = 1; b <= bands; b++) ends[b] += ends[b - 1];
  const order = new Int32Array(y.length);
  for (let i = 0; i < y.length; i++) order[ends[bandOf(i)]++] = i;
  return order;
}

/** Indices of stars that shine and are stars, brightest first. */
export function brightestFirst(stars: MeasuredStars): Int32Array {
  return descendingOrder(stars.flux).filter((i) => stars.flux[i] > 0 && (stars.flags[i] & STAR.extended) === 0);
}

function emptyStars(count: number): MeasuredStars {
  const column = () => new Float32Array(count);
  return {
    count,
    x: column(),
    y: column(),
    flux: column(),
    psfFlux: column(),
    snr: column(),
    hfr: column(),
    peak: new Uint16Array(count),
    sky: column(),
    fwhm: column(),
    e1: column(),
    e2: column(),
    ringRatio: column(),
    flags: new Uint8Array(count),
  };
}

function readStars(frame: PreparedFrame, plane: PlaneLevel, values: Float32Array, order: Int32Array, sigma: number): MeasuredStars {
  const stars = emptyStars(order.length);
  const { scale, step } = plane;
  const o = STAR_OUTPUTS;
  const black = plane.scale === 1 ? frame.black : frame.binnedBlack;
  for (let k = 0; k < order.length; k++) {
    const i = order[k];
    const at = k * STAR_VALUES;
    const x = (values[at + o.x] + 0.5) * scale - 0.5;
    const y = (values[at + o.y] + 0.5) * scale - 0.5;
    stars.x[i] = x;
    stars.y[i] = y;
    stars.flux[i] = values[at + o.flux] * step * scale * scale;
    stars.psfFlux[i] = values[at + o.psfFlux] * step * scale * scale;
    stars.snr[i] = values[at + o.snr];
    stars.hfr[i] = values[at + o.hfr] * scale;
    stars.sky[i] =
      plane.sky === null ? black + step * values[at + o.sky] : skyAt(frame.mesh, x, y) + step * (values[at + o.sky] - plane.sky);
    stars.ringRatio[i] = values[at + o.ringRatio];
    stars.peak[i] = peakCount(frame, plane, x, y, sigma, values[at + o.peak]);
    const shape = unwindow(values[at + o.mxx], values[at + o.myy], values[at + o.mxy], sigma);
    stars.fwhm[i] = shape.fwhm * scale;
    stars.e1[i] = shape.e1;
    stars.e2[i] = shape.e2;
    const flags = values[at + o.flags];
    stars.flags[i] =
      (stars.peak[i] >= frame.ceilingCount ? STAR.saturated : 0) |
      (flags & (MEASURED.border | MEASURED.hole) ? STAR.border : 0) |
      (flags & MEASURED.wandered ? STAR.wandered | STAR.blended : 0);
  }
  return stars;
}

/** Binning hides single saturated pixels: then the frame itself is asked. */
function peakCount(frame: PreparedFrame, plane: PlaneLevel, x: number, y: number, sigma: number, peak: number): number {
  if (plane.scale === 1) return Math.min(65535, peak);
  const reach = Math.ceil(1.5 * sigma * plane.scale);
  return frame.kernels.call.peakAround(frame.pixels, frame.width, frame.height, Math.round(x), Math.round(y), reach);
}

/**
 * Second moments of the star itself from those seen through a Gaussian window: for a Gaussian star the inverse matrices
 * subtract, M^-1 = Mw^-1 - 1/sigma^2; then the pixel's share goes. FWHM is of the geometric mean; 0 where the star is wider than the window can tell.
 */
function unwindow(mxx: number, myy: number, mxy: number, sigma: number): { fwhm: number; e1: number; e2: number } {
  const nothing = { fwhm: 0, e1: 0, e2: 0 };
  const det = mxx * myy - mxy * mxy;
  if (!(det > 0) || !(mxx > 0)) return nothing;
  const w = 1 / (sigma * sigma);
  const ixx = myy / det - w;
  const iyy = mxx / det - w;
  const ixy = -mxy / det;
  const inverseDet = ixx * iyy - ixy * ixy;
  // Wider than three windows: the difference of the inverses is only noise.
  if (!(ixx > 0.1 * w) || !(iyy > 0.1 * w) || !(inverseDet > 0)) return nothing;
  const [xx, yy, xy] = [iyy / inverseDet - PIXEL_VARIANCE, ixx / inverseDet - PIXEL_VARIANCE, -ixy / inverseDet];
  const area = xx * yy - xy * xy;
  if (!(xx > 0) || !(area > 0)) return nothing;
  return {
    fwhm: FWHM_OF_SIGMA * area ** 0.25,
    e1: (xx - yy) / (xx + yy),
    e2: (2 * xy) / (xx + yy),
  };
}
