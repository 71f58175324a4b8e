/**
 * Kernels of the trail search up to what lines are looked for in: from a plane of counts to a grid of star-clipped cells without
 * their local trend. All pointers are byte offsets into the kernels' memory.
 * A cell averages k x k pixels; its value is in 1/32 of the noise expected of it. Grids are i16, row by row.
 */
export interface TrailCellKernels {
  /**
   * Averages k x k pixels of `plane` (u16, `width` columns; k is 1, 2, 4 or 8) after clipping each to level +- clip x noise,
   * both interpolated from a mesh of `columns` x `rows` f32 values in counts; `meshX`, `meshY`: tiles per cell. The level goes on
   * linearly beyond the outer tiles' centres, the noise does not.
   * Stars and cosmic rays shrink to a few noise, trails survive by their length.
   * cells = 32 k (mean - level) / noise; weights = 0 where `holes` is set and a pixel is 0, else 1.
   * Scratch: 16 columns bytes; up to 16 bytes behind `cells` and `weights` and 48 behind the plane are touched.
   */
  trailCells(
    plane: number,
    width: number,
    k: number,
    cellsWide: number,
    cellsHigh: number,
    level: number,
    noise: number,
    columns: number,
    rows: number,
    meshX: number,
    meshY: number,
    clip: number,
    holes: number,
    scratch: number,
    cells: number,
    weights: number,
  ): void;
  /**
   * Weighted mean over the box of (2 radius + 1)^2 cells about each cell; near the border the box shrinks on both sides, to
   * a half side of `least`, so that a slope leaves nothing there. Where less than a quarter of the box has weight, the
   * value of `fallback` is taken; without one (0) the mean of what there is, 0 for nothing. Scratch: 16 width + 128 bytes.
   */
  trailTrend(
    cells: number,
    weights: number,
    width: number,
    height: number,
    radius: number,
    least: number,
    fallback: number,
    scratch: number,
    trend: number,
  ): void;
  /** weights = seen where |cells - trend| < limit, else 0. */
  trailQuiet(cells: number, trend: number, seen: number, count: number, limit: number, weights: number): void;
  /** Mean of min(|cells - trend|, limit) over the seen cells of each block x block square: f32, 0 where nothing is seen. */
  trailSpread(
    cells: number,
    trend: number,
    seen: number,
    width: number,
    height: number,
    block: number,
    limit: number,
    blocks: number,
  ): void;
  /** residual = (cells - trend) x the block's scale, clipped to +-limit; 0 where not seen. */
  trailResidual(
    cells: number,
    trend: number,
    seen: number,
    width: number,
    height: number,
    block: number,
    scales: number,
    limit: number,
    residual: number,
  ): void;
  /**
   * out = residual clipped to +-limit, but 0 for cells above `bright` that do not continue along a line: for no direction
   * of a ring are both opposite cells bright and those across not, nor, as at the end of a dash, one of them on the first ring and on
   * the second (or beside it there) with none across. `rings`: two rings of 8 pairs (dx, dy) of i8, pair i + 4 at right angles to
   * pair i. Cells up to `reach` from such a one are set to 0 too. Returns how many such cells there are.
   */
  trailStars(
    residual: number,
    width: number,
    height: number,
    bright: number,
    limit: number,
    rings: number,
    reach: number,
    out: number,
  ): number;
}

/** The same in plain TypeScript, for the tests and for engines without WASM SIMD. */
export function referenceTrailCells(memory: WebAssembly.Memory): TrailCellKernels {
  const i16 = (offset: number, length: number) => new Int16Array(memory.buffer, offset, length);
  const f32 = (offset: number, length: number) => new Float32Array(memory.buffer, offset, length);
  return {
    trailCells(plane, width, k, cellsWide, cellsHigh, level, noise, columns, rows, meshX, meshY, clip, holes, _scratch, cells, weights) {
      const source = new Uint16Array(memory.buffer, plane, width * k * cellsHigh);
      const levels = f32(level, columns * rows);
      const noises = f32(noise, columns * rows);
      const out = i16(cells, cellsWide * cellsHigh);
      const seen = i16(weights, cellsWide * cellsHigh);
      for (let n = 0; n < out.length; n++) {
        const cx = n % cellsWide;
        const cy = Math.floor(n / cellsWide);
        const l = bilinear(levels, interpolation(cx, cy, meshX, meshY, columns, rows, false));
        const sigma = bilinear(noises, interpolation(cx, cy, meshX, meshY, columns, rows, true));
        const low = Math.round(Math.max(0, l - clip * sigma));
        const high = Math.round(Math.min(65535, l + clip * sigma));
        let sum = 0;
        let hole = false;
        for (let y = 0; y < k; y++) {
          for (let x = 0; x < k; x++) {
            const v = source[(cy * k + y) * width + cx * k + x];
            if (v === 0) hole = true;
            sum += Math.min(Math.max(v, low), high);
          }
        }
        const masked = holes !== 0 && hole;
        seen[n] = masked ? 0 : 1;
        out[n] = masked ? 0 : Math.round(((sum / (k * k) - l) / sigma) * 32 * k);
      }
    },
    trailTrend(cells, weights, width, height, radius, least, fallback, _scratch, trend) {
      const value = i16(cells, width * height);
      const weight = i16(weights, width * height);
      const spare = i16(fallback, width * height);
      const out = new Int16Array(width * height);
      const shrunk = (at: number, size: number) => Math.max(least, Math.min(radius, at, size - 1 - at));
      for (let y = 0; y < height; y++) {
        const high = shrunk(y, height);
        for (let x = 0; x < width; x++) {
          const wide = shrunk(x, width);
          let sum = 0;
          let count = 0;
          for (let v = Math.max(0, y - high); v <= Math.min(height - 1, y + high); v++) {
            for (let u = Math.max(0, x - wide); u <= Math.min(width - 1, x + wide); u++) {
              sum += value[v * width + u] * weight[v * width + u];
              count += weight[v * width + u];
            }
          }
          const enough = count * 4 >= (2 * wide + 1) * (2 * high + 1);
          out[y * width + x] = enough || fallback === 0 ? Math.round(sum / Math.max(1, count)) : spare[y * width + x];
        }
      }
      i16(trend, width * height).set(out);
    },
    trailQuiet(cells, trend, seen, count, limit, weights) {
      const value = i16(cells, count);
      const mean = i16(trend, count);
      const mask = i16(seen, count);
      const out = i16(weights, count);
      for (let n = 0; n < count; n++) out[n] = Math.abs(value[n] - mean[n]) < limit ? mask[n] : 0;
    },
    trailSpread(cells, trend, seen, width, height, block, limit, blocks) {
      const value = i16(cells, width * height);
      const mean = i16(trend, width * height);
      const mask = i16(seen, width * height);
      const columns = Math.ceil(width / block);
      const sums = new Float64Array(columns * Math.ceil(height / block));
      const counts = new Float64Array(sums.length);
      for (let n = 0; n < value.length; n++) {
        const b = Math.floor(Math.floor(n / width) / block) * columns + Math.floor((n % width) / block);
        sums[b] += mask[n] * Math.min(Math.abs(value[n] - mean[n]), limit);
        counts[b] += mask[n];
      }
      f32(blocks, sums.length).set(sums.map((sum, b) => (counts[b] > 0 ? sum / counts[b] : 0)));
    },
    trailResidual(cells, trend, seen, width, height, block, scales, limit, residual) {
      const value = i16(cells, width * height);
      const mean = i16(trend, width * height);
      const mask = i16(seen, width * height);
      const columns = Math.ceil(width / block);
      const scale = f32(scales, columns * Math.ceil(height / block));
      const out = i16(residual, width * height);
      for (let n = 0; n < value.length; n++) {
        const b = Math.floor(Math.floor(n / width) / block) * columns + Math.floor((n % width) / block);
        out[n] = Math.round(Math.max(-limit, Math.min(mask[n] * (value[n] - mean[n]) * scale[b], limit)));
      }
    },
    trailStars(residual, width, height, bright, limit, rings, reach, out) {
      const value = i16(residual, width * height);
      const ring = new Int8Array(memory.buffer, rings, 32);
      const target = i16(out, width * height);
      const isBright = (x: number, y: number, floor: number) =>
        x < 0 || x >= width || y < 0 || y >= height ? null : value[y * width + x] >= floor;
      /** Whether the cell in direction 0 .. 15 of a ring is bright; null outside the grid. */
      const onRing = (x: number, y: number, r: number, direction: number, floor: number, aside = 0) => {
        const sign = direction < 8 ? 1 : -1;
        const [dx, dy] = [ring[16 * r + 2 * (direction & 7)], ring[16 * r + 2 * (direction & 7) + 1]];
        const flat = Math.abs(dx) > Math.abs(dy);
        return isBright(x + sign * dx + (flat ? 0 : aside), y + sign * dy + (flat ? aside : 0), floor);
      };
      const goesThrough = (x: number, y: number, r: number, pair: number, floor: number) => {
        const [one, other] = [onRing(x, y, r, pair, floor), onRing(x, y, r, pair + 8, floor)];
        return one !== false && other !== false && !(one === null && other === null);
      };
      const isEnd = (x: number, y: number, direction: number, floor: number) => {
        const across = (direction + 4) % 8;
        if (onRing(x, y, 0, across, floor) || onRing(x, y, 0, across + 8, floor)) return false;
        return onRing(x, y, 0, direction, floor) && [-1, 0, 1].some((aside) => onRing(x, y, 1, direction, floor, aside));
      };
      const isLine = (x: number, y: number, floor: number) => {
        for (let i = 0; i < 16; i++) {
          const [r, pair] = [i >> 3, i & 7];
          if (goesThrough(x, y, r, pair, floor) && !goesThrough(x, y, r, (pair + 4) % 8, floor)) return true;
          if (isEnd(x, y, i, floor)) return true;
        }
        return false;
      };
      let masked = 0;
      for (let n = 0; n < value.length; n++) target[n] = Math.max(-limit, Math.min(value[n], limit));
      for (let n = 0; n < value.length; n++) {
        if (value[n] <= bright) continue;
        const x = n % width;
        const y = Math.floor(n / width);
        const floor = Math.min(Math.trunc((value[n] * 2) / 5), bright);
        if (isLine(x, y, floor)) continue;
        for (let v = Math.max(0, y - reach); v <= Math.min(height - 1, y + reach); v++) {
          target.fill(0, v * width + Math.max(0, x - reach), v * width + Math.min(width, x + reach + 1));
        }
        masked++;
      }
      return masked;
    },
  };
}

/** Level: continued linearly beyond the outer tiles' centres; noise: held there, so that it stays above 0. */
function interpolation(cx: number, cy: number, meshX: number, meshY: number, columns: number, rows: number, hold: boolean) {
  const u = (cx + 0.5) * meshX - 0.5;
  const v = (cy + 0.5) * meshY - 0.5;
  const c = Math.max(0, Math.min(Math.trunc(u), columns - 2));
  const r = Math.max(0, Math.min(Math.trunc(v), rows - 2));
  const right = Math.min(c + 1, columns - 1);
  const below = Math.min(r + 1, rows - 1);
  const limit = (t: number) => (hold ? Math.max(0, Math.min(t, 1)) : t);
  return {
    a: r * columns + c,
    b: r * columns + right,
    c: below * columns + c,
    d: below * columns + right,
    x: limit(u - c),
    y: limit(v - r),
  };
}

function bilinear(mesh: Float32Array, at: ReturnType<typeof interpolation>): number {
  const above = mesh[at.a] * (1 - at.x) + mesh[at.b] * at.x;
  const below = mesh[at.c] * (1 - at.x) + mesh[at.d] * at.x;
  return above * (1 - at.y) + below * at.y;
}
