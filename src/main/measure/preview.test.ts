import { describe, expect, it } from "vitest";
import { preparedPixels, preparedSky, type Sky } from "../../../test/fixtures/analytic-sky.ts";
import { Kernels } from "./kernels/kernels.ts";
import { measureLevels } from "./levels.ts";
import { type Preview, renderCrop, renderPreview } from "./preview.ts";
import { displayOf, measureStretch } from "./stretch.ts";

const kernels = Kernels.load();
const sky: Sky = { width: 900, height: 600, brightness: (x, y) => 800 + 400 * (x / 900) + 100 * (y / 600), noise: 8, seed: 2 };
const line = { shadows: 0, midtones: 0.5, highlights: 1, range: [0, 1000] as [number, number] };
const at = (preview: Preview, x: number, y: number) => preview.data[y * preview.width + x];

describe("a preview", () => {
  it("has the width asked for, the frame's shape, and a scale to draw evidence by", () => {
    const frame = preparedSky(kernels, sky);
    const preview = renderPreview(frame, { width: 300, stretch: line, rowOrder: "top-down" });
    expect([preview.width, preview.height, preview.data.length]).toEqual([300, 200, 60000]);
    expect(preview.scale).toBeCloseTo(1 / 3, 12);
  });

  it("shows the area mean through the stretch, pixel for pixel", () => {
    const frame = preparedSky(kernels, sky);
    const stretch = measureStretch(measureLevels(frame), [0, 65535]);
    const preview = renderPreview(frame, { width: 90, stretch, rowOrder: "top-down" });
    for (const [x, y] of [
      [0, 0],
      [45, 30],
      [89, 59],
      [10, 50],
    ]) {
      const truth = sky.brightness((x + 0.5) * 10 - 0.5, (y + 0.5) * 10 - 0.5);
      // The mean of 100 pixels has an error of 0.8 ADU; the stretch is steep there.
      const [low, high] = [truth - 4, truth + 4].map((adu) => 255 * displayOf(stretch, adu));
      expect(at(preview, x, y)).toBeGreaterThanOrEqual(Math.floor(low));
      expect(at(preview, x, y)).toBeLessThanOrEqual(Math.ceil(high));
    }
  });

  it("stands upright: bottom-up files are turned over", () => {
    const frame = preparedSky(kernels, sky);
    const stored = renderPreview(frame, { width: 300, stretch: line, rowOrder: "top-down" });
    const turned = renderPreview(frame, { width: 300, stretch: line, rowOrder: "bottom-up" });
    for (const y of [0, 77, 199]) expect(at(turned, 12, y)).toBe(at(stored, 12, 199 - y));
  });

  it("keeps brightness where a scale does not divide: an even field stays even", () => {
    const frame = preparedPixels(kernels, new Float64Array(401 * 307).fill(500), 401, 307);
    const preview = renderPreview(frame, { width: 173, stretch: line, rowOrder: "top-down" });
    expect(new Set(preview.data)).toEqual(new Set([128]));
  });

  it("never enlarges, and shows small and odd frames whole", () => {
    const frame = preparedSky(kernels, { ...sky, width: 65, height: 85 });
    const preview = renderPreview(frame, { width: 1400, stretch: line, rowOrder: "top-down" });
    expect([preview.width, preview.height, preview.scale]).toEqual([65, 85, 1]);
    for (const [width, height] of [
      [1, 1],
      [2000, 1],
      [1, 300],
      [3, 2],
    ]) {
      const tiny = preparedPixels(kernels, new Float64Array(width * height).fill(500), width, height);
      const shown = renderPreview(tiny, { width: 500, stretch: line, rowOrder: "bottom-up" });
      expect(shown.data.length).toBe(shown.width * shown.height);
      expect(new Set(shown.data)).toEqual(new Set([128]));
    }
  });
});

describe("a crop", () => {
  const pixels = Float64Array.from({ length: 200 * 100 }, (_, i) => ((i % 200) * 7 + Math.floor(i / 200) * 3) % 1000);
  const frame = () => preparedPixels(kernels, pixels, 200, 100);

  it("at zoom 1 shows every pixel once", () => {
    const crop = renderCrop(frame(), { x: 40, y: 20, width: 30, height: 10 }, 1, line, "top-down");
    expect([crop.width, crop.height, crop.scale]).toEqual([30, 10, 1]);
    for (const [x, y] of [
      [0, 0],
      [29, 9],
      [7, 3],
    ]) {
      expect(at(crop, x, y)).toBe(Math.floor((255 * pixels[(20 + y) * 200 + 40 + x]) / 1000 + 0.5));
    }
  });

  it("at zoom 3 repeats each pixel three times each way", () => {
    const crop = renderCrop(frame(), { x: 40, y: 20, width: 10, height: 5 }, 3, line, "top-down");
    expect([crop.width, crop.height]).toEqual([30, 15]);
    for (const [x, y] of [
      [0, 0],
      [29, 14],
      [10, 8],
    ]) {
      const truth = (255 * pixels[(20 + Math.floor(y / 3)) * 200 + 40 + Math.floor(x / 3)]) / 1000;
      expect(Math.abs(at(crop, x, y) - truth)).toBeLessThanOrEqual(1);
    }
  });

  it("stays inside the frame", () => {
    const corner = renderCrop(frame(), { x: 190, y: -5, width: 30, height: 10 }, 1, line, "top-down");
    expect([corner.width, corner.height]).toEqual([30, 10]);
    expect(at(corner, 29, 0)).toBe(Math.floor((255 * pixels[199]) / 1000 + 0.5));
    expect(renderCrop(frame(), { x: 0, y: 0, width: 1e9, height: 1e9 }, 1, line, "top-down")).toMatchObject({ width: 200, height: 100 });
  });
});
