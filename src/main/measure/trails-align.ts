import type { PreparedFrame } from "./prepared.ts";
import { insideFrame, pathCosine, readStrip, stripBlocks, type TrailPath } from "./trails-strip.ts";

/** A path laid onto the brightest ridge near it. */
export interface AlignedPath {
  path: TrailPath;
  /** Across the path, px. */
  width: number;
  z: number;
}

/** How many stretches the path is divided into for the search. */
const STRETCHES = 64;

/**
 * Moves the ends of a path by up to `reach` px and bows it, for the highest sum of clipped pixels of a ribbon of any width.
 * The sum is taken between path.begin and path.end.
 */
export function alignPath(frame: PreparedFrame, path: TrailPath, reach: number): AlignedPath {
  const cosine = pathCosine(path);
  const [inFirst, inLast] = insideFrame(frame, path);
  const first = Math.max(inFirst, Math.round(path.begin));
  const last = Math.min(inLast, Math.round(path.end));
  const half = Math.min(96, reach + 26);
  const strip = readStrip(frame, path, first, last, half, true);
  const rowsPerBlock = Math.max(1, Math.ceil(strip.rows / STRETCHES));
  const means = stripBlocks(strip, rowsPerBlock, 3);
  const across = 2 * half + 1;
  const blocks = means.length / across;
  const ridge = new Ridge(means, blocks, half, rowsPerBlock);
  const step = reach > 12 ? 2 : 1;
  let best = { a: 0, b: 0, bow: 0, width: 3, z: -Infinity };
  for (const width of WIDTHS) {
    if (width > half) break;
    for (let a = -reach; a <= reach; a += step) {
      for (let b = -reach; b <= reach; b += step) {
        const z = ridge.height(a, b, 0, width);
        if (z > best.z) best = { a, b, bow: 0, width, z };
      }
    }
  }
  const coarse = best;
  const bows = Math.min(16, Math.ceil(blocks * rowsPerBlock * 0.01));
  for (let bow = -bows; bow <= bows; bow += Math.max(1, bows >> 2)) {
    for (let a = coarse.a - 3; a <= coarse.a + 3; a++) {
      for (let b = coarse.b - 3; b <= coarse.b + 3; b++) {
        for (const width of WIDTHS) {
          if (Math.abs(Math.log(width / coarse.width)) > 1) continue;
          // A bowed path is one more thing tried and badly known for a faint trail: it must be clearly better.
          const z = ridge.height(a, b, bow, width) - (bow === 0 ? 0 : 1.5);
          if (z > best.z) best = { a, b, bow, width, z };
        }
      }
    }
  }
  return {
    path: {
      ...path,
      begin: first,
      end: Math.max(last, first + 1),
      q0: at(path, first) + best.a,
      q1: at(path, last) + best.b,
      bow: best.bow,
    },
    width: best.width * cosine,
    z: best.z,
  };
}

const WIDTHS = [2, 3, 5, 8, 12, 18, 27, 40];

const at = (path: TrailPath, main: number) => path.q0 + ((path.q1 - path.q0) * (main - path.begin)) / (path.end - path.begin);

/** Sums of ribbons through block means, from running sums across. */
class Ridge {
  private readonly running: Float64Array;
  private readonly blocks: number;
  private readonly half: number;
  private readonly rows: number;

  constructor(means: Float32Array, blocks: number, half: number, rowsPerBlock: number) {
    const across = 2 * half + 1;
    this.blocks = blocks;
    this.half = half;
    this.rows = blocks * rowsPerBlock;
    this.running = new Float64Array(blocks * (across + 1));
    for (let b = 0; b < blocks; b++) {
      const line = means.subarray(b * across, (b + 1) * across);
      const third = Math.floor(across / 4);
      const left = median(line.slice(0, third));
      const right = median(line.slice(across - third));
      for (let c = 0; c < across; c++) {
        const base = left + ((right - left) * (c + 0.5)) / across;
        this.running[b * (across + 1) + c + 1] = this.running[b * (across + 1) + c] + line[c] - base;
      }
    }
  }

  /** Mean over the ribbon in units of the noise of its mean. */
  height(a: number, b: number, bow: number, width: number): number {
    const stride = 2 * this.half + 2;
    let sum = 0;
    for (let n = 0; n < this.blocks; n++) {
      const t = (n + 0.5) / this.blocks;
      const low = Math.round(a + (b - a) * t + 4 * bow * t * (1 - t) - width / 2 + 0.5) + this.half;
      const from = Math.max(0, Math.min(stride - 1, low));
      const to = Math.max(0, Math.min(stride - 1, low + width));
      sum += this.running[n * stride + to] - this.running[n * stride + from];
    }
    return (sum / this.blocks) * Math.sqrt(this.rows / width);
  }
}

function median(values: Float32Array): number {
  values.sort();
  return values.length > 0 ? values[values.length >> 1] : 0;
}
