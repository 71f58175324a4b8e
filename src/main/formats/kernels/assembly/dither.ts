// Quantised floats: see dither-kernels.ts for what it does and the plain version it is tested against.

const COUNT: i32 = 10000;
const ZERO: i32 = -2147483646;
let random: usize = 0;

/** Fills 40 000 bytes at `table` with the random sequence; to be called once before `dequantise`. */
export function prepareDither(table: usize): void {
  random = table;
  let seed: u64 = 1;
  for (let i = 0; i < COUNT; i++) {
    seed = (16807 * seed) % 2147483647;
    store<f32>(random + (<usize>i << 2), <f32>(<f64>seed / 2147483647.0));
  }
}

// @ts-ignore: decorator
@inline
function value(stored: i32, at: usize, dithered: bool, scale: f64, zero: f64): f64 {
  if (dithered) return (<f64>stored - <f64>load<f32>(at) + 0.5) * scale + zero;
  return <f64>stored * scale + zero;
}

/** `count` pixels with the random numbers at `at`; `none` is 0 where `blank` is to be NaN. */
function run<T>(source: usize, target: usize, count: i32, at: usize, dither: i32, scale: f64, zero: f64, hasBlank: bool, blank: i32): void {
  const half = f64x2.splat(0.5);
  const scales = f64x2.splat(scale);
  const zeros = f64x2.splat(zero);
  const dithered = dither != 0;
  const blanks = i32x4.splat(blank);
  const any = hasBlank ? i32x4.splat(-1) : i32x4.splat(0);
  const marks = i32x4.splat(ZERO);
  const kept = dither == 2 ? i32x4.splat(-1) : i32x4.splat(0);
  let i = 0;
  for (; i + 4 <= count; i += 4) {
    const stored = v128.load(source + (<usize>i << 2));
    let low = f64x2.convert_low_i32x4_s(stored);
    let high = f64x2.convert_low_i32x4_s(i8x16.shuffle(stored, stored, 8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15));
    if (dithered) {
      const noise = v128.load(at + (<usize>i << 2));
      low = f64x2.add(f64x2.sub(low, f64x2.promote_low_f32x4(noise)), half);
      const rest = i8x16.shuffle(noise, noise, 8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15);
      high = f64x2.add(f64x2.sub(high, f64x2.promote_low_f32x4(rest)), half);
    }
    low = f64x2.add(f64x2.mul(low, scales), zeros);
    high = f64x2.add(f64x2.mul(high, scales), zeros);
    const isBlank = v128.and(i32x4.eq(stored, blanks), any);
    const isZero = v128.and(i32x4.eq(stored, marks), kept);
    if (sizeof<T>() == 4) {
      const a = f32x4.demote_f64x2_zero(low);
      const b = f32x4.demote_f64x2_zero(high);
      let four = i8x16.shuffle(a, b, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23);
      four = v128.andnot(four, isZero);
      v128.store(target + (<usize>i << 2), v128.bitselect(f32x4.splat(f32.NaN), four, isBlank));
    } else {
      const none = f64x2.splat(f64.NaN);
      low = v128.bitselect(none, v128.andnot(low, i64x2.extend_low_i32x4_s(isZero)), i64x2.extend_low_i32x4_s(isBlank));
      high = v128.bitselect(none, v128.andnot(high, i64x2.extend_high_i32x4_s(isZero)), i64x2.extend_high_i32x4_s(isBlank));
      v128.store(target + (<usize>i << 3), low);
      v128.store(target + (<usize>i << 3) + 16, high);
    }
  }
  for (; i < count; i++) {
    const stored = load<i32>(source + (<usize>i << 2));
    let v = value(stored, at + (<usize>i << 2), dithered, scale, zero);
    if (hasBlank && stored == blank) v = f64.NaN;
    else if (dither == 2 && stored == ZERO) v = 0;
    if (sizeof<T>() == 4) store<f32>(target + (<usize>i << 2), <f32>v);
    else store<f64>(target + (<usize>i << 3), v);
  }
}

export function dequantise(
  source: usize,
  target: usize,
  count: i32,
  start: i32,
  dither: i32,
  scale: f64,
  zero: f64,
  blank: f64,
  bytes: i32,
): void {
  const hasBlank = blank >= -2147483648.0 && blank <= 2147483647.0;
  const none = hasBlank ? <i32>blank : 0;
  let done = 0;
  while (done < count) {
    const first = <i32>(load<f32>(random + (<usize>start << 2)) * <f32>500);
    const part = min(count - done, COUNT - first);
    const from = source + (<usize>done << 2);
    const at = random + (<usize>first << 2);
    if (bytes == 4) run<f32>(from, target + (<usize>done << 2), part, at, dither, scale, zero, hasBlank, none);
    else run<f64>(from, target + (<usize>done << 3), part, at, dither, scale, zero, hasBlank, none);
    done += part;
    start = start + 1 == COUNT ? 0 : start + 1;
  }
}
