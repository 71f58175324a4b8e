import { describe, expect, it } from "vitest";
import { preparedPixels, preparedSky, renderSky, withReferenceKernels } from "../../../test/fixtures/analytic-sky.ts";
import { Kernels } from "./kernels/kernels.ts";
import { measureLevels } from "./levels.ts";

const kernels = Kernels.load();

describe("levels of a frame", () => {
  it("are median, MAD and mean deviation of normal noise", () => {
    const levels = measureLevels(preparedSky(kernels, { width: 2000, height: 1500, brightness: () => 1200.3, noise: 30, seed: 4 }));
    expect(levels.median).toBeCloseTo(1200.3, 0);
    expect(levels.mad / (30 / 1.4826)).toBeCloseTo(1, 2);
    expect(levels.averageDeviation / (30 * Math.sqrt(2 / Math.PI))).toBeCloseTo(1, 2);
  });

  it("are those of all pixels when each row is looked at, and interpolate between coarse counts", () => {
    const sky = { width: 400, height: 300, brightness: (x: number) => 500 + x / 2, noise: 12, seed: 5 };
    const pixels = renderSky(sky).map(Math.round);
    const sorted = pixels.slice().sort();
    const median = sorted[60000];
    const deviations = pixels.map((value) => Math.abs(value - median));
    const levels = measureLevels(preparedPixels(kernels, pixels, 400, 300));
    expect(Math.abs(levels.median - median)).toBeLessThan(1);
    expect(Math.abs(levels.mad - deviations.slice().sort()[60000])).toBeLessThan(1);
    expect(levels.averageDeviation).toBeCloseTo(deviations.reduce((a, b) => a + b) / 120000, 1);
    expect(levels.sampled).toBe(120000);
  });

  it("leave out pixels without data", () => {
    const pixels = renderSky({ width: 300, height: 300, brightness: () => 2000, noise: 10, seed: 6 });
    pixels.fill(0, 0, 300 * 120);
    const levels = measureLevels(preparedPixels(kernels, pixels, 300, 300));
    expect(levels.sampled).toBe(300 * 180);
    expect(Math.abs(levels.median - 2000)).toBeLessThan(0.5);
    expect(levels.averageDeviation / (10 * Math.sqrt(2 / Math.PI))).toBeCloseTo(1, 1);
  });

  it("are the same with the plain kernels, and defined for one pixel", () => {
    const frame = preparedSky(kernels, { width: 333, height: 222, brightness: () => 900, noise: 9, seed: 7 });
    expect(measureLevels(withReferenceKernels(frame))).toEqual(measureLevels(frame));
    expect(measureLevels(preparedPixels(kernels, [42], 1, 1)).median).toBeCloseTo(42, 6);
  });
});
