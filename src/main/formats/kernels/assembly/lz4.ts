// LZ4 block format (lz4/doc/lz4_Block_format.md): sequences of [token][literals][offset][match]. Every read stays within
// [src, src + srcLength), every write within [dst, dst + dstLength), every match within what has been written.

/** For an offset below 16: i mod offset, for i = 0..15, so that a repeating pattern is one swizzle. Row 0 is unused. */
const PATTERN = memory.data<u8>([
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1,
  0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0,
  0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3,
  0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 0,
  0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5, 0, 1, 2, 3,
  0, 1, 2, 3, 4, 5, 6, 0, 1, 2, 3, 4, 5, 6, 0, 1,
  0, 1, 2, 3, 4, 5, 6, 7, 0, 1, 2, 3, 4, 5, 6, 7,
  0, 1, 2, 3, 4, 5, 6, 7, 8, 0, 1, 2, 3, 4, 5, 6,
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2, 3, 4, 5,
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 0, 1, 2, 3, 4,
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 0, 1, 2, 3,
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 0, 1, 2,
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 0, 1,
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 0,
]);

/** Bytes written, or -1 input ends early, -2 output too small, -3 a match reaches before the output. */
export function lz4Decode(src: usize, srcLength: i32, dst: usize, dstLength: i32): i32 {
  let ip = src;
  const ipEnd = src + <usize>srcLength;
  let op = dst;
  const opEnd = dst + <usize>dstLength;
  while (ip < ipEnd) {
    const token = <usize>load<u8>(ip++);
    let length = token >> 4;
    if (length == 15) {
      let more: usize = 255;
      while (more == 255) {
        if (ip >= ipEnd) return -1;
        more = <usize>load<u8>(ip++);
        length += more;
      }
    }
    if (length > ipEnd - ip) return -1;
    if (length > opEnd - op) return -2;
    if (length <= 16 && ipEnd - ip >= 16 && opEnd - op >= 16) {
      v128.store(op, v128.load(ip));
    } else if (length < 512 && ipEnd - ip >= length + 16 && opEnd - op >= length + 16) {
      for (let i: usize = 0; i < length; i += 16) v128.store(op + i, v128.load(ip + i));
    } else {
      memory.copy(op, ip, length);
    }
    ip += length;
    op += length;
    if (ip == ipEnd) return <i32>(op - dst);

    if (ipEnd - ip < 2) return -1;
    const offset = <usize>load<u16>(ip);
    ip += 2;
    if (offset == 0 || offset > op - dst) return -3;
    length = token & 15;
    if (length == 15) {
      let more: usize = 255;
      while (more == 255) {
        if (ip >= ipEnd) return -1;
        more = <usize>load<u8>(ip++);
        length += more;
      }
    }
    length += 4;
    if (length > opEnd - op) return -2;
    const from = op - offset;
    if (opEnd - op >= length + 16) {
      if (offset >= 16) {
        if (offset >= length && length >= 512) {
          memory.copy(op, from, length);
        } else {
          for (let i: usize = 0; i < length; i += 16) v128.store(op + i, v128.load(from + i));
        }
      } else {
        const pattern = i8x16.swizzle(v128.load(from), v128.load(PATTERN + (offset << 4)));
        const step = 16 - (16 % offset);
        for (let i: usize = 0; i < length; i += step) v128.store(op + i, pattern);
      }
    } else {
      for (let i: usize = 0; i < length; i++) store<u8>(op + i, load<u8>(from + i));
    }
    op += length;
  }
  return -1;
}
