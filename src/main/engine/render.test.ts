import { describe, expect, it } from "vitest";
import type { CfaPattern } from "../../shared/domain.ts";
import { MOSAIC_GAP } from "../../shared/picture-address.ts";
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

  const XTRANS: CfaPattern = { side: 6, colours: "GBGGRGRGRBGBGBGGRGGRGGBGBGBRGRGRGGBG" };
  const mosaicOf = (cfa: CfaPattern) =>
    sourceOf(360, 300, 1, cfa, (x, y) => {
      const colour = cfa.colours[(y % cfa.side) * cfa.side + (x % cfa.side)] ?? "G";
      return (SKY[colour] ?? 0) + 12 * noise(x, y, 0) + (Math.abs(x - 100) < 6 && Math.abs(y - 60) < 6 && colour === "R" ? 4000 : 0);
    });

  for (const [name, cfa, rowOrder] of [
    ["Bayer", RGGB, "top-down"],
    ["Bayer, stored from the bottom up", RGGB, "bottom-up"],
    ["X-Trans, from the middle of its pattern", XTRANS, "top-down"],
  ] as const) {
    it(`zoom into colours as they are in the whole: ${name}`, () => {
      const step = cfa.side === 2 ? 2 : 3;
      const source = { ...mosaicOf(cfa), rowOrder };
      const frame = prepared(source);
      const stretch = ownStretch(source, frame);
      const whole = renderFrame(source, frame, { width: 360 / step, crop: null, colour: true }, stretch).picture;
      const crop = { x: 75 + (75 % step), y: 33 - (33 % step), width: 60, height: 48, upright: true };
      const part = renderFrame(source, frame, { width: 60, crop, colour: true }, stretch);
      expect(part.picture).toMatchObject({ width: 60 / step, height: 48 / step, channels: 3 });
      expect(part.scale).toBeCloseTo(1 / step, 9);
      for (let row = 0; row < 48 / step; row++) {
        const from = ((crop.y / step + row) * whole.width + crop.x / step) * 3;
        const line = part.picture.data.subarray(row * (60 / step) * 3, (row + 1) * (60 / step) * 3);
        expect([...line]).toEqual([...whole.data.subarray(from, from + line.length)]);
      }
    });
  }

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

describe("crops of the upright picture", () => {
  /** Every sample tells its place: the stretch below shows the column and the row as they are. */
  const ramp = { shadows: 0, midtones: 0.5, highlights: 1, range: [0, 65535] as [number, number] };
  const marked = (planes: number, cfa: CfaPattern | null) =>
    sourceOf(101, 81, planes, cfa, (x, y) => (x === 20 && y === 10 ? 60000 : 1000) + 20 * noise(x, y, 0));
  const cropped = (rowOrder: "top-down" | "bottom-up", cfa: CfaPattern | null, x: number, y: number, width: number, height: number) => {
    const source = { ...marked(1, cfa), rowOrder };
    const wish = { width: 4096, crop: { x, y, width, height, upright: true }, colour: true };
    const { picture, scale } = renderFrame(source, prepared(source), wish, ramp);
    const at = Math.floor(picture.data.indexOf(Math.max(...picture.data)) / picture.channels);
    return { size: [picture.width, picture.height], scale, star: [at % picture.width, Math.floor(at / picture.width)] };
  };

  it("lie where they were asked for, whichever way rows are stored", () => {
    expect(cropped("top-down", null, 10, 5, 40, 30)).toEqual({ size: [40, 30], scale: 1, star: [10, 5] });
    // Stored row 10 of 81 is row 70 of the picture.
    expect(cropped("bottom-up", null, 10, 45, 40, 30)).toEqual({ size: [40, 30], scale: 1, star: [10, 25] });
  });

  it("are cut at the frame's border and never moved", () => {
    expect(cropped("top-down", null, 15, 5, 4000, 4000)).toEqual({ size: [86, 76], scale: 1, star: [5, 5] });
    expect(cropped("bottom-up", null, 15, 60, 40, 4000)).toEqual({ size: [40, 21], scale: 1, star: [5, 10] });
    expect(cropped("top-down", null, 5000, 5000, 16, 16).size).toEqual([1, 1]);
  });

  it("show a square of the colour filters as one pixel, whole where one begins inside it", () => {
    expect(cropped("top-down", RGGB, 10, 4, 40, 30)).toEqual({ size: [20, 15], scale: 0.5, star: [5, 3] });
    expect(cropped("top-down", RGGB, 11, 5, 40, 30).size).toEqual([21, 16]);
    expect(cropped("top-down", RGGB, 0, 0, 4000, 4000)).toEqual({ size: [50, 40], scale: 0.5, star: [10, 5] });
  });
});

describe("a mosaic of nine parts", () => {
  it("has the frame's corners in its corners and the centre in its centre, upright", () => {
    // Each of the nine places has its own brightness.
    const placeOf = (at: number, size: number) => (at < size / 3 ? 0 : at < (2 * size) / 3 ? 1 : 2);
    const source = sourceOf(300, 240, 1, null, (x, y) => 1000 * (1 + placeOf(x, 300) + 3 * placeOf(y, 240)) + 5 * noise(x, y, 0));
    const frame = prepared(source);
    const ramp = { shadows: 0, midtones: 0.5, highlights: 1, range: [0, 10_000] as [number, number] };
    for (const rowOrder of ["top-down", "bottom-up"] as const) {
      const { picture, scale } = renderFrame({ ...source, rowOrder }, frame, { width: 1, crop: null, colour: true, mosaic: 64 }, ramp);
      expect([picture.width, picture.height, picture.channels, scale]).toEqual([3 * 64 + 2 * MOSAIC_GAP, 3 * 64 + 2 * MOSAIC_GAP, 1, 1]);
      const step = 64 + MOSAIC_GAP;
      const seen = [0, 1, 2].map((row) =>
        [0, 1, 2].map((column) => Math.round(picture.data[(row * step + 32) * picture.width + column * step + 32] / 25.5)),
      );
      const stored = [
        [1, 2, 3],
        [4, 5, 6],
        [7, 8, 9],
      ];
      expect(seen).toEqual(rowOrder === "top-down" ? stored : stored.reverse());
      for (const gap of [64, 64 + 1, step + 64]) {
        expect(picture.data[gap]).toBe(0);
        expect(picture.data[gap * picture.width]).toBe(0);
      }
    }
  });

  it("is smaller where the frame is", () => {
    const source = { ...sourceOf(40, 30, 1, null, (x, y) => 1000 + noise(x, y, 0)), rowOrder: "top-down" as const };
    const frame = prepared(source);
    const { picture } = renderFrame(source, frame, { width: 1, crop: null, colour: true, mosaic: 256 }, ownStretch(source, frame));
    expect([picture.width, picture.height]).toEqual([3 * 30 + 2 * MOSAIC_GAP, 3 * 30 + 2 * MOSAIC_GAP]);
  });
});

describe("the small picture that comes along", () => {
  it.each([
    ["grey", null],
    ["in colour", RGGB],
  ])("is the one that would be made by itself, %s", (_, cfa) => {
    const source = { ...bayer, cfa, rowOrder: "bottom-up" as const };
    const frame = prepared(source);
    const stretch = ownStretch(source, frame);
    const { thumb } = renderFrame(source, frame, { width: 200, crop: null, colour: true, thumb: 40 }, stretch);
    const alone = renderFrame(source, frame, { width: 40, crop: null, colour: true }, stretch);
    expect(alone.thumb).toBeNull();
    expect(thumb).toMatchObject({ width: alone.picture.width, height: alone.picture.height, channels: alone.picture.channels });
    const apart = alone.picture.data.map((value, i) => Math.abs(value - (thumb?.data[i] ?? 0)));
    expect(medianOf(apart)).toBeLessThanOrEqual(3);
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
