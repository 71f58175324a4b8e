import { beforeEach, describe, expect, it } from "vitest";
import { Kernels } from "./kernels.ts";
import { referenceTrailStrips, type TrailStripKernels } from "./trails-strip-kernels.ts";

const kernels = Kernels.load();
const reference = referenceTrailStrips(kernels.memory);

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

/** Runs a kernel and its reference, each into `length` f32 of its own. */
function both(length: number, run: (call: TrailStripKernels, out: number) => void): [Float32Array, Float32Array] {
  const outs = [kernels.call, reference].map((call) => {
    const out = kernels.take(4 * length);
    kernels.f32(out, length).fill(0);
    run(call, out);
    return kernels.f32(out, length).slice();
  });
  return [outs[0], outs[1]];
}

function expectClose(fast: ArrayLike<number>, slow: ArrayLike<number>, within: number): void {
  let most = 0;
  for (let n = 0; n < slow.length; n++) most = Math.max(most, Math.abs(fast[n] - slow[n]));
  expect(most).toBeLessThanOrEqual(within);
}

/** A strip of noise with stars and a line that `dashes` after 50 rows. */
function strip(rows: number, across: number, seed: number): { values: number; pitch: number } {
  const random = uniform(seed);
  const pitch = (across + 3) & ~3;
  const values = kernels.take(4 * rows * pitch + 16);
  const pixels = kernels.f32(values, rows * pitch).fill(0);
  for (let n = 0; n < pixels.length; n++) {
    if (n % pitch >= across) continue;
    pixels[n] = 2 * (random() + random() + random() - 1.5);
    if (random() < 0.01) pixels[n] += 5 * 40 ** random();
    if (n % pitch === across >> 1 && (n / pitch < 50 || n / pitch > 70)) pixels[n] += 8;
  }
  return { values, pitch };
}

beforeEach(() => kernels.reset());

describe("strip kernels against their reference", () => {
  it.each([
    [1, 200],
    [200, 1],
  ])("read the pixels beside a path that steps %i", (stride, advance) => {
    const plane = kernels.take(200 * 150 * 2);
    const random = uniform(9);
    const pixels = kernels.u16(plane, 200 * 150);
    for (let n = 0; n < pixels.length; n++) pixels[n] = random() < 0.02 ? 0 : 800 + 300 * random();
    const [rows, half, limit, pitch] = [140, 6, 130, 16];
    const middles = kernels.take(4 * rows);
    kernels.i32(middles, rows).set(Array.from({ length: rows }, (_, r) => -9 + Math.round(r * 1.1)));
    const sky = kernels.take(16 * 5);
    kernels.f32(sky, 20).set(Array.from({ length: 20 }, (_, n) => [900, 2, -1, 0.02][n % 4]));
    for (const group of [1, 3]) {
      const [fast, slow] = both(Math.floor(rows / group) * pitch, (call, out) =>
        call.trailStrip(plane, limit, stride, advance, rows, half, pitch, middles, sky, group, out),
      );
      expectClose(fast, slow, 1e-3);
      expect(slow.filter((value) => value !== 0).length).toBeGreaterThan(400);
    }
  });

  it.each([
    [1, 10],
    [3, 4],
  ])("hide stars and keep a line, grouped by %i", (group, away) => {
    const [rows, across] = [120, 37];
    const { values, pitch } = strip(rows, across, 5);
    const steps = kernels.take(4 * 11);
    kernels.f32(steps, 11).set(Array.from({ length: 11 }, (_, k) => 4 * 2 ** (k / 1.2)));
    const hidden: number[] = [];
    const [fast, slow] = both(rows * pitch, (call, out) => {
      hidden.push(call.trailHide(values, rows, across, pitch, away, group, steps, 11, out));
    });
    expect(fast).toEqual(slow);
    expect(hidden[0]).toBe(hidden[1]);
    expect(hidden[0]).toBeGreaterThan(50);
    expect(Math.max(...kernels.f32(values, rows * pitch))).toBeGreaterThan(50);
    expect(Math.max(...slow.filter((_, n) => Math.abs((n % pitch) - 18) > 1))).toBeLessThan(20);
    expect(slow.filter((value, n) => n % pitch === 18 && value > 3).length).toBeGreaterThan(40);
  });

  it.each([13, 37, 73])("sum rows, trim columns and fit rows of %i pixels", (across) => {
    const rows = 101;
    const { values, pitch } = strip(rows, across, across);
    for (const [step, clip] of [
      [1, 3],
      [2, 2.5],
      [1, 1e30],
    ]) {
      const [sums, sumsSlow] = both(pitch, (call, out) => call.trailSums(values, pitch, rows, step, clip, out));
      expectClose(sums, sumsSlow, 0.01);
    }
    const scratch = kernels.take(16 * rows);
    for (const [count, cut] of [
      [101, 20],
      [64, 12],
      [7, 1],
      [3, 0],
    ]) {
      const [mean, meanSlow] = both(pitch, (call, out) => call.trailTrimmed(values, count, pitch, cut, scratch, out));
      expectClose(mean, meanSlow, 1e-3);
    }
    const weights = kernels.take(32);
    kernels.f32(weights, 8).set([0.1, 0.4, 0.8, 1, 0.8, 0.4, 0, 0]);
    const levels = kernels.take(16);
    kernels.f32(levels, 4).set([0, 1, 2, -1]);
    const from = values + 4 * (across - 6);
    const [heights, heightsSlow] = both(rows, (call, out) => call.trailRows(from, pitch, rows, weights, 8, 6, levels, 32, out));
    expectClose(heights, heightsSlow, 1e-3);
    expect(Math.max(...heightsSlow)).toBeGreaterThan(2);
  });

  it("find the ridge that a path follows, with its bow and width", () => {
    const [blocks, across, pitch] = [60, 81, 84];
    const means = kernels.take(4 * blocks * pitch);
    const random = uniform(3);
    const values = kernels.f32(means, blocks * pitch).fill(0);
    const place = (n: number) => {
      const t = (n + 0.5) / blocks;
      return 40 - 5 + 11 * t + 4 * 4 * t * (1 - t);
    };
    for (let n = 0; n < blocks; n++) {
      for (let c = 0; c < across; c++) values[n * pitch + c] = 0.05 * c + 0.2 * (random() - 0.5) + (Math.abs(c - place(n)) < 2.5 ? 0.5 : 0);
    }
    const widths = kernels.take(32);
    kernels.i32(widths, 8).set([2, 3, 5, 8, 12, 18, 27, 40]);
    const scratch = kernels.take(8 * across + 4 * blocks + 128);
    const length = 8 * blocks * across;
    const [ribbons, ribbonsSlow] = both(length, (call, out) => call.trailRibbons(means, blocks, across, pitch, widths, scratch, out));
    expectClose(ribbons, ribbonsSlow, 1e-3);
    const source = kernels.take(4 * length);
    kernels.f32(source, length).set(ribbonsSlow);
    const norms = kernels.take(32);
    kernels.f32(norms, 8).set([2, 3, 5, 8, 12, 18, 27, 40].map((width) => 1 / Math.sqrt(width)));
    const [best, bestSlow] = both(5, (call, out) => {
      kernels.f32(out, 1)[0] = -1e30;
      for (const bow of [0, 2, 4, 6]) call.trailRidge(source, blocks, across, -8, 8, -8, 8, 1, bow, 0.1 * bow, norms, scratch, out);
    });
    expectClose(best, bestSlow, 1e-2);
    expect(Math.abs(bestSlow[1] + 5)).toBeLessThanOrEqual(1);
    expect(Math.abs(bestSlow[2] - 6)).toBeLessThanOrEqual(1);
    expect(Array.from(bestSlow.slice(3))).toEqual([4, 2]);
  });

  it.each([
    [1, 3.2, 20.4, 1, 0.3, 150],
    [0, 90.6, 0, -0.4, 1, 99],
    [0, -2, 10, 0.9, 1, 80],
  ])("sum a grid beside a line (flat %i)", (flat, x, y, dx, dy, steps) => {
    const [width, height, half, parts] = [160, 110, 10, 12];
    const grid = kernels.take(2 * width * height);
    const random = uniform(4);
    const cells = kernels.i16(grid, width * height);
    for (let n = 0; n < cells.length; n++) cells[n] = Math.round(60 * (random() - 0.5));
    const length = parts * (2 * half + 1);
    const outs = [kernels.call, reference].map((call) => {
      const sums = kernels.take(4 * length);
      const rows = kernels.take(4 * parts);
      call.trailBeside(grid, width, height, flat, x, y, dx, dy, steps, parts, half, sums, rows);
      return [Array.from(kernels.i32(sums, length)), Array.from(kernels.i32(rows, parts))];
    });
    expect(outs[0]).toEqual(outs[1]);
    expect(outs[1][1].reduce((a, b) => a + b, 0)).toBeGreaterThan(70);
  });
});
