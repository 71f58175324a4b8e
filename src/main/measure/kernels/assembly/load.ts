// Stored samples -> 16-bit counts, superpixels and the 2x2 bin. Rows come in strips small enough to stay in the cache.

/**
 * 16-bit samples to counts: swap bytes, flip the sign bit, lift to `floor`.
 * Returns the largest count, with bit 16 set when a zero was left in the strip.
 */
export function countsOf16(raw: usize, out: usize, count: i32, swap: bool, flip: i32, floor: i32): i32 {
  const whole = count & ~7;
  const flips = i16x8.splat(<i16>flip);
  const floors = i16x8.splat(<i16>floor);
  let top = i16x8.splat(0);
  let least = i16x8.splat(-1);
  if (swap) {
    for (let i = 0; i < whole; i += 8) {
      const at = (<usize>i) << 1;
      let v = v128.load(raw + at);
      v = v128.shuffle<u8>(v, v, 1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14);
      v = i16x8.max_u(v128.xor(v, flips), floors);
      top = i16x8.max_u(top, v);
      least = i16x8.min_u(least, v);
      v128.store(out + at, v);
    }
  } else {
    for (let i = 0; i < whole; i += 8) {
      const at = (<usize>i) << 1;
      let v = v128.load(raw + at);
      v = i16x8.max_u(v128.xor(v, flips), floors);
      top = i16x8.max_u(top, v);
      least = i16x8.min_u(least, v);
      v128.store(out + at, v);
    }
  }
  let largest: i32 = 0;
  let smallest: i32 = 65535;
  for (let i = whole; i < count; i++) {
    let v = <i32>load<u16>(raw + ((<usize>i) << 1));
    if (swap) v = ((v & 255) << 8) | (v >> 8);
    v = max(v ^ flip, floor);
    largest = max(largest, v);
    smallest = min(smallest, v);
    store<u16>(out + ((<usize>i) << 1), <u16>v);
  }
  largest = max(largest, widest(top));
  if (smallest == 0 || v128.any_true(i16x8.eq(least, i16x8.splat(0)))) largest |= 65536;
  return largest;
}

/** See LoadKernels: both while the samples are in registers. */
export function countsOf16Binned(
  raw: usize,
  out: usize,
  width: i32,
  rows: i32,
  swap: bool,
  flip: i32,
  floor: i32,
  shift: i32,
  binned: usize,
): i32 {
  const columns = width >> 1;
  const whole = columns & ~7;
  // Signed samples, that is counts less 32768: pairs of those add up in one instruction.
  const flips = i16x8.splat(<i16>(flip ^ 0x8000));
  const floors = i16x8.splat(<i16>(floor ^ 0x8000));
  const signs = i16x8.splat(<i16>0x8000);
  const halves = i32x4.splat(4 * 32768 + (shift > 0 ? (1 << shift) >> 1 : 0));
  let top = signs;
  let least = i16x8.splat(0x7fff);
  let largest: i32 = 0;
  for (let y = 0; y < rows; y += 2) {
    const a = (<usize>y) * (<usize>width) * 2;
    const b = a + ((<usize>width) << 1);
    const o = binned + (<usize>(y >> 1)) * (<usize>columns) * 2;
    for (let x = 0; x < whole; x += 8) {
      const p = (<usize>x) << 2;
      const a0 = v128.load(raw + a + p);
      const a1 = v128.load(raw + a + p, 16);
      const b0 = v128.load(raw + b + p);
      const b1 = v128.load(raw + b + p, 16);
      const c0 = i16x8.max_s(v128.xor(swap ? swapped(a0) : a0, flips), floors);
      const c1 = i16x8.max_s(v128.xor(swap ? swapped(a1) : a1, flips), floors);
      const d0 = i16x8.max_s(v128.xor(swap ? swapped(b0) : b0, flips), floors);
      const d1 = i16x8.max_s(v128.xor(swap ? swapped(b1) : b1, flips), floors);
      top = i16x8.max_s(top, i16x8.max_s(i16x8.max_s(c0, c1), i16x8.max_s(d0, d1)));
      least = i16x8.min_s(least, i16x8.min_s(i16x8.min_s(c0, c1), i16x8.min_s(d0, d1)));
      v128.store(out + a + p, v128.xor(c0, signs));
      v128.store(out + a + p, v128.xor(c1, signs), 16);
      v128.store(out + b + p, v128.xor(d0, signs));
      v128.store(out + b + p, v128.xor(d1, signs), 16);
      const s0 = i32x4.add(i32x4.add(i32x4.extadd_pairwise_i16x8_s(c0), i32x4.extadd_pairwise_i16x8_s(d0)), halves);
      const s1 = i32x4.add(i32x4.add(i32x4.extadd_pairwise_i16x8_s(c1), i32x4.extadd_pairwise_i16x8_s(d1)), halves);
      v128.store(o + ((<usize>x) << 1), i16x8.narrow_i32x4_u(i32x4.shr_u(s0, shift), i32x4.shr_u(s1, shift)));
    }
    const done = whole << 1;
    const rest = width - done;
    const tail = (<usize>done) << 1;
    const first = countsOf16(raw + a + tail, out + a + tail, rest, swap, flip, floor);
    const second = countsOf16(raw + b + tail, out + b + tail, rest, swap, flip, floor);
    largest = max(max(largest & 65535, first & 65535), second & 65535) | ((largest | first | second) & 65536);
    for (let x = whole; x < columns; x++) {
      const at = (<usize>x) << 2;
      const sum = pairSum(out + a + at) + pairSum(out + b + at) + (shift > 0 ? (1 << shift) >> 1 : 0);
      store<u16>(o + ((<usize>x) << 1), <u16>min(sum >> shift, 65535));
    }
  }
  if (whole > 0) {
    largest = max(largest & 65535, widest(v128.xor(top, signs))) | (largest & 65536);
    if (v128.any_true(i16x8.eq(least, signs))) largest |= 65536;
  }
  // Rare, and then the bin of these rows is made again with the holes left out.
  if (largest > 65535) bin2(out, width, rows, shift, true, binned);
  return largest;
}

// @ts-ignore: decorator
@inline
function swapped(v: v128): v128 {
  return v128.shuffle<u8>(v, v, 1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14);
}

// @ts-ignore: decorator
@inline
function pairSum(at: usize): i32 {
  return <i32>load<u16>(at) + <i32>load<u16>(at, 2);
}

// @ts-ignore: decorator
@inline
function widest(v: v128): i32 {
  const a = i16x8.max_u(v, v128.shuffle<u16>(v, v, 4, 5, 6, 7, 0, 1, 2, 3));
  const b = i16x8.max_u(a, v128.shuffle<u16>(a, a, 2, 3, 0, 1, 6, 7, 4, 5));
  const c = i16x8.max_u(b, v128.shuffle<u16>(b, b, 1, 0, 3, 2, 5, 4, 7, 6));
  return <i32>i16x8.extract_lane_u(c, 0);
}

// @ts-ignore: decorator
@inline
function countsOf4(v: v128, blacks: v128, inverses: v128, holes: v128): v128 {
  const zero = f32x4.splat(0);
  let x = f32x4.mul(f32x4.sub(v, blacks), inverses);
  x = f32x4.pmax(f32x4.splat(1), f32x4.pmin(f32x4.splat(65535), x));
  // Not a number, minus infinity and, where asked for, an exact zero are no data.
  let good = f32x4.eq(v, v);
  good = v128.andnot(good, f32x4.eq(v, f32x4.splat(-Infinity)));
  good = v128.andnot(good, v128.and(holes, f32x4.eq(v, zero)));
  // Adding 1.5 * 2^23 leaves the rounded integer in the low bits of the mantissa.
  const bits = v128.and(f32x4.add(x, f32x4.splat(12582912.0)), i32x4.splat(0x0001ffff));
  return v128.and(bits, good);
}

/** f32 samples to counts = 1 + (value - black) * inverse, clipped to 1..65535; what is no data gives 0. Returns as countsOf16. */
export function countsOfF32(raw: usize, out: usize, count: i32, swap: bool, black: f32, inverse: f32, zeroIsHole: bool): i32 {
  const whole = count & ~7;
  const blacks = f32x4.splat(black - <f32>1 / inverse);
  const inverses = f32x4.splat(inverse);
  const holes = zeroIsHole ? i32x4.splat(-1) : i32x4.splat(0);
  let top = i16x8.splat(0);
  let least = i16x8.splat(-1);
  for (let i = 0; i < whole; i += 8) {
    let a = v128.load(raw + ((<usize>i) << 2));
    let b = v128.load(raw + ((<usize>i) << 2), 16);
    if (swap) {
      a = v128.shuffle<u8>(a, a, 3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12);
      b = v128.shuffle<u8>(b, b, 3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12);
    }
    const v = i16x8.narrow_i32x4_u(countsOf4(a, blacks, inverses, holes), countsOf4(b, blacks, inverses, holes));
    top = i16x8.max_u(top, v);
    least = i16x8.min_u(least, v);
    v128.store(out + ((<usize>i) << 1), v);
  }
  let largest = widest(top);
  let zero = v128.any_true(i16x8.eq(least, i16x8.splat(0)));
  for (let i = whole; i < count; i++) {
    let bits = load<u32>(raw + ((<usize>i) << 2));
    if (swap) bits = bswap<u32>(bits);
    const v = i16x8.narrow_i32x4_u(countsOf4(i32x4.splat(bits), blacks, inverses, holes), i32x4.splat(0));
    const c = <i32>i16x8.extract_lane_u(v, 0);
    if (c == 0) zero = true;
    largest = max(largest, c);
    store<u16>(out + ((<usize>i) << 1), <u16>c);
  }
  return zero ? largest | 65536 : largest;
}

/**
 * Any sample type (0 u8, 1 i8, 2 u16, 3 i16, 4 u32, 5 i32, 6 u64, 7 i64, 8 f32, 9 f64) to counts as in countsOfF32, but in
 * double precision. `black` is a stored value. A stored value equal to `blank` is no data when `hasBlank`.
 */
export function countsOfAny(
  raw: usize,
  out: usize,
  count: i32,
  type: i32,
  swap: bool,
  black: f64,
  inverse: f64,
  hasBlank: bool,
  blank: f64,
  zeroIsHole: bool,
  physicalZero: f64,
): i32 {
  let largest: i32 = 0;
  let zero = false;
  for (let i = 0; i < count; i++) {
    const n = <usize>i;
    let v: f64 = 0;
    if (type == 0) v = <f64>load<u8>(raw + n);
    else if (type == 1) v = <f64>load<i8>(raw + n);
    else if (type <= 3) {
      let w = load<u16>(raw + (n << 1));
      if (swap) w = bswap<u16>(w);
      v = type == 2 ? <f64>w : <f64>(<i16>w);
    } else if (type <= 5 || type == 8) {
      let w = load<u32>(raw + (n << 2));
      if (swap) w = bswap<u32>(w);
      v = type == 4 ? <f64>w : type == 5 ? <f64>(<i32>w) : <f64>reinterpret<f32>(w);
    } else {
      let w = load<u64>(raw + (n << 3));
      if (swap) w = bswap<u64>(w);
      v = type == 6 ? <f64>w : type == 7 ? <f64>(<i64>w) : reinterpret<f64>(w);
    }
    let c: i32 = 0;
    const hole = v != v || v == -Infinity || (hasBlank && v == blank) || (zeroIsHole && v == physicalZero);
    if (!hole) {
      const x = 1 + (v - black) * inverse;
      c = x >= 65535 ? 65535 : x < 1.5 ? 1 : <i32>nearest(x);
    }
    if (c == 0) zero = true;
    largest = max(largest, c);
    store<u16>(out + (n << 1), <u16>c);
  }
  return zero ? largest | 65536 : largest;
}

/** Counts equal to `from` become 0 (no data). Returns how many. */
export function punchHoles(plane: usize, count: i32, from: i32): i32 {
  let found = 0;
  for (let i = 0; i < count; i++) {
    const at = plane + ((<usize>i) << 1);
    if (<i32>load<u16>(at) == from) {
      store<u16>(at, 0);
      found++;
    }
  }
  return found;
}

/** Counts at or above `limit`. */
export function countFrom(plane: usize, count: i32, limit: i32): i32 {
  let found = 0;
  const whole = count & ~7;
  const limits = i16x8.splat(<i16>limit);
  for (let i = 0; i < whole; i += 8) {
    const mask = i16x8.ge_u(v128.load(plane + ((<usize>i) << 1)), limits);
    if (v128.any_true(mask)) found += popcnt<i32>(i16x8.bitmask(mask));
  }
  for (let i = whole; i < count; i++) if (<i32>load<u16>(plane + ((<usize>i) << 1)) >= limit) found++;
  return found;
}

/**
 * 2x2 mosaic cells to one count: (sum + half) >> shift. One pixel of the four at the ceiling makes the cell 65535, one
 * without data makes it 0. `rows` is even; an odd last column is left out. Returns as countsOf16.
 */
export function superpixels2(mosaic: usize, width: i32, rows: i32, ceiling: i32, shift: i32, out: usize): i32 {
  const columns = width >> 1;
  const whole = columns & ~7;
  const half = shift > 0 ? (1 << shift) >> 1 : 0;
  const halves = i32x4.splat(half);
  const ceilings = i16x8.splat(<i16>ceiling);
  let largest: i32 = 0;
  let zero = false;
  let top = i16x8.splat(0);
  for (let y = 0; y < rows; y += 2) {
    const a = mosaic + (<usize>y) * (<usize>width) * 2;
    const b = a + ((<usize>width) << 1);
    const o = out + (<usize>(y >> 1)) * (<usize>columns) * 2;
    for (let x = 0; x < whole; x += 8) {
      const at = (<usize>x) << 2;
      const a0 = v128.load(a + at);
      const a1 = v128.load(a + at, 16);
      const b0 = v128.load(b + at);
      const b1 = v128.load(b + at, 16);
      let s0 = i32x4.add(i32x4.extadd_pairwise_i16x8_u(a0), i32x4.extadd_pairwise_i16x8_u(b0));
      let s1 = i32x4.add(i32x4.extadd_pairwise_i16x8_u(a1), i32x4.extadd_pairwise_i16x8_u(b1));
      s0 = i32x4.shr_u(i32x4.add(s0, halves), shift);
      s1 = i32x4.shr_u(i32x4.add(s1, halves), shift);
      let v = i16x8.narrow_i32x4_u(s0, s1);
      const m0 = i16x8.max_u(a0, b0);
      const m1 = i16x8.max_u(a1, b1);
      const hot = v128.or(i16x8.ge_u(m0, ceilings), i16x8.ge_u(m1, ceilings));
      if (v128.any_true(hot)) {
        const h0 = i16x8.ge_u(m0, ceilings);
        const h1 = i16x8.ge_u(m1, ceilings);
        v = v128.or(v, pairs(h0, h1));
      }
      const e0 = i16x8.eq(i16x8.min_u(a0, b0), i16x8.splat(0));
      const e1 = i16x8.eq(i16x8.min_u(a1, b1), i16x8.splat(0));
      if (v128.any_true(v128.or(e0, e1))) {
        v = v128.andnot(v, pairs(e0, e1));
        zero = true;
      }
      top = i16x8.max_u(top, v);
      v128.store(o + ((<usize>x) << 1), v);
    }
    for (let x = whole; x < columns; x++) {
      const at = (<usize>x) << 2;
      const p = <i32>load<u16>(a + at);
      const q = <i32>load<u16>(a + at, 2);
      const r = <i32>load<u16>(b + at);
      const s = <i32>load<u16>(b + at, 2);
      let v = min((p + q + r + s + half) >> shift, 65535);
      if (p >= ceiling || q >= ceiling || r >= ceiling || s >= ceiling) v = 65535;
      if (p == 0 || q == 0 || r == 0 || s == 0) {
        v = 0;
        zero = true;
      }
      largest = max(largest, v);
      store<u16>(o + ((<usize>x) << 1), <u16>v);
    }
  }
  largest = max(largest, widest(top));
  return zero ? largest | 65536 : largest;
}

// @ts-ignore: decorator
@inline
/** Masks of neighbouring 16-bit lanes merged: 16 lanes -> 8. */
function pairs(m0: v128, m1: v128): v128 {
  const even = v128.shuffle<u16>(m0, m1, 0, 2, 4, 6, 8, 10, 12, 14);
  const odd = v128.shuffle<u16>(m0, m1, 1, 3, 5, 7, 9, 11, 13, 15);
  return v128.or(even, odd);
}

/** 3x3 mosaic cells (half an X-Trans period) to one count, as superpixels2. `rows` is a multiple of 3. */
export function superpixels3(mosaic: usize, width: i32, rows: i32, ceiling: i32, shift: i32, out: usize): i32 {
  const columns = width / 3;
  const half = shift > 0 ? (1 << shift) >> 1 : 0;
  let largest: i32 = 0;
  let zero = false;
  for (let y = 0; y < rows; y += 3) {
    const o = out + (<usize>(y / 3)) * (<usize>columns) * 2;
    for (let x = 0; x < columns; x++) {
      let sum = half;
      let most: i32 = 0;
      let least: i32 = 65535;
      for (let j = 0; j < 3; j++) {
        const row = mosaic + ((<usize>(y + j)) * (<usize>width) + (<usize>x) * 3) * 2;
        const p = <i32>load<u16>(row);
        const q = <i32>load<u16>(row, 2);
        const r = <i32>load<u16>(row, 4);
        sum += p + q + r;
        most = max(most, max(p, max(q, r)));
        least = min(least, min(p, min(q, r)));
      }
      let v = min(sum >> shift, 65535);
      if (most >= ceiling) v = 65535;
      if (least == 0) {
        v = 0;
        zero = true;
      }
      largest = max(largest, v);
      store<u16>(o + ((<usize>x) << 1), <u16>v);
    }
  }
  return zero ? largest | 65536 : largest;
}

/** Three colour planes to luminance: (r + g + b + half) >> shift, ceiling and holes as superpixels2. */
export function sumPlanes(r: usize, g: usize, b: usize, count: i32, ceiling: i32, shift: i32, out: usize): i32 {
  const half = shift > 0 ? (1 << shift) >> 1 : 0;
  let largest: i32 = 0;
  let zero = false;
  for (let i = 0; i < count; i++) {
    const at = (<usize>i) << 1;
    const p = <i32>load<u16>(r + at);
    const q = <i32>load<u16>(g + at);
    const s = <i32>load<u16>(b + at);
    let v = min((p + q + s + half) >> shift, 65535);
    if (p >= ceiling || q >= ceiling || s >= ceiling) v = 65535;
    if (p == 0 || q == 0 || s == 0) {
      v = 0;
      zero = true;
    }
    largest = max(largest, v);
    store<u16>(out + at, <u16>v);
  }
  return zero ? largest | 65536 : largest;
}

/**
 * Mean (shift 2), or a multiple of it (shift 1, 0), of 2x2 pixels, rounded, at most 65535; 0 where one of the four is 0.
 * `rows` is even; an odd last column is left out.
 */
export function bin2(plane: usize, width: i32, rows: i32, shift: i32, holes: bool, out: usize): void {
  const columns = width >> 1;
  const whole = columns & ~7;
  const half = shift > 0 ? (1 << shift) >> 1 : 0;
  const halves = i32x4.splat(half);
  for (let y = 0; y < rows; y += 2) {
    const a = plane + (<usize>y) * (<usize>width) * 2;
    const b = a + ((<usize>width) << 1);
    const o = out + (<usize>(y >> 1)) * (<usize>columns) * 2;
    for (let x = 0; x < whole; x += 8) {
      const at = (<usize>x) << 2;
      const a0 = v128.load(a + at);
      const a1 = v128.load(a + at, 16);
      const b0 = v128.load(b + at);
      const b1 = v128.load(b + at, 16);
      const s0 = i32x4.add(i32x4.extadd_pairwise_i16x8_u(a0), i32x4.extadd_pairwise_i16x8_u(b0));
      const s1 = i32x4.add(i32x4.extadd_pairwise_i16x8_u(a1), i32x4.extadd_pairwise_i16x8_u(b1));
      let v = i16x8.narrow_i32x4_u(i32x4.shr_u(i32x4.add(s0, halves), shift), i32x4.shr_u(i32x4.add(s1, halves), shift));
      if (holes) {
        const e0 = i16x8.eq(i16x8.min_u(a0, b0), i16x8.splat(0));
        const e1 = i16x8.eq(i16x8.min_u(a1, b1), i16x8.splat(0));
        v = v128.andnot(v, pairs(e0, e1));
      }
      v128.store(o + ((<usize>x) << 1), v);
    }
    for (let x = whole; x < columns; x++) {
      const at = (<usize>x) << 2;
      const p = <i32>load<u16>(a + at);
      const q = <i32>load<u16>(a + at, 2);
      const r = <i32>load<u16>(b + at);
      const s = <i32>load<u16>(b + at, 2);
      let v = min((p + q + r + s + half) >> shift, 65535);
      if (holes && (p == 0 || q == 0 || r == 0 || s == 0)) v = 0;
      store<u16>(o + ((<usize>x) << 1), <u16>v);
    }
  }
}
