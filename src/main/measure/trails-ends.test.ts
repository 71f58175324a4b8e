import { describe, expect, it } from "vitest";
import { seeded } from "../../../test/fixtures/trail-sky.ts";
import { Kernels } from "./kernels/kernels.ts";
import { trailEnds } from "./trails-ends.ts";
import type { TrailProfile } from "./trails-profile.ts";
import type { RowRange, StripPixels } from "./trails-strip.ts";

const kernels = Kernels.load();
const half = 20;
const pitch = (2 * half + 4) & ~3;

/** White noise with a Gaussian ridge of `peak` in the rows `lit`. */
function noisyStrip(rows: number, lit: RowRange, peak: number, fwhm: number, random: () => number): StripPixels {
  kernels.reset();
  const values = kernels.take(4 * rows * pitch + 16);
  const pixels = kernels.f32(values, rows * pitch).fill(0);
  for (let r = 0; r < rows; r++) {
    for (let c = -half; c <= half; c++) {
      const noise = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
      const ridge = r >= lit[0] && r < lit[1] ? peak * Math.exp(-4 * Math.LN2 * (c / fwhm) ** 2) : 0;
      pixels[r * pitch + half + c] = noise + ridge;
    }
  }
  return { first: 0, group: 1, rows, half, tops: new Float32Array(rows), noise: 1, hidden: 0, kernels, values, pitch };
}

const profileOf = (amplitude: number, fwhm: number): TrailProfile => ({
  amplitude,
  centre: 0,
  fwhm,
  left: 0,
  right: 0,
  mean: new Float64Array(2 * half + 1),
});

/** Share of the standard normal distribution below x (Abramowitz & Stegun 26.2.17). */
function below(x: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(x));
  const tail =
    (Math.exp(-(x * x) / 2) / Math.sqrt(2 * Math.PI)) *
    t *
    (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return x > 0 ? 1 - tail : tail;
}

/**
 * Probability that the likeliest place of a step of d sigma is within `rows` of the true one: for x = d^2 rows, from the distribution
 * of the place of the maximum of a two-sided Brownian motion with drift -|t| / 2 (Yao 1987, Ann. Stat. 15, 1321).
 */
function within(rows: number, d: number): number {
  const x = d * d * rows;
  const above =
    Math.sqrt(x / (2 * Math.PI)) * Math.exp(-x / 8) -
    ((x + 5) / 2) * below(-Math.sqrt(x) / 2) +
    1.5 * Math.exp(x) * below(-1.5 * Math.sqrt(x));
  return 1 + 2 * above;
}

describe("the ends of a faint trail", () => {
  it.each([
    [0.3, 4],
    [0.3, 7],
    [0.6, 3],
  ])("are found as well as can be at %f sigma and %f px", (peak, fwhm) => {
    const random = seeded(Math.round(100 * peak + fwhm));
    const trials = 150;
    let near = 0;
    for (let n = 0; n < trials; n++) {
      const [from, to] = trailEnds(noisyStrip(900, [250, 650], peak, fwhm, random), profileOf(peak, fwhm), [290, 600], [true, true]);
      if (Math.abs(from - 250) <= 20) near++;
      if (Math.abs(to - 650) <= 20) near++;
    }
    // A row knows of the trail by the sum of its squared profile.
    const best = within(20, peak * Math.sqrt(fwhm * Math.sqrt(Math.PI / (8 * Math.LN2))));
    expect(near / (2 * trials)).toBeGreaterThan(best - 0.1);
    expect(near / (2 * trials)).toBeLessThan(best + 0.1);
  });

  it("are the border's where the trail leaves the frame, and only there", () => {
    const random = seeded(5);
    let [atBorder, inside] = [0, 0];
    for (let n = 0; n < 60; n++) {
      const strip = noisyStrip(700, [0, 700], 0.3, 4, random);
      const [from, to] = trailEnds(strip, profileOf(0.3, 4), [150, 500], [true, false]);
      if (from === 0) atBorder++;
      if (to === 700) inside++;
    }
    expect(atBorder).toBeGreaterThanOrEqual(54);
    expect(inside).toBeLessThan(50);
  });

  it("are not drawn in by rows that are hidden", () => {
    const random = seeded(6);
    for (let n = 0; n < 10; n++) {
      const strip = noisyStrip(700, [100, 600], 1, 4, random);
      kernels.f32(strip.values, 700 * pitch).fill(0, 540 * pitch, 590 * pitch);
      const [from, to] = trailEnds(strip, profileOf(1, 4), [200, 400], [true, true]);
      expect(Math.abs(from - 100)).toBeLessThan(12);
      expect(to).toBeGreaterThan(585);
      expect(to).toBeLessThan(620);
    }
  });
});
