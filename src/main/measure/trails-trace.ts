import type { PreparedFrame } from "./prepared.ts";
import type { TrailGrid } from "./trails-grid.ts";
import type { BrightLine } from "./trails-lines.ts";

/** The part of a bright line that stands out, still in cells. */
export interface TracedLine {
  from: [x: number, y: number];
  to: [x: number, y: number];
  /** Share of the line at which the bright part begins and ends. */
  begin: number;
  end: number;
  /** Cells across that were summed. */
  width: number;
  /** Height of the best part above the lines beside it, sigma. */
  z: number;
  /** Whether it is higher than the best of all parts of all lines of mere noise would be. */
  stands: boolean;
}

/** Cells looked at on each side of the line. */
const HALF = 10;
/** Parts that a line is divided into. */
const PARTS = 48;

/**
 * Walks along a bright line with its surroundings: which part of it is bright, and is that more than the lines beside it
 * are? In nebulae, glow and dense fields those scatter too; there the trail must stand out of that scatter.
 */
export function traceLine(frame: PreparedFrame, grid: TrailGrid, line: BrightLine): TracedLine {
  const { sums, rows } = sumsBeside(frame, grid, line);
  let best: TracedLine | null = null;
  for (const width of [1, 3]) {
    for (let offset = -1; offset <= 1; offset++) {
      const found = bestPart(sums, rows, offset, width, grid.perSigma, line.spread);
      if (best && found.z <= best.z) continue;
      best = { ...found, width, from: shifted(line, line.from, offset), to: shifted(line, line.to, offset) };
    }
  }
  if (!best) throw new RangeError("no offset was tried");
  return best;
}

/** Sums of the residual per part of the line (PARTS) and per cell across (2 HALF + 1), and how many rows each part has. */
function sumsBeside(frame: PreparedFrame, grid: TrailGrid, line: BrightLine): { sums: Int32Array; rows: Int32Array } {
  const { kernels } = frame;
  const mark = kernels.mark();
  const across = 2 * HALF + 1;
  const sums = kernels.take(4 * PARTS * across);
  const rows = kernels.take(4 * PARTS);
  const flat = isFlat(line);
  const [x, y] = line.from;
  const [width, height] = [line.to[0] - x, line.to[1] - y];
  const steps = Math.max(1, Math.round(Math.abs(flat ? width : height)));
  const { residual } = grid;
  kernels.call.trailBeside(
    residual,
    grid.width,
    grid.height,
    flat ? 1 : 0,
    x,
    y,
    width / steps,
    height / steps,
    steps,
    PARTS,
    HALF,
    sums,
    rows,
  );
  const found = { sums: kernels.i32(sums, PARTS * across).slice(), rows: kernels.i32(rows, PARTS).slice() };
  kernels.release(mark);
  return found;
}

/** Whether the line advances along x. */
function isFlat({ from, to }: BrightLine): boolean {
  return Math.abs(to[0] - from[0]) > Math.abs(to[1] - from[1]);
}

function bestPart(sums: Int32Array, rows: Int32Array, offset: number, width: number, perSigma: number, spread: number) {
  const across = 2 * HALF + 1;
  const wing = (width - 1) / 2;
  const running = new Float64Array(PARTS + 1);
  const steps = new Float64Array(PARTS + 1);
  for (let p = 0; p < PARTS; p++) {
    let sum = 0;
    for (let c = -wing; c <= wing; c++) sum += sums[p * across + HALF + offset + c];
    running[p + 1] = running[p] + sum;
    steps[p + 1] = steps[p] + rows[p];
  }
  const rowsPerPart = steps[PARTS] / PARTS;
  let best = { begin: 0, end: 1, z: -Infinity, margin: -Infinity };
  for (let parts = 3; parts <= PARTS; parts++) {
    if (parts * rowsPerPart < 8) continue;
    const scale = 1 / (perSigma * Math.sqrt(parts * rowsPerPart * width));
    // As many independent parts of this length were tried as fit into the line, at either end.
    const least = Math.sqrt(FIRST * FIRST + 4 * Math.log(PARTS / parts));
    let [most, at] = [-Infinity, 0];
    for (let a = 0; a + parts <= PARTS; a++) {
      const sum = running[a + parts] - running[a];
      if (sum > most) [most, at] = [sum, a];
    }
    const margin = most * scale - least;
    if (margin > best.margin) best = { begin: at / PARTS, end: (at + parts) / PARTS, z: most * scale, margin };
  }
  if (best.margin < HOPELESS) return { begin: 0, end: 1, z: 0, stands: false };
  const beside = linesBeside(sums, rows, best.begin * PARTS, best.end * PARTS, offset, wing, perSigma);
  const scatter = Math.max(1, spread, beside.scatter > 1.3 ? beside.scatter : 1);
  const z = (best.z - beside.mean * Math.sqrt(width)) / scatter;
  const even = isEven(sums, rows, best.begin * PARTS, best.end * PARTS, offset, wing, beside.mean, perSigma);
  return { begin: best.begin, end: best.end, z, stands: even && z - (best.z - best.margin) >= 0 };
}

/**
 * Whether the middle part of the line is lit as well: where a few stars make the sum, it is not. The median of n parts of
 * noise scatters by 1.25 / sqrt(n).
 */
function isEven(
  sums: Int32Array,
  rows: Int32Array,
  begin: number,
  end: number,
  offset: number,
  wing: number,
  beside: number,
  perSigma: number,
): boolean {
  const across = 2 * HALF + 1;
  const heights: number[] = [];
  let total = 0;
  let length = 0;
  for (let p = begin; p < end; p++) length += rows[p];
  for (let p = begin; p < end; p++) {
    if (rows[p] === 0) continue;
    let sum = 0;
    for (let c = -wing; c <= wing; c++) sum += sums[p * across + HALF + offset + c];
    const height = (sum / (rows[p] * perSigma) - ((2 * wing + 1) * beside) / Math.sqrt(length)) * Math.sqrt(rows[p] / (2 * wing + 1));
    heights.push(height);
    total += height;
  }
  heights.sort((a, b) => a - b);
  const mean = total / heights.length;
  return heights[heights.length >> 1] > 0.4 * mean - 1.25 / Math.sqrt(heights.length);
}

/** So far below what noise reaches that darkness beside the line cannot make up for it, sigma. */
const HOPELESS = -1.5;

/** What a whole line of pure noise hardly reaches, sigma. Finer looks follow, so this lets some through. */
const FIRST = 5.3;

/** Median and scatter (1.4826 MAD) of the same part of the lines beside, sigma. */
function linesBeside(
  sums: Int32Array,
  rows: Int32Array,
  begin: number,
  end: number,
  offset: number,
  wing: number,
  perSigma: number,
): { mean: number; scatter: number } {
  const across = 2 * HALF + 1;
  const values: number[] = [];
  let length = 0;
  for (let p = begin; p < end; p++) length += rows[p];
  for (let c = -HALF; c <= HALF; c++) {
    if (Math.abs(c - offset) <= wing + 2) continue;
    let sum = 0;
    for (let p = begin; p < end; p++) sum += sums[p * across + HALF + c];
    values.push(sum / (perSigma * Math.sqrt(length)));
  }
  values.sort((a, b) => a - b);
  const mean = values[values.length >> 1];
  const deviations = values.map((value) => Math.abs(value - mean)).sort((a, b) => a - b);
  return { mean, scatter: 1.4826 * deviations[deviations.length >> 1] };
}

function shifted(line: BrightLine, [x, y]: [number, number], offset: number): [number, number] {
  return isFlat(line) ? [x, y + offset] : [x + offset, y];
}
