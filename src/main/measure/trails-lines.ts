import type { PreparedFrame } from "./prepared.ts";
import type { TrailGrid } from "./trails-grid.ts";

/** A line across the grid whose sum stands out; end points in cells, on the grid's border. */
export interface BrightLine {
  from: [x: number, y: number];
  to: [x: number, y: number];
  /** Height above the mean of all lines of this direction, in their standard deviations. */
  z: number;
  /** Standard deviation of lines of this direction over that of white noise: above 1 where things are drawn out this way. */
  spread: number;
}

/** How much the mean of a direction's lines may be below 0, sigma. */
const BELOW = 0.5;
/** Lines that cross less of the grid than this share of its short side cut a corner and are left out. */
const LEAST_SHARE = 0.12;

/**
 * The lines that stand out most, best first, at most `most`, each z >= `threshold`. Lines that lie within a few cells of a
 * better one along their whole length are the same line.
 */
export function brightLines(frame: PreparedFrame, grid: TrailGrid, threshold: number, most: number): BrightLine[] {
  const { kernels } = frame;
  const mark = kernels.mark();
  const longest = Math.max(grid.width, grid.height);
  const stride = (grid.width + grid.height + 15) & ~7;
  const bytes = stride * longest * 2 + 64;
  const image = kernels.take(bytes);
  const spare = kernels.take(bytes);
  const sums = kernels.take(bytes);
  const scratch = kernels.take(stride + 64);
  const spreads = kernels.take(8 * longest + 16);
  const chunks = (stride + 63) >> 6;
  const peaks = kernels.take(Math.ceil(longest / 8) * chunks * 12);
  const least = Math.max(12, LEAST_SHARE * Math.min(grid.width, grid.height));
  const lines: BrightLine[] = [];
  const table = Math.ceil(longest / 8) * chunks;
  for (const turn of [0, 1, 2, 3]) {
    const width = turn & 2 ? grid.height : grid.width;
    const height = turn & 2 ? grid.width : grid.height;
    kernels.call.trailTurn(grid.residual, grid.width, grid.height, turn, stride, image);
    kernels.call.trailRadon(image, width, height, stride, spare, sums);
    const upper = height >> 1;
    // A trail as long as a third of the frame stands out of half the rows better than of all.
    for (const [from, first, rows] of [
      [sums, 0, height],
      [spare, 0, upper],
      [spare + 2 * upper * stride, upper, height - upper],
    ]) {
      kernels.u8(peaks, table * 12).fill(0);
      kernels.call.trailScan(from, width, rows, stride, least, grid.perSigma, threshold - BELOW, scratch, spreads, peaks);
      const spread = smoothSpreads(kernels.f32(spreads, 2 * rows));
      const z = kernels.f32(peaks, table * 3);
      const at = kernels.i32(peaks, table * 3);
      for (let n = 0; n < table; n++) {
        if (z[3 * n] <= 0) continue;
        const s = at[3 * n + 1];
        const rise = (z[3 * n] - spread[2 * s]) / Math.max(1, spread[2 * s + 1]);
        if (rise < threshold) continue;
        const slope = s / Math.max(1, rows - 1);
        const ends = endsOf(at[3 * n + 2] / 2 - slope * (first + rows - 1), slope, width, height, turn);
        if (ends) lines.push({ ...ends, z: rise, spread: spread[2 * s + 1] });
      }
    }
  }
  kernels.release(mark);
  lines.sort((a, b) => b.z - a.z);
  return distinctLines(lines, most);
}

/** Mean and deviation of neighbouring slopes, as their median over five of every fourth: one trail must not hide itself. */
function smoothSpreads(raw: Float32Array): Float32Array {
  const slopes = raw.length / 2;
  const out = new Float32Array(raw.length);
  const near = (s: number, part: number) => raw[2 * Math.max(0, Math.min(slopes - 1, s)) + part];
  for (let s = 0; s < slopes; s += 4) {
    for (let part = 0; part < 2; part++) {
      const middle = middleOfFive(near(s - 8, part), near(s - 4, part), near(s, part), near(s + 4, part), near(s + 8, part));
      for (let n = s; n < Math.min(s + 4, slopes); n++) out[2 * n + part] = middle;
    }
  }
  return out;
}

function middleOfFive(a: number, b: number, c: number, d: number, e: number): number {
  // Neither the lowest nor the highest of four is the middle of five.
  const low = Math.max(Math.min(a, b), Math.min(c, d));
  const high = Math.min(Math.max(a, b), Math.max(c, d));
  return Math.max(Math.min(low, high), Math.min(e, Math.max(low, high)));
}

/** From the transform's own coordinates (column `start` in the first row, columns per row) back to the grid, cut at its border. */
function endsOf(start: number, slope: number, width: number, height: number, turn: number): Pick<BrightLine, "from" | "to"> | null {
  const run = Math.max(1, height - 1);
  const s = slope * run;
  let t0 = 0;
  let t1 = 1;
  if (s > 0) {
    t0 = Math.max(t0, -start / s);
    t1 = Math.min(t1, (width - 1 - start) / s);
  } else if (start < 0 || start > width - 1) return null;
  if (t1 <= t0) return null;
  const point = (t: number): [number, number] => {
    const along = run * t;
    const across = start + s * t;
    const straight = turn & 1 ? width - 1 - across : across;
    return turn & 2 ? [along, straight] : [straight, along];
  };
  return { from: point(t0), to: point(t1) };
}

function distinctLines(sorted: BrightLine[], most: number): BrightLine[] {
  const kept: BrightLine[] = [];
  for (const line of sorted) {
    if (kept.length >= most) break;
    if (!kept.some((other) => liesOn(line, other, 4) || liesOn(other, line, 4))) kept.push(line);
  }
  return kept;
}

/** Whether both ends of one line are within `reach` cells of another line. */
function liesOn(line: BrightLine, other: BrightLine, reach: number): boolean {
  const length = Math.max(1e-6, Math.hypot(other.to[0] - other.from[0], other.to[1] - other.from[1]));
  const dx = (other.to[0] - other.from[0]) / length;
  const dy = (other.to[1] - other.from[1]) / length;
  const across = ([x, y]: [number, number]) => Math.abs((x - other.from[0]) * dy - (y - other.from[1]) * dx);
  return across(line.from) < reach && across(line.to) < reach;
}
