/**
 * Kernels that measure a line at full resolution. A strip holds the pixels beside a path: f32, row by row along the path, `across`
 * (odd) of them in a row of `pitch` (the next multiple of 4), the rest of which is 0. All pointers are byte offsets.
 */
export interface TrailStripKernels {
  /**
   * Reads a strip, `group` rows of the path summed into one of its: sum of (count - middle - tilt c - curve |c|) x inverse,
   * c = -half .. half. `pixels`: the plane at the path's first row; a row advances by `advance` pixels, c by `stride`; `middles`:
   * i32 per row, the pixel that c = 0 is; `limit`: how many there are. `sky`: f32 (middle, tilt, curve, inverse) per 32 rows.
   * Pixels outside and of count 0 add nothing; rows beyond the last whole group are left out.
   */
  trailStrip(
    pixels: number,
    limit: number,
    stride: number,
    advance: number,
    rows: number,
    half: number,
    pitch: number,
    middles: number,
    sky: number,
    group: number,
    out: number,
  ): void;
  /**
   * out = the strip without stars. A star is a pixel of at least steps[0] that has nothing above 0.4 of it, `away` rows before
   * or behind, in its own column or those beside. The last k with steps[k - 1] <= pixel (f32, ascending, at most 30) tells how
   * much it hides: k columns on either side, ceil(min(k + 1, stepCount) / group) rows. Returns how many values of `out` are 0.
   */
  trailHide(
    values: number,
    rows: number,
    across: number,
    pitch: number,
    away: number,
    group: number,
    steps: number,
    stepCount: number,
    out: number,
  ): number;
  /** Adds every `step`-th of `rows` rows to out (f32, `pitch`), each value limited to +-clip. */
  trailSums(values: number, pitch: number, rows: number, step: number, clip: number, out: number): void;
  /** Per column the mean of `count` rows without its `cut` lowest and highest values. Scratch: 16 count bytes. */
  trailTrimmed(samples: number, count: number, pitch: number, cut: number, scratch: number, out: number): void;
  /**
   * Per row the sum of weights[n] x value limited to -4 .. clip, minus levels[row / levelRows]. `values` is where the first
   * weight applies; `count` is a multiple of 4, for which the last weights may be 0: up to 12 bytes behind the rows are read.
   */
  trailRows(
    values: number,
    pitch: number,
    rows: number,
    weights: number,
    count: number,
    clip: number,
    levels: number,
    levelRows: number,
    out: number,
  ): void;
  /**
   * Sums of ribbons of 8 `widths` (i32) about every column of `blocks` rows of means, above the line through the medians of the
   * outer quarters; the outermost pixels of an even width count half. out: f32, [block][column, `across` of them][width].
   * Scratch: 8 across + 32 bytes.
   */
  trailRibbons(means: number, blocks: number, across: number, pitch: number, widths: number, scratch: number, out: number): void;
  /**
   * The best ribbon along paths that begin `a` and end `b` columns from the middle and bow by `bow`: `best` (f32 z, a, b, bow,
   * width's number) is replaced where sum x norms[width] - penalty is above its z. Scratch: 4 blocks + 80 bytes.
   */
  trailRidge(
    ribbons: number,
    blocks: number,
    across: number,
    a0: number,
    a1: number,
    b0: number,
    b1: number,
    step: number,
    bow: number,
    penalty: number,
    norms: number,
    scratch: number,
    best: number,
  ): void;
  /**
   * Sums of an i16 grid along a line and those beside it, in `parts` of it: i32, [part][2 half + 1], and in `rows` how many
   * steps of the line each part has. From (x0, y0) the line goes on by (dx, dy), `steps` times; beside is along y where `flat`.
   */
  trailBeside(
    residual: number,
    width: number,
    height: number,
    flat: number,
    x0: number,
    y0: number,
    dx: number,
    dy: number,
    steps: number,
    parts: number,
    half: number,
    sums: number,
    rows: number,
  ): void;
}

/** The same in plain TypeScript, for the tests and for engines without WASM SIMD. */
export function referenceTrailStrips(memory: WebAssembly.Memory): TrailStripKernels {
  const f32 = (offset: number, length: number) => new Float32Array(memory.buffer, offset, length);
  const i32 = (offset: number, length: number) => new Int32Array(memory.buffer, offset, length);
  return {
    trailStrip(pixels, limit, stride, advance, rows, half, pitch, middles, sky, group, out) {
      const lines = Math.floor(rows / group);
      const target = f32(out, lines * pitch).fill(0);
      const middle = i32(middles, rows);
      const levels = f32(sky, 4 * Math.ceil(rows / 32));
      const source = new DataView(memory.buffer);
      for (let r = 0; r < lines * group; r++) {
        const [level, tilt, curve, inverse] = levels.subarray(4 * (r >> 5));
        for (let c = Math.max(-half, -middle[r]); c <= Math.min(half, limit - 1 - middle[r]); c++) {
          const count = source.getUint16(pixels + 2 * (r * advance + (middle[r] + c) * stride), true);
          if (count === 0) continue;
          target[Math.floor(r / group) * pitch + half + c] += (count - level - tilt * c - curve * Math.abs(c)) * inverse;
        }
      }
    },
    trailHide(values, rows, across, pitch, away, group, steps, stepCount, out) {
      const source = f32(values, rows * pitch);
      const target = f32(out, rows * pitch);
      target.set(source);
      const thresholds = f32(steps, stepCount);
      const reaches = (r: number, c: number, floor: number) => {
        if (r < 0 || r >= rows) return false;
        for (let u = Math.max(0, c - 1); u <= Math.min(across - 1, c + 1); u++) if (source[r * pitch + u] > floor) return true;
        return false;
      };
      for (let r = 0; r < rows; r++) {
        for (let c = 0; c < across; c++) {
          const v = source[r * pitch + c];
          const floor = Math.fround(Math.fround(0.4) * v);
          const k = thresholds.filter((threshold) => v >= threshold).length;
          if (k === 0 || reaches(r - away, c, floor) || reaches(r + away, c, floor)) continue;
          const reach = Math.ceil(Math.min(k + 1, stepCount) / group);
          for (let y = Math.max(0, r - reach); y <= Math.min(rows - 1, r + reach); y++) {
            target.fill(0, y * pitch + Math.max(0, c - k), y * pitch + Math.min(across, c + k + 1));
          }
        }
      }
      let zeros = 0;
      for (let n = 0; n < target.length; n++) if (n % pitch < across && target[n] === 0) zeros++;
      return zeros;
    },
    trailSums(values, pitch, rows, step, clip, out) {
      const source = f32(values, rows * pitch);
      const target = f32(out, pitch);
      for (let r = 0; r < rows; r += step) {
        for (let c = 0; c < pitch; c++) target[c] += Math.max(-clip, Math.min(source[r * pitch + c], clip));
      }
    },
    trailTrimmed(samples, count, pitch, cut, _scratch, out) {
      const source = f32(samples, count * pitch);
      const target = f32(out, pitch);
      const column = new Float32Array(count);
      for (let c = 0; c < pitch; c++) {
        for (let n = 0; n < count; n++) column[n] = source[n * pitch + c];
        column.sort();
        let sum = 0;
        for (let n = cut; n < count - cut; n++) sum += column[n];
        target[c] = sum / (count - 2 * cut);
      }
    },
    trailRows(values, pitch, rows, weights, count, clip, levels, levelRows, out) {
      const source = f32(values, (rows - 1) * pitch + count);
      const weight = f32(weights, count);
      const level = f32(levels, Math.ceil(rows / levelRows));
      const target = f32(out, rows);
      for (let r = 0; r < rows; r++) {
        let sum = 0;
        for (let n = 0; n < count; n++) if (weight[n] !== 0) sum += weight[n] * Math.max(-4, Math.min(source[r * pitch + n], clip));
        target[r] = sum - level[Math.floor(r / levelRows)];
      }
    },
    trailRibbons(means, blocks, across, pitch, widths, _scratch, out) {
      const width = i32(widths, 8);
      const target = f32(out, blocks * across * 8);
      const side = across >> 2;
      for (let n = 0; n < blocks; n++) {
        const line = f32(means + 4 * n * pitch, across);
        const left = line.slice(0, side).sort()[side >> 1];
        const right = line.slice(across - side).sort()[side >> 1];
        const above = line.map((value, c) => value - left - ((right - left) * (c - (side - 1) / 2)) / (across - side));
        const sum = (from: number, to: number) => above.subarray(Math.max(0, from), Math.min(across, to)).reduce((a, b) => a + b, 0);
        for (let c = 0; c < across; c++) {
          for (let w = 0; w < 8; w++) {
            const wing = width[w] >> 1;
            const outer = sum(c - wing, c + wing + 1);
            target[(n * across + c) * 8 + w] = width[w] & 1 ? outer : (outer + sum(c - wing + 1, c + wing)) / 2;
          }
        }
      }
    },
    trailRidge(ribbons, blocks, across, a0, a1, b0, b1, step, bow, penalty, norms, _scratch, best) {
      const source = f32(ribbons, blocks * across * 8);
      const norm = f32(norms, 8);
      const record = f32(best, 5);
      for (let a = a0; a <= a1; a += step) {
        for (let b = b0; b <= b1; b += step) {
          const sums = new Float64Array(8);
          for (let n = 0; n < blocks; n++) {
            const t = (n + 0.5) / blocks;
            const at = Math.round(a + (b - a) * t + 4 * bow * t * (1 - t) + (across >> 1));
            const column = Math.max(0, Math.min(at, across - 1));
            for (let w = 0; w < 8; w++) sums[w] += source[(n * across + column) * 8 + w];
          }
          for (let w = 0; w < 8; w++) {
            const z = sums[w] * norm[w] - penalty;
            if (z > record[0]) record.set([z, a, b, bow, w]);
          }
        }
      }
    },
    trailBeside(residual, width, height, flat, x0, y0, dx, dy, steps, parts, half, sums, rows) {
      const cells = new Int16Array(memory.buffer, residual, width * height);
      const across = 2 * half + 1;
      const sum = i32(sums, parts * across).fill(0);
      const count = i32(rows, parts).fill(0);
      for (let i = 0; i <= steps; i++) {
        const part = Math.min(parts - 1, Math.floor((i * parts) / (steps + 1)));
        const x = Math.round(x0 + i * dx);
        const y = Math.round(y0 + i * dy);
        if (x < 0 || y < 0 || x >= width || y >= height) continue;
        count[part]++;
        for (let c = -half; c <= half; c++) {
          const [u, v] = flat ? [x, y + c] : [x + c, y];
          if (u >= 0 && v >= 0 && u < width && v < height) sum[part * across + c + half] += cells[v * width + u];
        }
      }
    },
  };
}
