import { describe, expect, it } from "vitest";
import { normals, seeded } from "../../../../test/fixtures/analytic-sky.ts";
import { Kernels, referenceKernels } from "./kernels.ts";
import { noiseScratchBytes } from "./noise-kernels.ts";
import { previewScratchBytes } from "./preview-kernels.ts";
import { TILE_TALLIES } from "./sensor-kernels.ts";

/** Counts like a sky's, with stars, saturation, holes and hot pixels strewn in. */
function roughPlane(count: number, seed: number): Uint16Array {
  const normal = normals(seed);
  const random = seeded(seed + 1);
  return Uint16Array.from({ length: count }, () => {
    const lot = random();
    if (lot < 0.004) return 0;
    if (lot < 0.008) return 65535;
    if (lot < 0.02) return Math.floor(random() * 65536);
    return Math.round(1200 + 25 * normal());
  });
}

const kernels = Kernels.load();
const plain = referenceKernels(kernels.memory);

function place(counts: Uint16Array): number {
  const offset = kernels.take(counts.byteLength + 64);
  kernels.u16(offset, counts.length).set(counts);
  return offset;
}

describe.each([
  [640, 40, 1],
  [641, 33, 3],
  [7, 5, 2],
  [1, 1, 1],
])("levels of %i x %i, every %i rows", (width, height, rowStep) => {
  it("are the same as in plain TypeScript", () => {
    kernels.reset();
    const pixels = place(roughPlane(width * height, 5));
    const [a, b] = [kernels.take(65536 * 4), kernels.take(65536 * 4)];
    const bins = (offset: number) => new Uint32Array(kernels.memory.buffer, offset, 65536);
    bins(a).fill(0);
    bins(b).fill(0);
    kernels.call.histogramRows(pixels, width, height, rowStep, a);
    plain.histogramRows(pixels, width, height, rowStep, b);
    expect(bins(a)).toEqual(bins(b));
    const sum = kernels.call.deviationRows(pixels, width, height, rowStep, 1207);
    expect(sum).toBe(plain.deviationRows(pixels, width, height, rowStep, 1207));
  });
});

describe("the deviation sum", () => {
  it("does not overflow on a very wide row of extremes", () => {
    kernels.reset();
    const width = 300_000;
    const pixels = place(new Uint16Array(width).fill(65535));
    expect(kernels.call.deviationRows(pixels, width, 1, 1, 1)).toBe(65534 * width);
  });
});

describe.each([
  [128, 128, 16],
  [61, 47, 0],
  [17, 17, 0],
  [130, 18, 0],
])("wavelets of a block of %i x %i", (width, height, border) => {
  it("are the same as in plain TypeScript", () => {
    kernels.reset();
    const rowPixels = width + 11;
    const pixels = place(roughPlane(rowPixels * height, 9));
    const scratch = kernels.take(noiseScratchBytes(width, height));
    const lists = () => [0, 1, 2].map(() => kernels.take(width * height * 4 + 20));
    const [a, b] = [lists(), lists()];
    for (const offset of [...a, ...b]) kernels.f32(offset, 5).fill(0);
    const run = (call: typeof plain, [m, r, f]: number[]) =>
      call.waveletBlock(pixels, rowPixels, width, height, 60000, border, scratch, m, r, f, 5);
    const filled = run(kernels.call, a);
    expect(run(plain, b)).toBe(filled);
    expect(filled).toBeGreaterThan(5);
    for (const k of [0, 1, 2]) {
      const one = kernels.f32(a[k], filled).subarray(5);
      const other = kernels.f32(b[k], filled).subarray(5);
      // Single precision at counts of 65535 keeps 1/128 of a count, scaled up by 1/sigma_4.
      expect(one.every((value, i) => Math.abs(value - other[i]) < (k === 1 ? 0.1 : 1))).toBe(true);
    }
    const [sumsA, sumsB] = [kernels.take(24), kernels.take(24)];
    kernels.call.gatedSums(a[0], a[1], filled, 3000, sumsA);
    plain.gatedSums(a[0], a[1], filled, 3000, sumsB);
    const [n, sum, squares] = new Float64Array(kernels.memory.buffer, sumsA, 3);
    const [n2, sum2, squares2] = new Float64Array(kernels.memory.buffer, sumsB, 3);
    expect(n).toBe(n2);
    expect(n).toBeGreaterThan(0.05 * filled);
    expect(Math.abs(sum - sum2)).toBeLessThan(1e-4 * Math.sqrt(squares2 * n2) + 1e-6);
    expect(squares).toBeCloseTo(squares2, -Math.floor(Math.log10(squares2 + 1)) + 5);
  });
});

describe.each([
  [3, 64, 0, 50],
  [1, 3, 0, 50],
  [2, 17, 4, 1022],
])("the survey of %i tiles of %i rows", (tiles, height, shift, span) => {
  it("is the same as in plain TypeScript", () => {
    kernels.reset();
    const rowPixels = tiles * 64 + 5;
    const pixels = place(roughPlane(rowPixels * height, 21));
    const parameters = kernels.take(tiles * 32);
    for (let t = 0; t < tiles; t++) {
      kernels.i32(parameters + 32 * t, 8).set([Math.max(0, 1200 - ((span / 2) << shift)), shift, span, 1300 + t, 1200, 1575, 0, 0]);
    }
    const run = (call: typeof plain) => {
      const [rows, columns, tallies] = [kernels.take(tiles * height * 4), kernels.take(tiles * 256), kernels.take(tiles * 16)];
      call.sensorBand(pixels, rowPixels, tiles, height, 60000, parameters, rows, columns, tallies);
      return {
        rows: kernels.i32(rows, tiles * height).slice(),
        columns: kernels.i32(columns, tiles * 64).slice(),
        tallies: kernels.i32(tallies, tiles * TILE_TALLIES.length).slice(),
      };
    };
    const found = run(kernels.call);
    expect(found).toEqual(run(plain));
    if (height === 64) expect(found.tallies[TILE_TALLIES.hot]).toBeGreaterThan(20);
  });
});

describe.each([
  [2.2317, 0, 0, 100, 50],
  [1, 13, 7, 64, 40],
  [3, 0, 0, 80, 40],
  [0.25, 3, 2, 97, 61],
  [1 / 3, 200, 100, 90, 60],
])("grey means at scale %f", (scale, left, top, columns, rows) => {
  it.each([false, true])("are the same as in plain TypeScript (flipped: %s)", (flip) => {
    kernels.reset();
    const [width, height] = [251, 127];
    const plane = place(roughPlane(width * height, 3));
    const show = (call: typeof plain) => {
      const scratch = kernels.take(previewScratchBytes(columns, scale));
      const out = kernels.take(columns * rows);
      call.greyMeans(plane, width, height, left, top, scale, columns, rows, 1 / 20000, -0.05, 0.01, flip, scratch, out);
      return kernels.u8(out, columns * rows).slice();
    };
    const [one, other] = [show(kernels.call), show(plain)];
    // Single precision may round one grey level the other way.
    expect(one.every((value, i) => Math.abs(value - other[i]) <= 1)).toBe(true);
    expect(one.filter((value, i) => value !== other[i]).length).toBeLessThan(0.03 * one.length);
    expect(new Set(one).size).toBeGreaterThan(10);
  });
});
