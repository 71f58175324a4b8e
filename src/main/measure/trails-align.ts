import type { PreparedFrame } from "./prepared.ts";
import { insideFrame, pathCosine, readStrip, type StripPixels, type TrailPath } from "./trails-strip.ts";

/** A path laid onto the brightest ridge near it. */
export interface AlignedPath {
  path: TrailPath;
  /** Across the path, px. */
  width: number;
  z: number;
  /** Share of the pixels looked at that were hidden as stars. */
  hidden: number;
}

/** How many stretches the path is divided into for the search. */
const STRETCHES = 64;
/** Ribbons tried, px along the other axis; the outermost pixels of an even width count half. */
const WIDTHS = [2, 3, 5, 8, 12, 18, 27, 40];
/** A bowed path is one more thing tried and badly known for a faint trail: it must be clearly better, sigma. */
const BOW_PENALTY = 1.5;

/**
 * Moves the ends of a path by up to `reach` px and bows it, for the highest sum of clipped pixels of a ribbon of any width.
 * The sum is taken between path.begin and path.end.
 */
export function alignPath(frame: PreparedFrame, path: TrailPath, reach: number): AlignedPath {
  const { kernels } = frame;
  const mark = kernels.mark();
  const [inFirst, inLast] = insideFrame(frame, path);
  const first = Math.max(inFirst, Math.round(path.begin));
  const last = Math.min(inLast, Math.round(path.end));
  const half = Math.min(96, reach + 26);
  const strip = readStrip(frame, path, first, last, half, true);
  const best = findRidge(strip, reach);
  kernels.release(mark);
  return {
    path: {
      ...path,
      begin: first,
      end: Math.max(last, first + 1),
      q0: at(path, first) + best.a,
      q1: at(path, last) + best.b,
      bow: best.bow,
    },
    width: best.width * pathCosine(path),
    z: best.z,
    hidden: strip.hidden,
  };
}

const at = (path: TrailPath, main: number) => path.q0 + ((path.q1 - path.q0) * (main - path.begin)) / (path.end - path.begin);

/** Where a ribbon's ends lie beside those of the strip's path, px; `z` is its mean over the noise of that mean. */
interface Ridge {
  a: number;
  b: number;
  bow: number;
  width: number;
  z: number;
}

function findRidge(strip: StripPixels, reach: number): Ridge {
  const { kernels, half } = strip;
  const across = 2 * half + 1;
  const rowsPerBlock = Math.max(1, Math.ceil(strip.rows / STRETCHES));
  const blocks = Math.max(1, Math.floor(strip.rows / rowsPerBlock));
  const means = blockMeans(strip, blocks, rowsPerBlock);
  const ribbons = kernels.take(32 * blocks * across);
  const widths = kernels.take(4 * WIDTHS.length);
  kernels.i32(widths, WIDTHS.length).set(WIDTHS);
  const scratch = kernels.take(8 * across + 4 * blocks + 128);
  kernels.call.trailRibbons(means, blocks, across, strip.pitch, widths, scratch, ribbons);
  const norms = kernels.take(32);
  const record = kernels.take(32);
  kernels.f32(record, 1)[0] = -1e30;
  const search = (a: number, b: number, wide: number, step: number, bow: number) => {
    const penalty = bow === 0 ? 0 : BOW_PENALTY;
    kernels.call.trailRidge(ribbons, blocks, across, a - wide, a + wide, b - wide, b + wide, step, bow, penalty, norms, scratch, record);
  };
  const rows = blocks * rowsPerBlock;
  for (let w = 0; w < WIDTHS.length; w++) kernels.f32(norms, 8)[w] = WIDTHS[w] > half ? 0 : ribbonNorm(WIDTHS[w], blocks, rows);
  search(0, 0, reach, reach > 12 ? 2 : 1, 0);
  const [, a, b, , w] = kernels.f32(record, 5);
  for (let v = 0; v < WIDTHS.length; v++) if (Math.abs(Math.log(WIDTHS[v] / WIDTHS[w])) > 1) kernels.f32(norms, 8)[v] = 0;
  const bows = Math.min(16, Math.ceil(rows * 0.01));
  for (let bow = -bows; bow <= bows; bow += Math.max(1, bows >> 2)) search(a, b, 3, 1, bow);
  const found = kernels.f32(record, 5);
  return { z: found[0], a: found[1], b: found[2], bow: found[3], width: WIDTHS[found[4]] };
}

/** Brings the sum over blocks of a ribbon's sum of block means to units of its noise. */
function ribbonNorm(width: number, blocks: number, rows: number): number {
  return Math.sqrt(rows / (width % 2 === 0 ? width - 0.5 : width)) / blocks;
}

/** Means over blocks of rows of the strip, pixels limited to +-3: f32 in rows of the strip's pitch. The last block is longer. */
function blockMeans(strip: StripPixels, blocks: number, rowsPerBlock: number): number {
  const { kernels, pitch } = strip;
  const means = kernels.take(4 * blocks * pitch);
  const values = kernels.f32(means, blocks * pitch).fill(0);
  for (let n = 0; n < blocks; n++) {
    const from = n * rowsPerBlock;
    const rows = (n === blocks - 1 ? strip.rows : from + rowsPerBlock) - from;
    kernels.call.trailSums(strip.values + 4 * from * pitch, pitch, rows, 1, 3, means + 4 * n * pitch);
    for (let c = n * pitch; c < (n + 1) * pitch; c++) values[c] /= rows;
  }
  return means;
}
