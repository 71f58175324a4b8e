import { noiseAt, skyAt } from "./background.ts";
import type { PreparedFrame } from "./prepared.ts";

/**
 * A nearly straight path through the frame, in measured pixels. `flat` paths advance along x and say y, steep ones the
 * other way round. At main coordinate `begin` the path is at `q0`, at `end` at `q1`, and between them it bows by `bow`.
 */
export interface TrailPath {
  flat: boolean;
  begin: number;
  end: number;
  q0: number;
  q1: number;
  bow: number;
}

export function pathAt(path: TrailPath, main: number): number {
  const t = (main - path.begin) / (path.end - path.begin);
  return path.q0 + (path.q1 - path.q0) * t + 4 * path.bow * t * (1 - t);
}

/** Cosine of the angle between the path and its main axis: a distance along the other axis times this is perpendicular. */
export function pathCosine(path: TrailPath): number {
  return 1 / Math.hypot(1, (path.q1 - path.q0) / (path.end - path.begin));
}

export function pathBetween(from: [number, number], to: [number, number]): TrailPath {
  const flat = Math.abs(to[0] - from[0]) > Math.abs(to[1] - from[1]);
  const [a, b] = flat ? [from, to] : [swap(from), swap(to)];
  const [first, last] = a[0] <= b[0] ? [a, b] : [b, a];
  const end = Math.max(last[0], first[0] + 1);
  return { flat, begin: first[0], end, q0: first[1], q1: last[1], bow: 0 };
}

const swap = ([x, y]: [number, number]): [number, number] => [y, x];

/** A point of the path as (x, y). */
export function pathPoint(path: TrailPath, main: number): [x: number, y: number] {
  const q = pathAt(path, main);
  return path.flat ? [main, q] : [q, main];
}

/**
 * Pixels beside a path, above the local sky in units of its noise: row by row, 2 half + 1 across. A row of the strip is `group`
 * rows of the frame added up and divided by sqrt(group), so that its noise is 1 and a trail's amplitude sqrt(group) larger.
 */
export interface TrailStrip {
  /** Main coordinate of the first row. */
  first: number;
  group: number;
  rows: number;
  half: number;
  values: Float32Array;
  /** Highest pixel of every row within 3 px of the path, stars included. */
  tops: Float32Array;
  /** Mean sky noise, ADU. */
  noise: number;
  /** Share of the pixels that were hidden as stars. */
  hidden: number;
}

/** Main coordinate at which a row of the strip begins. */
export function mainOfRow(strip: TrailStrip, row: number): number {
  return strip.first + row * strip.group;
}

/** Sky and noise are interpolated anew every so many rows of the frame, as the kernel has it. */
const SKY_STEP = 32;
/** Long paths are grouped to no more than about twice this many rows. */
const ROWS = 1000;

/**
 * Reads the strip for main coordinates `first` .. `last`; pixels outside the frame or without data are 0, stars too when
 * `withoutStars` (for faint trails: of a bright one, flashes would be taken for stars).
 */
export function readStrip(
  frame: PreparedFrame,
  path: TrailPath,
  first: number,
  last: number,
  half: number,
  withoutStars: boolean,
): TrailStrip {
  const { kernels } = frame;
  const mark = kernels.mark();
  const length = Math.max(1, last - first + 1);
  const group = Math.max(1, Math.floor(length / ROWS));
  const rows = Math.floor(length / group);
  const across = 2 * half + 1;
  const middles = kernels.take(4 * length);
  const sky = kernels.take(16 * Math.ceil(length / SKY_STEP));
  const out = kernels.take(4 * rows * across);
  const middle = kernels.i32(middles, length);
  for (let r = 0; r < length; r++) middle[r] = Math.round(pathAt(path, first + r));
  const blocks = kernels.f32(sky, 4 * Math.ceil(length / SKY_STEP));
  let noise = 0;
  for (let block = 0; block < blocks.length / 4; block++) {
    const centre = Math.min(last, first + block * SKY_STEP + SKY_STEP / 2);
    const local = localSky(frame, path, centre, half);
    blocks.set([local.middle, local.tilt, local.curve, 1 / (local.noise * Math.sqrt(group))], 4 * block);
    noise += (local.noise * frame.step) / (blocks.length / 4);
  }
  const limit = path.flat ? frame.height : frame.width;
  const stride = path.flat ? frame.width : 1;
  const advance = path.flat ? 1 : frame.width;
  kernels.call.trailStrip(frame.pixels + 2 * first * advance, limit, stride, advance, rows * group, half, middles, sky, group, out);
  const values = kernels.f32(out, rows * across).slice();
  kernels.release(mark);
  const strip: TrailStrip = { first, group, rows, half, values, tops: topsOf(values, rows, half), noise, hidden: 0 };
  if (withoutStars) strip.hidden = hideStars(strip) / values.length;
  return strip;
}

function topsOf(values: Float32Array, rows: number, half: number): Float32Array {
  const across = 2 * half + 1;
  const tops = new Float32Array(rows);
  for (let r = 0; r < rows; r++) {
    for (let c = Math.max(0, half - 3); c <= Math.min(across - 1, half + 3); c++) tops[r] = Math.max(tops[r], values[r * across + c]);
  }
  return tops;
}

/** Pixels above this many sigma are stars, if the strip is dark before and behind them. */
const STAR = 4;

/**
 * Sets stars to the sky. A trail's pixel has its like some way before or behind it along the path, a star's has not. What is
 * left of a bright star's wings makes lines of a dense field scatter, so the brighter it is, the more is hidden. Returns how much.
 */
function hideStars(strip: TrailStrip): number {
  const { rows, half, values, group } = strip;
  const across = 2 * half + 1;
  const away = Math.max(3, Math.ceil(10 / group));
  const stars: [row: number, column: number, reach: number][] = [];
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < across; c++) {
      const v = values[r * across + c];
      if (v < STAR || Math.max(highest(strip, r - away, c), highest(strip, r + away, c)) > 0.4 * v) continue;
      stars.push([r, c, 1 + Math.min(10, Math.log2(v / STAR) * 1.2)]);
    }
  }
  for (const [row, column, reach] of stars) {
    const rowReach = Math.ceil(reach / group);
    for (let r = Math.max(0, row - rowReach); r <= Math.min(rows - 1, row + rowReach); r++) {
      const from = Math.max(0, Math.ceil(column - reach));
      values.fill(0, r * across + from, r * across + Math.min(across, Math.floor(column + reach) + 1));
    }
  }
  let hidden = 0;
  for (const value of values) if (value === 0) hidden++;
  return hidden;
}

function highest(strip: TrailStrip, r: number, c: number): number {
  if (r < 0 || r >= strip.rows) return 0;
  const at = r * (2 * strip.half + 1);
  let most = strip.values[at + c];
  if (c > 0) most = Math.max(most, strip.values[at + c - 1]);
  if (c < 2 * strip.half) most = Math.max(most, strip.values[at + c + 1]);
  return most;
}

/** Sky in counts at distance c from the path: middle + tilt c + curve |c|; noise in counts. */
function localSky(frame: PreparedFrame, path: TrailPath, main: number, half: number) {
  const q = pathAt(path, main);
  const level = (c: number) => {
    const [x, y] = path.flat ? [main, q + c] : [q + c, main];
    return (skyAt(frame.mesh, x, y) - frame.black) / frame.step;
  };
  const [left, middle, right] = [level(-half), level(0), level(half)];
  const [x, y] = path.flat ? [main, q] : [q, main];
  const noise = Math.max(noiseAt(frame.mesh, x, y) / frame.step, 0.25);
  return { middle, tilt: (right - left) / (2 * half), curve: (right + left - 2 * middle) / (2 * half), noise };
}

/** The main coordinates for which the path is inside the frame, about the middle of its own stretch. */
export function insideFrame(frame: PreparedFrame, path: TrailPath): [first: number, last: number] {
  const length = path.flat ? frame.width : frame.height;
  const limit = path.flat ? frame.height : frame.width;
  const inside = (main: number) => {
    const q = pathAt(path, main);
    return q >= -0.5 && q <= limit - 0.5;
  };
  let first = Math.max(0, Math.min(length - 1, Math.round((path.begin + path.end) / 2)));
  let last = first;
  while (first > 0 && inside(first - 1)) first--;
  while (last < length - 1 && inside(last + 1)) last++;
  return [first, last];
}

/** Means over blocks of rows of the strip, each pixel clipped to +-clip: blocks x (2 half + 1). */
export function stripBlocks(strip: TrailStrip, rowsPerBlock: number, clip: number): Float32Array {
  const across = 2 * strip.half + 1;
  const blocks = Math.max(1, Math.floor(strip.rows / rowsPerBlock));
  const means = new Float32Array(blocks * across);
  for (let b = 0; b < blocks; b++) {
    const end = b === blocks - 1 ? strip.rows : (b + 1) * rowsPerBlock;
    const share = 1 / (end - b * rowsPerBlock);
    for (let r = b * rowsPerBlock; r < end; r++) {
      for (let c = 0; c < across; c++) {
        const v = strip.values[r * across + c];
        means[b * across + c] += Math.min(clip, Math.max(v, -clip)) * share;
      }
    }
  }
  return means;
}
