// Fast Hough transform (M. L. Brady 1998, SIAM J. Comput. 27, 107: "A fast discrete approximation algorithm for the Radon
// transform") of a grid of cells, and the scan of its sums. The reference and the meaning of every argument are in
// ../trails-lines-kernels.ts.

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
  // Transposed: out row = source column.
  for (let y = 0; y < height; y += 8) {
    let x = 0;
    if (y + 8 <= height) {
      const to = out + ((<usize>(mirror ? height - 8 - y : y)) << 1);
      const from = source + ((<usize>(y * width)) << 1);
      for (; x + 8 <= width; x += 8) turnBlock(from + ((<usize>x) << 1), (<usize>width) << 1, mirror, to + <usize>x * rowBytes, rowBytes);
    }
    for (; x < width; x++) {
      const to = out + <usize>x * rowBytes;
      for (let v = y; v < min(height, y + 8); v++) {
        store<i16>(to + ((<usize>(mirror ? height - 1 - v : v)) << 1), load<i16>(source + ((<usize>(v * width + x)) << 1)));
      }
    }
  }
  for (let x = 0; x < width; x++) memory.fill(out + <usize>x * rowBytes + ((<usize>height) << 1), 0, (<usize>(stride - height)) << 1);
}

// @ts-ignore: decorator
@inline
function low16(a: v128, b: v128): v128 {
  return i8x16.shuffle(a, b, 0, 1, 16, 17, 2, 3, 18, 19, 4, 5, 20, 21, 6, 7, 22, 23);
}

// @ts-ignore: decorator
@inline
function high16(a: v128, b: v128): v128 {
  return i8x16.shuffle(a, b, 8, 9, 24, 25, 10, 11, 26, 27, 12, 13, 28, 29, 14, 15, 30, 31);
}

// @ts-ignore: decorator
@inline
function low32(a: v128, b: v128): v128 {
  return i8x16.shuffle(a, b, 0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23);
}

// @ts-ignore: decorator
@inline
function high32(a: v128, b: v128): v128 {
  return i8x16.shuffle(a, b, 8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31);
}

// @ts-ignore: decorator
@inline
function storeColumns(a: v128, b: v128, mirror: bool, to: usize, rowBytes: usize): void {
  let first = i8x16.shuffle(a, b, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23);
  let second = i8x16.shuffle(a, b, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31);
  if (mirror) {
    first = i8x16.shuffle(first, first, 14, 15, 12, 13, 10, 11, 8, 9, 6, 7, 4, 5, 2, 3, 0, 1);
    second = i8x16.shuffle(second, second, 14, 15, 12, 13, 10, 11, 8, 9, 6, 7, 4, 5, 2, 3, 0, 1);
  }
  v128.store(to, first);
  v128.store(to + rowBytes, second);
}

/** Transposes 8 x 8 values. */
// @ts-ignore: decorator
@inline
function turnBlock(from: usize, bytes: usize, mirror: bool, to: usize, rowBytes: usize): void {
  const r0 = v128.load(from);
  const r1 = v128.load(from + bytes);
  const r2 = v128.load(from + 2 * bytes);
  const r3 = v128.load(from + 3 * bytes);
  const r4 = v128.load(from + 4 * bytes);
  const r5 = v128.load(from + 5 * bytes);
  const r6 = v128.load(from + 6 * bytes);
  const r7 = v128.load(from + 7 * bytes);
  const a0 = low16(r0, r1);
  const a1 = low16(r2, r3);
  const a2 = low16(r4, r5);
  const a3 = low16(r6, r7);
  const b0 = high16(r0, r1);
  const b1 = high16(r2, r3);
  const b2 = high16(r4, r5);
  const b3 = high16(r6, r7);
  storeColumns(low32(a0, a1), low32(a2, a3), mirror, to, rowBytes);
  storeColumns(high32(a0, a1), high32(a2, a3), mirror, to + 2 * rowBytes, rowBytes);
  storeColumns(low32(b0, b1), low32(b2, b3), mirror, to + 4 * rowBytes, rowBytes);
  storeColumns(high32(b0, b1), high32(b2, b3), mirror, to + 6 * rowBytes, rowBytes);
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

/** sqrt(1/2) in 1/32768: the sum of two lines has the noise of sqrt 2. */
const SQRT_HALF: i32 = 23170;

/** Added to a float below 2^22 it leaves the nearest integer in the low bits: much faster than truncating with its checks. */
const MAGIC: f32 = 12582912.0;

/**
 * Weights sqrt(least / rows) in 1/32767 of the lines of one slope, i32 for every eight from column `from` on, and behind them, at
 * `pairs`, those of the sums of two. The nearer to a corner, the fewer rows are inside the grid.
 */
function fillWeights(from: i32, end: i32, width: i32, s: i32, height: i32, least: f32, weights: usize, pairs: usize): void {
  const magic = f32x4.splat(MAGIC);
  const mask = i32x4.splat(0x7fff);
  const one = f32x4.splat(1);
  const slope = <f32>s / <f32>height;
  const share = f32x4.splat(least / <f32>height);
  const run = f32x4.splat(least * slope);
  const reach = f32x4.splat(s == 0 ? <f32>0 : min(<f32>height * slope, <f32>width));
  for (let x = from; x + 8 <= end; x += 32) {
    const left = i32x4.add(i32x4.splat(x + 4), i32x4(0, 8, 16, 24));
    const near = f32x4.convert_i32x4_s(i32x4.min_s(left, i32x4.sub(i32x4.splat(width + s), left)));
    const part = s == 0 ? share : f32x4.div(run, f32x4.pmin(reach, f32x4.pmax(near, one)));
    const weight = v128.and(f32x4.add(f32x4.mul(f32x4.sqrt(f32x4.pmin(part, one)), f32x4.splat(32767)), magic), mask);
    const at = (<usize>(x - from)) >> 1;
    v128.store(weights + at, weight);
    v128.store(pairs + at, i32x4.shr_s(i32x4.mul(weight, i32x4.splat(SQRT_HALF)), 15));
  }
}

export function trailScan(
  sums: usize,
  width: i32,
  height: i32,
  stride: i32,
  least: f32,
  perSigma: f32,
  threshold: f32,
  scratch: usize,
  spreads: usize,
  peaks: usize,
): void {
  const chunks = (stride + 63) >> 6;
  const unit = perSigma * sqrt(least);
  const pairs = scratch + ((<usize>stride) >> 1) + 16;
  for (let s = 0; s < height; s += 2) {
    const cut = <i32>ceil((least * <f32>s) / <f32>height);
    const end = width + s - cut;
    const row = sums + ((<usize>s * <usize>stride) << 1);
    let x = (cut + 7) & ~7;
    const weights = scratch - ((<usize>x) >> 1);
    const pairWeights = pairs - ((<usize>x) >> 1);
    fillWeights(x, end, width, s, height, least, scratch, pairs);
    if ((s & 3) == 0) spreadOf(row, x, end, weights, unit, s, height, spreads);
    while (x + 8 <= end) {
      const chunk = x >> 6;
      const stop = min(end - 7, (chunk + 1) << 6);
      const first = x;
      let best = i16x8.splat(-0x8000);
      for (; x < stop; x += 8) {
        const at = row + ((<usize>x) << 1);
        const v = v128.load(at);
        const pair = i16x8.add_sat_s(v, v128.load(at + 2));
        const single = i16x8.q15mulr_sat_s(v, v128.load16_splat(weights + ((<usize>x) >> 1)));
        best = i16x8.max_s(best, i16x8.max_s(single, i16x8.q15mulr_sat_s(pair, v128.load16_splat(pairWeights + ((<usize>x) >> 1)))));
      }
      const top = largest(best);
      const z = <f32>top / unit;
      const entry = peaks + (<usize>((s >> 3) * chunks + chunk)) * 12;
      if (z < threshold || z <= load<f32>(entry)) continue;
      store<f32>(entry, z);
      store<i32>(entry + 4, s);
      store<i32>(entry + 8, columnOf(row, first, stop, weights, pairWeights, top));
    }
  }
}

/** Mean and deviation of the lines of one slope, for it and the next three. */
function spreadOf(row: usize, from: i32, end: i32, weights: usize, unit: f32, s: i32, height: i32, spreads: usize): void {
  const most = i16x8.splat(<i16>nearest(<f32>4 * unit));
  const none = i16x8.neg(most);
  const ones = i16x8.splat(1);
  let total = i32x4.splat(0);
  let square = i32x4.splat(0);
  let count = 0;
  for (let x = from; x + 8 <= end; x += 8) {
    const single = i16x8.q15mulr_sat_s(v128.load(row + ((<usize>x) << 1)), v128.load16_splat(weights + ((<usize>x) >> 1)));
    const clipped = i16x8.min_s(i16x8.max_s(single, none), most);
    total = i32x4.add(total, i32x4.dot_i16x8_s(clipped, ones));
    square = i32x4.add(square, i32x4.dot_i16x8_s(clipped, clipped));
    count += 8;
  }
  const share: f32 = count > 0 ? 1 / (<f32>count * unit) : 0;
  const mean = <f32>laneSum(total) * share;
  const deviation = sqrt(max(<f32>0, (<f32>laneSum(square) * share) / unit - mean * mean));
  for (let n = s; n < min(s + 4, height); n++) {
    store<f32>(spreads + ((<usize>n) << 3), mean);
    store<f32>(spreads + ((<usize>n) << 3) + 4, deviation);
  }
}

/** Twice the first column from `first` on whose line, or odd: with its neighbour's, is `top` high. */
function columnOf(row: usize, first: i32, stop: i32, weights: usize, pairWeights: usize, top: i32): i32 {
  for (let x = first; x < stop; x += 8) {
    const weight = load<i32>(weights + ((<usize>x) >> 1));
    const pairWeight = load<i32>(pairWeights + ((<usize>x) >> 1));
    for (let c = x; c < x + 8; c++) {
      const at = row + ((<usize>c) << 1);
      const v = <i32>load<i16>(at);
      const sum = max(-0x8000, min(0x7fff, v + <i32>load<i16>(at + 2)));
      const single = (v * weight + 0x4000) >> 15;
      const pair = (sum * pairWeight + 0x4000) >> 15;
      if (max(single, pair) >= top) return 2 * c + (pair > single ? 1 : 0);
    }
  }
  return 2 * first;
}

// @ts-ignore: decorator
@inline
function largest(v: v128): i32 {
  let a = i16x8.max_s(v, i8x16.shuffle(v, v, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7));
  a = i16x8.max_s(a, i8x16.shuffle(a, a, 4, 5, 6, 7, 0, 1, 2, 3, 4, 5, 6, 7, 0, 1, 2, 3));
  return max(<i32>i16x8.extract_lane_s(a, 0), <i32>i16x8.extract_lane_s(a, 1));
}

// @ts-ignore: decorator
@inline
function laneSum(v: v128): i32 {
  return i32x4.extract_lane(v, 0) + i32x4.extract_lane(v, 1) + i32x4.extract_lane(v, 2) + i32x4.extract_lane(v, 3);
}
