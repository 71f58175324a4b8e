/** See SensorKernels. */
export function sensorTile(
  pixels: usize,
  rowPixels: i32,
  width: i32,
  height: i32,
  low: i32,
  span: i32,
  sky: i32,
  bright: i32,
  hot: i32,
  ceiling: i32,
  rows: usize,
  columns: usize,
  tallies: usize,
): void {
  const zero = i16x8.splat(0);
  const lows = i16x8.splat(<i16>low);
  const spans = i16x8.splat(<i16>span);
  const half = i16x8.splat(<i16>(span >> 1));
  const brights = i16x8.splat(<i16>bright);
  const hots = i16x8.splat(<i16>hot);
  // count >= ceiling is ceiling - count saturating to zero.
  const ceilings = i16x8.splat(<i16>ceiling);
  const rowBytes = <usize>rowPixels << 1;
  for (let x = 0; x < width; x += 4) v128.store(columns + ((<usize>x) << 2), zero);
  let squares: i64 = 0;
  let holes = 0;
  let saturated = 0;
  let hotPixels = 0;
  for (let y = 0; y < height; y++) {
    const row = pixels + <usize>y * rowBytes;
    let sums = i32x4.splat(0);
    let qs = i64x2.splat(0);
    const inside = y > 0 && y < height - 1;
    for (let x = 0; x < width; x += 8) {
      const at = row + ((<usize>x) << 1);
      const v = v128.load(at);
      const isHole = i16x8.eq(v, zero);
      const isDark = i16x8.eq(i16x8.sub_sat_u(v, brights), zero);
      const held = i16x8.min_u(i16x8.sub_sat_u(v, lows), spans);
      const d = v128.bitselect(held, half, v128.andnot(isDark, isHole));
      sums = i32x4.add(sums, i32x4.extadd_pairwise_i16x8_u(d));
      const c = columns + ((<usize>x) << 2);
      const d0 = i32x4.extend_low_i16x8_u(d);
      const d1 = i32x4.extend_high_i16x8_u(d);
      v128.store(c, i32x4.add(v128.load(c), d0));
      v128.store(c, i32x4.add(v128.load(c, 16), d1), 16);
      qs = i64x2.add(qs, i64x2.extmul_low_i32x4_u(d0, d0));
      qs = i64x2.add(qs, i64x2.extmul_high_i32x4_u(d0, d0));
      qs = i64x2.add(qs, i64x2.extmul_low_i32x4_u(d1, d1));
      qs = i64x2.add(qs, i64x2.extmul_high_i32x4_u(d1, d1));
      if (v128.any_true(isHole)) holes += popcnt<i32>(i16x8.bitmask(isHole));
      const above = i16x8.sub_sat_u(v, hots);
      if (!v128.any_true(above)) continue;
      saturated += popcnt<i32>(i16x8.bitmask(i16x8.eq(i16x8.sub_sat_u(ceilings, v), zero)));
      if (!inside) continue;
      const from = x == 0 ? 1 : 0;
      const to = x + 8 == width ? 7 : 8;
      for (let i = from; i < to; i++) {
        const p = at + ((<usize>i) << 1);
        if (<i32>load<u16>(p) > hot && isHot(p, rowBytes, sky)) hotPixels++;
      }
    }
    store<i32>(
      rows + ((<usize>y) << 2),
      i32x4.extract_lane(sums, 0) + i32x4.extract_lane(sums, 1) + i32x4.extract_lane(sums, 2) + i32x4.extract_lane(sums, 3),
    );
    squares += i64x2.extract_lane(qs, 0) + i64x2.extract_lane(qs, 1);
  }
  store<f64>(tallies, <f64>squares);
  store<f64>(tallies, <f64>holes, 8);
  store<f64>(tallies, <f64>saturated, 16);
  store<f64>(tallies, <f64>hotPixels, 24);
}

// @ts-ignore: decorator
@inline
function isHot(p: usize, rowBytes: usize, sky: i32): bool {
  const centre = <i32>load<u16>(p);
  const left = <i32>load<u16>(p - 2);
  const right = <i32>load<u16>(p + 2);
  const above = <i32>load<u16>(p - rowBytes);
  const below = <i32>load<u16>(p + rowBytes);
  if (left > centre || right > centre || above > centre || below > centre) return false;
  if (<i32>load<u16>(p - rowBytes - 2) > centre || <i32>load<u16>(p - rowBytes + 2) > centre) return false;
  if (<i32>load<u16>(p + rowBytes - 2) > centre || <i32>load<u16>(p + rowBytes + 2) > centre) return false;
  return 20 * (left + right + above + below - 4 * sky) < 7 * (centre - sky);
}
