// From a plane of counts to a grid of star-clipped cells and their local trend. The reference and the meaning of every argument are
// in ../trails-cells-kernels.ts.

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
