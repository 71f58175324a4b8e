/**
 * See PreviewKernels. Each output row first sums its source rows, weighted, into one f32 row, then sums that row's columns;
 * the transfer function is a quotient, cheaper than a table that misses the cache.
 */
export function greyMeans(
  plane: usize,
  width: i32,
  height: i32,
  left: f64,
  top: f64,
  scale: f64,
  columns: i32,
  rows: i32,
  factor: f64,
  offset: f64,
  midtones: f32,
  flip: bool,
  scratch: usize,
  out: usize,
): void {
  const firstColumn = <i32>Math.floor(left);
  const lastColumn = min<i32>(width, <i32>Math.ceil(left + <f64>columns * scale));
  const seen = lastColumn - firstColumn;
  const sums = scratch;
  // Per output column: first source column, how many whole ones follow it, share of the first, share of the last.
  const starts = (scratch + ((<usize>(seen + 24)) << 2) + 15) & ~15;
  for (let c = 0; c < columns; c++) {
    const from = left + <f64>c * scale;
    const to = from + scale;
    const a = <i32>Math.floor(from);
    const z = min<i32>(lastColumn - 1, <i32>Math.ceil(to) - 1);
    const at = starts + ((<usize>c) << 4);
    store<i32>(at, a - firstColumn);
    store<i32>(at, z - a, 4);
    const whole = a == z;
    store<f32>(at, <f32>(whole ? scale : <f64>(a + 1) - from), 8);
    store<f32>(at, <f32>(whole ? 0 : min<f64>(1, to - <f64>z)), 12);
  }
  const k = <f32>(factor / (scale * scale));
  const k0 = <f32>offset;
  const m1: f32 = midtones - 1;
  const m2: f32 = <f32>2 * midtones - 1;
  for (let r = 0; r < rows; r++) {
    const from = top + <f64>r * scale;
    const to = from + scale;
    const a = <i32>Math.floor(from);
    const z = min<i32>(height - 1, <i32>Math.ceil(to) - 1);
    for (let y = a; y <= z; y++) {
      const share = <f32>(min<f64>(<f64>(y + 1), to) - max<f64>(<f64>y, from));
      addRow(plane + ((<usize>y * <usize>width + <usize>firstColumn) << 1), seen, share, sums, y == a);
    }
    const line = out + <usize>(flip ? rows - 1 - r : r) * <usize>columns;
    for (let c = 0; c < columns; c++) {
      const at = starts + ((<usize>c) << 4);
      const first = sums + ((<usize>load<i32>(at)) << 2);
      const more = load<i32>(at, 4);
      let sum = load<f32>(first) * load<f32>(at, 8);
      for (let i = 1; i < more; i++) sum += load<f32>(first + ((<usize>i) << 2));
      if (more > 0) sum += load<f32>(first + ((<usize>more) << 2)) * load<f32>(at, 12);
      const x = min<f32>(1, max<f32>(0, k * sum + k0));
      let y: f32 = x > 0 ? 1 : 0;
      if (midtones > 0) y = (m1 * x) / (m2 * x - midtones);
      store<u8>(line + <usize>c, <u8>(<i32>(<f32>255 * y + <f32>0.5)));
    }
  }
}

/** sums (+)= share * counts of one row, eight at a time; the tail one by one. */
// @ts-ignore: decorator
@inline
function addRow(row: usize, count: i32, share: f32, sums: usize, first: bool): void {
  const w = f32x4.splat(share);
  const whole = count & ~7;
  for (let x = 0; x < whole; x += 8) {
    const v = v128.load(row + ((<usize>x) << 1));
    const at = sums + ((<usize>x) << 2);
    let low = f32x4.mul(f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_u(v)), w);
    let high = f32x4.mul(f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_u(v)), w);
    if (!first) {
      low = f32x4.add(low, v128.load(at));
      high = f32x4.add(high, v128.load(at, 16));
    }
    v128.store(at, low);
    v128.store(at, high, 16);
  }
  for (let x = whole; x < count; x++) {
    const at = sums + ((<usize>x) << 2);
    const value = <f32>load<u16>(row + ((<usize>x) << 1)) * share;
    store<f32>(at, first ? value : load<f32>(at) + value);
  }
}
