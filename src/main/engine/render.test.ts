import { describe, expect, it } from "vitest";
import type { CfaPattern } from "../../shared/domain.ts";
import type { PixelSource } from "../../shared/pixels.ts";
import { Kernels } from "../measure/kernels/kernels.ts";
import { prepareFrame } from "../measure/prepare.ts";
import { aduOfDisplay, displayOf } from "../measure/stretch.ts";
import { shrinkTo } from "./colour-picture.ts";
import { ownStretch, renderFrame } from "./render.ts";

const RGGB: CfaPattern = { side: 2, colours: "RGGB" };

/** 16-bit samples in memory, as a file would hand them out. */
function sourceOf(
  width: number,
  height: number,
  planes: number,
  cfa: CfaPattern | null,
  valueAt: (x: number, y: number, plane: number) => number,
): PixelSource {
  return {
    width,
    height,
    planes,
    cfa,
    coding: { type: "u16", littleEndian: true, zero: 0, scale: 1, blank: null },
    readRows: (plane, firstRow, rows, into) => {
      const samples = new DataView(into.buffer, into.byteOffset, into.byteLength);
      for (let i = 0; i < rows * width; i++) {
        const value = valueAt(i % width, firstRow + Math.floor(i / width), plane);
        samples.setUint16(2 * i, Math.max(0, Math.min(65535, Math.round(value))), true);
      }
    },
  };
}

/** The same noise wherever it is asked for: about normal, sigma 1. */
function noise(x: number, y: number, plane: number): number {
  let sum = 0;
  let state = (x * 73856093) ^ (y * 19349663) ^ (plane * 83492791);
  for (let i = 0; i < 4; i++) {
    state = Math.imul(state ^ (state >>> 15), 2246822519) + 374761393;
    sum += (state >>> 0) / 2 ** 32 - 0.5;
  }
  return sum * Math.sqrt(3);
}

function prepared(source: PixelSource) {
  return prepareFrame(Kernels.load(), source, { saturation: null, bitDepth: null });
}

function medianOf(values: ArrayLike<number>): number {
  return Array.from(values).sort((a, b) => a - b)[values.length >> 1];
}

/** A sky that a sensor sees much brighter in green, with one red star. */
const SKY = { R: 600, G: 1400, B: 900 } as Record<string, number>;
const bayer = sourceOf(400, 300, 1, RGGB, (x, y) => {
  const colour = RGGB.colours[(y % 2) * 2 + (x % 2)];
  const star = Math.abs(x - 100) < 6 && Math.abs(y - 60) < 6 && colour === "R" ? 4000 : 0;
  return SKY[colour] + 12 * noise(x, y, 0) + star;
});

describe("previews", () => {
  it("show a sensor's coloured sky as neutral as a grey preview is bright, and stars in their colour", () => {
    const frame = prepared(bayer);
    const stretch = ownStretch(bayer, frame);
    const source = { ...bayer, rowOrder: "top-down" as const };
    const { picture, scale } = renderFrame(source, frame, { width: 100, crop: null, colour: true }, stretch);
    expect(picture).toMatchObject({ width: 100, height: 75, channels: 3 });
    expect(scale).toBeCloseTo(0.25, 9);
    const channel = (colour: number) => picture.data.filter((_, i) => i % 3 === colour);
    const sky = [0, 1, 2].map((colour) => medianOf(channel(colour)));
    const grey = renderFrame(source, frame, { width: 100, crop: null, colour: false }, stretch);
    expect(grey.picture.channels).toBe(1);
    for (const level of sky) expect(Math.abs(level - medianOf(grey.picture.data))).toBeLessThanOrEqual(3);
    const star = (15 * 100 + 25) * 3;
    expect(picture.data[star]).toBeGreaterThan(sky[0] + 80);
    expect(Math.abs(picture.data[star + 1] - sky[1])).toBeLessThan(60);
    expect(Math.abs(picture.data[star + 2] - sky[2])).toBeLessThan(60);
  });

  it("are upright whichever way rows are stored", () => {
    const frame = prepared(bayer);
    const stretch = ownStretch(bayer, frame);
    const of = (rowOrder: "top-down" | "bottom-up", colour: boolean) =>
      renderFrame({ ...bayer, rowOrder }, frame, { width: 100, crop: null, colour }, stretch).picture;
    const brightest = ({ data, width, channels }: { data: Uint8Array; width: number; channels: number }) =>
      Math.floor(data.indexOf(Math.max(...data)) / channels / width);
    expect(brightest(of("top-down", true))).toBeLessThan(20);
    expect(brightest(of("bottom-up", true))).toBeGreaterThan(55);
    expect(brightest(of("top-down", false))).toBeLessThan(20);
    expect(brightest(of("bottom-up", false))).toBeGreaterThan(55);
  });

  it("show the sky of a frame at the brightness that the stretch means", () => {
    const mono = sourceOf(320, 200, 1, null, (x, y) => 2000 + 20 * noise(x, y, 0));
    const frame = prepared(mono);
    const stretch = ownStretch(mono, frame);
    // PixInsight's rule brings the median to a quarter.
    expect(displayOf(stretch, 2000)).toBeCloseTo(0.25, 1);
    const { picture } = renderFrame({ ...mono, rowOrder: "top-down" }, frame, { width: 160, crop: null, colour: true }, stretch);
    expect(picture.channels).toBe(1);
    expect(medianOf(picture.data) / 255).toBeCloseTo(displayOf(stretch, 2000), 1);
    expect(aduOfDisplay(stretch, medianOf(picture.data) / 255)).toBeGreaterThan(1980);
  });

  it("crop at one screen pixel for each sensor pixel, inside the frame", () => {
    const mono = sourceOf(320, 200, 1, null, (x, y) => 1000 + 20 * noise(x, y, 0) + (x === 170 && y === 90 ? 20000 : 0));
    const frame = prepared(mono);
    const stretch = ownStretch(mono, frame);
    const crop = { x: 150, y: 80, width: 64, height: 48 };
    const { picture, scale } = renderFrame({ ...mono, rowOrder: "top-down" }, frame, { width: 1400, crop, colour: true }, stretch);
    expect(picture).toMatchObject({ width: 64, height: 48, channels: 1 });
    expect(scale).toBe(1);
    expect(picture.data.indexOf(Math.max(...picture.data))).toBe(10 * 64 + 20);
    const outside = { x: 310, y: -5, width: 64, height: 48 };
    const moved = renderFrame({ ...mono, rowOrder: "top-down" }, frame, { width: 1400, crop: outside, colour: true }, stretch);
    expect(moved.picture).toMatchObject({ width: 64, height: 48 });
  });

  it("crop a mosaic at the size of its sensor pixels", () => {
    const frame = prepared(bayer);
    const crop = { x: 80, y: 40, width: 40, height: 40 };
    const stretch = ownStretch(bayer, frame);
    const { picture, scale } = renderFrame({ ...bayer, rowOrder: "top-down" }, frame, { width: 1400, crop, colour: true }, stretch);
    expect(picture).toMatchObject({ width: 40, height: 40, channels: 1 });
    expect(scale).toBe(1);
  });
});

describe("shrinking", () => {
  it("keeps the mean, whatever the ratio, and never enlarges", () => {
    const [width, height] = [97, 61];
    const plane = Float32Array.from({ length: width * height }, (_, i) => 100 + (i % width) + 3 * Math.floor(i / width));
    const colours = { width, height, planes: [plane, plane, plane] as [Float32Array, Float32Array, Float32Array] };
    const mean = (values: Float32Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
    for (const to of [96, 50, 33, 1]) {
      const small = shrinkTo(colours, to);
      expect(small.width).toBe(to);
      expect(small.height).toBe(Math.max(1, Math.round((height * to) / width)));
      expect(mean(small.planes[1])).toBeCloseTo(mean(plane), 2);
    }
    expect(shrinkTo(colours, 200)).toBe(colours);
  });

  it("gives exact area means", () => {
    const plane = Float32Array.of(1, 2, 3, 4, 5, 6);
    const colours = { width: 3, height: 2, planes: [plane, plane, plane] as [Float32Array, Float32Array, Float32Array] };
    // 3 -> 2 columns: each covers one and a half; 2 rows -> 1.
    const { planes, height } = shrinkTo(colours, 2);
    expect(height).toBe(1);
    expect(planes[0][0]).toBeCloseTo(((1 + 4) / 2 + (0.5 * (2 + 5)) / 2) / 1.5, 5);
    expect(planes[0][1]).toBeCloseTo(((3 + 6) / 2 + (0.5 * (2 + 5)) / 2) / 1.5, 5);
  });
});
