import { describe, expect, it } from "vitest";
import { preparedPixels, renderSky } from "../../../test/fixtures/analytic-sky.ts";
import { Kernels } from "./kernels/kernels.ts";

const kernels = Kernels.load();
const [width, height] = [1024, 768];

describe("a sky whose noise spans few steps of the converter", () => {
  // 12 bits in the upper bits of 16: steps of 16 ADU. What is measured includes the steps' own noise, 16 / sqrt(12).
  for (const noise of [14, 20, 31, 45]) {
    for (const level of [1000, 1004, 1008, 1013]) {
      it(`has its level and noise (${level} and ${noise} ADU in steps of 16)`, () => {
        const sky = renderSky({ width, height, brightness: () => level, noise, seed: noise + level });
        const { mesh } = preparedPixels(
          kernels,
          sky.map((value) => 16 * Math.round(value / 16)),
          width,
          height,
        );
        expect(Math.abs(mesh.medianNoise / Math.hypot(noise, 16 / Math.sqrt(12)) - 1)).toBeLessThan(0.03);
        expect(Math.abs(mesh.medianLevel - level)).toBeLessThan(0.05 * noise);
      });
    }
  }

  it("is read the same when every count carries an offset", () => {
    const sky = renderSky({ width, height, brightness: () => 1004, noise: 20, seed: 5 });
    const stepped = sky.map((value) => 16 * Math.round(value / 16));
    const plain = preparedPixels(kernels, stepped, width, height).mesh;
    const offset = preparedPixels(
      kernels,
      stepped.map((value) => value + 7),
      width,
      height,
    ).mesh;
    expect(offset.medianLevel - plain.medianLevel).toBeCloseTo(7, 3);
    expect(offset.medianNoise).toBeCloseTo(plain.medianNoise, 3);
  });
});
