import { noiseAt, skyAt } from "./background.ts";
import type { Kernels } from "./kernels/kernels.ts";
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

/** What is known of the pixels beside a path when they themselves are given up. */
export interface TrailStrip {
  /** Main coordinate of the first row. */
  first: number;
  /** Rows of the frame in one of the strip: added up and divided by sqrt(group), so that noise is 1 and a trail sqrt(group) higher. */
  group: number;
  rows: number;
  half: number;
  /** Highest pixel of every row within 3 px of the path, stars included. */
  tops: Float32Array;
  /** Mean sky noise, ADU. */
  noise: number;
  /** Share of the pixels that were hidden as stars. */
  hidden: number;
}

/**
 * Pixels beside a path, above the local sky in units of its noise: f32 in the kernels' memory at `values`, row by row, 2 half + 1
 * across in rows of `pitch`.
 */
export interface StripPixels extends TrailStrip {
  kernels: Kernels;
  values: number;
  pitch: number;
}

/** Rows of a strip, the second not included. */
export type RowRange = [from: number, to: number];

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
 * `hide` (for faint trails: of a bright one, flashes would be taken for stars). The pixels stay in the kernels' memory until
 * the caller gives it back.
 */
export function readStrip(frame: PreparedFrame, path: TrailPath, first: number, last: number, half: number, hide: boolean): StripPixels {
  const { kernels } = frame;
  const length = Math.max(1, last - first + 1);
  const group = Math.max(1, Math.floor(length / ROWS));
  const rows = Math.floor(length / group);
  const pitch = (2 * half + 4) & ~3;
  const values = kernels.take(4 * rows * pitch + 16);
  const mark = kernels.mark();
  const raw = hide ? kernels.take(4 * rows * pitch) : values;
  const noise = readRows(frame, path, { first, every: 1, rows, group, half, pitch }, raw);
  const tops = topsOf(kernels.f32(raw, rows * pitch), rows, half, pitch);
  const hidden = hide ? hideStars(kernels, raw, rows, half, pitch, group, values) : 0;
  kernels.release(mark);
  return { first, group, rows, half, tops, noise, hidden, kernels, values, pitch };
}

/** About `rows` rows spread over main coordinates `first` .. `last`, with their stars: enough to see how wide something is. */
export function sampleStrip(frame: PreparedFrame, path: TrailPath, first: number, last: number, half: number, rows: number): StripPixels {
  const { kernels } = frame;
  const every = Math.max(1, Math.floor((last - first + 1) / rows));
  const count = Math.max(1, Math.floor((last - first + 1) / every));
  const pitch = (2 * half + 4) & ~3;
  const values = kernels.take(4 * count * pitch + 16);
  const mark = kernels.mark();
  const noise = readRows(frame, path, { first, every, rows: count, group: 1, half, pitch }, values);
  kernels.release(mark);
  return { first, group: every, rows: count, half, tops: new Float32Array(count), noise, hidden: 0, kernels, values, pitch };
}

/** Which rows of the frame to read: from `first`, `every` so many main coordinates, `rows` times `group` of them. */
interface RowChoice {
  first: number;
  every: number;
  rows: number;
  group: number;
  half: number;
  pitch: number;
}

/** Reads rows beside a path into `out`; returns the mean sky noise, ADU. Takes scratch. */
function readRows(frame: PreparedFrame, path: TrailPath, choice: RowChoice, out: number): number {
  const { kernels } = frame;
  const { first, every, rows, group, half, pitch } = choice;
  const length = rows * group;
  const last = first + (length - 1) * every;
  const middles = kernels.take(4 * length);
  const sky = kernels.take(16 * Math.ceil(length / SKY_STEP));
  const middle = kernels.i32(middles, length);
  for (let r = 0; r < length; r++) middle[r] = Math.round(pathAt(path, first + r * every));
  const blocks = kernels.f32(sky, 4 * Math.ceil(length / SKY_STEP));
  let noise = 0;
  for (let at = 0; at < blocks.length; at += 4) {
    const local = localSky(frame, path, Math.min(last, first + ((at / 4) * SKY_STEP + SKY_STEP / 2) * every), half);
    blocks[at] = local.middle;
    blocks[at + 1] = local.tilt;
    blocks[at + 2] = local.curve;
    blocks[at + 3] = 1 / (local.noise * Math.sqrt(group));
    noise += (4 * local.noise * frame.step) / blocks.length;
  }
  const limit = path.flat ? frame.height : frame.width;
  const stride = path.flat ? frame.width : 1;
  const advance = path.flat ? 1 : frame.width;
  const pixels = frame.pixels + 2 * first * advance;
  kernels.call.trailStrip(pixels, limit, stride, every * advance, length, half, pitch, middles, sky, group, out);
  return noise;
}

function topsOf(values: Float32Array, rows: number, half: number, pitch: number): Float32Array {
  const tops = new Float32Array(rows);
  for (let r = 0; r < rows; r++) {
    let top = 0;
    for (let at = r * pitch + half - 3; at <= r * pitch + half + 3; at++) if (values[at] > top) top = values[at];
    tops[r] = top;
  }
  return tops;
}

/** Pixels above this many sigma are stars, if the strip is dark before and behind them. */
const STAR = 4;
/** From STAR_STEPS[k - 1] on a star hides k pixels about it. */
const STAR_STEPS = Float32Array.from({ length: 11 }, (_, k) => STAR * 2 ** (k / 1.2));

/** The same strip without stars, in memory of its own. */
export function withoutStars(strip: StripPixels): StripPixels {
  const { kernels, rows, half, pitch, group } = strip;
  const values = kernels.take(4 * rows * pitch + 16);
  const mark = kernels.mark();
  const hidden = hideStars(kernels, strip.values, rows, half, pitch, group, values);
  kernels.release(mark);
  return { ...strip, values, hidden };
}

/**
 * Sets stars to the sky. A trail's pixel has its like some way before or behind it along the path, a star's has not. What is
 * left of a bright star's wings makes lines of a dense field scatter, so the brighter it is, the more is hidden. Returns the share.
 */
function hideStars(kernels: Kernels, raw: number, rows: number, half: number, pitch: number, group: number, out: number): number {
  const steps = kernels.take(4 * STAR_STEPS.length);
  kernels.f32(steps, STAR_STEPS.length).set(STAR_STEPS);
  const away = Math.max(3, Math.ceil(10 / group));
  const across = 2 * half + 1;
  return kernels.call.trailHide(raw, rows, across, pitch, away, group, steps, STAR_STEPS.length, out) / (rows * across);
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
