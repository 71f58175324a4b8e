// What measures a line at full resolution: the pixels beside its path, without stars, their sums, and the ridge among them.
// The reference and the meaning of every argument are in ../trails-strip-kernels.ts.

/** Added to a float below 2^22 it leaves the nearest integer in the low bits. */
const MAGIC: f32 = 12582912.0;

// @ts-ignore: decorator
@inline
function fourPixels(at: usize, step: usize): v128 {
  if (step == 2) return i32x4.extend_low_i16x8_u(v128.load64_zero(at));
  let v = i32x4.splat(<i32>load<u16>(at));
  v = i32x4.replace_lane(v, 1, <i32>load<u16>(at + step));
  v = i32x4.replace_lane(v, 2, <i32>load<u16>(at + 2 * step));
  return i32x4.replace_lane(v, 3, <i32>load<u16>(at + 3 * step));
}

export function trailStrip(
  pixels: usize,
  limit: i32,
  stride: i32,
  advance: i32,
  rows: i32,
  half: i32,
  pitch: i32,
  middles: usize,
  sky: usize,
  group: i32,
  out: usize,
): void {
  const lines = rows / group;
  memory.fill(out, 0, (<usize>(lines * pitch)) << 2);
  const step = (<usize>stride) << 1;
  const none = i32x4.splat(0);
  for (let r = 0; r < lines * group; r++) {
    const middle = load<i32>(middles + ((<usize>r) << 2));
    const at = sky + ((<usize>(r >> 5)) << 4);
    const level = load<f32>(at);
    const tilt = load<f32>(at + 4);
    const curve = load<f32>(at + 8);
    const inverse = load<f32>(at + 12);
    const c0 = max(-half, -middle);
    const c1 = min(half, limit - 1 - middle);
    if (c0 > c1) continue;
    let from = pixels + (<usize>(r * advance + (middle + c0) * stride) << 1);
    let to = out + ((<usize>((r / group) * pitch + half + c0)) << 2);
    let c = c0;
    let cs = f32x4.add(f32x4.splat(<f32>c0), f32x4(0, 1, 2, 3));
    for (; c + 3 <= c1; c += 4) {
      const count = fourPixels(from, step);
      let value = f32x4.sub(f32x4.convert_i32x4_s(count), f32x4.splat(level));
      value = f32x4.sub(value, f32x4.mul(f32x4.splat(tilt), cs));
      value = f32x4.sub(value, f32x4.mul(f32x4.splat(curve), f32x4.abs(cs)));
      value = v128.andnot(f32x4.mul(value, f32x4.splat(inverse)), i32x4.eq(count, none));
      v128.store(to, f32x4.add(v128.load(to), value));
      cs = f32x4.add(cs, f32x4.splat(4));
      from += 4 * step;
      to += 16;
    }
    for (; c <= c1; c++) {
      const count = <i32>load<u16>(from);
      const value = (<f32>count - level - tilt * <f32>c - curve * <f32>abs(c)) * inverse;
      store<f32>(to, load<f32>(to) + (count == 0 ? <f32>0 : value));
      from += step;
      to += 4;
    }
  }
}

/** Whether a pixel or one beside it is above `floor`; no row (0) has none. */
// @ts-ignore: decorator
@inline
function reaches(row: usize, c: i32, across: i32, floor: f32): bool {
  if (row == 0) return false;
  const at = row + ((<usize>c) << 2);
  if (load<f32>(at) > floor) return true;
  if (c > 0 && load<f32>(at - 4) > floor) return true;
  return c + 1 < across && load<f32>(at + 4) > floor;
}

/** Sets columns from .. to - 1 of the rows within `reach` of row r to 0. */
function blank(out: usize, rows: i32, pitch: i32, r: i32, reach: i32, from: i32, to: i32): void {
  const zero = f32x4.splat(0);
  for (let y = max(0, r - reach); y <= min(rows - 1, r + reach); y++) {
    let at = out + ((<usize>(y * pitch + from)) << 2);
    const end = out + ((<usize>(y * pitch + to)) << 2);
    for (; at + 16 <= end; at += 16) v128.store(at, zero);
    for (; at < end; at += 4) store<f32>(at, 0);
  }
}

export function trailHide(
  values: usize,
  rows: i32,
  across: i32,
  pitch: i32,
  away: i32,
  group: i32,
  steps: usize,
  stepCount: i32,
  out: usize,
): i32 {
  const bytes = (<usize>pitch) << 2;
  memory.copy(out, values, <usize>rows * bytes);
  const star = load<f32>(steps);
  const stars = f32x4.splat(star);
  // Per reach the columns begun and not yet blanked: neighbours of one star share most of theirs.
  const runs = memory.data(256);
  for (let r = 0; r < rows; r++) {
    const row = values + <usize>r * bytes;
    const before = r >= away ? row - <usize>away * bytes : 0;
    const behind = r + away < rows ? row + <usize>away * bytes : 0;
    let any = false;
    for (let x = 0; x < pitch; x += 4) {
      if (!v128.any_true(f32x4.ge(v128.load(row + ((<usize>x) << 2)), stars))) continue;
      if (!any) memory.fill(runs, 0, 256);
      any = true;
      for (let c = x; c < min(x + 4, across); c++) {
        const v = load<f32>(row + ((<usize>c) << 2));
        if (v < star) continue;
        const floor = <f32>0.4 * v;
        if (reaches(before, c, across, floor) || reaches(behind, c, across, floor)) continue;
        let k = 1;
        while (k < stepCount && v >= load<f32>(steps + ((<usize>k) << 2))) k++;
        const run = runs + ((<usize>k) << 3);
        const from = max(0, c - k);
        const end = load<i32>(run + 4);
        if (end == 0 || from > end) {
          if (end > 0) blank(out, rows, pitch, r, (min(k + 1, stepCount) + group - 1) / group, load<i32>(run), end);
          store<i32>(run, from);
        }
        store<i32>(run + 4, min(across, c + k + 1));
      }
    }
    if (!any) continue;
    for (let k = 1; k <= stepCount; k++) {
      const run = runs + ((<usize>k) << 3);
      const end = load<i32>(run + 4);
      if (end > 0) blank(out, rows, pitch, r, (min(k + 1, stepCount) + group - 1) / group, load<i32>(run), end);
    }
  }
  const zero = f32x4.splat(0);
  let zeros = i32x4.splat(0);
  const end = out + <usize>rows * bytes;
  for (let at = out; at < end; at += 16) zeros = i32x4.sub(zeros, f32x4.eq(v128.load(at), zero));
  const sum = i32x4.extract_lane(zeros, 0) + i32x4.extract_lane(zeros, 1) + i32x4.extract_lane(zeros, 2) + i32x4.extract_lane(zeros, 3);
  return sum - rows * (pitch - across);
}

export function trailSums(values: usize, pitch: i32, rows: i32, step: i32, clip: f32, out: usize): void {
  const high = f32x4.splat(clip);
  const low = f32x4.splat(-clip);
  const jump = (<usize>(pitch * step)) << 2;
  const end = values + <usize>rows * ((<usize>pitch) << 2);
  let c = 0;
  for (; c + 16 <= pitch; c += 16) {
    const to = out + ((<usize>c) << 2);
    let a = v128.load(to);
    let b = v128.load(to + 16);
    let d = v128.load(to + 32);
    let e = v128.load(to + 48);
    for (let at = values + ((<usize>c) << 2); at < end; at += jump) {
      a = f32x4.add(a, f32x4.pmin(high, f32x4.pmax(low, v128.load(at))));
      b = f32x4.add(b, f32x4.pmin(high, f32x4.pmax(low, v128.load(at + 16))));
      d = f32x4.add(d, f32x4.pmin(high, f32x4.pmax(low, v128.load(at + 32))));
      e = f32x4.add(e, f32x4.pmin(high, f32x4.pmax(low, v128.load(at + 48))));
    }
    v128.store(to, a);
    v128.store(to + 16, b);
    v128.store(to + 32, d);
    v128.store(to + 48, e);
  }
  for (; c < pitch; c += 4) {
    const to = out + ((<usize>c) << 2);
    let a = v128.load(to);
    for (let at = values + ((<usize>c) << 2); at < end; at += jump) a = f32x4.add(a, f32x4.pmin(high, f32x4.pmax(low, v128.load(at))));
    v128.store(to, a);
  }
}

/** Sorts each of the four lanes of n vectors: merge exchange (Knuth, TAOCP 3, 5.2.2 M), which asks nothing of the values. */
function sortLanes(at: usize, n: i32): void {
  let top = 1;
  while (top < n) top <<= 1;
  top >>= 1;
  for (let p = top; p > 0; p >>= 1) {
    let q = top;
    let r = 0;
    let d = p;
    while (true) {
      const gap = (<usize>d) << 4;
      for (let i = 0; i < n - d; i++) {
        if ((i & p) != r) continue;
        const from = at + ((<usize>i) << 4);
        const a = v128.load(from);
        const b = v128.load(from + gap);
        v128.store(from, f32x4.pmin(a, b));
        v128.store(from + gap, f32x4.pmax(a, b));
      }
      if (q == p) break;
      d = q - p;
      q >>= 1;
      r = p;
    }
  }
}

export function trailTrimmed(samples: usize, count: i32, pitch: i32, cut: i32, scratch: usize, out: usize): void {
  const bytes = (<usize>pitch) << 2;
  const share = f32x4.splat(1 / <f32>(count - 2 * cut));
  for (let c = 0; c < pitch; c += 4) {
    const column = samples + ((<usize>c) << 2);
    for (let n = 0; n < count; n++) v128.store(scratch + ((<usize>n) << 4), v128.load(column + <usize>n * bytes));
    if (cut > 0) sortLanes(scratch, count);
    let sum = f32x4.splat(0);
    for (let n = cut; n < count - cut; n++) sum = f32x4.add(sum, v128.load(scratch + ((<usize>n) << 4)));
    v128.store(out + ((<usize>c) << 2), f32x4.mul(sum, share));
  }
}

export function trailRows(
  values: usize,
  pitch: i32,
  rows: i32,
  weights: usize,
  count: i32,
  clip: f32,
  levels: usize,
  levelRows: i32,
  out: usize,
): void {
  const low = f32x4.splat(-4);
  const high = f32x4.splat(clip);
  const bytes = (<usize>pitch) << 2;
  for (let r = 0; r < rows; r++) {
    const row = values + <usize>r * bytes;
    let sum = f32x4.splat(0);
    for (let n = 0; n < count; n += 4) {
      const at = (<usize>n) << 2;
      // In this order what is no number, behind the last row, becomes a limit.
      sum = f32x4.add(sum, f32x4.mul(v128.load(weights + at), f32x4.pmin(high, f32x4.pmax(low, v128.load(row + at)))));
    }
    const total = f32x4.extract_lane(sum, 0) + f32x4.extract_lane(sum, 1) + f32x4.extract_lane(sum, 2) + f32x4.extract_lane(sum, 3);
    store<f32>(out + ((<usize>r) << 2), total - load<f32>(levels + ((<usize>(r / levelRows)) << 2)));
  }
}

/** Median of `count` values copied to scratch, by insertion: there are few. */
function middleOf(from: usize, count: i32, scratch: usize): f32 {
  for (let n = 0; n < count; n++) {
    const v = load<f32>(from + ((<usize>n) << 2));
    let at = scratch + ((<usize>n) << 2);
    while (at > scratch && load<f32>(at - 4) > v) {
      store<f32>(at, load<f32>(at - 4));
      at -= 4;
    }
    store<f32>(at, v);
  }
  return load<f32>(scratch + ((<usize>(count >> 1)) << 2));
}

export function trailRibbons(means: usize, blocks: i32, across: i32, pitch: i32, widths: usize, scratch: usize, out: usize): void {
  const side = across >> 2;
  // running[c] = sum of the columns before c.
  const running = scratch + ((<usize>side) << 2) + 16;
  for (let n = 0; n < blocks; n++) {
    const line = means + ((<usize>(n * pitch)) << 2);
    const leftSide = middleOf(line, side, scratch);
    const rightSide = middleOf(line + ((<usize>(across - side)) << 2), side, scratch);
    const rise = (rightSide - leftSide) / <f32>(across - side);
    let sum: f32 = 0;
    store<f32>(running, 0);
    for (let c = 0; c < across; c++) {
      sum += load<f32>(line + ((<usize>c) << 2)) - leftSide - rise * (<f32>c - <f32>(side - 1) * 0.5);
      store<f32>(running + ((<usize>(c + 1)) << 2), sum);
    }
    for (let c = 0; c < across; c++) {
      const to = out + ((<usize>(n * across + c)) << 5);
      for (let w = 0; w < 8; w++) {
        const width = load<i32>(widths + ((<usize>w) << 2));
        const wing = width >> 1;
        const a = load<f32>(running + ((<usize>min(across, c + wing + 1)) << 2));
        const b = load<f32>(running + ((<usize>max(0, c - wing)) << 2));
        let ribbon = a - b;
        if ((width & 1) == 0) {
          // Half of the outermost pixels, so that even widths have the same middle.
          const right = load<f32>(running + ((<usize>min(across, c + wing)) << 2));
          const left = load<f32>(running + ((<usize>max(0, c - wing + 1)) << 2));
          ribbon = <f32>0.5 * (ribbon + right - left);
        }
        store<f32>(to + ((<usize>w) << 2), ribbon);
      }
    }
  }
}

export function trailRidge(
  ribbons: usize,
  blocks: i32,
  across: i32,
  a0: i32,
  a1: i32,
  b0: i32,
  b1: i32,
  step: i32,
  bow: f32,
  penalty: f32,
  norms: usize,
  scratch: usize,
  best: usize,
): void {
  const half = <f32>(across >> 1);
  const normLow = v128.load(norms);
  const normHigh = v128.load(norms + 16);
  const share: f32 = 1 / <f32>blocks;
  const magic = f32x4.splat(MAGIC);
  const most = i32x4.splat(across - 1);
  const none = i32x4.splat(0);
  const mask = i32x4.splat(0x3fffff);
  for (let a = a0; a <= a1; a += step) {
    for (let b = b0; b <= b1; b += step) {
      // Columns of the path in every block, four at a time.
      for (let n = 0; n < blocks; n += 4) {
        const t = f32x4.mul(f32x4.add(f32x4.splat(<f32>n + 0.5), f32x4(0, 1, 2, 3)), f32x4.splat(share));
        const bend = f32x4.mul(f32x4.mul(f32x4.splat(4 * bow), t), f32x4.sub(f32x4.splat(1), t));
        const base = f32x4.add(f32x4.add(f32x4.splat(<f32>a + half), f32x4.mul(f32x4.splat(<f32>(b - a)), t)), bend);
        // At least 0: below, the low bits would not hold the number.
        const column = v128.and(f32x4.add(f32x4.pmax(base, f32x4.splat(0)), magic), mask);
        v128.store(scratch + ((<usize>n) << 2), i32x4.min_s(i32x4.max_s(column, none), most));
      }
      let low = f32x4.splat(0);
      let high = f32x4.splat(0);
      let line = ribbons;
      for (let n = 0; n < blocks; n++) {
        const at = line + ((<usize>load<i32>(scratch + ((<usize>n) << 2))) << 5);
        low = f32x4.add(low, v128.load(at));
        high = f32x4.add(high, v128.load(at + 16));
        line += (<usize>across) << 5;
      }
      low = f32x4.sub(f32x4.mul(low, normLow), f32x4.splat(penalty));
      high = f32x4.sub(f32x4.mul(high, normHigh), f32x4.splat(penalty));
      const record = f32x4.splat(load<f32>(best));
      if (!v128.any_true(v128.or(f32x4.gt(low, record), f32x4.gt(high, record)))) continue;
      const sums = scratch + ((<usize>blocks) << 2) + 16;
      v128.store(sums, low);
      v128.store(sums + 16, high);
      for (let w = 0; w < 8; w++) {
        const z = load<f32>(sums + ((<usize>w) << 2));
        if (z <= load<f32>(best)) continue;
        store<f32>(best, z);
        store<f32>(best + 4, <f32>a);
        store<f32>(best + 8, <f32>b);
        store<f32>(best + 12, bow);
        store<f32>(best + 16, <f32>w);
      }
    }
  }
}

export function trailBeside(
  residual: usize,
  width: i32,
  height: i32,
  flat: i32,
  x0: f64,
  y0: f64,
  dx: f64,
  dy: f64,
  steps: i32,
  parts: i32,
  half: i32,
  sums: usize,
  rows: usize,
): void {
  const across = 2 * half + 1;
  memory.fill(sums, 0, (<usize>(parts * across)) << 2);
  memory.fill(rows, 0, (<usize>parts) << 2);
  const limit = flat != 0 ? height : width;
  const stride = (<usize>(flat != 0 ? width : 1)) << 1;
  for (let i = 0; i <= steps; i++) {
    const part = min(parts - 1, (i * parts) / (steps + 1));
    const x = <i32>floor(x0 + <f64>i * dx + 0.5);
    const y = <i32>floor(y0 + <f64>i * dy + 0.5);
    if (x < 0 || y < 0 || x >= width || y >= height) continue;
    const centre = flat != 0 ? y : x;
    const count = rows + ((<usize>part) << 2);
    store<i32>(count, load<i32>(count) + 1);
    const c0 = max(-half, -centre);
    const c1 = min(half, limit - 1 - centre);
    let from = residual + (<usize>(y * width + x) << 1) + <usize>c0 * stride;
    let to = sums + ((<usize>(part * across + c0 + half)) << 2);
    let c = c0;
    if (flat == 0) {
      for (; c + 3 <= c1; c += 4) {
        v128.store(to, i32x4.add(v128.load(to), i32x4.extend_low_i16x8_s(v128.load64_zero(from))));
        from += 8;
        to += 16;
      }
    }
    for (; c <= c1; c++) {
      store<i32>(to, load<i32>(to) + <i32>load<i16>(from));
      from += stride;
      to += 4;
    }
  }
}
