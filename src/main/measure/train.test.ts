import { expect, it } from "vitest";
import { memorySource, renderSky, starField } from "../../../test/fixtures/analytic-sky.ts";
import { measurePrepared, prepareFrame } from "./index.ts";
import { Kernels } from "./kernels/kernels.ts";

const HINTS = { saturation: null, bitDepth: null, electronsPerAdu: null, pixelScale: null };

it("finds the stars all over a frame that a train of bright satellites crosses", () => {
  const [width, height] = [1000, 750];
  const kernels = Kernels.load();
  const stars = starField(220, width, height, 900, 4);
  // Six lines 20 px apart, 25 sigma high, 1.4 px wide: far more peaks than stars.
  const line = (x: number, y: number): number => {
    let light = 0;
    for (let k = 0; k < 6; k++) light += 375 * Math.exp(-0.5 * ((y - 0.43 * x - 20 * k) / 0.65) ** 2);
    return light;
  };
  const counted = (brightness: (x: number, y: number) => number): { upper: number; lower: number; trails: number } => {
    const source = memorySource([renderSky({ width, height, brightness, noise: 15, seed: 7, stars, fwhm: 1.5 })], width, height);
    const { list, trails } = measurePrepared(prepareFrame(kernels, source, HINTS), source, HINTS);
    const lower = list.y.filter((y) => y > 0.6 * height).length;
    return { upper: list.y.length - lower, lower, trails: trails.length };
  };
  const clear = counted(() => 1000);
  const train = counted((x, y) => 1000 + line(x, y));
  expect(train.trails).toBeGreaterThanOrEqual(5);
  expect(train.lower).toBeGreaterThan(0.93 * clear.lower);
  expect(train.upper).toBeGreaterThan(0.7 * clear.upper);
});
