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

/** Ribbons tried: first and last cell beside the line. */
const RIBBONS: readonly [first: number, last: number][] = [
  [-1, -1],
  [1, 1],
  [-2, -1],
  [-1, 0],
  [0, 1],
  [1, 2],
  [-2, 0],
  [-1, 1],
  [0, 2],
];
/** Turns tried about the line's middle, unless it is this clear without: how far its ends go apart, cells. */
const CLEAR = 3;
const TURNS = [-1.4, 1.4];

/**
 * Walks along a bright line with its surroundings: which part of it is bright, and is that more than the lines beside it
 * are? In nebulae, glow and dense fields those scatter too; there the trail must stand out of that scatter.
 */
export function traceLine(frame: PreparedFrame, grid: TrailGrid, line: BrightLine): TracedLine {
  const beside = sumsBeside(frame, grid, line);
  let best = bestRibbon(beside, 0, grid.perSigma);
  if (best.margin < HOPELESS) return { from: line.from, to: line.to, begin: 0, end: 1, width: 1, z: 0, stands: false };
  for (const turn of best.margin > CLEAR ? [] : TURNS) {
    const part = bestRibbon({ ...beside, sums: turnedSums(beside.sums, turn) }, turn, grid.perSigma);
    if (part.margin > best.margin) best = part;
  }
  const offset = (best.first + best.last) / 2;
  const judged = judgePart(best, line.spread, grid.perSigma);
  return {
    from: shifted(line, line.from, offset - best.turn / 2),
    to: shifted(line, line.to, offset + best.turn / 2),
    begin: best.begin / PARTS,
    end: best.end / PARTS,
    width: best.last - best.first + 1,
    ...judged,
  };
}

/** A line with its surroundings, in parts. */
interface LineStrip {
  /** Sums of the residual per part of the line (PARTS) and per cell across (2 HALF + 1). */
  sums: Int32Array;
  /** How many rows each part has. */
  rows: Int32Array;
}

/** Parts begin .. end - 1 of a ribbon; `margin`: its height above what mere noise reaches in as many tries, sigma. */
interface Part {
  first: number;
  last: number;
  begin: number;
  end: number;
  z: number;
  margin: number;
  turn: number;
  strip: LineStrip;
}

/** The sums beside the line turned about its middle, to whole cells. */
function turnedSums(sums: Int32Array, turn: number): Int32Array {
  const across = 2 * HALF + 1;
  const out = new Int32Array(sums.length);
  for (let p = 0; p < PARTS; p++) {
    const shift = Math.round(turn * ((p + 0.5) / PARTS - 0.5));
    for (let c = Math.max(0, -shift); c < Math.min(across, across - shift); c++) out[p * across + c] = sums[p * across + c + shift];
  }
  return out;
}

function sumsBeside(frame: PreparedFrame, grid: TrailGrid, line: BrightLine): LineStrip {
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

function bestRibbon(strip: LineStrip, turn: number, perSigma: number): Part {
  let best = { ...bestPart(strip, 0, 0, perSigma), turn, strip };
  for (const [first, last] of RIBBONS) {
    const part = bestPart(strip, first, last, perSigma);
    if (part.margin > best.margin) best = { ...part, turn, strip };
  }
  return best;
}

/** Lengths tried, parts. */
const LENGTHS = [3, 4, 5, 6, 7, 8, 10, 12, 14, 17, 20, 24, 28, 33, 38, 43, 48];
/** Reused: a line's ribbon added up part by part. */
const running = new Float64Array(PARTS + 1);

function bestPart({ sums, rows }: LineStrip, first: number, last: number, perSigma: number): Omit<Part, "turn" | "strip"> {
  const across = 2 * HALF + 1;
  let steps = 0;
  for (let p = 0; p < PARTS; p++) {
    let sum = 0;
    for (let c = p * across + HALF + first; c <= p * across + HALF + last; c++) sum += sums[c];
    running[p + 1] = running[p] + sum;
    steps += rows[p];
  }
  const rowsPerPart = steps / PARTS;
  const best = { first, last, begin: 0, end: PARTS, z: -Infinity, margin: -Infinity };
  for (const parts of LENGTHS) {
    if (parts * rowsPerPart < 8) continue;
    let [most, at] = [-Infinity, 0];
    for (let a = 0; a + parts <= PARTS; a++) {
      const sum = running[a + parts] - running[a];
      if (sum > most) [most, at] = [sum, a];
    }
    const z = most / (perSigma * Math.sqrt(parts * rowsPerPart * (last - first + 1)));
    // As many independent parts of this length were tried as fit into the line, at either end.
    const margin = z - Math.sqrt(FIRST * FIRST + 4 * Math.log(PARTS / parts));
    if (margin > best.margin) Object.assign(best, { begin: at, end: at + parts, z, margin });
  }
  return best;
}

/** Height above the lines beside, and whether that and the middle of the part are more than noise. */
function judgePart(part: Part, spread: number, perSigma: number): { z: number; stands: boolean } {
  const beside = linesBeside(part, perSigma);
  const scatter = Math.max(1, spread, beside.scatter > 1.4 ? beside.scatter : 1);
  const z = (part.z - beside.mean * Math.sqrt(part.last - part.first + 1)) / scatter;
  return { z, stands: z - (part.z - part.margin) >= 0 && isEven(part, beside.mean, perSigma) && !isWide(part, perSigma) };
}

/** Wider than this, cells, a line is no trail, or one that coarser cells show better. */
const WIDE = 9;
/** Height of the profile's peak from which its width is believed, sigma. */
const KNOWN = 7;

/** Whether the part's profile across the line is wider at half its height than trails are: what nebulae and clouds have. */
function isWide({ strip: { sums, rows }, begin, end }: Part, perSigma: number): boolean {
  const across = 2 * HALF + 1;
  const profile = new Float64Array(across);
  let length = 0;
  for (let p = begin; p < end; p++) {
    length += rows[p];
    for (let c = 0; c < across; c++) profile[c] += sums[p * across + c];
  }
  let top = HALF;
  for (let c = HALF - 3; c <= HALF + 3; c++) if (profile[c] > profile[top]) top = c;
  const base = profile.slice().sort()[across >> 2];
  if (profile[top] - base < KNOWN * perSigma * Math.sqrt(length)) return false;
  const half = (profile[top] + base) / 2;
  let [low, high] = [top, top];
  while (low > 0 && profile[low - 1] > half) low--;
  while (high < across - 1 && profile[high + 1] > half) high++;
  return high - low + 1 > WIDE;
}

/**
 * Whether the middle part of the line is lit as well: where a few stars make the sum, it is not. The median of n parts of
 * noise scatters by 1.25 / sqrt(n).
 */
function isEven({ strip: { sums, rows }, first, last, begin, end }: Part, beside: number, perSigma: number): boolean {
  const across = 2 * HALF + 1;
  const width = last - first + 1;
  const heights: number[] = [];
  let total = 0;
  let length = 0;
  for (let p = begin; p < end; p++) length += rows[p];
  for (let p = begin; p < end; p++) {
    if (rows[p] === 0) continue;
    let sum = 0;
    for (let c = first; c <= last; c++) sum += sums[p * across + HALF + c];
    const height = (sum / (rows[p] * perSigma) - (width * beside) / Math.sqrt(length)) * Math.sqrt(rows[p] / width);
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
const FIRST = 5.4;

/** Median and scatter of the same part of the lines beside, sigma; the two that stand out most may be trails themselves. */
function linesBeside({ strip: { sums, rows }, first, last, begin, end }: Part, perSigma: number): { mean: number; scatter: number } {
  const across = 2 * HALF + 1;
  const values: number[] = [];
  let length = 0;
  for (let p = begin; p < end; p++) length += rows[p];
  for (let c = -HALF + 1; c < HALF; c++) {
    if (c > first - 3 && c < last + 3) continue;
    let sum = 0;
    for (let p = begin; p < end; p++) sum += sums[p * across + HALF + c];
    values.push(sum / (perSigma * Math.sqrt(length)));
  }
  values.sort((a, b) => a - b);
  const mean = values[values.length >> 1];
  const deviations = values.map((value) => Math.abs(value - mean)).sort((a, b) => a - b);
  const kept = deviations.slice(0, -2);
  // Of normal noise the mean deviation is 0.8 sigma, of some seventeen without the two largest 0.61.
  return { mean, scatter: 1.65 * (kept.reduce((sum, value) => sum + value, 0) / Math.max(1, kept.length)) };
}

function shifted(line: BrightLine, [x, y]: [number, number], offset: number): [number, number] {
  return isFlat(line) ? [x, y + offset] : [x + offset, y];
}
