// RICE_1: see rice-kernels.ts for what it does and the plain version it is tested against.

// @ts-ignore: decorator
@inline
function load64(at: usize): u64 {
  const v = v128.load64_zero(at);
  return <u64>i64x2.extract_lane(i8x16.swizzle(v, i8x16(7, 6, 5, 4, 3, 2, 1, 0, 16, 16, 16, 16, 16, 16, 16, 16)), 0);
}

/** The stream from bit `position` on, at least 57 bits of it at the top of the word. */
// @ts-ignore: decorator
@inline
function peek(source: usize, position: usize): u64 {
  return load64(source + (position >> 3)) << <u64>(position & 7);
}

// @ts-ignore: decorator
@inline
function unfold(folded: u32): i32 {
  return <i32>(folded >> 1) ^ -(<i32>(folded & 1));
}

// @ts-ignore: decorator
@inline
function put<T>(target: usize, index: i32, value: i32): void {
  if (sizeof<T>() == 1) store<u8>(target + <usize>index, value);
  else if (sizeof<T>() == 2) store<i16>(target + (<usize>index << 1), value);
  else store<i32>(target + (<usize>index << 2), value);
}

/** Position after the next one bit, counting the zeros before it into `high`; `limit` + 64 or beyond when there is none. */
let high: u32 = 0;
function skipZeros(source: usize, position: usize, limit: usize): usize {
  let zeros: usize = 0;
  while (position <= limit) {
    const word = peek(source, position) & 0xffffffffffffff80;
    if (word != 0) {
      const count = <usize>clz(word);
      high = <u32>(zeros + count);
      return position + count + 1;
    }
    zeros += 57;
    position += 57;
  }
  high = 0;
  return limit + 64;
}

// @ts-ignore: decorator
@inline
function decode<T>(source: usize, length: i32, target: usize, pixels: i32, block: i32): i32 {
  const selector: usize = sizeof<T>() == 1 ? 3 : sizeof<T>() == 2 ? 4 : 5;
  const escape: i32 = sizeof<T>() == 1 ? 6 : sizeof<T>() == 2 ? 14 : 25;
  const plain: usize = sizeof<T>() * 8;
  const limit = <usize>length << 3;
  if (limit < plain) return -1;
  let last = <i32>(peek(source, 0) >> (64 - <u64>plain));
  let position = plain;
  let i = 0;
  while (i < pixels) {
    const end = min(i + block, pixels);
    if (position + selector > limit) return -1;
    const low = <i32>(peek(source, position) >> (64 - <u64>selector)) - 1;
    position += selector;
    if (low < 0) {
      for (; i < end; i++) put<T>(target, i, last);
    } else if (low >= escape) {
      if (low > escape) return -1;
      if (position + <usize>(end - i) * plain > limit) return -1;
      for (; i < end; i++) {
        last += unfold(<u32>(peek(source, position) >> (64 - <u64>plain)));
        position += plain;
        put<T>(target, i, last);
      }
    } else {
      // One load serves four pixels when their codes together fit into the 57 bits it surely holds: nearly always.
      const wide = <u64>low;
      const mask: u64 = (<u64>1 << wide) - 1;
      const fours = i + ((end - i) & ~3);
      for (; i < fours; i += 4) {
        if (position > limit) return -1;
        let word = peek(source, position);
        const q0 = clz(word);
        word <<= q0;
        const f0 = <u32>(((q0 - 1) << wide) + (word >> (63 - wide)));
        word <<= wide + 1;
        const q1 = clz(word);
        word <<= q1;
        const f1 = <u32>(((q1 - 1) << wide) + (word >> (63 - wide)));
        word <<= wide + 1;
        const q2 = clz(word);
        word <<= q2;
        const f2 = <u32>(((q2 - 1) << wide) + (word >> (63 - wide)));
        word <<= wide + 1;
        const q3 = clz(word);
        word <<= q3;
        const f3 = <u32>(((q3 - 1) << wide) + (word >> (63 - wide)));
        const used = q0 + q1 + q2 + q3 + ((wide + 1) << 2);
        if (used <= 57) {
          position += <usize>used;
          const v0 = last + unfold(f0);
          const v1 = v0 + unfold(f1);
          const v2 = v1 + unfold(f2);
          last = v2 + unfold(f3);
          put<T>(target, i, v0);
          put<T>(target, i + 1, v1);
          put<T>(target, i + 2, v2);
          put<T>(target, i + 3, last);
        } else {
          for (let k = 0; k < 4; k++) {
            position = skipZeros(source, position, limit);
            const bits = <u32>((peek(source, min(position, limit)) >> 1) >> (63 - wide)) & <u32>mask;
            position += <usize>wide;
            last += unfold((high << <u32>wide) + bits);
            put<T>(target, i + k, last);
          }
        }
      }
      for (; i < end; i++) {
        position = skipZeros(source, position, limit);
        const bits = <u32>((peek(source, min(position, limit)) >> 1) >> (63 - wide)) & <u32>mask;
        position += <usize>wide;
        last += unfold((high << <u32>wide) + bits);
        put<T>(target, i, last);
      }
      if (position > limit) return -1;
    }
  }
  return 0;
}

export function riceDecode(source: usize, length: i32, target: usize, pixels: i32, block: i32, bytes: i32): i32 {
  if (bytes == 1) return decode<u8>(source, length, target, pixels, block);
  if (bytes == 2) return decode<i16>(source, length, target, pixels, block);
  return decode<i32>(source, length, target, pixels, block);
}
