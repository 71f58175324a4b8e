/** See LevelsKernels. Two pixels are read at once; sky counts repeat, so consecutive ones go to the same few bins in cache. */
export function histogramRows(pixels: usize, width: i32, height: i32, rowStep: i32, out: usize): void {
  for (let y = 0; y < height; y += rowStep) {
    const row = pixels + ((<usize>y * <usize>width) << 1);
    const even = width & ~1;
    for (let x = 0; x < even; x += 2) {
      const a = out + ((<usize>load<u16>(row + ((<usize>x) << 1))) << 2);
      store<u32>(a, load<u32>(a) + 1);
      const b = out + ((<usize>load<u16>(row + ((<usize>x) << 1), 2)) << 2);
      store<u32>(b, load<u32>(b) + 1);
    }
    if (even < width) {
      const a = out + ((<usize>load<u16>(row + ((<usize>even) << 1))) << 2);
      store<u32>(a, load<u32>(a) + 1);
    }
  }
}

/** See LevelsKernels. |a - b| of unsigned 16-bit numbers is the sum of both saturating differences. */
export function deviationRows(pixels: usize, width: i32, height: i32, rowStep: i32, centre: i32): f64 {
  const c = i16x8.splat(<i16>centre);
  const zero = i16x8.splat(0);
  const whole = width & ~7;
  let sum: f64 = 0;
  for (let y = 0; y < height; y += rowStep) {
    const row = pixels + ((<usize>y * <usize>width) << 1);
    // A lane gains at most 2 x 65535 a step: 32 767 steps, 262 136 pixels of a row, fit its 32 bits.
    let lanes = i32x4.splat(0);
    let steps = 0;
    for (let x = 0; x < whole; x += 8) {
      const v = v128.load(row + ((<usize>x) << 1));
      const d = v128.andnot(v128.or(i16x8.sub_sat_u(v, c), i16x8.sub_sat_u(c, v)), i16x8.eq(v, zero));
      lanes = i32x4.add(lanes, i32x4.extadd_pairwise_i16x8_u(d));
      if (++steps == 32767) {
        sum += total(lanes);
        lanes = i32x4.splat(0);
        steps = 0;
      }
    }
    sum += total(lanes);
    for (let x = whole; x < width; x++) {
      const v = <i32>load<u16>(row + ((<usize>x) << 1));
      if (v != 0) sum += <f64>abs<i32>(v - centre);
    }
  }
  return sum;
}

// @ts-ignore: decorator
@inline
function total(lanes: v128): f64 {
  const low = i64x2.extend_low_i32x4_u(lanes);
  const high = i64x2.extend_high_i32x4_u(lanes);
  const both = i64x2.add(low, high);
  return <f64>(i64x2.extract_lane(both, 0) + i64x2.extract_lane(both, 1));
}
