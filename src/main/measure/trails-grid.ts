import type { PreparedFrame } from "./prepared.ts";

/**
 * A frame as square cells with stars clipped, local trend removed and noise made equal: what lines are looked for in.
 * Values are i16 at `residual`, row by row, `perSigma` to one standard deviation, within +-3 sigma; 0 where nothing is known.
 */
export interface TrailGrid {
  width: number;
  height: number;
  /** Measured pixels per cell along one axis. */
  side: number;
  residual: number;
  perSigma: number;
}

/** Half side of the box whose mean is the local trend, cells: wide against a trail, narrow against nebulae and glow. */
const TREND_RADIUS = 12;
/** At the border the box shrinks to this. */
const LEAST_RADIUS = 3;
/** Side of the squares whose noise is made equal, cells. */
const BLOCK = 32;
/** Cells count at most this many sigma, so that no star makes a line. */
const CLIP = 3;
/** Cells above this, if they do not continue along a line, are stars and left out, sigma. */
const BRIGHT = 4.5;
/** Pixels of the binned plane are clipped to the sky +- this many sigma before they are averaged into a cell; alone, stars must show. */
const pixelClip = (side: number) => (side === 2 ? 6 : 3);
/** Cells about a star's that are left out with it: its wings. */
const starReach = (side: number) => (side === 2 ? 2 : side === 4 ? 1 : 0);

/** (dx, dy) in 8 directions 22.5 degrees apart at 3 and at 6 cells: where a line through a cell would go on. */
const RINGS = [3, 0, 3, 1, 2, 2, 1, 3, 0, 3, -1, 3, -2, 2, -3, 1, 6, 0, 6, 2, 4, 4, 2, 6, 0, 6, -2, 6, -4, 4, -6, 2];

/** Makes the grid of cells of `side` measured pixels (2, 4, 8 or 16) in the kernels' memory, which the caller gives back. */
export function trailGrid(frame: PreparedFrame, side: number): TrailGrid {
  const { kernels } = frame;
  const k = side / 2;
  const width = Math.floor(frame.binnedWidth / k);
  const height = Math.floor(frame.binnedHeight / k);
  const count = width * height;
  const residual = kernels.take(count * 2 + 64);
  const mark = kernels.mark();
  const cells = kernels.take(count * 2 + 64);
  const seen = kernels.take(count * 2 + 64);
  const trend = kernels.take(count * 2 + 64);
  const quiet = kernels.take(count * 2 + 64);
  const blocks = kernels.take(4 * Math.ceil(width / BLOCK) * Math.ceil(height / BLOCK));
  averagePixels(frame, k, width, height, cells, seen);
  leaveBordersOut(frame, width, height, cells, seen);
  const grid: TrailGrid = { width, height, side, residual, perSigma: Math.min(10, Math.floor(32000 / (CLIP * Math.max(width, height)))) };
  levelTrend(frame, grid, cells, seen, trend, quiet, blocks);
  kernels.call.trailResidual(cells, trend, seen, width, height, BLOCK, blocks, 20 * grid.perSigma, quiet);
  const rings = kernels.take(RINGS.length);
  new Int8Array(kernels.memory.buffer, rings, RINGS.length).set(RINGS);
  const bright = Math.round(BRIGHT * grid.perSigma);
  kernels.call.trailStars(quiet, width, height, bright, CLIP * grid.perSigma, rings, starReach(side), residual);
  kernels.release(mark);
  return grid;
}

function averagePixels(frame: PreparedFrame, k: number, width: number, height: number, cells: number, seen: number): void {
  const { kernels, mesh } = frame;
  const tiles = mesh.columns * mesh.rows;
  const level = kernels.take(4 * tiles);
  const noise = kernels.take(4 * tiles);
  const scratch = kernels.take(16 * mesh.columns);
  const levels = kernels.f32(level, tiles);
  const noises = kernels.f32(noise, tiles);
  for (let n = 0; n < tiles; n++) {
    levels[n] = (mesh.level[n] - frame.binnedBlack) / frame.binnedStep;
    // Averaging 2 x 2 halves white noise; a floor for frames without any.
    noises[n] = Math.max(mesh.noise[n] / (2 * frame.binnedStep), 0.25);
  }
  const perTile = (2 * k) / mesh.tile;
  kernels.call.trailCells(
    frame.binned,
    frame.binnedWidth,
    k,
    width,
    height,
    level,
    noise,
    mesh.columns,
    mesh.rows,
    perTile,
    perTile,
    pixelClip(2 * k),
    frame.hasHoles ? 1 : 0,
    scratch,
    cells,
    seen,
  );
}

/** The outermost cells (overscan, odd columns) and those within two cells of missing data (edges of registered frames). */
function leaveBordersOut(frame: PreparedFrame, width: number, height: number, cells: number, seen: number): void {
  const weights = frame.kernels.i16(seen, width * height);
  const values = frame.kernels.i16(cells, width * height);
  if (frame.hasHoles) {
    const before = weights.slice();
    for (let y = 0; y < height; y++) {
      for (let x = 0, n = y * width; x < width; x++, n++) {
        if (before[n] !== 0) continue;
        // Within a hole its neighbours do the same.
        if (before[n - 1] === 0 && before[n + 1] === 0 && before[n - width] === 0 && before[n + width] === 0) continue;
        for (let v = Math.max(0, y - 2); v <= Math.min(height - 1, y + 2); v++) {
          weights.fill(0, v * width + Math.max(0, x - 2), v * width + Math.min(width, x + 3));
        }
      }
    }
    for (let n = 0; n < weights.length; n++) if (weights[n] === 0) values[n] = 0;
  }
  for (let x = 0; x < width; x++) {
    weights[x] = 0;
    weights[(height - 1) * width + x] = 0;
  }
  for (let y = 0; y < height; y++) {
    weights[y * width] = 0;
    weights[y * width + width - 1] = 0;
  }
}

/**
 * Local trend as a box mean without what stands out of it; then the scale of every block, so that a cell's noise is
 * `perSigma`. Noise is measured, not computed: registered and debayered frames have correlated noise.
 */
function levelTrend(
  frame: PreparedFrame,
  grid: TrailGrid,
  cells: number,
  seen: number,
  trend: number,
  quiet: number,
  blocks: number,
): void {
  const { call } = frame.kernels;
  const { width, height, perSigma } = grid;
  const count = width * height;
  const blockCount = Math.ceil(width / BLOCK) * Math.ceil(height / BLOCK);
  const first = frame.kernels.take(count * 2 + 64);
  const scratch = frame.kernels.take(16 * width + 128);
  call.trailTrend(cells, seen, width, height, TREND_RADIUS, LEAST_RADIUS, 0, scratch, first);
  const widest = pixelClip(grid.side) * 32 * (grid.side / 2) + 1;
  call.trailSpread(cells, first, seen, width, height, BLOCK, widest, blocks);
  const sigma = MEAN_TO_SIGMA * middle(frame.kernels.f32(blocks, blockCount));
  call.trailQuiet(cells, first, seen, count, Math.max(1, Math.round(2.5 * sigma)), quiet);
  call.trailTrend(cells, quiet, width, height, TREND_RADIUS, LEAST_RADIUS, first, scratch, trend);
  call.trailSpread(cells, trend, seen, width, height, BLOCK, Math.max(1, Math.round(3 * sigma)), blocks);
  const scales = frame.kernels.f32(blocks, blockCount);
  const typical = MEAN_TO_SIGMA * middle(scales);
  for (let n = 0; n < blockCount; n++) {
    scales[n] = scales[n] > 0 ? perSigma / Math.max(MEAN_TO_SIGMA * scales[n], 0.7 * typical) : 0;
  }
}

/** sigma = 1.2533 x the mean absolute deviation of normal noise. */
const MEAN_TO_SIGMA = Math.sqrt(Math.PI / 2);

function middle(values: Float32Array): number {
  const positive = values.filter((value) => value > 0).sort();
  return positive.length > 0 ? positive[positive.length >> 1] : 1;
}

/** Forgets what lies within `reach` cells of a line (end points in cells), so that other lines can be looked for. */
export function clearLine(
  frame: PreparedFrame,
  grid: TrailGrid,
  from: [x: number, y: number],
  to: [x: number, y: number],
  reach: number,
): void {
  const cells = frame.kernels.i16(grid.residual, grid.width * grid.height);
  const length = Math.max(1e-6, Math.hypot(to[0] - from[0], to[1] - from[1]));
  const [dx, dy] = [(to[0] - from[0]) / length, (to[1] - from[1]) / length];
  const y0 = Math.max(0, Math.floor(Math.min(from[1], to[1]) - reach));
  const y1 = Math.min(grid.height - 1, Math.ceil(Math.max(from[1], to[1]) + reach));
  for (let y = y0; y <= y1; y++) {
    // |(x - from.x) dy - (y - from.y) dx| <= reach
    const middleX = Math.abs(dy) > 1e-6 ? from[0] + ((y - from[1]) * dx) / dy : (from[0] + to[0]) / 2;
    const half = Math.abs(dy) > 1e-6 ? reach / Math.abs(dy) : grid.width;
    const x0 = Math.max(0, Math.ceil(Math.max(middleX - half, Math.min(from[0], to[0]) - reach)));
    const x1 = Math.min(grid.width - 1, Math.floor(Math.min(middleX + half, Math.max(from[0], to[0]) + reach)));
    for (let x = x0; x <= x1; x++) {
      const across = Math.abs((x - from[0]) * dy - (y - from[1]) * dx);
      const along = (x - from[0]) * dx + (y - from[1]) * dy;
      if (across <= reach && along >= -reach && along <= length + reach) cells[y * grid.width + x] = 0;
    }
  }
}
