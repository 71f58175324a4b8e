import { type CellMap, GRID_COLUMNS, GRID_ROWS } from "../../shared/domain.ts";
import type { NightFrame } from "./groups.ts";
import { median, spread } from "./robust.ts";

/** What the sky of one frame shows beyond what the group's frames have in common (vignetting, nebula, glow of the place). */
export interface SkyEvidence {
  /** Largest over least sky across the field after the group's own pattern is taken out; 1 = flat. Pedestal removed. */
  gradientRatio: number;
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

/** The pattern that good frames of one orientation share: cell sky over the frame's own level, above the pedestal. */
function skyPattern(frames: readonly NightFrame[], pedestal: number): number[] | null {
  if (frames.length < 5) return null;
  const shapes = frames.map((frame) => relativeCells(frame, pedestal));
  return Array.from({ length: CELLS }, (_, cell) => {
    const values = shapes.map((shape) => shape[cell]).filter((value): value is number => value !== null);
    return median(values) ?? 1;
  });
}

function relativeCells(frame: NightFrame, pedestal: number): CellMap {
  const { cells, level } = frame.measurement.background;
  const sky = Math.max(level - pedestal, 1e-9);
  return cells.map((value) => (value === null ? null : (value - pedestal) / sky));
}

/** Residuals of one frame about pattern + plane, as a share of its sky. */
function residuals(frame: NightFrame, pedestal: number, pattern: readonly number[]): { rest: CellMap; plane: [number, number] } {
  const shape = relativeCells(frame, pedestal);
  const rest: CellMap = shape.map((value, cell) => (value === null ? null : value - pattern[cell]));
  const plane = robustPlane(rest);
  return {
    rest: rest.map((value, cell) => (value === null ? null : value - plane[0] - plane[1] * CELL_X[cell] - plane[2] * CELL_Y[cell])),
    plane: [plane[1], plane[2]],
  };
}

/** Plane by iteratively reweighted least squares (Tukey's biweight): a few raised or darkened cells do not tilt it. */
function robustPlane(values: CellMap): [number, number, number] {
  let plane: [number, number, number] = [median(values.filter((value): value is number => value !== null)) ?? 0, 0, 0];
  for (let round = 0; round < 8; round++) {
    const rest = values.map((value, cell) =>
      value === null ? Number.NaN : value - plane[0] - plane[1] * CELL_X[cell] - plane[2] * CELL_Y[cell],
    );
    const scale = Math.max(1e-6, 1.4826 * (median(rest.map(Math.abs)) ?? 0)) * 4.685;
    const weights = rest.map((r) => (Number.isFinite(r) && Math.abs(r) < scale ? (1 - (r / scale) ** 2) ** 2 : 0));
    const next = weightedPlane(values, weights);
    if (!next) return plane;
    plane = next;
  }
  return plane;
}

function weightedPlane(values: CellMap, weights: readonly number[]): [number, number, number] | null {
  const m = [0, 0, 0, 0, 0, 0];
  const v = [0, 0, 0];
  values.forEach((value, cell) => {
    if (value === null || weights[cell] === 0) return;
    const w = weights[cell];
    const x = CELL_X[cell];
    const y = CELL_Y[cell];
    m[0] += w;
    m[1] += w * x;
    m[2] += w * y;
    m[3] += w * x * x;
    m[4] += w * x * y;
    m[5] += w * y * y;
    v[0] += w * value;
    v[1] += w * value * x;
    v[2] += w * value * y;
  });
  const det = m[0] * (m[3] * m[5] - m[4] * m[4]) - m[1] * (m[1] * m[5] - m[4] * m[2]) + m[2] * (m[1] * m[4] - m[3] * m[2]);
  if (Math.abs(det) < 1e-9) return null;
  const solve = (a: number, b: number, c: number): number =>
    (a * (m[3] * m[5] - m[4] * m[4]) - m[1] * (b * m[5] - m[4] * c) + m[2] * (b * m[4] - m[3] * c)) / det;
  const p1 = (m[0] * (v[1] * m[5] - m[4] * v[2]) - v[0] * (m[1] * m[5] - m[4] * m[2]) + m[2] * (m[1] * v[2] - v[1] * m[2])) / det;
  const p2 = (m[0] * (m[3] * v[2] - v[1] * m[4]) - m[1] * (m[1] * v[2] - v[1] * m[2]) + v[0] * (m[1] * m[4] - m[3] * m[2])) / det;
  return [solve(v[0], v[1], v[2]), p1, p2];
}

/**
 * Sky evidence of frames that share one pattern. `scatter` per cell comes from the good frames themselves, with floors of
 * .4 % of the sky and a quarter of the pixel noise, under which mesh values are not reproducible.
 */
export function measureSky(frames: readonly NightFrame[], good: readonly NightFrame[], pedestal: number): Map<string, SkyEvidence> {
  const out = new Map<string, SkyEvidence>();
  const pattern = skyPattern(good, pedestal);
  const calm = pattern ? good.map((frame) => residuals(frame, pedestal, pattern).rest) : [];
  const scatter = Array.from({ length: CELLS }, (_, cell) => {
    const values = calm.map((rest) => rest[cell]).filter((value): value is number => value !== null);
    return spread(values, median(values) ?? 0);
  });
  for (const frame of frames) {
    const { level, noise, cells } = frame.measurement.background;
    const sky = Math.max(level - pedestal, 1e-9);
    const floor = Math.max(0.004, (0.25 * noise) / sky);
    if (!pattern) {
      const empty: CellMap = cells.map(() => null);
      out.set(frame.id, { gradientRatio: 1, sky, cellZ: empty, cellRise: empty, cellScatter: cells.map(() => floor) });
      continue;
    }
    const { rest, plane } = residuals(frame, pedestal, pattern);
    const reach = Math.abs(plane[0]) + Math.abs(plane[1]);
    out.set(frame.id, {
      gradientRatio: reach < 0.95 ? (1 + reach) / (1 - reach) : 40,
      sky,
      cellZ: rest.map((value, cell) => (value === null ? null : value / Math.max(scatter[cell], floor))),
      cellRise: rest,
      cellScatter: scatter.map((value) => Math.max(value, floor)),
    });
  }
  return out;
}
