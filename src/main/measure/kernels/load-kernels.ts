/**
 * Kernels that turn stored samples into 16-bit counts. Offsets are bytes in the kernels' memory, sizes are in samples.
 * Functions that return a number return the largest count, with bit 16 set when a count of 0 (no data) is in the strip.
 */
export interface LoadKernels {
  /** 16-bit samples: bytes swapped, sign bit flipped by `flip` = 0x8000, lifted to `floor` (1 when zero is a value, 0 when it is a hole). */
  countsOf16(raw: number, out: number, count: number, swap: boolean, flip: number, floor: number): number;
  /** The same of `rows` rows (even) of `width`, and their 2x2 bin as by bin2 with `holes` where there are any. */
  countsOf16Binned(
    raw: number,
    out: number,
    width: number,
    rows: number,
    swap: boolean,
    flip: number,
    floor: number,
    shift: number,
    binned: number,
  ): number;
  /** count = 1 + (value - black) * inverse, clipped to 1..65535; NaN, -Infinity and (where asked) exact 0 give 0. */
  countsOfF32(raw: number, out: number, count: number, swap: boolean, black: number, inverse: number, zeroIsHole: boolean): number;
  /** The same in double precision for any type: 0 u8, 1 i8, 2 u16, 3 i16, 4 u32, 5 i32, 6 u64, 7 i64, 8 f32, 9 f64. */
  countsOfAny(
    raw: number,
    out: number,
    count: number,
    type: number,
    swap: boolean,
    black: number,
    inverse: number,
    hasBlank: boolean,
    blank: number,
    zeroIsHole: boolean,
    physicalZero: number,
  ): number;
  /** Counts equal to `from` become 0; returns how many. */
  punchHoles(plane: number, count: number, from: number): number;
  /** How many counts are at or above `limit`. */
  countFrom(plane: number, count: number, limit: number): number;
  /** 2x2 mosaic cells -> (sum + half) >> shift; a cell with a pixel at the ceiling is 65535, one without data 0. */
  superpixels2(mosaic: number, width: number, rows: number, ceiling: number, shift: number, out: number): number;
  superpixels3(mosaic: number, width: number, rows: number, ceiling: number, shift: number, out: number): number;
  sumPlanes(r: number, g: number, b: number, count: number, ceiling: number, shift: number, out: number): number;
  /** 2x2 pixels -> min(65535, (sum + half) >> shift); with `holes`, 0 where one of the four is 0. */
  bin2(plane: number, width: number, rows: number, shift: number, holes: boolean, out: number): void;
}

/** Rounds a positive float to the nearest integer, halves to even, as the kernels do. */
function nearest(x: number): number {
  const floor = Math.floor(x);
  const rest = x - floor;
  if (rest > 0.5 || (rest === 0.5 && floor % 2 === 1)) return floor + 1;
  return floor;
}

function sampleReader(view: DataView, type: number, swap: boolean): (at: number) => number {
  const little = !swap;
  switch (type) {
    case 0:
      return (at) => view.getUint8(at);
    case 1:
      return (at) => view.getInt8(at);
    case 2:
      return (at) => view.getUint16(at * 2, little);
    case 3:
      return (at) => view.getInt16(at * 2, little);
    case 4:
      return (at) => view.getUint32(at * 4, little);
    case 5:
      return (at) => view.getInt32(at * 4, little);
    case 6:
      return (at) => Number(view.getBigUint64(at * 8, little));
    case 7:
      return (at) => Number(view.getBigInt64(at * 8, little));
    case 8:
      return (at) => view.getFloat32(at * 4, little);
    default:
      return (at) => view.getFloat64(at * 8, little);
  }
}

/** Writes count by count, and keeps what the kernels return: the largest, and whether one was 0. */
function fill(memory: WebAssembly.Memory, out: number, count: number, value: (index: number) => number): number {
  const plane = new Uint16Array(memory.buffer, out, count);
  let largest = 0;
  let zero = false;
  for (let i = 0; i < count; i++) {
    const v = value(i);
    plane[i] = v;
    if (v === 0) zero = true;
    if (v > largest) largest = v;
  }
  return zero ? largest | 65536 : largest;
}

function cellSum(values: number[], ceiling: number, shift: number): number {
  let sum = shift > 0 ? (1 << shift) >> 1 : 0;
  for (const v of values) {
    if (v === 0) return 0;
    sum += v;
  }
  return values.some((v) => v >= ceiling) ? 65535 : Math.min(65535, sum >> shift);
}

function superpixels(memory: WebAssembly.Memory, side: number) {
  return (mosaic: number, width: number, rows: number, ceiling: number, shift: number, out: number): number => {
    const columns = Math.floor(width / side);
    const plane = new Uint16Array(memory.buffer, mosaic, width * rows);
    return fill(memory, out, columns * Math.floor(rows / side), (index) => {
      const x = (index % columns) * side;
      const y = Math.floor(index / columns) * side;
      const values: number[] = [];
      for (let j = 0; j < side; j++) for (let i = 0; i < side; i++) values.push(plane[(y + j) * width + x + i]);
      return cellSum(values, ceiling, shift);
    });
  };
}

/** The same functions in plain TypeScript: what the kernels are tested against, and the fallback without WebAssembly SIMD. */
export function referenceLoad(memory: WebAssembly.Memory): LoadKernels {
  const u16 = (offset: number, count: number) => new Uint16Array(memory.buffer, offset, count);
  const bytes = (offset: number) => new DataView(memory.buffer, offset);
  const countsOf16: LoadKernels["countsOf16"] = (raw, out, count, swap, flip, floor) => {
    const read = sampleReader(bytes(raw), 2, swap);
    return fill(memory, out, count, (i) => Math.max(floor, read(i) ^ flip));
  };
  const bin2: LoadKernels["bin2"] = (plane, width, rows, shift, holes, out) => {
    const columns = width >> 1;
    const pixels = u16(plane, width * rows);
    fill(memory, out, columns * (rows >> 1), (index) => {
      const at = Math.floor(index / columns) * 2 * width + (index % columns) * 2;
      const four = [pixels[at], pixels[at + 1], pixels[at + width], pixels[at + width + 1]];
      if (holes && four.includes(0)) return 0;
      return Math.min(65535, (four[0] + four[1] + four[2] + four[3] + (shift > 0 ? (1 << shift) >> 1 : 0)) >> shift);
    });
  };
  return {
    countsOf16,
    bin2,
    countsOf16Binned(raw, out, width, rows, swap, flip, floor, shift, binned) {
      const top = countsOf16(raw, out, width * rows, swap, flip, floor);
      bin2(out, width, rows, shift, top > 65535, binned);
      return top;
    },
    countsOfF32(raw, out, count, swap, black, inverse, zeroIsHole) {
      const read = sampleReader(bytes(raw), 8, swap);
      const scale = Math.fround(inverse);
      const base = Math.fround(Math.fround(black) - Math.fround(1 / scale));
      return fill(memory, out, count, (i) => {
        const v = read(i);
        if (Number.isNaN(v) || v === -Infinity || (zeroIsHole && v === 0)) return 0;
        return nearest(Math.max(1, Math.min(65535, Math.fround(Math.fround(v - base) * scale))));
      });
    },
    countsOfAny(raw, out, count, type, swap, black, inverse, hasBlank, blank, zeroIsHole, physicalZero) {
      const read = sampleReader(bytes(raw), type, swap);
      return fill(memory, out, count, (i) => {
        const v = read(i);
        if (Number.isNaN(v) || v === -Infinity || (hasBlank && v === blank) || (zeroIsHole && v === physicalZero)) return 0;
        return nearest(Math.max(1, Math.min(65535, 1 + (v - black) * inverse)));
      });
    },
    punchHoles(plane, count, from) {
      const pixels = u16(plane, count);
      let found = 0;
      for (let i = 0; i < count; i++) {
        if (pixels[i] !== from) continue;
        pixels[i] = 0;
        found++;
      }
      return found;
    },
    countFrom(plane, count, limit) {
      return u16(plane, count).reduce((found, v) => (v >= limit ? found + 1 : found), 0);
    },
    superpixels2: superpixels(memory, 2),
    superpixels3: superpixels(memory, 3),
    sumPlanes(r, g, b, count, ceiling, shift, out) {
      const [red, green, blue] = [u16(r, count), u16(g, count), u16(b, count)];
      return fill(memory, out, count, (i) => cellSum([red[i], green[i], blue[i]], ceiling, shift));
    },
  };
}
