// Small colour pictures of large mosaics: rows with the same colours are added up first, then columns.

/**
 * Adds `count` 16-bit samples at `src` to as many u32 at `dst`. `swap`: the bytes of a sample are the other way round;
 * `flip`: what to exclusive-or a sample with (0x8000 makes signed ones unsigned).
 */
export function addLine16(src: usize, count: i32, swap: i32, flip: i32, dst: usize): void {
  const mask = i16x8.splat(<i16>flip);
  const whole = count & ~7;
  let from = src;
  let to = dst;
  for (let i = 0; i < whole; i += 8) {
    let v = v128.load(from);
    if (swap) v = i8x16.shuffle(v, v, 1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14);
    v = v128.xor(v, mask);
    v128.store(to, i32x4.add(v128.load(to), i32x4.extend_low_i16x8_u(v)));
    v128.store(to + 16, i32x4.add(v128.load(to + 16), i32x4.extend_high_i16x8_u(v)));
    from += 16;
    to += 32;
  }
  for (let i = whole; i < count; i++) {
    let v = <u32>load<u16>(from);
    if (swap) v = ((v & 255) << 8) | (v >> 8);
    store<u32>(to, load<u32>(to) + (v ^ <u32>flip));
    from += 2;
    to += 4;
  }
}

/**
 * For `columns` blocks of `block` u32, each beginning `stride` u32 after the one before: adds every `step`-th from `first`
 * on to the block's u32 at `dst`.
 */
export function addBlocks(line: usize, columns: i32, stride: i32, block: i32, first: i32, step: i32, dst: usize): void {
  for (let x = 0; x < columns; x++) {
    let sum: u32 = 0;
    const start = line + ((<usize>(x * stride)) << 2);
    for (let i = first; i < block; i += step) sum += load<u32>(start + ((<usize>i) << 2));
    const to = dst + ((<usize>x) << 2);
    store<u32>(to, load<u32>(to) + sum);
  }
}
