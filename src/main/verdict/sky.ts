import { type CellMap, GRID_COLUMNS, GRID_ROWS } from "../../shared/domain.ts";
import type { NightFrame } from "./groups.ts";
import { median, quantileInPlace, spread } from "./robust.ts";

/** What the sky of one frame shows beyond what the group's frames have in common (vignetting, nebula, glow of the place). */
export interface SkyEvidence {
  /**
   * Bright over dark sky across the field after the group's own pattern is taken out, pedestal removed: the fourth brightest of
   * the 48 cells over the fourth darkest; 1 = flat.
   */
  gradientRatio: number;
  /** Whether the dark end stands out more than the bright one: something hides sky rather than lights it. */
  darkened: boolean;
  /** Sky above the pedestal, ADU. */
  sky: number;
  /** Residual per cell after the pattern and a plane, in units of the group's own scatter there. */
  cellZ: CellMap;
  /** The same residual as a share of the sky above the pedestal. */
  cellRise: CellMap;
  /** What that repeats to among good frames, 1 sigma. */
  cellScatter: number[];
}

const CELLS = GRID_COLUMNS * GRID_ROWS;
/** Position of a cell's centre, -1..1. */
const CELL_X = Array.from({ length: CELLS }, (_, cell) => ((cell % GRID_COLUMNS) + 0.5) / (GRID_COLUMNS / 2) - 1);
const CELL_Y = Array.from({ length: CELLS }, (_, cell) => (Math.floor(cell / GRID_COLUMNS) + 0.5) / (GRID_ROWS / 2) - 1);

/**
 * The pedestal (bias and offset, ADU) under the group's sky. Photon noise tells: variance = read noise^2 + sky/gain, so
 * level - gain * variance cannot lie under the pedestal (photon transfer, Janesick 2001); without e-/ADU in the header the
 * slope of level against variance over the night serves when the sky varied enough; else no pedestal is assumed.
 */
export function estimatePedestal(frames: readonly NightFrame[]): number {
  const levels = frames.map((frame) => frame.measurement.background.level);
  const variances = frames.map((frame) => frame.measurement.background.noise ** 2);
  const least = Math.min(...levels);
  const known = frames.map((frame) => frame.summary.metadata.electronsPerAdu).filter((gain): gain is number => gain !== null && gain > 0);
  const binned = frames[0]?.measurement.sampling ?? 1;
  let slope: number | null = null;
  // A superpixel's noise is that of a sum of pixels expressed per pixel; only plain pixels obey the header's gain directly.
  if (known.length === frames.length && binned === 1) slope = median(known);
  const spanOfLevels = Math.max(...levels) - least;
  if (slope === null && frames.length >= 8 && spanOfLevels > 0.1 * least) slope = regress(variances, levels);
  if (slope === null || slope <= 0) return 0;
  const pedestal = median(levels.map((level, i) => level - slope * variances[i])) ?? 0;
  return Math.min(Math.max(0, pedestal), 0.98 * least);
}

function regress(x: readonly number[], y: readonly number[]): number | null {
  const mx = x.reduce((a, b) => a + b, 0) / x.length;
  const my = y.reduce((a, b) => a + b, 0) / y.length;
  let xx = 0;
  let xy = 0;
  for (let i = 0; i < x.length; i++) {
    xx += (x[i] - mx) ** 2;
    xy += (x[i] - mx) * (y[i] - my);
  }
  return xx > 0 ? xy / xx : null;
}

/** The sky of one frame above the pedestal: its level (ADU), and that of its cells as shares of it, NaN where nothing was measured. */
export interface FrameSky {
  sky: number;
  /** Pixel noise as a share of the sky. */
  noise: number;
  cells: Float64Array;
}

export function skyOver(pedestal: number, { measurement }: NightFrame): FrameSky {
  const { cells, level, noise } = measurement.background;
  const sky = Math.max(level - pedestal, 1e-9);
  const shares = new Float64Array(CELLS).fill(Number.NaN);
  cells.forEach((value, cell) => {
    if (value !== null) shares[cell] = (value - pedestal) / sky;
  });
  return { sky, noise: noise / sky, cells: shares };
}

/** Medians of each cell, without the frames where nothing was measured. */
function cellMedians(maps: readonly Float64Array[], none: number): Float64Array {
  const values = new Float64Array(maps.length);
  return Float64Array.from({ length: CELLS }, (_, cell) => {
    const count = gather(values, maps, cell);
    return count === 0 ? none : quantileInPlace(values, 0, count, 0.5);
  });
}

function gather(into: Float64Array, maps: readonly Float64Array[], cell: number): number {
  let count = 0;
  for (const map of maps) if (Number.isFinite(map[cell])) into[count++] = map[cell];
  return count;
}

/** Residuals of one frame about pattern + plane, as a share of its sky. */
function residuals({ cells }: FrameSky, pattern: Float64Array): Float64Array {
  const rest = cells.map((value, cell) => value - pattern[cell]);
  const plane = robustPlane(rest);
  subtractPlane(rest, rest, plane);
  return rest;
}

type Plane = [middle: number, alongX: number, alongY: number];

function subtractPlane(out: Float64Array, values: Float64Array, plane: Plane): void {
  for (let cell = 0; cell < CELLS; cell++) out[cell] = values[cell] - plane[0] - plane[1] * CELL_X[cell] - plane[2] * CELL_Y[cell];
}

/** Plane by iteratively reweighted least squares (Tukey's biweight): a few raised or darkened cells do not tilt it. */
function robustPlane(values: Float64Array): Plane {
  let plane: Plane = [median(values) ?? 0, 0, 0];
  const rest = new Float64Array(CELLS);
  const weights = new Float64Array(CELLS);
  for (let round = 0; round < 8; round++) {
    subtractPlane(rest, values, plane);
    const scale = Math.max(1e-6, spread(rest, 0)) * 4.685;
    for (let cell = 0; cell < CELLS; cell++) weights[cell] = Math.abs(rest[cell]) < scale ? (1 - (rest[cell] / scale) ** 2) ** 2 : 0;
    const next = weightedPlane(values, weights);
    if (!next) return plane;
    plane = next;
  }
  return plane;
}

function weightedPlane(values: Float64Array, weights: Float64Array): Plane | null {
  const m = new Float64Array(6);
  const v = new Float64Array(3);
  for (let cell = 0; cell < CELLS; cell++) {
    const w = weights[cell];
    if (w === 0) continue;
    const x = CELL_X[cell];
    const y = CELL_Y[cell];
    m[0] += w;
    m[1] += w * x;
    m[2] += w * y;
    m[3] += w * x * x;
    m[4] += w * x * y;
    m[5] += w * y * y;
    v[0] += w * values[cell];
    v[1] += w * values[cell] * x;
    v[2] += w * values[cell] * y;
  }
  const det = m[0] * (m[3] * m[5] - m[4] * m[4]) - m[1] * (m[1] * m[5] - m[4] * m[2]) + m[2] * (m[1] * m[4] - m[3] * m[2]);
  if (Math.abs(det) < 1e-9) return null;
  const solve = (a: number, b: number, c: number): number =>
    (a * (m[3] * m[5] - m[4] * m[4]) - m[1] * (b * m[5] - m[4] * c) + m[2] * (b * m[4] - m[3] * c)) / det;
  const p1 = (m[0] * (v[1] * m[5] - m[4] * v[2]) - v[0] * (m[1] * m[5] - m[4] * m[2]) + m[2] * (m[1] * v[2] - v[1] * m[2])) / det;
  const p2 = (m[0] * (m[3] * v[2] - v[1] * m[4]) - m[1] * (m[1] * v[2] - v[1] * m[2]) + v[0] * (m[1] * m[4] - m[3] * m[2])) / det;
  return [solve(v[0], v[1], v[2]), p1, p2];
}

/**
 * Sky evidence of frames that share one pattern, in their order; `good` tells which of them make it: cell sky over the frame's own
 * level. The scatter per cell comes from them too, with floors of .4 % of the sky and a quarter of the pixel noise, under which
 * mesh values are not reproducible.
 */
export function measureSky(frames: readonly FrameSky[], good: readonly boolean[]): SkyEvidence[] {
  const calm = frames.filter((_, index) => good[index]);
  if (calm.length < LEAST_PATTERN) return frames.map(withoutPattern);
  const pattern = cellMedians(
    calm.map((frame) => frame.cells),
    1,
  );
  const found = frames.map((frame) => residuals(frame, pattern));
  const scatter = cellScatter(found.filter((_, index) => good[index]));
  return frames.map((frame, index) => {
    const rest = found[index];
    const floor = floorOf(frame);
    const cellRise: CellMap = [];
    for (const value of rest) cellRise.push(Number.isFinite(value) ? value : null);
    return {
      ...gradientOf(frame, pattern),
      sky: frame.sky,
      cellZ: cellRise.map((value, cell) => (value === null ? null : value / Math.max(scatter[cell], floor))),
      cellRise,
      cellScatter: Array.from(scatter, (value) => Math.max(value, floor)),
    };
  });
}

const LEAST_PATTERN = 5;
/** From either end of the sorted cells: one or two may hold a galaxy or lack a mesh tile. */
const FROM_END = 3;
const STEEPEST = 40;

function gradientOf({ cells }: FrameSky, pattern: ArrayLike<number>): Pick<SkyEvidence, "gradientRatio" | "darkened"> {
  const sorted = cells
    .map((value, cell) => value / pattern[cell])
    .filter(Number.isFinite)
    .sort();
  if (sorted.length < 4 * FROM_END) return { gradientRatio: 1, darkened: false };
  const bright = sorted[sorted.length - 1 - FROM_END];
  const dark = sorted[FROM_END];
  const middle = sorted[sorted.length >> 1];
  if (dark < bright / STEEPEST) return { gradientRatio: STEEPEST, darkened: true };
  return { gradientRatio: bright / dark, darkened: middle / dark > bright / middle };
}

function floorOf({ noise }: FrameSky): number {
  return Math.max(0.004, 0.25 * noise);
}

function withoutPattern(frame: FrameSky): SkyEvidence {
  const empty: CellMap = new Array<null>(CELLS).fill(null);
  return {
    gradientRatio: 1,
    darkened: false,
    sky: frame.sky,
    cellZ: empty,
    cellRise: empty,
    cellScatter: new Array<number>(CELLS).fill(floorOf(frame)),
  };
}

function cellScatter(calm: readonly Float64Array[]): Float64Array {
  const centres = cellMedians(calm, 0);
  const values = new Float64Array(calm.length);
  return centres.map((centre, cell) => spread(values.subarray(0, gather(values, calm, cell)), centre));
}
