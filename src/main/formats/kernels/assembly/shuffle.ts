// Byte shuffling (XISF 1.0, 10.6.4): bytes of equal significance are stored together. Byte j of item i lies at
// src + j * stride + i.

/** Puts items [first, first + count) back together at dst, `size` bytes each. */
export function unshuffle(src: usize, stride: usize, first: usize, count: i32, size: i32, dst: usize): void {
  if (size == 2) return unshuffle2(src + first, src + first + stride, count, dst);
  if (size == 4) return unshuffle4(src + first, stride, count, dst);
  const step = <usize>size;
  for (let j: usize = 0; j < step; j++) {
    const plane = src + j * stride + first;
    const out = dst + j;
    for (let i: usize = 0; i < <usize>count; i++) store<u8>(out + i * step, load<u8>(plane + i));
  }
}

function unshuffle2(low: usize, high: usize, count: i32, dst: usize): void {
  const n = <usize>count;
  const whole = n & ~15;
  for (let i: usize = 0; i < whole; i += 16) {
    const a = v128.load(low + i);
    const b = v128.load(high + i);
    v128.store(dst + (i << 1), i8x16.shuffle(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23));
    v128.store(dst + (i << 1) + 16, i8x16.shuffle(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31));
  }
  for (let i = whole; i < n; i++) {
    store<u8>(dst + (i << 1), load<u8>(low + i));
    store<u8>(dst + (i << 1) + 1, load<u8>(high + i));
  }
}

function unshuffle4(src: usize, stride: usize, count: i32, dst: usize): void {
  const n = <usize>count;
  const whole = n & ~15;
  for (let i: usize = 0; i < whole; i += 16) {
    const a = v128.load(src + i);
    const b = v128.load(src + stride + i);
    const c = v128.load(src + 2 * stride + i);
    const d = v128.load(src + 3 * stride + i);
    const ab0 = i8x16.shuffle(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    const ab1 = i8x16.shuffle(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    const cd0 = i8x16.shuffle(c, d, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    const cd1 = i8x16.shuffle(c, d, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    const out = dst + (i << 2);
    v128.store(out, i16x8.shuffle(ab0, cd0, 0, 8, 1, 9, 2, 10, 3, 11));
    v128.store(out + 16, i16x8.shuffle(ab0, cd0, 4, 12, 5, 13, 6, 14, 7, 15));
    v128.store(out + 32, i16x8.shuffle(ab1, cd1, 0, 8, 1, 9, 2, 10, 3, 11));
    v128.store(out + 48, i16x8.shuffle(ab1, cd1, 4, 12, 5, 13, 6, 14, 7, 15));
  }
  for (let i = whole; i < n; i++) {
    const out = dst + (i << 2);
    store<u8>(out, load<u8>(src + i));
    store<u8>(out + 1, load<u8>(src + stride + i));
    store<u8>(out + 2, load<u8>(src + 2 * stride + i));
    store<u8>(out + 3, load<u8>(src + 3 * stride + i));
  }
}
