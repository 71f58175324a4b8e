import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openFrame } from "../../src/main/formats/index.ts";
import { measureBackground } from "../../src/main/measure/field.ts";
import { Kernels } from "../../src/main/measure/kernels/kernels.ts";
import { measureLevels } from "../../src/main/measure/levels.ts";
import { measureNoise } from "../../src/main/measure/noise.ts";
import { prepareFrame } from "../../src/main/measure/prepare.ts";
import { renderPreview } from "../../src/main/measure/preview.ts";
import { measureSensor } from "../../src/main/measure/sensor.ts";
import { fullRange, measureStretch } from "../../src/main/measure/stretch.ts";

const FRAMES = process.env["NEBULIFT_FRAMES"] ?? "../shared/frames";
const present = existsSync(join(FRAMES, "labels.csv"));

const kernels = Kernels.load();
const WALLACE = "mit-wallace-asteroid2713/Uncalibrated/20181017p3";

async function measured(path: string) {
  const file = await openFrame(join(FRAMES, path));
  try {
    await file.prepare();
    const frame = prepareFrame(kernels, file, file.metadata);
    const levels = measureLevels(frame);
    const stretch = measureStretch(levels, fullRange(file.coding, frame.black + 65535 * frame.step));
    return {
      sky: measureBackground(frame),
      noise: measureNoise(frame),
      sensor: measureSensor(frame, file.metadata),
      levels,
      preview: renderPreview(frame, { width: 512, stretch, rowOrder: file.rowOrder }),
    };
  } finally {
    file.close();
  }
}

describe.skipIf(!present)(`real frames${present ? "" : " (no folder of real frames)"}`, () => {
  // By an independent implementation in numpy over all pixels: median, mean deviation, noise of the multiresolution
  // support (with PCL's correction), share of noise pixels.
  it.each([
    [`${WALLACE}/a-180.000secs.Light.Open.00000003.fit`, 5451, 162.8876, 49.69, 0.75],
    [`${WALLACE}/a-30.000secs.Light.Open.00000008.fit`, 1680, 28.7762, 19.96, 0.867],
    [`${WALLACE}/a-240.000secs.Light.Open.00000030.fit`, 4186, 173.3246, 41.585, 0.547],
    ["sep/data/image.fits", 6855.61, 85.005, 63.45, 0.571],
  ])("have the levels and the noise that numpy finds: %s", async (path, median, averageDeviation, noise, support) => {
    const found = await measured(path);
    expect(Math.abs(found.levels.median / median - 1)).toBeLessThan(5e-4);
    expect(Math.abs(found.levels.averageDeviation / averageDeviation - 1)).toBeLessThan(2e-3);
    expect(Math.abs(found.noise.noise / noise - 1)).toBeLessThan(0.02);
    expect(Math.abs(found.noise.support - support)).toBeLessThan(0.05);
  });

  it("say the same whatever format they are stored in", async () => {
    const plain = await measured(`${WALLACE}/a-240.000secs.Light.Open.00000030.fit`);
    for (const path of ["derived/fz/a-240.000secs.Light.Open.00000030-r.fits.fz", "derived/gz/a-240.000secs.Light.Open.00000030.fit.gz"]) {
      const packed = await measured(path);
      expect(packed.sky).toEqual(plain.sky);
      expect(packed.sensor).toEqual(plain.sensor);
      expect(packed.levels).toEqual(plain.levels);
    }
  });

  it("show their sky at a quarter of the screen's range", async () => {
    for (const path of [
      `${WALLACE}/a-30.000secs.Light.Open.00000008.fit`,
      "derived/rgb/Light_NGC_7023_20.0s_IRCUT_20250630-023420_rgb_u16.fits",
    ]) {
      const { preview } = await measured(path);
      const middle = preview.data.slice().sort()[preview.data.length >> 1];
      expect(middle).toBeGreaterThan(55);
      expect(middle).toBeLessThan(75);
    }
  });

  it("show vignetting where a flat is missing", async () => {
    const raw = await measured(`${WALLACE}/a-180.000secs.Light.Open.00000003.fit`);
    expect(raw.sky.radial).toBeLessThan(-500);
    expect(raw.sky.cornerRatio).toBeLessThan(0.93);
    expect(raw.sky.cells.every((cell) => cell !== null)).toBe(true);
  });
});
