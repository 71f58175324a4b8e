import { describe, expect, it } from "vitest";
import { F32, normals, preparedSky, type Sky, starField, withReferenceKernels } from "../../../test/fixtures/analytic-sky.ts";
import { Kernels } from "./kernels/kernels.ts";
import { measureNoise } from "./noise.ts";

const kernels = Kernels.load();
const plainSky: Sky = { width: 1024, height: 768, brightness: () => 1500, noise: 20, seed: 1 };

/** A nebula with arms: structure from 15 px up to the size of the frame, 60 sigma at its heart. */
const nebula = (x: number, y: number) => {
  const [u, v] = [(x - 500) / 220, (y - 380) / 160];
  return 1200 * Math.exp(-(u * u + v * v)) * (1 + 0.4 * Math.sin(x / 25) * Math.cos(y / 19));
};

describe("noise by multiresolution support", () => {
  it.each([
    ["pure noise", {}],
    ["low noise that the counts hardly resolve", { noise: 1.1 }],
    ["strong noise", { noise: 300, brightness: () => 9000 }],
    [
      "a steep gradient and vignetting",
      { brightness: (x: number, y: number) => 1500 + 0.4 * x - 4e-4 * ((x - 512) ** 2 + (y - 384) ** 2) },
    ],
    ["a field of stars", { stars: starField(1500, 1024, 768, 500, 7) }],
    ["a nebula with stars", { brightness: (x: number, y: number) => 1500 + nebula(x, y), stars: starField(600, 1024, 768, 500, 8) }],
  ] as [string, Partial<Sky>][])("is within 1 percent of the truth for %s", (_, change) => {
    const sky = { ...plainSky, ...change };
    const found = measureNoise(preparedSky(kernels, sky));
    expect(found.from).toBe("support");
    // Rounding to whole counts adds 1/12 to the variance.
    const truth = Math.sqrt(sky.noise ** 2 + 1 / 12);
    expect(Math.abs(found.noise / truth - 1)).toBeLessThan(0.01);
  });

  it("is unbiased: over several skies the mean is within 0.2 percent", () => {
    const ratios = [11, 12, 13, 14, 15, 16].map(
      (seed) => measureNoise(preparedSky(kernels, { ...plainSky, seed })).noise / Math.sqrt(400 + 1 / 12),
    );
    expect(Math.abs(ratios.reduce((a, b) => a + b) / ratios.length - 1)).toBeLessThan(0.002);
  });

  it("says how much of the frame is nothing but noise", () => {
    const empty = measureNoise(preparedSky(kernels, plainSky));
    const crowded = measureNoise(preparedSky(kernels, { ...plainSky, stars: starField(6000, 1024, 768, 800, 3) }));
    // Four cuts at 3 sigma leave 99 % of pure noise.
    expect(empty.support).toBeGreaterThan(0.98);
    expect(crowded.support).toBeLessThan(0.9);
    expect(Math.abs(crowded.noise / 20 - 1)).toBeLessThan(0.03);
  });

  it("stays steady on noise that is not white, frame for frame", () => {
    // Rows shifted by their own noise: most pixels are then significant in some layer.
    const banded = [1, 2, 3, 4, 5, 6].map((seed) => {
      const shifts = Array.from({ length: 768 }, normals(seed + 100));
      return measureNoise(preparedSky(kernels, { ...plainSky, seed, brightness: (_, y) => 1500 + 20 * shifts[y] })).noise;
    });
    expect(Math.max(...banded) / Math.min(...banded)).toBeLessThan(1.08);
    expect(Math.min(...banded)).toBeGreaterThan(20);
    expect(Math.max(...banded)).toBeLessThan(Math.sqrt(2) * 20);
  });

  it("does not depend on the scale of the data", () => {
    const ones = { ...plainSky, brightness: () => 0.02, noise: 3e-4 };
    const found = measureNoise(preparedSky(kernels, ones, F32));
    expect(Math.abs(found.noise / 3e-4 - 1)).toBeLessThan(0.01);
  });

  it.each([
    [300, 200],
    [127, 90],
    [65, 85],
  ])("holds on a small frame of %i x %i", (width, height) => {
    const found = measureNoise(preparedSky(kernels, { ...plainSky, width, height }));
    expect(found.from).toBe("support");
    expect(Math.abs(found.noise / 20 - 1)).toBeLessThan(0.05);
  });

  it("leaves frames too small for wavelets to the mesh and never fails", () => {
    for (const [width, height] of [
      [1, 1],
      [16, 400],
      [400, 16],
      [3, 2],
    ]) {
      const frame = preparedSky(kernels, { ...plainSky, width, height });
      expect(measureNoise(frame)).toEqual({ noise: frame.mesh.medianNoise, support: 0, from: "mesh" });
    }
    const flat = measureNoise(preparedSky(kernels, { ...plainSky, noise: 0 }));
    expect(flat.noise).toBe(0);
  });

  it("is the same with the plain kernels", () => {
    const frame = preparedSky(kernels, { ...plainSky, width: 300, height: 260, stars: starField(200, 300, 260, 500, 7) });
    const fast = measureNoise(frame);
    const plain = measureNoise(withReferenceKernels(frame));
    expect(Math.abs(fast.noise / plain.noise - 1)).toBeLessThan(1e-3);
  });
});
