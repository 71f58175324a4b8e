import { describe, expect, it } from "vitest";
import { axesOf, fitMoffat } from "./psf-fit.ts";

/** An elliptical Moffat star written down from its definition, on a grid. */
function ellipse(major: number, minor: number, degrees: number, beta: number) {
  const [x, y, value]: number[][] = [[], [], []];
  const angle = (degrees * Math.PI) / 180;
  const alpha = (fwhm: number) => fwhm / (2 * Math.sqrt(2 ** (1 / beta) - 1));
  for (let row = -12; row <= 12; row++) {
    for (let column = -12; column <= 12; column++) {
      const u = (column * Math.cos(angle) + row * Math.sin(angle)) * 0.5;
      const v = (row * Math.cos(angle) - column * Math.sin(angle)) * 0.5;
      x.push(column * 0.5);
      y.push(row * 0.5);
      value.push(37 * (1 + (u / alpha(major)) ** 2 + (v / alpha(minor)) ** 2) ** -beta);
    }
  }
  return { x: Float64Array.from(x), y: Float64Array.from(y), value: Float64Array.from(value) };
}

describe("fitMoffat", () => {
  it.each([
    [4, 4, 0, 3],
    [5, 3.5, 30, 4],
    [6, 2.5, 140, 2.5],
    [3, 2.9, 75, 9],
  ])("finds axes %d and %d at %d degrees with exponent %d again", (major, minor, degrees, beta) => {
    const fit = fitMoffat(ellipse(major, minor, degrees, beta), { amplitude: 20, a: 0.2, b: 0, c: 0.2, beta: 3.5 });
    const axes = axesOf(fit);
    expect(axes.major).toBeCloseTo(major, 3);
    expect(axes.minor).toBeCloseTo(minor, 3);
    expect(fit.beta).toBeCloseTo(beta, 2);
    if (major !== minor) expect(axes.angle).toBeCloseTo(degrees, 2);
  });
});
