// HCOMPRESS_1: see hcompress-kernels.ts, hcompress-quadtree.ts and hcompress-inverse.ts for what it does, in plain words.

let input: usize = 0;
let inputEnd: usize = 0;
let word: u32 = 0;
let held: i32 = 0;
let over: bool = false;

// @ts-ignore: decorator
@inline
function read(count: i32): u32 {
  if (held < count) {
    if (input < inputEnd) word = (word << 8) | <u32>load<u8>(input);
    else {
      word <<= 8;
      over = true;
    }
    input++;
    held += 8;
  }
  held -= count;
  return (word >> held) & ((1 << count) - 1);
}

function readCode(): u32 {
  let code = read(3);
  if (code < 4) return 1 << code;
  code = (code << 1) | read(1);
  switch (code) {
    case 8: return 3;
    case 9: return 5;
    case 10: return 10;
    case 11: return 12;
    case 12: return 15;
  }
  code = (code << 1) | read(1);
  switch (code) {
    case 26: return 6;
    case 27: return 7;
    case 28: return 9;
    case 29: return 11;
    case 30: return 13;
  }
  return read(1) ? 14 : 0;
}

function big32(at: usize): i32 {
  return <i32>bswap<u32>(load<u32>(at));
}

function halved(size: i32, times: i32): i32 {
  return max(1, (size + (1 << times) - 1) >> times);
}

function levelsOf(size: i32): i32 {
  return 32 - <i32>clz<u32>(<u32>(size - 1));
}

/** Leaves the codes of the finest level at `one` or `two`; returns where. */
function readTree(rows: i32, columns: i32, one: usize, two: usize): usize {
  const levels = levelsOf(max(max(rows, columns), 1));
  store<u8>(one, readCode());
  for (let level = levels - 1; level >= 1; level--) {
    const height = halved(rows, level);
    const width = halved(columns, level);
    const parents = halved(columns, level + 1);
    for (let y = 0; y < height; y++) {
      const from = one + <usize>((y >> 1) * parents);
      const to = two + <usize>(y * width);
      const down = 2 - 2 * (y & 1);
      for (let x = 0; x < width; x++) {
        store<u8>(to + <usize>x, (<u32>load<u8>(from + <usize>(x >> 1)) >> (down + 1 - (x & 1))) & 1);
      }
    }
    for (let i = height * width - 1; i >= 0; i--) {
      if (load<u8>(two + <usize>i)) store<u8>(two + <usize>i, readCode());
    }
    const swap = one;
    one = two;
    two = swap;
  }
  return one;
}

function insert(codes: usize, target: usize, stride: i32, rows: i32, columns: i32, plane: i32): void {
  const parents = (columns + 1) >> 1;
  const weight: i64 = (<i64>1) << plane;
  for (let y = 0; y < rows; y++) {
    const from = codes + <usize>((y >> 1) * parents);
    const down = 2 - 2 * (y & 1);
    let at = target + (<usize>(y * stride) << 3);
    for (let x = 0; x < columns; x += 2) {
      const code = <u32>load<u8>(from + <usize>(x >> 1)) >> down;
      if (code & 2) store<i64>(at, load<i64>(at) | weight);
      if (code & 1 && x + 1 < columns) store<i64>(at + 8, load<i64>(at + 8) | weight);
      at += 16;
    }
  }
}

function readQuadrant(target: usize, stride: i32, rows: i32, columns: i32, planes: i32, scratch: usize): bool {
  const cells = ((rows + 1) >> 1) * ((columns + 1) >> 1);
  const other = scratch + <usize>max(cells, 1) + <usize>max((rows + columns + 2) >> 1, 8);
  for (let plane = planes - 1; plane >= 0; plane--) {
    if (over) return true;
    const format = read(4);
    if (format == 0) {
      for (let i = 0; i < cells; i++) store<u8>(scratch + <usize>i, read(4));
      insert(scratch, target, stride, rows, columns, plane);
    } else if (format == 15) {
      insert(readTree(rows, columns, scratch, other), target, stride, rows, columns, plane);
    } else {
      return false;
    }
  }
  return true;
}

// @ts-ignore: decorator
@inline
function round(value: i64, unit: i64): i64 {
  const half = unit >> 1;
  return (value + (value >= 0 ? half : max<i64>(half - 1, 0))) & -unit;
}

// @ts-ignore: decorator
@inline
function towardsZero(value: i64, by: i64): i64 {
  return value >= 0 ? value - by : value + by;
}

// @ts-ignore: decorator
@inline
function clamp(value: i64, low: i64, high: i64): i64 {
  return max(min(value, high), low);
}

function smoothSlope(at: usize, step: usize, slope: usize, reach: i64): void {
  const h0 = load<i64>(at);
  const before = h0 - load<i64>(at - step);
  const after = load<i64>(at + step) - h0;
  const most = max<i64>(min(after, before), 0) << 2;
  const least = min<i64>(max(after, before), 0) << 2;
  if (least >= most) return;
  const h = load<i64>(at + slope);
  const wanted = clamp(before + after, least, most) - (h << 3);
  store<i64>(at + slope, h + clamp(wanted / 8, -reach, reach));
}

function smoothCurvature(at: usize, row: usize, reach: i64): void {
  const h0 = load<i64>(at);
  const mm = load<i64>(at - 2 * row - 16);
  const pm = load<i64>(at + 2 * row - 16);
  const mp = load<i64>(at - 2 * row + 16);
  const pp = load<i64>(at + 2 * row + 16);
  const sx = load<i64>(at + row) << 1;
  const sy = load<i64>(at + 8) << 1;
  const most = min(
    min(max<i64>(pp - h0, 0) - sx - sy, max<i64>(h0 - pm, 0) + sx - sy),
    min(max<i64>(h0 - mp, 0) - sx + sy, max<i64>(mm - h0, 0) + sx + sy),
  ) << 4;
  const least = max(
    max(min<i64>(pp - h0, 0) - sx - sy, min<i64>(h0 - pm, 0) + sx - sy),
    max(min<i64>(h0 - mp, 0) - sx + sy, min<i64>(mm - h0, 0) + sx + sy),
  ) << 4;
  if (least >= most) return;
  const h = load<i64>(at + row + 8);
  const wanted = clamp(pp + mm - mp - pm, least, most) - (h << 6);
  store<i64>(at + row + 8, h + clamp(wanted / 64, -reach, reach));
}

function smoothLevel(b: usize, rows: i32, columns: i32, reach: i64): void {
  const row = <usize>columns << 3;
  for (let y = 2; y < rows - 2; y += 2) {
    for (let x = 0; x < columns; x += 2) smoothSlope(b + <usize>y * row + (<usize>x << 3), 2 * row, row, reach);
  }
  for (let y = 0; y < rows; y += 2) {
    for (let x = 2; x < columns - 2; x += 2) smoothSlope(b + <usize>y * row + (<usize>x << 3), 16, 8, reach);
  }
  for (let y = 2; y < rows - 2; y += 2) {
    for (let x = 2; x < columns - 2; x += 2) smoothCurvature(b + <usize>y * row + (<usize>x << 3), row, reach);
  }
}

// @ts-ignore: decorator
@inline
function expandPair(at: usize, other: usize, unit: i64, shift: i64): void {
  const h = round(load<i64>(other), unit << 1);
  const h0 = towardsZero(load<i64>(at), h & (unit << 1));
  store<i64>(other, (h0 + h) >> shift);
  store<i64>(at, (h0 - h) >> shift);
}

function expandLevel(b: usize, rows: i32, columns: i32, unit: i64, shift: i64): void {
  const row = <usize>columns << 3;
  const twice = unit << 1;
  for (let y = 0; y + 1 < rows; y += 2) {
    let at = b + <usize>y * row;
    let x = 0;
    for (; x + 1 < columns; x += 2, at += 16) {
      const hc = round(load<i64>(at + row + 8), unit);
      const low = hc & unit;
      const hx = towardsZero(round(load<i64>(at + row), twice), low);
      const hy = towardsZero(round(load<i64>(at + 8), twice), low);
      const odd = (hc ^ hx ^ hy) & twice;
      let h0 = load<i64>(at);
      h0 += h0 >= 0 ? low - odd : low == 0 ? odd : low - odd;
      store<i64>(at + row + 8, (h0 + hx + hy + hc) >> shift);
      store<i64>(at + row, (h0 + hx - hy - hc) >> shift);
      store<i64>(at + 8, (h0 - hx + hy - hc) >> shift);
      store<i64>(at, (h0 - hx - hy + hc) >> shift);
    }
    if (x < columns) expandPair(at, at + row, unit, shift);
  }
  if (rows & 1) {
    let at = b + <usize>(rows - 1) * row;
    let x = 0;
    for (; x + 1 < columns; x += 2, at += 16) expandPair(at, at + 8, unit, shift);
    if (x < columns) store<i64>(at, load<i64>(at) >> shift);
  }
}

function interleave(a: usize, stride: usize, b: usize, rows: i32, columns: i32): void {
  const high = (rows + 1) >> 1;
  const wide = <usize>((columns + 1) >> 1) << 3;
  for (let y = 0; y < rows; y++) {
    let from = a + <usize>((y >> 1) + (y & 1) * high) * stride;
    let to = b + (<usize>(y * columns) << 3);
    let x = 0;
    for (; x + 1 < columns; x += 2, from += 8, to += 16) {
      store<i64>(to, load<i64>(from));
      store<i64>(to + 8, load<i64>(from + wide));
    }
    if (x < columns) store<i64>(to, load<i64>(from));
  }
}

function inverse(a: usize, b: usize, width: i32, height: i32, reach: i64): void {
  const levels = levelsOf(max(width, height));
  store<i64>(a, round(load<i64>(a), <i64>1 << <i64>(levels + 1)));
  const stride = <usize>width << 3;
  for (let level = levels - 1; level >= 0; level--) {
    const rows = halved(height, level);
    const columns = halved(width, level);
    interleave(a, stride, b, rows, columns);
    if (reach > 0) smoothLevel(b, rows, columns, reach);
    expandLevel(b, rows, columns, <i64>1 << <i64>level, level == 0 ? 2 : 1);
    const row = <usize>columns << 3;
    for (let y = 0; y < rows; y++) memory.copy(a + <usize>y * stride, b + <usize>y * row, row);
  }
}

export function hcompressDecode(source: usize, length: i32, target: usize, scratch: usize, width: i32, height: i32, smooth: i32): i32 {
  if (length < 25) return -3;
  if (load<u16>(source) != 0x99dd) return -1;
  if (big32(source + 2) != height || big32(source + 6) != width) return -2;
  const scale = <i64>big32(source + 10);
  const sum = <i64>bswap<u64>(load<u64>(source + 14));
  const p0 = <i32>load<u8>(source + 22);
  const p1 = <i32>load<u8>(source + 23);
  const p2 = <i32>load<u8>(source + 24);
  if (max(width, height) < 2 || max(p0, max(p1, p2)) > 62) return -1;
  const count = width * height;
  memory.fill(target, 0, <usize>count << 3);
  input = source + 25;
  inputEnd = source + <usize>length;
  held = 0;
  over = false;

  const wide = (width + 1) >> 1;
  const high = (height + 1) >> 1;
  const below = target + (<usize>(width * high) << 3);
  const right = <usize>wide << 3;
  if (!readQuadrant(target, width, high, wide, p0, scratch)) return -1;
  if (!readQuadrant(target + right, width, high, width - wide, p1, scratch)) return -1;
  if (!readQuadrant(below, width, height - high, wide, p1, scratch)) return -1;
  if (!readQuadrant(below + right, width, height - high, width - wide, p2, scratch)) return -1;
  if (read(4) != 0) return -1;
  held = 0;
  for (let i = 0; i < count; i++) {
    const at = target + (<usize>i << 3);
    const value = load<i64>(at);
    if (value != 0 && read(1)) store<i64>(at, -value);
  }
  if (over) return -3;

  store<i64>(target, sum);
  if (scale > 1) {
    for (let i = 0; i < count; i++) {
      const at = target + (<usize>i << 3);
      store<i64>(at, load<i64>(at) * scale);
    }
  }
  inverse(target, scratch, width, height, smooth == 1 ? scale >> 1 : 0);
  for (let i = 0; i < count; i++) store<i32>(target + (<usize>i << 2), <i32>load<i64>(target + (<usize>i << 3)));
  return 0;
}
