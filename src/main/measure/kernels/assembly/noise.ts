const REACH: i32 = 16;

// @ts-ignore: decorator
@inline
function mirrored(index: i32, size: i32): i32 {
  if (index < 0) return -index;
  return index >= size ? 2 * (size - 1) - index : index;
}

// @ts-ignore: decorator
@inline
function spline(outer: v128, inner: v128, middle: v128): v128 {
  const sum = f32x4.add(f32x4.add(outer, f32x4.mul(inner, f32x4.splat(4))), f32x4.mul(middle, f32x4.splat(6)));
  return f32x4.mul(sum, f32x4.splat(0.0625));
}

/** 1 / LAYER_SIGMA of noise-kernels.ts. */
// @ts-ignore: decorator
@inline
function layerScale(layer: i32): f32 {
  if (layer == 0) return <f32>(1.0 / 0.890796);
  if (layer == 1) return <f32>(1.0 / 0.200664);
  if (layer == 2) return <f32>(1.0 / 0.0855075);
  return <f32>(1.0 / 0.0412179);
}

/** See NoiseKernels. */
export function waveletBlock(
  pixels: usize,
  rowPixels: i32,
  width: i32,
  height: i32,
  ceiling: i32,
  border: i32,
  scratch: usize,
  significance: usize,
  residue: usize,
  finest: usize,
  filled: i32,
): i32 {
  const columns = (width + 3) & ~3;
  const rowBytes = <usize>columns << 2;
  const planeBytes = rowBytes * <usize>height;
  let from = scratch;
  let to = scratch + planeBytes;
  const most = scratch + 2 * planeBytes;
  const sum = scratch + 3 * planeBytes;
  const fine = scratch + 4 * planeBytes;
  const padded = scratch + 5 * planeBytes;
  const line = padded + (<usize>REACH << 2);

  for (let y = 0; y < height; y++) {
    const row = pixels + ((<usize>y * <usize>rowPixels) << 1);
    const out = from + <usize>y * rowBytes;
    for (let x = 0; x < width; x++) store<f32>(out + ((<usize>x) << 2), <f32>load<u16>(row + ((<usize>x) << 1)));
    for (let x = width; x < columns; x++) store<f32>(out + ((<usize>x) << 2), load<f32>(out + (<usize>(width - 1) << 2)));
  }

  for (let layer = 0; layer < 4; layer++) {
    const step = 1 << layer;
    const near = <usize>step << 2;
    const far = <usize>step << 3;
    const scale = f32x4.splat(layerScale(layer));
    for (let y = 0; y < height; y++) {
      const middle = from + <usize>y * rowBytes;
      const up1 = from + <usize>mirrored(y - step, height) * rowBytes;
      const up2 = from + <usize>mirrored(y - 2 * step, height) * rowBytes;
      const down1 = from + <usize>mirrored(y + step, height) * rowBytes;
      const down2 = from + <usize>mirrored(y + 2 * step, height) * rowBytes;
      for (let b: usize = 0; b < rowBytes; b += 16) {
        const outer = f32x4.add(v128.load(up2 + b), v128.load(down2 + b));
        const inner = f32x4.add(v128.load(up1 + b), v128.load(down1 + b));
        v128.store(line + b, spline(outer, inner, v128.load(middle + b)));
      }
      // The taps reach two steps to each side; what lies between width and the padded row's end is mirrored as well.
      const reach = 2 * step;
      for (let i = 1; i <= reach; i++) {
        store<f32>(line - (<usize>i << 2), load<f32>(line + (<usize>i << 2)));
        store<f32>(line + (<usize>(width - 1 + i) << 2), load<f32>(line + (<usize>(width - 1 - i) << 2)));
      }
      const row = <usize>y * rowBytes;
      for (let b: usize = 0; b < rowBytes; b += 16) {
        const at = line + b;
        const outer = f32x4.add(v128.load(at - far), v128.load(at + far));
        const inner = f32x4.add(v128.load(at - near), v128.load(at + near));
        const smooth = spline(outer, inner, v128.load(at));
        const wavelet = f32x4.sub(v128.load(middle + b), smooth);
        v128.store(to + row + b, smooth);
        const scaled = f32x4.mul(wavelet, scale);
        const size = f32x4.abs(scaled);
        if (layer == 0) {
          v128.store(fine + row + b, scaled);
          v128.store(most + row + b, size);
          v128.store(sum + row + b, wavelet);
        } else {
          v128.store(most + row + b, f32x4.pmax(v128.load(most + row + b), size));
          v128.store(sum + row + b, f32x4.add(v128.load(sum + row + b), wavelet));
        }
      }
    }
    const swap = from;
    from = to;
    to = swap;
  }

  let at = filled;
  for (let y = border; y < height - border; y++) {
    const counts = pixels + ((<usize>y * <usize>rowPixels) << 1);
    const row = <usize>y * rowBytes;
    for (let x = border; x < width - border; x++) {
      const count = <i32>load<u16>(counts + ((<usize>x) << 1));
      if (count == 0 || count >= ceiling) continue;
      const b = row + ((<usize>x) << 2);
      const o = (<usize>at) << 2;
      store<f32>(significance + o, load<f32>(most + b));
      store<f32>(residue + o, load<f32>(sum + b));
      store<f32>(finest + o, load<f32>(fine + b));
      at++;
    }
  }
  return at;
}

/** See NoiseKernels. Single precision within 256 vectors, double beyond: the sums keep seven digits. */
export function gatedSums(gate: usize, value: usize, count: i32, limit: f32, out: usize): void {
  const bound = f32x4.splat(limit);
  const ones = i32x4.splat(1);
  let n: i32 = 0;
  let sum: f64 = 0;
  let squares: f64 = 0;
  const whole = count & ~3;
  let i = 0;
  while (i < whole) {
    const end = min<i32>(whole, i + 1024);
    let ns = i32x4.splat(0);
    let vs = f32x4.splat(0);
    let qs = f32x4.splat(0);
    for (; i < end; i += 4) {
      const o = (<usize>i) << 2;
      const inside = f32x4.le(f32x4.abs(v128.load(gate + o)), bound);
      const v = v128.and(v128.load(value + o), inside);
      ns = i32x4.add(ns, v128.and(ones, inside));
      vs = f32x4.add(vs, v);
      qs = f32x4.add(qs, f32x4.mul(v, v));
    }
    n += i32x4.extract_lane(ns, 0) + i32x4.extract_lane(ns, 1) + i32x4.extract_lane(ns, 2) + i32x4.extract_lane(ns, 3);
    sum += lanes(vs);
    squares += lanes(qs);
  }
  for (; i < count; i++) {
    const o = (<usize>i) << 2;
    if (abs<f32>(load<f32>(gate + o)) > limit) continue;
    const v = <f64>load<f32>(value + o);
    n++;
    sum += v;
    squares += v * v;
  }
  store<f64>(out, <f64>n);
  store<f64>(out, sum, 8);
  store<f64>(out, squares, 16);
}

// @ts-ignore: decorator
@inline
function lanes(v: v128): f64 {
  return (
    <f64>f32x4.extract_lane(v, 0) + <f64>f32x4.extract_lane(v, 1) + <f64>f32x4.extract_lane(v, 2) + <f64>f32x4.extract_lane(v, 3)
  );
}
