import { describe, expect, it } from "vitest";
import { preparedPixels, renderSky, type Sky, seeded, starField, withReferenceKernels } from "../../../test/fixtures/analytic-sky.ts";
import { Kernels } from "./kernels/kernels.ts";
import { measureSensor } from "./sensor.ts";

const kernels = Kernels.load();
const noHints = { saturation: null, bitDepth: null };
const [width, height] = [1536, 1024];
const sky: Sky = {
  width,
  height,
  brightness: (x) => 800 + x / 40,
  noise: 12,
  seed: 3,
  stars: starField(800, width, height, 500, 5),
  fwhm: 3,
};
const survey = (pixels: Float64Array, hints = noHints) => measureSensor(preparedPixels(kernels, pixels, width, height), hints);

describe("a sound sensor", () => {
  it("shows no banding, no defects, no hot pixels, under stars and a gradient", () => {
    const sensor = survey(renderSky(sky));
    // Stars of a crowded field lie unevenly over the lines, which reads as a little banding.
    expect(Math.abs(sensor.rowBanding - 1.03)).toBeLessThan(0.06);
    expect(Math.abs(sensor.columnBanding - 1.03)).toBeLessThan(0.06);
    expect(sensor.deadColumns).toBe(0);
    expect(sensor.hotPixels).toBeLessThanOrEqual(3);
  });

  it("is not accused of hot pixels when its stars are sharp", () => {
    const sensor = survey(renderSky({ ...sky, fwhm: 1.8, stars: starField(1500, width, height, 800, 9) }));
    expect(sensor.hotPixels).toBeLessThanOrEqual(5);
  });
});

describe("banding", () => {
  // A line of n pixels has a mean with error sigma / sqrt(n); held at 1 sigma it keeps 1 / 1.052 of that precision.
  const ratio = (amplitude: number, pixels: number) => Math.sqrt(1 + (amplitude / (1.052 * 12 * Math.sqrt(1 / pixels))) ** 2);

  it("along rows is told in units of the noise expected", () => {
    const random = seeded(8);
    const offsets = Array.from({ length: height }, () => 4 * (random() - 0.5));
    const pixels = renderSky(sky).map((value, i) => value + offsets[Math.floor(i / width)]);
    const sensor = survey(pixels);
    expect(sensor.rowBanding / ratio(4 / Math.sqrt(12), width)).toBeGreaterThan(0.88);
    expect(sensor.rowBanding / ratio(4 / Math.sqrt(12), width)).toBeLessThan(1.08);
    expect(Math.abs(sensor.columnBanding - 1.03)).toBeLessThan(0.06);
  });

  it("along columns likewise, and weak banding is seen", () => {
    const pixels = renderSky(sky).map((value, i) => value + (i % 2 === 0 ? 0.5 : -0.5));
    const sensor = survey(pixels);
    expect(sensor.columnBanding / ratio(0.5, height)).toBeGreaterThan(0.9);
    expect(sensor.columnBanding / ratio(0.5, height)).toBeLessThan(1.1);
    expect(Math.abs(sensor.rowBanding - 1.03)).toBeLessThan(0.06);
  });

  it("is not invented by a trail along a row", () => {
    const pixels = renderSky(sky);
    for (let y = 500; y < 504; y++) for (let x = 0; x < width; x++) pixels[y * width + x] += 60;
    expect(survey(pixels).rowBanding).toBeLessThan(1.15);
  });
});

describe("defects", () => {
  it("counts hot pixels among stars", () => {
    const pixels = renderSky(sky);
    const random = seeded(17);
    for (let i = 0; i < 400; i++) pixels[Math.floor(random() * pixels.length)] = 1200 + 20000 * random() ** 2;
    expect(survey(pixels).hotPixels).toBeGreaterThan(360);
    expect(survey(pixels).hotPixels).toBeLessThan(430);
  });

  it("counts dark, bright and dead columns, but not a wide bright band", () => {
    const pixels = renderSky(sky);
    for (let y = 0; y < height; y++) {
      pixels[y * width + 200] -= 60;
      pixels[y * width + 777] += 45;
      pixels[y * width + 1200] = 0;
      for (let x = 900; x < 930; x++) pixels[y * width + x] += 40;
    }
    expect(survey(pixels).deadColumns).toBe(3);
  });
});

describe("saturation", () => {
  const saturating = () => {
    const pixels = renderSky(sky);
    for (let y = 300; y < 340; y++) for (let x = 640; x < 704; x++) pixels[y * width + x] = 1e6;
    return pixels;
  };

  it("is a share of all pixels, at the coding's end when nothing else is known", () => {
    const sensor = survey(saturating());
    expect(sensor).toMatchObject({ ceiling: 65535, ceilingFrom: "bit-depth" });
    expect(sensor.saturatedFraction).toBeGreaterThan((40 * 64) / (width * height) - 1e-9);
    expect(sensor.saturatedFraction).toBeLessThan((40 * 64) / (width * height) + 2e-4);
  });

  it("is where the data pile up, the header says or the converter ends", () => {
    const clipped = saturating().map((value) => Math.min(15300, value));
    expect(survey(clipped)).toMatchObject({ ceilingFrom: "data" });
    expect(survey(clipped).ceiling).toBeGreaterThan(15200);
    expect(survey(clipped).ceiling).toBeLessThanOrEqual(15300);
    const at = (saturation: number | null, bitDepth: number | null, limit: number) => {
      const hints = { saturation, bitDepth };
      const pixels = saturating().map((value) => Math.min(limit, value));
      const source = preparedPixels(kernels, pixels, width, height, undefined, hints);
      return measureSensor(source, hints);
    };
    expect(at(50000, null, 50000)).toMatchObject({ ceiling: 50000, ceilingFrom: "header" });
    expect(at(null, 14, 16383)).toMatchObject({ ceiling: 16383, ceilingFrom: "bit-depth" });
  });
});

describe("a survey", () => {
  it("is the same with the plain kernels", () => {
    const frame = preparedPixels(kernels, renderSky({ ...sky, width: 400, height: 300 }), 400, 300);
    expect(measureSensor(withReferenceKernels(frame), noHints)).toEqual(measureSensor(frame, noHints));
  });

  it.each([
    [1, 1],
    [7, 900],
    [65, 85],
  ])("of %i x %i is finite", (w, h) => {
    const sensor = measureSensor(preparedPixels(kernels, renderSky({ ...sky, width: w, height: h, stars: [] }), w, h), noHints);
    for (const value of Object.values(sensor)) if (typeof value === "number") expect(Number.isFinite(value)).toBe(true);
  });
});

describe("lost rows", () => {
  const fill = (pixels: Float64Array, from: number, to: number, value: number, every = 1) => {
    for (let y = from; y < to; y += every) pixels.fill(value, y * width, (y + 1) * width);
    return pixels;
  };

  it("are none on a sound frame", () => {
    expect(survey(renderSky(sky))).toMatchObject({ lostRows: 0, emptyEdge: 0 });
  });

  it("are those of one value, and those without data inside the frame", () => {
    expect(survey(fill(renderSky(sky), 300, 400, 0)).lostRows).toBeCloseTo(100 / height, 6);
    expect(survey(fill(renderSky(sky), 300, 400, 41_000, 2)).lostRows).toBeCloseTo(50 / height, 6);
  });

  it("are told from the empty edge of a registered frame", () => {
    const sensor = survey(fill(fill(renderSky(sky), 0, 30, 0), height - 10, height, 0));
    expect(sensor.lostRows).toBe(0);
    expect(sensor.emptyEdge).toBeCloseTo(40 / height, 6);
  });

  it("are not those that light has filled", () => {
    const pixels = fill(renderSky(sky), 0, 500, 65_535);
    expect(survey(pixels).lostRows).toBe(0);
  });
});
