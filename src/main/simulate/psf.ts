/**
 * The image of a star: a Moffat profile of the seeing, widened by defocus (the telescope's pupil, a ring when it is
 * obstructed) and by the path the star took over the sensor during the exposure.
 */
export interface PsfShape {
  /** Of the seeing, px. */
  fwhm: number;
  beta: number;
  /** Axis ratio of the seeing disk (1 round) and the direction of its major axis, degrees from +x towards +y. */
  axisRatio: number;
  angle: number;
  /** Diameter of the defocused pupil, px, and of its hole as a share. */
  defocus: number;
  obstruction: number;
  /** How far the field's rotation carries a star in the corner about the frame's centre, px. */
  rotation: number;
  /** Motions during the exposure, all at once (periodic error and a gust and a comatic tail); none is "stood still". */
  motions: readonly Motion[];
}

/** Where a star stood and for what share of the time: px from its mean place, shares sum to 1. */
export type Motion = readonly PathPoint[];

export interface PathPoint {
  x: number;
  y: number;
  share: number;
}

/** A PSF sampled `oversample` times per pixel on a square of side 2 reach + 1, centred; densities per px^2. */
export interface PsfSamples {
  oversample: number;
  reach: number;
  side: number;
  density: Float32Array;
}

/**
 * PSF integrated over pixels, at every phase of `oversample` steps per pixel. Sub-pixel positions are whole steps, so a
 * rendered star stands exactly where its truth says.
 */
export interface PsfTable {
  oversample: number;
  /** Pixels from the star's own to the stamp's edge. */
  radius: number;
  side: number;
  /** Flux in the pixel whose centre lies (column, row) steps from the star, (0, 0) at [(side-1)/2]. */
  integrated: Float32Array;
  shape: PsfShape;
}

/** Moffat 1969: density per px^2 for unit flux at r^2 in units of alpha^2, where FWHM = 2 alpha sqrt(2^(1/beta) - 1). */
export const moffatAlpha = (fwhm: number, beta: number): number => fwhm / (2 * Math.sqrt(2 ** (1 / beta) - 1));

/** Density of the undisturbed profile far from the centre, where neither defocus nor motion matter; per px^2. */
export function wingDensity(shape: PsfShape, distanceSquared: number): number {
  const alpha = moffatAlpha(shape.fwhm, shape.beta);
  return ((shape.beta - 1) / (Math.PI * alpha * alpha)) * (1 + distanceSquared / (alpha * alpha)) ** -shape.beta;
}

/** Flux of unit star beyond `radius` px. */
export const fluxBeyond = (shape: PsfShape, radius: number): number =>
  (1 + (radius / moffatAlpha(shape.fwhm, shape.beta)) ** 2) ** (1 - shape.beta);

/** Rough extent of everything that widens the star beyond the seeing, px. */
export function blurExtent(shape: PsfShape): number {
  return motionExtent(shape) + shape.defocus / 2;
}

/** Farthest that all motions together carry a star from its mean place, px. */
export function motionExtent(shape: PsfShape): number {
  let reach = 0;
  for (const motion of shape.motions) reach += motion.reduce((far, point) => Math.max(far, Math.hypot(point.x, point.y)), 0);
  return reach;
}

/** Samples per pixel for a width: a FWHM gets about 24, which makes areas good to 0.3 %. */
function oversampleFor(width: number): number {
  const wanted = 24 / width;
  return wanted > 10 ? 16 : wanted > 5.6 ? 8 : wanted > 2.8 ? 4 : 2;
}

/** Below this share of the seeing, defocus only widens the profile and its ring cannot be seen. */
const SLIGHT_DEFOCUS = 0.35;

export function samplePsf(shape: PsfShape): PsfSamples {
  const extent = blurExtent(shape);
  const oversample = oversampleFor(Math.min(shape.fwhm, 24) + 0.5 * extent);
  const radius = Math.ceil(Math.max(5, 4.5 * shape.fwhm) + extent);
  const reach = radius * oversample;
  const side = 2 * reach + 1;
  const slight = shape.defocus < SLIGHT_DEFOCUS * shape.fwhm;
  // A uniform disk of diameter D has the variance D^2/16 along each axis.
  const softened = slight ? { ...shape, fwhm: Math.hypot(shape.fwhm, (2.3548 * shape.defocus) / 4) } : shape;
  const sharp = moffatSamples(softened, reach, oversample);
  const moved = shape.motions.reduce((image, motion) => alongPath(image, side, motion, oversample), sharp);
  const density = slight ? moved : throughPupil(moved, side, shape, oversample);
  return { oversample, reach, side, density };
}

function moffatSamples(shape: PsfShape, reach: number, oversample: number): Float32Array {
  const side = 2 * reach + 1;
  const alpha = moffatAlpha(shape.fwhm, shape.beta);
  const peak = (shape.beta - 1) / (Math.PI * alpha * alpha);
  const cosine = Math.cos((shape.angle * Math.PI) / 180);
  const sine = Math.sin((shape.angle * Math.PI) / 180);
  // The geometric mean of the axes stays the FWHM: major grows as minor shrinks.
  const major = 1 / (alpha / Math.sqrt(shape.axisRatio)) ** 2;
  const minor = 1 / (alpha * Math.sqrt(shape.axisRatio)) ** 2;
  const density = new Float32Array(side * side);
  const power = powerTable(shape.beta);
  for (let row = 0; row <= reach; row++) {
    const y = (row - reach) / oversample;
    for (let column = 0; column < side; column++) {
      const x = (column - reach) / oversample;
      const u = x * cosine + y * sine;
      const v = y * cosine - x * sine;
      const value = peak * power(u * u * major + v * v * minor);
      density[row * side + column] = value;
      density[(side - 1 - row) * side + (side - 1 - column)] = value;
    }
  }
  return density;
}

/** (1 + q)^-beta through a table in log2(1 + q): good to 1e-6, ten times faster than pow. */
function powerTable(beta: number): (q: number) => number {
  const perOctave = 256;
  const table = Float64Array.from({ length: 24 * perOctave + 2 }, (_, i) => 2 ** ((-beta * i) / perOctave));
  return (q: number) => {
    const position = Math.min(24 * perOctave, Math.log2(1 + q) * perOctave);
    const index = Math.floor(position);
    const low = table[index];
    return low + (table[index + 1] - low) * (position - index);
  };
}

/** Spreads the image along the path: each distinct step offset is added once, with its share of the time. */
function alongPath(source: Float32Array, side: number, path: Motion, oversample: number): Float32Array {
  const shares = new Map<string, PathPoint>();
  for (const point of path) {
    const x = Math.round(point.x * oversample);
    const y = Math.round(point.y * oversample);
    const key = `${x},${y}`;
    shares.set(key, { x, y, share: (shares.get(key)?.share ?? 0) + point.share });
  }
  const target = new Float32Array(side * side);
  for (const { x, y, share } of shares.values()) {
    for (let row = Math.max(0, y); row < Math.min(side, side + y); row++) {
      const from = (row - y) * side - x;
      const end = row * side + Math.min(side, side + x);
      for (let i = row * side + Math.max(0, x), j = from + Math.max(0, x); i < end; i++, j++) target[i] += share * source[j];
    }
  }
  return target;
}

/** Convolution with the pupil's shadow: a disk less its hole, by running sums along rows. */
function throughPupil(source: Float32Array, side: number, shape: PsfShape, oversample: number): Float32Array {
  const outer = 0.5 * shape.defocus * oversample;
  const inner = outer * shape.obstruction;
  const sums = new Float64Array(side * (side + 1));
  for (let row = 0; row < side; row++) {
    let sum = 0;
    for (let column = 0; column < side; column++) {
      sum += source[row * side + column];
      sums[row * (side + 1) + column + 1] = sum;
    }
  }
  const chords = [...diskChords(outer, 1), ...diskChords(inner, -1)];
  let area = 0;
  for (const { half, sign } of chords) area += 2 * half * sign;
  const target = new Float32Array(side * side);
  for (const { row: shift, half, sign } of chords) {
    const weight = sign / area;
    const whole = Math.floor(half + 0.5);
    const rest = whole > 0 ? half + 0.5 - whole : 2 * half;
    for (let row = Math.max(0, shift); row < Math.min(side, side + shift); row++) {
      const base = (row - shift) * (side + 1);
      for (let column = 0; column < side; column++) {
        const left = Math.max(0, Math.min(side, column - whole + 1));
        const right = Math.max(0, Math.min(side, column + whole));
        const wider = sums[base + (right < side ? right + 1 : side)] - sums[base + (left > 0 ? left - 1 : 0)];
        const inside = right > left ? sums[base + right] - sums[base + left] : 0;
        target[row * side + column] += weight * (inside + rest * (wider - inside));
      }
    }
  }
  return target;
}

/** Half lengths of a disk's chords, averaged within each row so that rows and columns are treated alike. */
function diskChords(radius: number, sign: number): { row: number; half: number; sign: number }[] {
  const chords: { row: number; half: number; sign: number }[] = [];
  if (radius < 0.5) return chords;
  for (let row = -Math.ceil(radius); row <= Math.ceil(radius); row++) {
    let half = 0;
    for (let part = 0; part < 16; part++) {
      const y = row + (part + 0.5) / 16 - 0.5;
      half += Math.sqrt(Math.max(0, radius * radius - y * y)) / 16;
    }
    if (half > 0) chords.push({ row, half, sign });
  }
  return chords;
}

/** Integrates the samples over pixels for every phase. */
export function integratePsf(shape: PsfShape, samples: PsfSamples = samplePsf(shape)): PsfTable {
  const { oversample, side, density, reach } = samples;
  // A pixel spans `oversample` samples; with an even count its ends fall between samples, which takes half of each.
  const across = boxSum(density, side, oversample, 1, side);
  const integrated = boxSum(across, side, oversample, side, 1);
  const scale = 1 / (oversample * oversample);
  for (let i = 0; i < integrated.length; i++) integrated[i] *= scale;
  const radius = Math.floor((reach - oversample / 2) / oversample) - 1;
  return { oversample, radius, side, integrated, shape };
}

function boxSum(source: Float32Array, side: number, width: number, step: number, lineStep: number): Float32Array {
  const target = new Float32Array(side * side);
  const half = width >> 1;
  for (let line = 0; line < side; line++) {
    const base = line * lineStep;
    let sum = 0;
    for (let i = 0; i < Math.min(side, half); i++) sum += source[base + i * step];
    for (let i = 0; i < side; i++) {
      const entering = i + half < side ? source[base + (i + half) * step] : 0;
      const leaving = i - half >= 0 ? source[base + (i - half) * step] : 0;
      sum += entering;
      target[base + i * step] = sum - 0.5 * (entering + leaving);
      sum -= leaving;
    }
  }
  return target;
}
