import { SKY_SCRATCH } from "./kernels/background-kernels.ts";
import type { Kernels } from "./kernels/kernels.ts";
import type { LoadedFrame } from "./load.ts";
import type { SkyMesh } from "./prepared.ts";
import { selectRank } from "./scan-samples.ts";

/** Side of the mesh tiles, measured pixels: 128, smaller for small frames so that a cell of the grid still has several. */
function tileSide(width: number, height: number): number {
  const side = Math.min(width, height);
  if (side >= 1200) return 128;
  if (side >= 480) return 64;
  if (side >= 192) return 32;
  return Math.max(width, height, 1);
}

/** About 2000 samples a tile pin its median to 0.03 sigma; that many rows are read. */
function rowStepFor(tile: number, width: number): number {
  return Math.max(1, Math.floor((Math.min(tile, width) * tile) / 2048));
}

/**
 * Sky level and noise on a mesh (estimator: see the kernel). Tiles without data take the mean of their neighbours; a 3x3
 * median takes out tiles that a bright star or a galaxy fills. Values in ADU.
 */
export function measureSky(kernels: Kernels, frame: LoadedFrame): SkyMesh {
  const { width, height } = frame;
  const tile = tileSide(width, height);
  const columns = Math.ceil(width / tile);
  const rows = Math.ceil(height / tile);
  const count = columns * rows;
  const mark = kernels.mark();
  const histogram = kernels.take(SKY_SCRATCH);
  const [levels, noises, shares] = [kernels.take(count * 4), kernels.take(count * 4), kernels.take(count * 4)];
  const step = rowStepFor(tile, width);
  const { finest, phase } = countSteps(kernels, frame);
  const spread = Math.max(frame.noise, 1);
  kernels.call.skyTiles(frame.pixels, width, height, tile, step, frame.median, spread, finest, phase, histogram, levels, noises, shares);
  const share = kernels.f32(shares, count).slice();
  const rawLevel = fillGaps(kernels.f32(levels, count).slice(), share, columns, rows, frame.median);
  const rawNoise = fillGaps(kernels.f32(noises, count).slice(), share, columns, rows, frame.noise);
  kernels.release(mark);
  const level = medianOfNine(rawLevel, columns, rows, true);
  const noise = medianOfNine(rawNoise, columns, rows, false);
  takeOutSlope(noise, level, columns, rows);
  for (let i = 0; i < count; i++) {
    level[i] = frame.black + frame.step * level[i];
    noise[i] = frame.step * noise[i];
  }
  return { tile, columns, rows, level, noise, medianLevel: medianOf(level), medianNoise: medianOf(noise) };
}

/** Rows looked at for the steps of the counts, and the coarsest that are looked for: 10 bits in 16. */
const STEP_ROWS = 16;
const COARSEST = 6;

/**
 * The steps in which counts come: converters of 12 and 14 bits fill the upper bits of 16, and a sky two steps wide needs its
 * levels read as intervals of a step. Counts are phase + k * 2^finest; 0 (no data) does not count.
 */
function countSteps(kernels: Kernels, { pixels, width, height }: LoadedFrame): { finest: number; phase: number } {
  const plane = kernels.u16(pixels, width * height);
  let first = 0;
  let differ = 0;
  for (let i = 0; i < STEP_ROWS && (differ & 1) === 0; i++) {
    const from = Math.floor(((i + 0.5) * height) / STEP_ROWS) * width;
    for (let at = from; at < from + width; at++) {
      const count = plane[at];
      if (count === 0) continue;
      if (first === 0) first = count;
      differ |= count ^ first;
    }
  }
  let finest = 0;
  while (finest < COARSEST && differ !== 0 && ((differ >> finest) & 1) === 0) finest++;
  return { finest, phase: first & (2 ** finest - 1) };
}

/**
 * A sky that rises by g across a tile spreads its counts by g / sqrt(12) along each axis, which is no noise. At most three
 * quarters of the variance are taken out: what is left of a tile on a cliff says little anyway.
 */
function takeOutSlope(noise: Float32Array, level: Float32Array, columns: number, rows: number): void {
  const rise = (index: number, at: number, size: number, stride: number): number => {
    const [low, high] = [at > 0 ? index - stride : index, at < size - 1 ? index + stride : index];
    return high === low ? 0 : ((level[high] - level[low]) * stride) / (high - low);
  };
  for (let i = 0; i < noise.length; i++) {
    const c = i % columns;
    const [gx, gy] = [rise(i, c, columns, 1), rise(i, (i - c) / columns, rows, columns)];
    const variance = noise[i] * noise[i];
    noise[i] = Math.sqrt(Math.max(variance - (gx * gx + gy * gy) / 12, variance / 4));
  }
}

/** Share of a tile's pixels that must hold data for its own sky to count. */
const LEAST_SHARE = 0.1;

/** Fills tiles without data from filled neighbours, ring by ring. */
function fillGaps(values: Float32Array, share: Float32Array, columns: number, rows: number, fallback: number): Float32Array {
  let known = Array.from(share, (s) => s >= LEAST_SHARE);
  if (!known.includes(true)) return values.fill(fallback);
  while (known.includes(false)) {
    const before = known;
    known = before.map((is, index) => {
      if (is) return true;
      const c = index % columns;
      const r = (index - c) / columns;
      let sum = 0;
      let n = 0;
      for (let y = Math.max(0, r - 1); y <= Math.min(rows - 1, r + 1); y++) {
        for (let x = Math.max(0, c - 1); x <= Math.min(columns - 1, c + 1); x++) {
          if (!before[y * columns + x]) continue;
          sum += values[y * columns + x];
          n++;
        }
      }
      if (n > 0) values[index] = sum / n;
      return n > 0;
    });
  }
  return values;
}

/**
 * 3x3 median over the mesh. Beyond the border the mesh is continued linearly (`extend`) or held, so that the median does
 * not flatten a gradient at the edges.
 */
function medianOfNine(values: Float32Array, columns: number, rows: number, extend: boolean): Float32Array {
  const at = (c: number, r: number): number => {
    const cc = Math.min(Math.max(c, 0), columns - 1);
    const rr = Math.min(Math.max(r, 0), rows - 1);
    const edge = values[rr * columns + cc];
    if (!extend || (cc === c && rr === r)) return edge;
    const inner = values[Math.min(Math.max(2 * rr - r, 0), rows - 1) * columns + Math.min(Math.max(2 * cc - c, 0), columns - 1)];
    return 2 * edge - inner;
  };
  const result = new Float32Array(values.length);
  const nine = new Float64Array(9);
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      let n = 0;
      for (let y = r - 1; y <= r + 1; y++) for (let x = c - 1; x <= c + 1; x++) nine[n++] = at(x, y);
      result[r * columns + c] = selectRank(nine, 9, 4);
    }
  }
  return result;
}

export function medianOf(values: ArrayLike<number>): number {
  const sorted = Float64Array.from(values).sort();
  const n = sorted.length;
  if (n === 0) return 0;
  return n % 2 === 1 ? sorted[(n - 1) / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
}

/** Sky level (ADU) at a measured pixel: bilinear between the tiles' centres, continued linearly beyond them. */
export function skyAt(mesh: SkyMesh, x: number, y: number): number {
  return interpolate(mesh, mesh.level, x, y);
}

/** Sky noise (ADU, 1 sigma) at a measured pixel. */
export function noiseAt(mesh: SkyMesh, x: number, y: number): number {
  return interpolate(mesh, mesh.noise, x, y);
}

function interpolate(mesh: SkyMesh, values: Float32Array, x: number, y: number): number {
  const { columns, rows, tile } = mesh;
  const u = Math.min(Math.max((x + 0.5) / tile - 0.5, -0.5), columns - 0.5);
  const v = Math.min(Math.max((y + 0.5) / tile - 0.5, -0.5), rows - 0.5);
  const c = Math.max(0, Math.min(columns - 2, Math.floor(u)));
  const r = Math.max(0, Math.min(rows - 2, Math.floor(v)));
  const c1 = Math.min(c + 1, columns - 1);
  const r1 = Math.min(r + 1, rows - 1);
  const fx = columns > 1 ? u - c : 0;
  const fy = rows > 1 ? v - r : 0;
  const top = values[r * columns + c] * (1 - fx) + values[r * columns + c1] * fx;
  const bottom = values[r1 * columns + c] * (1 - fx) + values[r1 * columns + c1] * fx;
  return top * (1 - fy) + bottom * fy;
}
