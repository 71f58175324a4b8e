import { describe, expect, it } from "vitest";
import { Kernels } from "./kernels.ts";
import { referenceTrailCells } from "./trails-cells-kernels.ts";
import { lineColumns, referenceTrailLines } from "./trails-lines-kernels.ts";

/** Seeded uniform numbers (mulberry32). */
function uniform(seed: number): () => number {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const kernels = Kernels.load();
const reference = { ...referenceTrailCells(kernels.memory), ...referenceTrailLines(kernels.memory) };

/** Runs a kernel and its reference into two outputs of `length` i16 and returns both. */
function both(length: number, run: (call: typeof reference, out: number) => void): [Int16Array, Int16Array] {
  const first = kernels.take(length * 2 + 64);
  const second = kernels.take(length * 2 + 64);
  run(kernels.call, first);
  run(reference, second);
  return [kernels.i16(first, length), kernels.i16(second, length)];
}

function grid(width: number, height: number, seed: number, spread: number): number {
  const random = uniform(seed);
  const at = kernels.take(width * height * 2 + 64);
  const values = kernels.i16(at, width * height);
  for (let n = 0; n < values.length; n++) values[n] = Math.round((random() + random() + random() - 1.5) * spread);
  return at;
}

function mask(width: number, height: number, seed: number): number {
  const random = uniform(seed);
  const at = kernels.take(width * height * 2 + 64);
  const values = kernels.i16(at, width * height);
  for (let n = 0; n < values.length; n++) values[n] = random() < 0.9 ? 1 : 0;
  return at;
}

const SIZES: [number, number][] = [
  [61, 37],
  [40, 64],
  [8, 3],
  [5, 1],
  [130, 2],
];

describe("trail kernels against their reference", () => {
  it.each([1, 2, 4, 8])("averages clipped pixels into cells of %i", (k) => {
    kernels.reset();
    const [cellsWide, cellsHigh] = [27, 19];
    const width = cellsWide * k + 3;
    const random = uniform(k);
    const plane = kernels.take(width * cellsHigh * k * 2 + 64);
    const pixels = kernels.u16(plane, width * cellsHigh * k);
    for (let n = 0; n < pixels.length; n++) pixels[n] = random() < 0.02 ? 65535 : random() < 0.002 ? 0 : 1000 + (n % width) + 40 * random();
    const [columns, rows] = [4, 3];
    const level = kernels.take(columns * rows * 4);
    const noise = kernels.take(columns * rows * 4);
    kernels.f32(level, 12).set(Array.from({ length: 12 }, (_, n) => 1010 + 30 * (n % 4)));
    kernels.f32(noise, 12).set(Array.from({ length: 12 }, (_, n) => 10 + n));
    const scratch = kernels.take(16 * columns);
    for (const holes of [0, 1]) {
      const seen = kernels.take(cellsWide * cellsHigh * 2 + 16);
      const seenReference = kernels.take(cellsWide * cellsHigh * 2 + 16);
      const [fast, slow] = both(cellsWide * cellsHigh, (call, out) =>
        call.trailCells(
          plane,
          width,
          k,
          cellsWide,
          cellsHigh,
          level,
          noise,
          columns,
          rows,
          columns / cellsWide,
          rows / cellsHigh,
          3,
          holes,
          scratch,
          out,
          call === reference ? seenReference : seen,
        ),
      );
      // Limits are rounded to a count, which is up to a tenth of the noise here.
      expect(largestDifference(fast, slow)).toBeLessThanOrEqual(2 + 3.2 * k);
      expect(kernels.i16(seen, cellsWide * cellsHigh)).toEqual(kernels.i16(seenReference, cellsWide * cellsHigh));
      expect(Math.max(...fast)).toBeGreaterThan(32);
    }
  });

  it.each(SIZES)("takes the box mean, spread and residual of %i x %i", (width, height) => {
    kernels.reset();
    const cells = grid(width, height, 3, 300);
    const seen = mask(width, height, 4);
    const spare = grid(width, height, 5, 50);
    const scratch = kernels.take(16 * width + 128);
    const [fast, slow] = both(width * height, (call, out) => call.trailTrend(cells, seen, width, height, 4, 2, spare, scratch, out));
    expect(largestDifference(fast, slow)).toBeLessThanOrEqual(1);
    const trend = spare;
    const [quiet, quietSlow] = both(width * height, (call, out) => call.trailQuiet(cells, trend, seen, width * height, 120, out));
    expect(quiet).toEqual(quietSlow);
    const count = Math.ceil(width / 16) * Math.ceil(height / 16);
    const blocks = kernels.take(4 * count);
    const blocksSlow = kernels.take(4 * count);
    kernels.call.trailSpread(cells, trend, seen, width, height, 16, 90, blocks);
    reference.trailSpread(cells, trend, seen, width, height, 16, 90, blocksSlow);
    for (let n = 0; n < count; n++) expect(kernels.f32(blocks, count)[n]).toBeCloseTo(kernels.f32(blocksSlow, count)[n], 3);
    kernels.f32(blocks, count).set(Array.from({ length: count }, (_, n) => 0.3 + 0.1 * n));
    const [rest, restSlow] = both(width * height, (call, out) =>
      call.trailResidual(cells, trend, seen, width, height, 16, blocks, 60, out),
    );
    expect(largestDifference(rest, restSlow)).toBeLessThanOrEqual(1);
  });

  it.each(SIZES)("turns %i x %i into the four quadrants", (width, height) => {
    kernels.reset();
    const source = grid(width, height, 6, 900);
    for (const turn of [0, 1, 2, 3]) {
      const columns = turn & 2 ? height : width;
      const stride = (columns + 7 + 8) & ~7;
      const [fast, slow] = both(stride * (turn & 2 ? width : height), (call, out) =>
        call.trailTurn(source, width, height, turn, stride, out),
      );
      expect(fast).toEqual(slow);
    }
  });

  it.each(SIZES)("sums the lines of %i x %i", (width, height) => {
    kernels.reset();
    const stride = (width + height + 15) & ~7;
    const source = grid(width, height, 7, 30);
    const image = kernels.take(stride * height * 2 + 64);
    kernels.call.trailTurn(source, width, height, 0, stride, image);
    const halves: Int16Array[] = [];
    const [fast, slow] = both(stride * height, (call, out) => {
      const spare = kernels.take(stride * height * 2 + 64);
      call.trailRadon(image, width, height, stride, spare, out);
      halves.push(kernels.i16(spare, stride * height).slice());
    });
    expect(fast).toEqual(slow);
    if (height > 2) expect(halves[0]).toEqual(halves[1]);
  });

  it.each([
    [61, 37],
    [30, 64],
  ])("finds the best line of each block of %i x %i", (width, height) => {
    kernels.reset();
    const stride = (width + height + 15) & ~7;
    const sums = grid(stride, height, 8, 200);
    const table = Math.ceil(height / 8) * ((stride + 63) >> 6) * 12;
    const run = (call: typeof reference) => {
      const peaks = kernels.take(table);
      kernels.u8(peaks, table).fill(0);
      const spreads = kernels.take(8 * height + 16);
      call.trailScan(sums, width, height, stride, 6, 10, 1.5, kernels.take(stride + 64), spreads, peaks);
      return { peaks, spreads };
    };
    const [fast, slow] = [run(kernels.call), run(reference)];
    expect(kernels.i32(fast.peaks, table / 4)).toEqual(kernels.i32(slow.peaks, table / 4));
    expect(kernels.f32(fast.peaks, table / 4).filter((z) => z > 1.5).length).toBeGreaterThan(5);
    const [spread, slowSpread] = [kernels.f32(fast.spreads, 2 * height), kernels.f32(slow.spreads, 2 * height)];
    for (let n = 0; n < 2 * height; n++) expect(spread[n]).toBeCloseTo(slowSpread[n], 4);
  });

  it("finds a line that lies between two columns by their sum", () => {
    kernels.reset();
    const [width, height, stride] = [64, 48, 120];
    const sums = kernels.take(stride * height * 2 + 64);
    const values = kernels.i16(sums, stride * height).fill(0);
    values[20 * stride + 40] = 200;
    values[20 * stride + 41] = 200;
    const [peaks, spreads] = [kernels.take(6 * 2 * 12), kernels.take(8 * height)];
    kernels.u8(peaks, 6 * 2 * 12).fill(0);
    kernels.call.trailScan(sums, width, height, stride, 6, 10, 2, kernels.take(stride + 64), spreads, peaks);
    const entry = 2 * 2 * 12;
    // All 48 rows of the line are inside: 400 over ten times the square root of 2 x 48.
    expect(kernels.f32(peaks + entry, 1)[0]).toBeCloseTo(400 / (10 * Math.sqrt(96)), 1);
    expect(Array.from(kernels.i32(peaks + entry + 4, 2))).toEqual([20, 81]);
  });

  it("keeps a line of bright cells and drops a lone one", () => {
    kernels.reset();
    const [width, height] = [48, 48];
    const residual = kernels.take(width * height * 2);
    const cells = kernels.i16(residual, width * height).fill(0);
    for (let x = 0; x < width; x++) cells[20 * width + x] = 60;
    for (let x = 5; x < 16; x++) cells[10 * width + x] = 60;
    cells[40 * width + 11] = 80;
    cells[41 * width + 13] = 25;
    const random = uniform(9);
    for (let n = 0; n < 60; n++) cells[Math.floor((28 + 9 * random()) * width)] = 35 + Math.floor(40 * random());
    const near = [3, 0, 3, 1, 2, 2, 1, 3, 0, 3, -1, 3, -2, 2, -3, 1];
    const rings = kernels.take(32);
    new Int8Array(kernels.memory.buffer, rings, 32).set([...near, ...near.map((step) => 2 * step)]);
    const [fast, slow] = both(width * height, (call, out) => call.trailStars(residual, width, height, 40, 30, rings, 0, out));
    expect(fast).toEqual(slow);
    const [wide, wideSlow] = both(width * height, (call, out) => call.trailStars(residual, width, height, 40, 30, rings, 2, out));
    expect(wide).toEqual(wideSlow);
    expect([fast[40 * width + 11], fast[41 * width + 13], wide[41 * width + 13]]).toEqual([0, 25, 0]);
    expect(Array.from(fast.subarray(20 * width, 21 * width))).toEqual(Array(width).fill(30));
    expect(Array.from(fast.subarray(10 * width + 5, 10 * width + 16))).toEqual(Array(11).fill(30));
  });
});

describe("lines of the fast Hough transform", () => {
  it("stay within a cell of the straight line", () => {
    for (const n of [2, 37, 64, 522]) {
      for (let s = 0; s < n; s += 1 + (n >> 4)) {
        const columns = lineColumns(n, s);
        expect(columns[0]).toBe(0);
        expect(columns[n - 1]).toBe(s);
        for (let j = 0; j < n; j++) expect(Math.abs(columns[j] - (s * j) / (n - 1))).toBeLessThan(0.25 * Math.log2(n) + 0.75);
      }
    }
  });
});

function largestDifference(a: Int16Array, b: Int16Array): number {
  let most = 0;
  for (let n = 0; n < a.length; n++) most = Math.max(most, Math.abs(a[n] - b[n]));
  return most;
}
