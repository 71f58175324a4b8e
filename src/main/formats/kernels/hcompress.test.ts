import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FormatKernels } from "./kernels.ts";

/** Codes of White (1992) by 4-bit value: bits, and how many. */
const CODES = [
  [0x3e, 6],
  [0x00, 3],
  [0x01, 3],
  [0x08, 4],
  [0x02, 3],
  [0x09, 4],
  [0x1a, 5],
  [0x1b, 5],
  [0x03, 3],
  [0x1c, 5],
  [0x0a, 4],
  [0x1d, 5],
  [0x0b, 4],
  [0x1e, 5],
  [0x3f, 6],
  [0x0c, 4],
];

class BitWriter {
  readonly bytes: number[] = [];
  private free = 0;

  write(value: number, count: number): void {
    for (let bit = count - 1; bit >= 0; bit--) {
      if (this.free === 0) {
        this.bytes.push(0);
        this.free = 8;
      }
      this.free--;
      this.bytes[this.bytes.length - 1] |= ((value >> bit) & 1) << this.free;
    }
  }

  align(): void {
    this.free = 0;
  }
}

interface Tile {
  width: number;
  height: number;
  scale: number;
  smooth: number;
  sum: number;
  coefficients: number[];
  /** Which planes are written plainly: the others as trees. */
  direct: (plane: number) => boolean;
}

/** The bit plane of a quadrant as codes of its 2 x 2 cells, and of the levels above them, coarsest last. */
function levels(
  bit: (y: number, x: number) => number,
  rows: number,
  columns: number,
): { codes: number[]; width: number; height: number }[] {
  const out: { codes: number[]; width: number; height: number }[] = [];
  let [height, width, value] = [rows, columns, bit];
  do {
    const [h, w, below, fine] = [(height + 1) >> 1, (width + 1) >> 1, value, { height, width }];
    const at = (y: number, x: number) => (y < fine.height && x < fine.width ? below(y, x) : 0);
    const codes: number[] = [];
    for (let y = 0; y < h; y++) {
      for (let x = 0; x < w; x++) {
        codes.push(at(2 * y, 2 * x) * 8 + at(2 * y, 2 * x + 1) * 4 + at(2 * y + 1, 2 * x) * 2 + at(2 * y + 1, 2 * x + 1));
      }
    }
    out.push({ codes, width: w, height: h });
    value = (y, x) => (codes[y * w + x] === 0 ? 0 : 1);
    [height, width] = [h, w];
  } while (height > 1 || width > 1);
  return out;
}

function encode(tile: Tile): Uint8Array {
  const { width, height, coefficients } = tile;
  const header = new DataView(new ArrayBuffer(25));
  header.setUint16(0, 0xdd99);
  header.setInt32(2, height);
  header.setInt32(6, width);
  header.setInt32(10, tile.scale);
  header.setBigInt64(14, BigInt(tile.sum));
  const [high, wide] = [(height + 1) >> 1, (width + 1) >> 1];
  const quadrants = [
    [0, 0, high, wide, 0],
    [0, wide, high, width - wide, 1],
    [high, 0, height - high, wide, 1],
    [high, wide, height - high, width - wide, 2],
  ];
  const magnitude = (y: number, x: number) => Math.abs(coefficients[y * width + x]);
  const planes = [0, 0, 0];
  for (const [top, left, rows, columns, group] of quadrants) {
    for (let y = 0; y < rows; y++) {
      for (let x = 0; x < columns; x++) planes[group] = Math.max(planes[group], 32 - Math.clz32(magnitude(top + y, left + x)));
    }
  }
  for (let group = 0; group < 3; group++) header.setUint8(22 + group, planes[group]);
  const out = new BitWriter();
  for (const [top, left, rows, columns, group] of quadrants) {
    for (let plane = planes[group] - 1; plane >= 0; plane--) {
      const tree = levels((y, x) => (magnitude(top + y, left + x) >> plane) & 1, rows, columns);
      if (tile.direct(plane)) {
        out.write(0, 4);
        if (rows > 0 && columns > 0) for (const code of tree[0].codes) out.write(code, 4);
        continue;
      }
      out.write(15, 4);
      const put = (value: number) => out.write(CODES[value][0], CODES[value][1]);
      const coarsest = tree.length - 1;
      put(tree[coarsest].codes[0] ?? 0);
      for (let level = coarsest - 1; level >= 0; level--) {
        for (let i = tree[level].codes.length - 1; i >= 0; i--) if (tree[level].codes[i] !== 0) put(tree[level].codes[i]);
      }
    }
  }
  out.write(0, 4);
  out.align();
  for (const value of coefficients) if (value !== 0) out.write(value < 0 ? 1 : 0, 1);
  return Uint8Array.from([...new Uint8Array(header.buffer), ...out.bytes]);
}

function decode(
  kernels: FormatKernels,
  coded: Uint8Array,
  width: number,
  height: number,
  smooth: number,
): { result: number; pixels: number[] } {
  const mark = kernels.mark();
  const source = kernels.take(coded.length + 64);
  const target = kernels.take(width * height * 8);
  const scratch = kernels.take(width * height * 8 + 64);
  kernels.release(mark);
  kernels.u8(source, coded.length).set(coded);
  const result = kernels.call.hcompressDecode(source, coded.length, target, scratch, width, height, smooth);
  return { result, pixels: result === 0 ? Array.from(kernels.i32(target, width * height)) : [] };
}

const compiled = FormatKernels.load();
const plain = FormatKernels.reference();

const tiles = fc
  .record({ width: fc.integer({ min: 1, max: 23 }), height: fc.integer({ min: 1, max: 19 }), bits: fc.integer({ min: 0, max: 20 }) })
  .filter(({ width, height }) => Math.max(width, height) > 1)
  .chain(({ width, height, bits }) =>
    fc.record({
      width: fc.constant(width),
      height: fc.constant(height),
      scale: fc.constantFrom(0, 1, 2, 5, 40),
      smooth: fc.constantFrom(0, 1),
      sum: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
      coefficients: fc.array(fc.integer({ min: -(2 ** bits), max: 2 ** bits }), { minLength: width * height, maxLength: width * height }),
      mask: fc.integer({ min: 0, max: 2 ** 21 }),
    }),
  )
  .map(({ mask, ...tile }): Tile => ({ ...tile, direct: (plane) => ((mask >> plane) & 1) === 1 }));

describe("HCOMPRESS_1", () => {
  it("inverts to the same pixels in WASM and in TypeScript, for any coefficients, tile size, scale and smoothing", () => {
    fc.assert(
      fc.property(tiles, (tile) => {
        const coded = encode(tile);
        const [ours, theirs] = [compiled, plain].map((kernels) => decode(kernels, coded, tile.width, tile.height, tile.smooth));
        expect(theirs.result).toBe(0);
        expect(ours).toEqual(theirs);
      }),
      { numRuns: 300, seed: 21 },
    );
  });

  it("makes a constant image of a sum alone", () => {
    // Three levels divide by 2, 2 and 4.
    const tile: Tile = {
      width: 8,
      height: 8,
      scale: 0,
      smooth: 0,
      sum: 7 * 16,
      coefficients: new Array(64).fill(0),
      direct: () => true,
    };
    for (const kernels of [compiled, plain]) {
      expect(decode(kernels, encode(tile), 8, 8, 0)).toEqual({ result: 0, pixels: new Array(64).fill(7) });
    }
  });

  it("refuses another size, bad codes and a short input", () => {
    const tile: Tile = {
      width: 6,
      height: 5,
      scale: 0,
      smooth: 0,
      sum: 99,
      coefficients: Array.from({ length: 30 }, (_, i) => i - 9),
      direct: () => false,
    };
    const coded = encode(tile);
    for (const kernels of [compiled, plain]) {
      expect(decode(kernels, coded, 5, 6, 0).result).toBe(-2);
      expect(decode(kernels, coded.subarray(0, 20), 6, 5, 0).result).toBe(-3);
      expect(decode(kernels, coded.subarray(0, coded.length - 2), 6, 5, 0).result).toBe(-3);
      expect(
        decode(
          kernels,
          Uint8Array.from(coded, (byte, i) => (i === 0 ? 0 : byte)),
          6,
          5,
          0,
        ).result,
      ).toBe(-1);
      expect(
        decode(
          kernels,
          Uint8Array.from(coded, (byte, i) => (i === 25 ? 0x55 : byte)),
          6,
          5,
          0,
        ).result,
      ).toBe(-1);
    }
  });
});
