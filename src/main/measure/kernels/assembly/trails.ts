// Fast Hough transform (M. L. Brady 1998, SIAM J. Comput. 27, 107: "A fast discrete approximation algorithm for the Radon
// transform") over a grid of star-clipped cells, and the steps that make that grid. The reference and the meaning of every
// argument are in ../trails-kernels.ts.

/** Added to a float below 2^22 it leaves the nearest integer in the low bits: much faster than nearest or trunc_sat on x86. */
const MAGIC: f32 = 12582912.0;

/** Level, its rise to the next tile, noise and its rise, per tile, along one row of cells. */
function meshRow(level: usize, noise: usize, columns: i32, rows: i32, meshY: f32, cy: i32, row: usize): void {
  // The level goes on linearly beyond the outer tiles' centres, the noise does not: it must stay above 0.
  const v = (<f32>cy + 0.5) * meshY - 0.5;
  const r0 = max(0, min(<i32>v, rows - 2));
  const fy = v - <f32>r0;
  const gy = max(<f32>0, min(fy, <f32>1));
  const a = (<usize>(r0 * columns)) << 2;
  const b = (<usize>(min(r0 + 1, rows - 1) * columns)) << 2;
  for (let c = 0; c < columns; c++) {
    const at = (<usize>c) << 2;
    const out = row + ((<usize>c) << 4);
    store<f32>(out, load<f32>(level + a + at) * (1 - fy) + load<f32>(level + b + at) * fy);
    store<f32>(out + 8, load<f32>(noise + a + at) * (1 - gy) + load<f32>(noise + b + at) * gy);
  }
  for (let c = 0; c < columns; c++) {
    const out = row + ((<usize>c) << 4);
    const next = row + ((<usize>min(c + 1, columns - 1)) << 4);
    store<f32>(out + 4, load<f32>(next) - load<f32>(out));
    store<f32>(out + 12, load<f32>(next + 8) - load<f32>(out + 8));
  }
}

// @ts-ignore: decorator
@inline
function meshAt(row: usize, columns: i32, meshX: f32, cx: i32, field: usize): f32 {
  const u = (<f32>cx + 0.5) * meshX - 0.5;
  const c = max(0, min(<i32>u, columns - 2));
  let f = u - <f32>c;
  if (field != 0) f = max(<f32>0, min(f, <f32>1));
  const at = row + ((<usize>c) << 4) + field;
  return load<f32>(at) + load<f32>(at + 4) * f;
}

/** Level (field 0) or noise (field 8) of four cells. */
// @ts-ignore: decorator
@inline
function meshFour(row: usize, columns: i32, meshX: f32, cx: i32, field: usize): v128 {
  const first = (<f32>cx + 0.5) * meshX - 0.5;
  const last = (<f32>(cx + 3) + 0.5) * meshX - 0.5;
  if (first >= 0 && last < <f32>(columns - 1) && <i32>first == <i32>last) {
    const at = row + ((<usize>(<i32>first)) << 4) + field;
    const rise = load<f32>(at + 4);
    const steps = f32x4.mul(f32x4(0, 1, 2, 3), f32x4.splat(meshX * rise));
    return f32x4.add(f32x4.splat(load<f32>(at) + rise * (first - <f32>(<i32>first))), steps);
  }
  let v = f32x4.splat(meshAt(row, columns, meshX, cx, field));
  v = f32x4.replace_lane(v, 1, meshAt(row, columns, meshX, cx + 1, field));
  v = f32x4.replace_lane(v, 2, meshAt(row, columns, meshX, cx + 2, field));
  return f32x4.replace_lane(v, 3, meshAt(row, columns, meshX, cx + 3, field));
}

// @ts-ignore: decorator
@inline
function pairSums(a: v128, b: v128): v128 {
  return i32x4.add(
    i8x16.shuffle(a, b, 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27),
    i8x16.shuffle(a, b, 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31),
  );
}

/** Sums of the clipped pixels of four cells of k x k; `low` and `high` hold a u16 in each 32-bit lane. */
// @ts-ignore: decorator
@inline
function fourSums(at: usize, stride: usize, k: i32, low: v128, high: v128): v128 {
  if (k == 1) {
    const v = i32x4.extend_low_i16x8_u(v128.load64_zero(at));
    return i32x4.min_s(i32x4.max_s(v, low), high);
  }
  if (k == 2) {
    const lo = i8x16.shuffle(low, low, 0, 1, 0, 1, 4, 5, 4, 5, 8, 9, 8, 9, 12, 13, 12, 13);
    const hi = i8x16.shuffle(high, high, 0, 1, 0, 1, 4, 5, 4, 5, 8, 9, 8, 9, 12, 13, 12, 13);
    let sum = i32x4.splat(0);
    for (let y = 0; y < 2; y++) {
      const v = v128.load(at + <usize>y * stride);
      sum = i32x4.add(sum, i32x4.extadd_pairwise_i16x8_u(i16x8.min_u(i16x8.max_u(v, lo), hi)));
    }
    return sum;
  }
  if (k == 4) {
    const lo0 = i8x16.shuffle(low, low, 0, 1, 0, 1, 0, 1, 0, 1, 4, 5, 4, 5, 4, 5, 4, 5);
    const hi0 = i8x16.shuffle(high, high, 0, 1, 0, 1, 0, 1, 0, 1, 4, 5, 4, 5, 4, 5, 4, 5);
    const lo1 = i8x16.shuffle(low, low, 8, 9, 8, 9, 8, 9, 8, 9, 12, 13, 12, 13, 12, 13, 12, 13);
    const hi1 = i8x16.shuffle(high, high, 8, 9, 8, 9, 8, 9, 8, 9, 12, 13, 12, 13, 12, 13, 12, 13);
    let a = i32x4.splat(0);
    let b = i32x4.splat(0);
    for (let y = 0; y < 4; y++) {
      const row = at + <usize>y * stride;
      a = i32x4.add(a, i32x4.extadd_pairwise_i16x8_u(i16x8.min_u(i16x8.max_u(v128.load(row), lo0), hi0)));
      b = i32x4.add(b, i32x4.extadd_pairwise_i16x8_u(i16x8.min_u(i16x8.max_u(v128.load(row + 16), lo1), hi1)));
    }
    return pairSums(a, b);
  }
  const parts = memory.data(64, 16);
  store<v128>(parts, low);
  store<v128>(parts + 16, high);
  for (let i: usize = 0; i < 4; i++) {
    const lo = i16x8.splat(load<i16>(parts + (i << 2)));
    const hi = i16x8.splat(load<i16>(parts + 16 + (i << 2)));
    let sum = i32x4.splat(0);
    for (let y = 0; y < 8; y++) {
      const v = v128.load(at + (i << 4) + <usize>y * stride);
      sum = i32x4.add(sum, i32x4.extadd_pairwise_i16x8_u(i16x8.min_u(i16x8.max_u(v, lo), hi)));
    }
    store<i32>(
      parts + 32 + (i << 2),
      i32x4.extract_lane(sum, 0) + i32x4.extract_lane(sum, 1) + i32x4.extract_lane(sum, 2) + i32x4.extract_lane(sum, 3),
    );
  }
  return v128.load(parts + 32);
}

// @ts-ignore: decorator
@inline
function cellRow(
  at: usize,
  stride: usize,
  k: i32,
  cellsWide: i32,
  mesh: usize,
  columns: i32,
  meshX: f32,
  clip: f32,
  out: usize,
): void {
  const perPixel = f32x4.splat(1 / <f32>(k * k));
  const unit = f32x4.splat(32 * <f32>k);
  const magic = f32x4.splat(MAGIC);
  const reaches = f32x4.splat(clip);
  const word = i32x4.splat(0xffff);
  for (let cx = 0; cx < cellsWide; cx += 4) {
    const level = meshFour(mesh, columns, meshX, cx, 0);
    const noise = meshFour(mesh, columns, meshX, cx, 8);
    const reach = f32x4.mul(reaches, noise);
    const low = v128.and(f32x4.add(f32x4.pmax(f32x4.sub(level, reach), f32x4.splat(0)), magic), word);
    const high = v128.and(f32x4.add(f32x4.pmin(f32x4.add(level, reach), f32x4.splat(65535)), magic), word);
    const sum = f32x4.convert_i32x4_s(fourSums(at + ((<usize>(cx * k)) << 1), stride, k, low, high));
    const value = f32x4.mul(f32x4.div(f32x4.sub(f32x4.mul(sum, perPixel), level), noise), unit);
    const rounded = f32x4.add(value, magic);
    v128.store64_lane(out + ((<usize>cx) << 1), i8x16.shuffle(rounded, rounded, 0, 1, 4, 5, 8, 9, 12, 13, 0, 1, 4, 5, 8, 9, 12, 13), 0);
  }
}

/** Marks cells that hold a pixel without data. */
function cellHoles(at: usize, stride: usize, k: i32, cellsWide: i32, cells: usize, weights: usize): void {
  for (let cx = 0; cx < cellsWide; cx++) {
    let seen: i16 = 1;
    for (let y = 0; y < k; y++) {
      const row = at + <usize>y * stride + ((<usize>(cx * k)) << 1);
      for (let i = 0; i < k; i++) if (load<u16>(row + ((<usize>i) << 1)) == 0) seen = 0;
    }
    store<i16>(weights + ((<usize>cx) << 1), seen);
    if (seen == 0) store<i16>(cells + ((<usize>cx) << 1), 0);
  }
}

export function trailCells(
  plane: usize,
  width: i32,
  k: i32,
  cellsWide: i32,
  cellsHigh: i32,
  level: usize,
  noise: usize,
  columns: i32,
  rows: i32,
  meshX: f32,
  meshY: f32,
  clip: f32,
  holes: i32,
  scratch: usize,
  cells: usize,
  weights: usize,
): void {
  const stride = (<usize>width) << 1;
  const ones = i16x8.splat(1);
  for (let cy = 0; cy < cellsHigh; cy++) {
    meshRow(level, noise, columns, rows, meshY, cy, scratch);
    const at = plane + <usize>(cy * k) * stride;
    const out = cells + ((<usize>(cy * cellsWide)) << 1);
    if (k == 1) cellRow(at, stride, 1, cellsWide, scratch, columns, meshX, clip, out);
    else if (k == 2) cellRow(at, stride, 2, cellsWide, scratch, columns, meshX, clip, out);
    else if (k == 4) cellRow(at, stride, 4, cellsWide, scratch, columns, meshX, clip, out);
    else cellRow(at, stride, 8, cellsWide, scratch, columns, meshX, clip, out);
    const mark = weights + ((<usize>(cy * cellsWide)) << 1);
    if (holes != 0) cellHoles(at, stride, k, cellsWide, out, mark);
    else for (let cx = 0; cx < cellsWide; cx += 8) v128.store(mark + ((<usize>cx) << 1), ones);
  }
}

/** Adds (sign 1) or takes away (sign -1) one row of values and weights to or from the column sums. */
function columnSums(values: usize, weights: usize, width: i32, add: bool, sumValues: usize, sumWeights: usize): void {
  let x = 0;
  for (; x + 8 <= width; x += 8) {
    const at = (<usize>x) << 1;
    const out = (<usize>x) << 2;
    const w = v128.load(weights + at);
    const v = i16x8.mul(v128.load(values + at), w);
    if (add) {
      v128.store(sumValues + out, i32x4.add(v128.load(sumValues + out), i32x4.extend_low_i16x8_s(v)));
      v128.store(sumValues + out + 16, i32x4.add(v128.load(sumValues + out + 16), i32x4.extend_high_i16x8_s(v)));
      v128.store(sumWeights + out, i32x4.add(v128.load(sumWeights + out), i32x4.extend_low_i16x8_s(w)));
      v128.store(sumWeights + out + 16, i32x4.add(v128.load(sumWeights + out + 16), i32x4.extend_high_i16x8_s(w)));
    } else {
      v128.store(sumValues + out, i32x4.sub(v128.load(sumValues + out), i32x4.extend_low_i16x8_s(v)));
      v128.store(sumValues + out + 16, i32x4.sub(v128.load(sumValues + out + 16), i32x4.extend_high_i16x8_s(v)));
      v128.store(sumWeights + out, i32x4.sub(v128.load(sumWeights + out), i32x4.extend_low_i16x8_s(w)));
      v128.store(sumWeights + out + 16, i32x4.sub(v128.load(sumWeights + out + 16), i32x4.extend_high_i16x8_s(w)));
    }
  }
  const sign = add ? 1 : -1;
  for (; x < width; x++) {
    const at = (<usize>x) << 1;
    const out = (<usize>x) << 2;
    const w = <i32>load<i16>(weights + at);
    store<i32>(sumValues + out, load<i32>(sumValues + out) + sign * w * <i32>load<i16>(values + at));
    store<i32>(sumWeights + out, load<i32>(sumWeights + out) + sign * w);
  }
}

/** Half side of the box: never beyond the border, so that a slope makes no step there, but at least `least`. */
// @ts-ignore: decorator
@inline
function shrunk(at: i32, size: i32, radius: i32, least: i32): i32 {
  return max(least, min(radius, min(at, size - 1 - at)));
}

export function trailTrend(
  cells: usize,
  weights: usize,
  width: i32,
  height: i32,
  radius: i32,
  least: i32,
  fallback: usize,
  scratch: usize,
  trend: usize,
): void {
  const sumValues = scratch;
  const sumWeights = sumValues + ((<usize>width) << 2) + 16;
  const prefixValues = sumWeights + ((<usize>width) << 2) + 16;
  const prefixWeights = prefixValues + ((<usize>width) << 2) + 32;
  memory.fill(sumValues, 0, (<usize>width) << 2);
  memory.fill(sumWeights, 0, (<usize>width) << 2);
  const stride = (<usize>width) << 1;
  let entered = 0;
  let left = 0;
  for (let y = 0; y < height; y++) {
    const reach = shrunk(y, height, radius, least);
    for (; entered <= min(height - 1, y + reach); entered++) columnSums(cells + <usize>entered * stride, weights + <usize>entered * stride, width, true, sumValues, sumWeights);
    for (; left < y - reach; left++) columnSums(cells + <usize>left * stride, weights + <usize>left * stride, width, false, sumValues, sumWeights);
    let v = 0;
    let w = 0;
    store<i32>(prefixValues, 0);
    store<i32>(prefixWeights, 0);
    for (let x = 0; x < width; x++) {
      const at = (<usize>x) << 2;
      v += load<i32>(sumValues + at);
      w += load<i32>(sumWeights + at);
      store<i32>(prefixValues + at + 4, v);
      store<i32>(prefixWeights + at + 4, w);
    }
    const out = trend + <usize>y * stride;
    const spare = fallback + <usize>y * stride;
    let x = 0;
    const inside = width - radius - 8;
    while (x < width) {
      if (x >= radius && x < inside) {
        const right = (<usize>(x + radius + 1)) << 2;
        const first = (<usize>(x - radius)) << 2;
        const s = i32x4.sub(v128.load(prefixValues + right), v128.load(prefixValues + first));
        const c = i32x4.sub(v128.load(prefixWeights + right), v128.load(prefixWeights + first));
        if (i32x4.all_true(i32x4.ge_s(c, i32x4.splat(max(1, ((2 * radius + 1) * (2 * reach + 1) + 3) >> 2))))) {
          const q = f32x4.div(f32x4.convert_i32x4_s(s), f32x4.convert_i32x4_s(c));
          const rounded = f32x4.add(q, f32x4.splat(MAGIC));
          // The low bits of the float hold the rounded integer: its lower half, as i16, is the value.
          const low = i8x16.shuffle(rounded, rounded, 0, 1, 4, 5, 8, 9, 12, 13, 0, 1, 4, 5, 8, 9, 12, 13);
          v128.store64_lane(out + ((<usize>x) << 1), low, 0);
          x += 4;
          continue;
        }
      }
      const wing = shrunk(x, width, radius, least);
      const right = (<usize>min(width, x + wing + 1)) << 2;
      const first = (<usize>max(0, x - wing)) << 2;
      const c = load<i32>(prefixWeights + right) - load<i32>(prefixWeights + first);
      const at = (<usize>x) << 1;
      if (c * 4 >= (2 * wing + 1) * (2 * reach + 1) || fallback == 0) {
        const s = load<i32>(prefixValues + right) - load<i32>(prefixValues + first);
        store<i16>(out + at, c > 0 ? <i16>nearest(<f32>s / <f32>c) : 0);
      } else store<i16>(out + at, load<i16>(spare + at));
      x++;
    }
  }
}

export function trailQuiet(cells: usize, trend: usize, seen: usize, count: i32, limit: i32, weights: usize): void {
  const lim = i16x8.splat(<i16>limit);
  let i = 0;
  for (; i + 8 <= count; i += 8) {
    const at = (<usize>i) << 1;
    const d = i16x8.abs(i16x8.sub(v128.load(cells + at), v128.load(trend + at)));
    const quiet = v128.and(i16x8.lt_s(d, lim), v128.load(seen + at));
    v128.store(weights + at, quiet);
  }
  for (; i < count; i++) {
    const at = (<usize>i) << 1;
    const d = abs(<i32>load<i16>(cells + at) - <i32>load<i16>(trend + at));
    store<i16>(weights + at, d < limit ? load<i16>(seen + at) : 0);
  }
}

export function trailSpread(
  cells: usize,
  trend: usize,
  seen: usize,
  width: i32,
  height: i32,
  block: i32,
  limit: i32,
  blocks: usize,
): void {
  const columns = (width + block - 1) / block;
  const rows = (height + block - 1) / block;
  for (let by = 0; by < rows; by++) {
    for (let bx = 0; bx < columns; bx++) {
      let sum = 0;
      let count = 0;
      const x1 = min(width, (bx + 1) * block);
      const y1 = min(height, (by + 1) * block);
      for (let y = by * block; y < y1; y++) {
        const row = (<usize>(y * width)) << 1;
        let x = bx * block;
        let sums = i32x4.splat(0);
        let counts = i16x8.splat(0);
        const lim = i16x8.splat(<i16>limit);
        for (; x + 8 <= x1; x += 8) {
          const at = row + ((<usize>x) << 1);
          const mask = v128.load(seen + at);
          const d = i16x8.min_s(i16x8.abs(i16x8.sub(v128.load(cells + at), v128.load(trend + at))), lim);
          sums = i32x4.add(sums, i32x4.dot_i16x8_s(d, mask));
          counts = i16x8.add(counts, mask);
        }
        sum += i32x4.extract_lane(sums, 0) + i32x4.extract_lane(sums, 1) + i32x4.extract_lane(sums, 2) + i32x4.extract_lane(sums, 3);
        const c4 = i32x4.extadd_pairwise_i16x8_s(counts);
        count += i32x4.extract_lane(c4, 0) + i32x4.extract_lane(c4, 1) + i32x4.extract_lane(c4, 2) + i32x4.extract_lane(c4, 3);
        for (; x < x1; x++) {
          const at = row + ((<usize>x) << 1);
          const m = <i32>load<i16>(seen + at);
          sum += m * min(abs(<i32>load<i16>(cells + at) - <i32>load<i16>(trend + at)), limit);
          count += m;
        }
      }
      store<f32>(blocks + ((<usize>(by * columns + bx)) << 2), count > 0 ? <f32>sum / <f32>count : 0);
    }
  }
}

export function trailResidual(
  cells: usize,
  trend: usize,
  seen: usize,
  width: i32,
  height: i32,
  block: i32,
  scales: usize,
  limit: i32,
  residual: usize,
): void {
  const columns = (width + block - 1) / block;
  const high = f32x4.splat(<f32>limit);
  const low = f32x4.splat(<f32>-limit);
  const magic = f32x4.splat(MAGIC);
  for (let y = 0; y < height; y++) {
    const row = (<usize>(y * width)) << 1;
    const line = scales + ((<usize>((y / block) * columns)) << 2);
    for (let bx = 0; bx < columns; bx++) {
      const scale = load<f32>(line + ((<usize>bx) << 2));
      const factor = f32x4.splat(scale);
      const x1 = min(width, (bx + 1) * block);
      let x = bx * block;
      for (; x + 8 <= x1; x += 8) {
        const at = row + ((<usize>x) << 1);
        const d = i16x8.mul(i16x8.sub(v128.load(cells + at), v128.load(trend + at)), v128.load(seen + at));
        let a = f32x4.mul(f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(d)), factor);
        let b = f32x4.mul(f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_s(d)), factor);
        a = f32x4.add(f32x4.pmin(f32x4.pmax(a, low), high), magic);
        b = f32x4.add(f32x4.pmin(f32x4.pmax(b, low), high), magic);
        v128.store(residual + at, i8x16.shuffle(a, b, 0, 1, 4, 5, 8, 9, 12, 13, 16, 17, 20, 21, 24, 25, 28, 29));
      }
      for (; x < x1; x++) {
        const at = row + ((<usize>x) << 1);
        const d = <f32>(<i32>load<i16>(seen + at) * (<i32>load<i16>(cells + at) - <i32>load<i16>(trend + at))) * scale;
        store<i16>(residual + at, <i16>nearest(max(<f32>-limit, min(d, <f32>limit))));
      }
    }
  }
}

/** Whether a bright cell continues in two opposite directions but not across them: part of a line, not of a star. */
function lineLike(residual: usize, width: i32, height: i32, x: i32, y: i32, floor: i32, ring: usize): bool {
  // ring: 8 pairs of (dx, dy) as i8; the direction across pair i is pair (i + 4) % 8.
  let bright: u32 = 0;
  for (let i = 0; i < 8; i++) {
    const dx = <i32>load<i8>(ring + ((<usize>i) << 1));
    const dy = <i32>load<i8>(ring + ((<usize>i) << 1) + 1);
    const xa = x + dx;
    const ya = y + dy;
    const xb = x - dx;
    const yb = y - dy;
    // Beyond the border a line may go on: judged by its other side alone.
    const ina = xa >= 0 && xa < width && ya >= 0 && ya < height;
    const inb = xb >= 0 && xb < width && yb >= 0 && yb < height;
    let on = ina || inb;
    if (ina && <i32>load<i16>(residual + ((<usize>(ya * width + xa)) << 1)) < floor) on = false;
    if (inb && <i32>load<i16>(residual + ((<usize>(yb * width + xb)) << 1)) < floor) on = false;
    if (on) bright |= 1 << i;
  }
  const across = ((bright >> 4) | (bright << 4)) & 0xff;
  return (bright & ~across) != 0;
}

export function trailStars(residual: usize, width: i32, height: i32, bright: i32, limit: i32, rings: usize, ringCount: i32, out: usize): i32 {
  const count = width * height;
  const lim = i16x8.splat(<i16>limit);
  const neg = i16x8.splat(<i16>-limit);
  let i = 0;
  for (; i + 8 <= count; i += 8) {
    const at = (<usize>i) << 1;
    v128.store(out + at, i16x8.max_s(i16x8.min_s(v128.load(residual + at), lim), neg));
  }
  for (; i < count; i++) {
    const at = (<usize>i) << 1;
    store<i16>(out + at, <i16>max(-limit, min(<i32>load<i16>(residual + at), limit)));
  }
  const threshold = i16x8.splat(<i16>bright);
  let masked = 0;
  for (let base = 0; base < count; base += 8) {
    if (base + 8 <= count && !v128.any_true(i16x8.gt_s(v128.load(residual + ((<usize>base) << 1)), threshold))) continue;
    for (let n = base; n < min(base + 8, count); n++) {
      const v = <i32>load<i16>(residual + ((<usize>n) << 1));
      if (v <= bright) continue;
      const y = n / width;
      const x = n - y * width;
      const floor = min((v * 2) / 5, bright);
      let line = false;
      for (let r = 0; r < ringCount; r++) if (lineLike(residual, width, height, x, y, floor, rings + ((<usize>r) << 4))) line = true;
      if (line) continue;
      store<i16>(out + ((<usize>n) << 1), 0);
      masked++;
    }
  }
  return masked;
}

export function trailTurn(source: usize, width: i32, height: i32, turn: i32, stride: i32, out: usize): void {
  const mirror = (turn & 1) != 0;
  const rowBytes = (<usize>stride) << 1;
  if ((turn & 2) == 0) {
    for (let y = 0; y < height; y++) {
      const from = source + ((<usize>(y * width)) << 1);
      const to = out + <usize>y * rowBytes;
      if (!mirror) memory.copy(to, from, (<usize>width) << 1);
      else {
        let x = 0;
        for (; x + 8 <= width; x += 8) {
          const v = v128.load(from + ((<usize>(width - 8 - x)) << 1));
          v128.store(to + ((<usize>x) << 1), i8x16.shuffle(v, v, 14, 15, 12, 13, 10, 11, 8, 9, 6, 7, 4, 5, 2, 3, 0, 1));
        }
        for (; x < width; x++) store<i16>(to + ((<usize>x) << 1), load<i16>(from + ((<usize>(width - 1 - x)) << 1)));
      }
      memory.fill(to + ((<usize>width) << 1), 0, (<usize>(stride - width)) << 1);
    }
    return;
  }
  // Transposed: out row = source column; blocks of 16 keep both sides in the cache.
  for (let bx = 0; bx < width; bx += 16) {
    const x1 = min(width, bx + 16);
    for (let by = 0; by < height; by += 16) {
      const y1 = min(height, by + 16);
      for (let x = bx; x < x1; x++) {
        const to = out + <usize>x * rowBytes;
        for (let y = by; y < y1; y++) {
          const v = load<i16>(source + ((<usize>(y * width + x)) << 1));
          store<i16>(to + ((<usize>(mirror ? height - 1 - y : y)) << 1), v);
        }
      }
    }
  }
  for (let x = 0; x < width; x++) memory.fill(out + <usize>x * rowBytes + ((<usize>height) << 1), 0, (<usize>(stride - height)) << 1);
}

/** sum[x] = a[x - shift] + b[x] for x < length (multiple of 8), a before its begin is 0. */
// @ts-ignore: decorator
@inline
function addShifted(a: usize, b: usize, shift: i32, length: i32, out: usize): void {
  let x = 0;
  const skip = shift & ~7;
  for (; x < skip; x += 8) v128.store(out + ((<usize>x) << 1), v128.load(b + ((<usize>x) << 1)));
  if (shift > skip) {
    for (let i = x; i < shift; i++) store<i16>(out + ((<usize>i) << 1), load<i16>(b + ((<usize>i) << 1)));
    for (let i = shift; i < x + 8; i++) {
      const at = (<usize>i) << 1;
      store<i16>(out + at, load<i16>(a + ((<usize>(i - shift)) << 1)) + load<i16>(b + at));
    }
    x += 8;
  }
  const from = a - ((<usize>shift) << 1);
  for (; x + 16 <= length; x += 16) {
    const at = (<usize>x) << 1;
    v128.store(out + at, i16x8.add(v128.load(from + at), v128.load(b + at)));
    v128.store(out + at + 16, i16x8.add(v128.load(from + at + 16), v128.load(b + at + 16)));
  }
  for (; x < length; x += 8) {
    const at = (<usize>x) << 1;
    v128.store(out + at, i16x8.add(v128.load(from + at), v128.load(b + at)));
  }
}

/** Transform of `n` rows from `first`; depth first, so that small blocks stay in the cache. */
function radonBlock(image: usize, first: i32, n: i32, width: i32, stride: i32, out: usize, spare: usize): void {
  const bytes = (<usize>stride) << 1;
  const base = <usize>first * bytes;
  if (n == 1) {
    memory.copy(out + base, image + base, bytes);
    return;
  }
  if (n == 2) {
    const length = min(stride, (width + 2 + 7) & ~7);
    addShifted(image + base, image + base + bytes, 0, length, out + base);
    addShifted(image + base, image + base + bytes, 1, length, out + base + bytes);
    for (let i = 0; i < 2; i++) memory.fill(out + base + <usize>i * bytes + ((<usize>length) << 1), 0, (<usize>(stride - length)) << 1);
    return;
  }
  const na = n >> 1;
  const nb = n - na;
  radonBlock(image, first, na, width, stride, spare, out);
  radonBlock(image, first + na, nb, width, stride, spare, out);
  const a = spare + base;
  const b = spare + <usize>(first + na) * bytes;
  const length = min(stride, (width + n + 7) & ~7);
  const span = n - 1;
  for (let s = 0; s < n; s++) {
    const sa = (2 * s * (na - 1) + span) / (2 * span);
    const sb = (2 * s * (nb - 1) + span) / (2 * span);
    const to = out + base + <usize>s * bytes;
    addShifted(a + <usize>sa * bytes, b + <usize>sb * bytes, s - sa, length, to);
    memory.fill(to + ((<usize>length) << 1), 0, (<usize>(stride - length)) << 1);
  }
}

export function trailRadon(image: usize, width: i32, height: i32, stride: i32, spare: usize, out: usize): void {
  radonBlock(image, 0, height, width, stride, out, spare);
}

export function trailScan(
  sums: usize,
  width: i32,
  height: i32,
  stride: i32,
  least: f32,
  perSigma: f32,
  threshold: f32,
  roots: usize,
  rootCount: i32,
  spreads: usize,
  peaks: usize,
): void {
  const reversed = roots + ((<usize>rootCount) << 2) + 16;
  const chunks = (stride + 63) >> 6;
  const most4 = f32x4.splat(4);
  const least4 = f32x4.splat(-4);
  for (let s = 0; s < height; s++) {
    const slope = <f32>s / <f32>height;
    const whole = s == 0 ? <f32>height : min(<f32>height, <f32>width / slope);
    const plateau = f32x4.splat(1 / (perSigma * sqrt(whole)));
    const edge = f32x4.splat(sqrt(slope) / perSigma);
    const cut = <i32>ceil(least * slope);
    const begin = cut;
    const end = width + s - cut;
    const row = sums + ((<usize>s * <usize>stride) << 1);
    const back = reversed + ((<usize>(rootCount - width - s)) << 2);
    let total = f32x4.splat(0);
    let square = f32x4.splat(0);
    let count = 0;
    for (let chunk = 0; chunk < chunks; chunk++) {
      const x0 = max(begin, chunk << 6);
      const x1 = min(end, (chunk + 1) << 6);
      if (x1 - x0 < 4) continue;
      let best = f32x4.splat(-1);
      for (let x = x0; x + 4 <= x1; x += 4) {
        const at = (<usize>x) << 2;
        const weight = f32x4.pmax(plateau, f32x4.mul(edge, f32x4.pmax(v128.load(roots + at), v128.load(back + at))));
        const v = v128.load64_zero(row + ((<usize>x) << 1));
        const z = f32x4.mul(f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(v)), weight);
        best = f32x4.pmax(best, z);
        const clipped = f32x4.pmin(f32x4.pmax(z, least4), most4);
        total = f32x4.add(total, clipped);
        square = f32x4.add(square, f32x4.mul(clipped, clipped));
        count += 4;
      }
      const peak = max(
        max(f32x4.extract_lane(best, 0), f32x4.extract_lane(best, 1)),
        max(f32x4.extract_lane(best, 2), f32x4.extract_lane(best, 3)),
      );
      const entry = peaks + (<usize>((s >> 3) * chunks + chunk)) * 12;
      if (peak < threshold || peak <= load<f32>(entry)) continue;
      for (let x = x0; x < x1; x++) {
        const at = (<usize>x) << 2;
        const weight = max(
          f32x4.extract_lane(plateau, 0),
          f32x4.extract_lane(edge, 0) * max(load<f32>(roots + at), load<f32>(back + at)),
        );
        const z = <f32>load<i16>(row + ((<usize>x) << 1)) * weight;
        if (z < peak) continue;
        store<f32>(entry, z);
        store<i32>(entry + 4, s);
        store<i32>(entry + 8, x);
        break;
      }
    }
    const share: f32 = count > 0 ? 1 / <f32>count : 0;
    const mean = laneSum(total) * share;
    store<f32>(spreads + ((<usize>s) << 3), mean);
    store<f32>(spreads + ((<usize>s) << 3) + 4, sqrt(max(<f32>0, laneSum(square) * share - mean * mean)));
  }
}

// @ts-ignore: decorator
@inline
function laneSum(v: v128): f32 {
  return f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 1) + f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3);
}
