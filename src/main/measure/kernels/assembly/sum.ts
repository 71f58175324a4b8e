/** Sum of `count` u16 values: the floor that `npm run bench` compares the whole grade against. */
export function sumU16(offset: usize, count: i32): f64 {
  let total = i64x2.splat(0);
  const whole = count & ~7;
  for (let i = 0; i < whole; i += 8) {
    const v = v128.load(offset + ((<usize>i) << 1));
    const s = i32x4.extadd_pairwise_i16x8_u(v);
    total = i64x2.add(total, i64x2.extend_low_i32x4_u(s));
    total = i64x2.add(total, i64x2.extend_high_i32x4_u(s));
  }
  let sum = i64x2.extract_lane(total, 0) + i64x2.extract_lane(total, 1);
  for (let i = whole; i < count; i++) sum += <i64>load<u16>(offset + ((<usize>i) << 1));
  return <f64>sum;
}
