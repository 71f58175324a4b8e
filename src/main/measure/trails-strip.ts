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

/** Pixels along a path, in units of the local sky noise above the local sky: row by row, 2 half + 1 across. */
export interface TrailStrip {
  /** Main coordinate of the first row. */
  first: number;
  rows: number;
  half: number;
  values: Float32Array;
  /** Path minus the middle pixel of the row, px. */
  phase: Float32Array;
  /** Sky noise per row, ADU. */
  noise: Float32Array;
}

/** Sky and noise are interpolated anew every so many rows. */
const SKY_STEP = 32;

/** Reads the strip for main coordinates `first` .. `last`; pixels outside the frame or without data are 0. */
export function readStrip(frame: PreparedFrame, path: TrailPath, first: number, last: number, half: number): TrailStrip {
  const rows = Math.max(0, last - first + 1);
  const across = 2 * half + 1;
  const values = new Float32Array(rows * across);
  const phase = new Float32Array(rows);
  const noise = new Float32Array(rows);
  const pixels = frame.kernels.u16(frame.pixels, frame.width * frame.height);
  const limit = path.flat ? frame.height : frame.width;
  const stride = path.flat ? frame.width : 1;
  const advance = path.flat ? 1 : frame.width;
  for (let block = 0; block < rows; block += SKY_STEP) {
    const end = Math.min(rows, block + SKY_STEP);
    const sky = localSky(frame, path, first + (block + end - 1) / 2, half);
    for (let r = block; r < end; r++) {
      const main = first + r;
      const centre = pathAt(path, main);
      const middle = Math.round(centre);
      phase[r] = centre - middle;
      noise[r] = sky.noise * frame.step;
      const at = main * advance;
      for (let c = Math.max(-half, -middle); c <= Math.min(half, limit - 1 - middle); c++) {
        const count = pixels[at + (middle + c) * stride];
        if (count === 0) continue;
        values[r * across + c + half] = (count - sky.middle - sky.tilt * c - sky.curve * Math.abs(c)) / sky.noise;
      }
    }
  }
  return { first, rows, half, values, phase, noise };
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
