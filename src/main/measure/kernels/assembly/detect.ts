// Peaks of the matched-filtered frame. Planes are flattened first: local sky taken off, noise amplified over the rounding.

/** Pixels of a row, and rows, that share one sky value. */
const GROUP: i32 = 16;
const BAND: i32 = 8;

// @ts-ignore: decorator
@inline
function flat8(v: v128, whole: v128, part: v128, amplify: i32): v128 {
  let r = i16x8.sub_sat_u(v, whole);
  if (amplify < 0) return i16x8.shr_u(r, -amplify);
  for (let k = 0; k < amplify; k++) r = i16x8.add_sat_u(r, r);
  return i16x8.sub_sat_u(r, part);
}

/**
 * One row of `plane` with its sky taken off: ((count - whole) << amplify) - part, saturating at both ends; a negative
 * `amplify` shifts down.
 * `table` holds for each group of 16 pixels the two u16 parts, whole and fraction; null copies.
 */
function flattenRow(row: usize, width: i32, table: usize, amplify: i32, out: usize): void {
  const groups = width >> 4;
  for (let g = 0; g < groups; g++) {
    const at = (<usize>g) << 5;
    const whole = v128.load16_splat(table + ((<usize>g) << 2));
    const part = v128.load16_splat(table + ((<usize>g) << 2), 2);
    v128.store(out + at, flat8(v128.load(row + at), whole, part, amplify));
    v128.store(out + at, flat8(v128.load(row + at, 16), whole, part, amplify), 16);
  }
  for (let x = groups << 4; x < width; x++) {
    const g = x >> 4;
    const whole = <i32>load<u16>(table + ((<usize>g) << 2));
    const part = <i32>load<u16>(table + ((<usize>g) << 2), 2);
    const above = max(<i32>load<u16>(row + ((<usize>x) << 1)) - whole, 0);
    const v = amplify < 0 ? above >> -amplify : max(min(above << amplify, 65535) - part, 0);
    store<u16>(out + ((<usize>x) << 1), <u16>v);
  }
}

/**
 * Sky table of a plane: bilinear interpolation of `mesh` (f32, columns x rows, in the plane's counts, less the offset)
 * for each group of 16 pixels and band of 8 rows, split into whole counts and the amplified rest. `tile` is in the plane's pixels.
 */
export function skyTable(mesh: usize, columns: i32, rows: i32, tile: f32, width: i32, height: i32, amplify: i32, table: usize): void {
  const groups = (width + GROUP - 1) / GROUP;
  const bands = (height + BAND - 1) / BAND;
  const inverse: f32 = <f32>1 / tile;
  for (let b = 0; b < bands; b++) {
    const v = min(max((<f32>(b * BAND) + <f32>BAND * 0.5) * inverse - 0.5, <f32>-0.5), <f32>rows - 0.5);
    const r = max(0, min(rows - 2, <i32>floor(v)));
    const r1 = min(r + 1, rows - 1);
    const fy: f32 = rows > 1 ? v - <f32>r : 0;
    for (let g = 0; g < groups; g++) {
      const u = min(max((<f32>(g * GROUP) + <f32>GROUP * 0.5) * inverse - 0.5, <f32>-0.5), <f32>columns - 0.5);
      const c = max(0, min(columns - 2, <i32>floor(u)));
      const c1 = min(c + 1, columns - 1);
      const fx: f32 = columns > 1 ? u - <f32>c : 0;
      const top = at(mesh, r * columns + c) * (1 - fx) + at(mesh, r * columns + c1) * fx;
      const low = at(mesh, r1 * columns + c) * (1 - fx) + at(mesh, r1 * columns + c1) * fx;
      const scale: f32 = amplify > 0 ? <f32>(1 << amplify) : 1;
      const level = <i32>max(<f32>0, min(<f32>65535 * scale, (top * (1 - fy) + low * fy) * scale + <f32>0.5));
      const o = table + ((<usize>(b * groups + g)) << 2);
      store<u16>(o, <u16>(amplify > 0 ? level >> amplify : level));
      store<u16>(o, <u16>(amplify > 0 ? level & ((1 << amplify) - 1) : 0), 2);
    }
  }
}

// @ts-ignore: decorator
@inline
function at(mesh: usize, index: i32): f32 {
  return load<f32>(mesh + ((<usize>index) << 2));
}

/** Twice the mean of 2x2 pixels, at most 65535: white noise keeps its size in counts from level to level. */
export function halve(plane: usize, width: i32, height: i32, out: usize): void {
  const columns = width >> 1;
  const rows = height >> 1;
  for (let y = 0; y < rows; y++) {
    halveRow(plane + (<usize>(2 * y)) * (<usize>width) * 2, width, out + (<usize>y) * (<usize>columns) * 2);
  }
}

/** One row of the halved plane from two rows that follow one another. */
function halveRow(a: usize, width: i32, o: usize): void {
  const columns = width >> 1;
  const whole = columns & ~7;
  const b = a + ((<usize>width) << 1);
  // Counts less 32768: pairs of signed numbers add up in one instruction.
  const signs = i16x8.splat(<i16>0x8000);
  const ones = i32x4.splat(4 * 32768 + 1);
  for (let x = 0; x < whole; x += 8) {
    const p = (<usize>x) << 2;
    const s0 = i32x4.add(
      i32x4.extadd_pairwise_i16x8_s(v128.xor(v128.load(a + p), signs)),
      i32x4.extadd_pairwise_i16x8_s(v128.xor(v128.load(b + p), signs)),
    );
    const s1 = i32x4.add(
      i32x4.extadd_pairwise_i16x8_s(v128.xor(v128.load(a + p, 16), signs)),
      i32x4.extadd_pairwise_i16x8_s(v128.xor(v128.load(b + p, 16), signs)),
    );
    v128.store(o + ((<usize>x) << 1), i16x8.narrow_i32x4_u(i32x4.shr_u(i32x4.add(s0, ones), 1), i32x4.shr_u(i32x4.add(s1, ones), 1)));
  }
  for (let x = whole; x < columns; x++) {
    const p = (<usize>x) << 2;
    const sum = <i32>load<u16>(a + p) + <i32>load<u16>(a + p, 2) + <i32>load<u16>(b + p) + <i32>load<u16>(b + p, 2);
    store<u16>(o + ((<usize>x) << 1), <u16>min(65535, (sum + 1) >> 1));
  }
}

/** Rows a, b, c filtered with [1 2 1] / 4 down and across into `out`, edges repeated. `column` is scratch with 8 spare samples before and behind. */
function smoothRow(a: usize, b: usize, c: usize, width: i32, column: usize, out: usize): void {
  const bytes = (<usize>width) << 1;
  // Whole vectors may run past the row: what they write there is spare.
  for (let p: usize = 0; p < bytes; p += 16) {
    v128.store(column + p, i16x8.avgr_u(i16x8.avgr_u(v128.load(a + p), v128.load(c + p)), v128.load(b + p)));
  }
  store<u16>(column - 2, load<u16>(column));
  store<u16>(column + bytes, load<u16>(column + bytes - 2));
  for (let p: usize = 0; p < bytes; p += 16) {
    v128.store(
      out + p,
      i16x8.avgr_u(i16x8.avgr_u(v128.load(column + p - 2), v128.load(column + p, 2)), v128.load(column + p)),
    );
  }
}

/**
 * Local maxima (3x3, ties to the last in reading order) at or above `threshold` of the plane filtered with [1 2 1]^2.
 * With a `table` (see skyTable) rows are flattened first, and kept in `flat` when that is not 0, halved (see there) in `half` when that is not 0 either. Peaks are written as
 * four u16: x, y, filtered value, 0. `scratch`: 9 rows of width + 32 u16. Returns how many peaks there are; those beyond
 * `capacity` are not written.
 */
export function scanPeaks(
  plane: usize,
  width: i32,
  height: i32,
  table: usize,
  amplify: i32,
  flat: usize,
  half: usize,
  threshold: i32,
  peaks: usize,
  capacity: i32,
  scratch: usize,
): i32 {
  const stride = (((<usize>width) << 1) + 64 + 15) & ~15;
  const groups = (width + GROUP - 1) / GROUP;
  // Four flattened rows, a column buffer, three filtered rows and a row of zeros, each with spare samples on both sides.
  const ring = scratch + 32;
  const column = ring + 4 * stride;
  const filtered = column + stride;
  const zeros = filtered + 3 * stride;
  memory.fill(scratch, 0, stride * 9);
  const thresholds = i16x8.splat(<i16>threshold);
  let found: i32 = 0;
  for (let y = -1; y <= height; y++) {
    // Row y + 1 is flattened, row y filtered, row y - 1 searched.
    const next = y + 1;
    if (next < height && table != 0) {
      const out = flat != 0 ? flat + (<usize>next) * (<usize>width) * 2 : ring + (<usize>(next & 3)) * stride;
      flattenRow(plane + (<usize>next) * (<usize>width) * 2, width, table + ((<usize>((next >> 3) * groups)) << 2), amplify, out);
      if (half != 0 && (next & 1)) halveRow(out - ((<usize>width) << 1), width, half + (<usize>(next >> 1)) * (<usize>(width >> 1)) * 2);
    }
    if (y < 0) continue;
    if (y < height) {
      const above = max(y - 1, 0);
      const below = min(y + 1, height - 1);
      const into = filtered + (<usize>(y % 3)) * stride;
      smoothRow(
        rowOf(plane, ring, stride, width, table, flat, above),
        rowOf(plane, ring, stride, width, table, flat, y),
        rowOf(plane, ring, stride, width, table, flat, below),
        width,
        column,
        into,
      );
      // Beyond the row nothing may look like a peak, nor hide one.
      store<u16>(into - 2, 0);
      memory.fill(into + ((<usize>width) << 1), 0, 32);
    }
    if (y < 1) continue;
    const mid = filtered + (<usize>((y - 1) % 3)) * stride;
    const up = y >= 2 ? filtered + (<usize>((y - 2) % 3)) * stride : zeros;
    const down = y < height ? filtered + (<usize>(y % 3)) * stride : zeros;
    for (let x = 0; x < width; x += 8) {
      const p = (<usize>x) << 1;
      const v = v128.load(mid + p);
      const high = i16x8.ge_u(v, thresholds);
      if (!v128.any_true(high)) continue;
      const before = i16x8.max_u(
        i16x8.max_u(v128.load(up + p - 2), v128.load(up + p)),
        i16x8.max_u(v128.load(up + p, 2), v128.load(mid + p - 2)),
      );
      const after = i16x8.max_u(
        i16x8.max_u(v128.load(down + p - 2), v128.load(down + p)),
        i16x8.max_u(v128.load(down + p, 2), v128.load(mid + p, 2)),
      );
      let mask = i16x8.bitmask(v128.and(high, v128.and(i16x8.ge_u(v, before), i16x8.gt_u(v, after))));
      while (mask != 0) {
        const lane = ctz<i32>(mask);
        mask &= mask - 1;
        if (x + lane >= width) break;
        if (found < capacity) {
          const o = peaks + ((<usize>found) << 3);
          store<u16>(o, <u16>(x + lane));
          store<u16>(o, <u16>(y - 1), 2);
          store<u16>(o, load<u16>(mid + p + ((<usize>lane) << 1)), 4);
          store<u16>(o, 0, 6);
        }
        found++;
      }
    }
  }
  return found;
}

// @ts-ignore: decorator
@inline
function rowOf(plane: usize, ring: usize, stride: usize, width: i32, table: usize, flat: usize, y: i32): usize {
  if (table == 0) return plane + (<usize>y) * (<usize>width) * 2;
  return flat != 0 ? flat + (<usize>y) * (<usize>width) * 2 : ring + (<usize>(y & 3)) * stride;
}

/** Rows first..last of a plane filtered as in scanPeaks, `width` samples each, to `out` (spare samples behind). */
export function smoothRows(plane: usize, width: i32, height: i32, first: i32, last: i32, column: usize, out: usize): void {
  for (let y = first; y < last; y++) {
    smoothRow(
      plane + (<usize>max(y - 1, 0)) * (<usize>width) * 2,
      plane + (<usize>y) * (<usize>width) * 2,
      plane + (<usize>min(y + 1, height - 1)) * (<usize>width) * 2,
      width,
      column + 16,
      out + (<usize>(y - first)) * (<usize>width) * 2,
    );
  }
}
