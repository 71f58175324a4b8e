import { describe, expect, it } from "vitest";
import { fluxBeyond, integratePsf, moffatAlpha, type PsfShape } from "./psf.ts";
import { psfTruth } from "./psf-truth.ts";

const ROUND: PsfShape = { fwhm: 3, beta: 4, axisRatio: 1, angle: 0, defocus: 0, obstruction: 0, rotation: 0, motions: [] };

/** Moffat integrated over the pixel whose centre is (x, y) from the star, by brute force. */
function pixelFlux(fwhm: number, beta: number, x: number, y: number): number {
  const alpha = moffatAlpha(fwhm, beta);
  const parts = 40;
  let sum = 0;
  for (let i = 0; i < parts * parts; i++) {
    const px = x + ((i % parts) + 0.5) / parts - 0.5;
    const py = y + (Math.floor(i / parts) + 0.5) / parts - 0.5;
    sum += (1 + (px * px + py * py) / (alpha * alpha)) ** -beta / (parts * parts);
  }
  return (sum * (beta - 1)) / (Math.PI * alpha * alpha);
}

describe("psfTruth", () => {
  it.each([1.5, 2, 3, 5, 8, 14])("gives a Moffat star of FWHM %d its own FWHM, round", (fwhm) => {
    const truth = psfTruth({ ...ROUND, fwhm });
    expect(truth.fwhm / fwhm).toBeCloseTo(1, 2);
    expect(truth.eccentricity).toBeLessThan(0.02);
  });

  it.each([
    [0.9, 20],
    [0.8, 75],
    [0.6, 130],
  ])("gives an ellipse of axis ratio %d at %d degrees its eccentricity and angle, and the mean axis as FWHM", (axisRatio, angle) => {
    const truth = psfTruth({ ...ROUND, axisRatio, angle });
    expect(truth.eccentricity).toBeCloseTo(Math.sqrt(1 - axisRatio ** 2), 2);
    expect(Math.abs(truth.angle - angle)).toBeLessThan(1);
    expect(truth.fwhm).toBeCloseTo(3, 1);
  });

  it("keeps a defocused star round, about as wide as the pupil's shadow, with a hole where the telescope has one", () => {
    const truth = psfTruth({ ...ROUND, defocus: 20, obstruction: 0.4 });
    expect(truth.fwhm).toBeGreaterThan(16);
    expect(truth.fwhm).toBeLessThan(22);
    expect(truth.eccentricity).toBeLessThan(0.08);
    expect(truth.hole).toBeGreaterThan(0.5);
    expect(psfTruth({ ...ROUND, defocus: 20 }).hole).toBeLessThan(0.05);
  });

  it("elongates a drifting star along its drift", () => {
    const path = Array.from({ length: 50 }, (_, i) => ({ x: 0, y: (i - 24.5) / 6, share: 1 / 50 }));
    const truth = psfTruth({ ...ROUND, motions: [path] });
    expect(truth.eccentricity).toBeGreaterThan(0.85);
    expect(Math.abs(truth.angle - 90)).toBeLessThan(1);
  });

  it("gives a Gaussian-like star the noise area 4 pi sigma^2", () => {
    const truth = psfTruth({ ...ROUND, fwhm: 6, beta: 60 });
    const sigma = 6 / 2.3548;
    // The pixel's own width adds 1/12 px^2 to the variance.
    expect(truth.noiseArea / (4 * Math.PI * (sigma ** 2 + 1 / 12))).toBeCloseTo(1, 1);
  });
});

describe("integratePsf", () => {
  it.each([1.2, 1.8, 3, 6.5])("integrates a star of FWHM %d over pixels at any phase", (fwhm) => {
    const table = integratePsf({ ...ROUND, fwhm });
    const { oversample, side } = table;
    const centre = (side - 1) / 2;
    for (const [x, y] of [
      [0, 0],
      [1, -1],
      [2, 0],
    ]) {
      for (const phase of [0, 0.25 * oversample, 0.5 * oversample]) {
        const value = table.integrated[(centre + y * oversample) * side + centre + x * oversample + phase];
        expect(value / pixelFlux(fwhm, 4, x + phase / oversample, y)).toBeCloseTo(1, 1.7);
      }
    }
  });

  it("holds the star's whole light but what lies in the wings", () => {
    for (const shape of [ROUND, { ...ROUND, fwhm: 1.5 }, { ...ROUND, defocus: 12, obstruction: 0.3 }]) {
      const table = integratePsf(shape);
      const centre = (table.side - 1) / 2;
      let sum = 0;
      for (let y = -table.radius; y <= table.radius; y++) {
        for (let x = -table.radius; x <= table.radius; x++) {
          sum += table.integrated[(centre + y * table.oversample) * table.side + centre + x * table.oversample];
        }
      }
      expect(1 - sum).toBeLessThan(fluxBeyond(shape, table.radius - shape.defocus / 2) + 0.002);
      expect(sum).toBeLessThan(1.001);
    }
  });
});
