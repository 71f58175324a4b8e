// From cells and their trend to the residual in which lines are looked for. The reference and the meaning of every argument are in
// ../trails-cells-kernels.ts.

/** Added to a float below 2^22 it leaves the nearest integer in the low bits: much faster than nearest or trunc_sat on x86. */
const MAGIC: f32 = 12582912.0;
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

/**
 * Which of the 16 cells of a ring are bright: bit i for pair i's (dx, dy), bit i + 8 for the opposite one. `wide`: or a neighbour of such
 * a cell, along the axis that its direction advances less on. Cells outside the grid have the bits that `outside` gives.
 */
function brightOn(residual: usize, width: i32, height: i32, x: i32, y: i32, floor: i32, ring: usize, wide: bool, outside: bool): u32 {
  let bits: u32 = 0;
  for (let i = 0; i < 16; i++) {
    const sign = i < 8 ? 1 : -1;
    const at = ring + ((<usize>(i & 7)) << 1);
    const dx = sign * <i32>load<i8>(at);
    const dy = sign * <i32>load<i8>(at + 1);
    const flat = abs(dx) > abs(dy);
    let on = false;
    for (let n = wide ? -1 : 0; n <= (wide ? 1 : 0); n++) {
      const u = x + dx + (flat ? 0 : n);
      const v = y + dy + (flat ? n : 0);
      if (u < 0 || u >= width || v < 0 || v >= height) on = on || outside;
      else on = on || <i32>load<i16>(residual + ((<usize>(v * width + u)) << 1)) >= floor;
    }
    if (on) bits |= 1 << i;
  }
  return bits;
}

/** Directions (8 bits) of which one of two opposite cells is bright and the other bright or outside the grid. */
// @ts-ignore: decorator
@inline
function through(inside: u32, all: u32): u32 {
  return ((inside & (all >> 8)) | ((inside >> 8) & all)) & 0xff;
}

/** Swaps every direction for that across it. */
// @ts-ignore: decorator
@inline
function across(bits: u32): u32 {
  return ((bits >> 4) | (bits << 4)) & 0xff;
}

/**
 * Whether a bright cell is part of a line, not of a star: it goes on in two opposite directions but not across them, or, at the end
 * of a dash, in one direction on both rings with nothing across.
 */
function lineLike(residual: usize, width: i32, height: i32, x: i32, y: i32, floor: i32, rings: usize): bool {
  const near = brightOn(residual, width, height, x, y, floor, rings, false, false);
  const nearAll = brightOn(residual, width, height, x, y, floor, rings, false, true);
  const nearLine = through(near, nearAll);
  if ((nearLine & ~across(nearLine)) != 0) return true;
  const far = rings + 16;
  const farLine = through(
    brightOn(residual, width, height, x, y, floor, far, false, false),
    brightOn(residual, width, height, x, y, floor, far, false, true),
  );
  if ((farLine & ~across(farLine)) != 0) return true;
  const end = near & brightOn(residual, width, height, x, y, floor, far, true, false);
  return (((end | (end >> 8)) & 0xff) & ~across((near | (near >> 8)) & 0xff)) != 0;
}

export function trailStars(residual: usize, width: i32, height: i32, bright: i32, limit: i32, rings: usize, reach: i32, out: usize): i32 {
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
      if (lineLike(residual, width, height, x, y, floor, rings)) continue;
      masked++;
      for (let v = max(0, y - reach); v <= min(height - 1, y + reach); v++) {
        for (let u = max(0, x - reach); u <= min(width - 1, x + reach); u++) store<i16>(out + ((<usize>(v * width + u)) << 1), 0);
      }
    }
  }
  return masked;
}
