import { describe, expect, test } from "vitest";
import {
  cropAround,
  FITTED,
  fitZoom,
  type Glass,
  panned,
  partInSight,
  pictureWidth,
  sheetOf,
  toggledZoom,
  zoomedTo,
  zoomOf,
} from "./view-transform.ts";

const frame = { width: 6000, height: 4000 };
const glass: Glass = { width: 900, height: 500, density: 1 };
const middle = { x: 450, y: 250 };

/** The sensor pixel under a point of the window. */
function under(view: typeof FITTED, at: { x: number; y: number }, window = glass) {
  const sheet = sheetOf(view, frame, window);
  return { x: ((at.x - sheet.x) / sheet.width) * frame.width, y: ((at.y - sheet.y) / sheet.height) * frame.height };
}

describe("a view", () => {
  test("fits the whole frame into the window, in its middle", () => {
    expect(fitZoom(frame, glass)).toBe(0.125);
    expect(sheetOf(FITTED, frame, glass)).toEqual({ x: 75, y: 0, width: 750, height: 500 });
  });

  test("at 100 % shows one sensor pixel per pixel of the screen, on dense screens too", () => {
    const dense = { ...glass, density: 2 };
    const view = zoomedTo(1, FITTED, frame, dense, middle);
    expect(sheetOf(view, frame, dense).width).toBe(3000);
    expect(zoomOf(view, frame, dense)).toBe(1);
  });

  test("keeps the pixel under the pointer while zooming", () => {
    const at = { x: 300, y: 180 };
    const pixel = under(FITTED, at);
    const closer = zoomedTo(1, FITTED, frame, glass, at);
    expect(under(closer, at).x).toBeCloseTo(pixel.x, 6);
    expect(under(closer, at).y).toBeCloseTo(pixel.y, 6);
    const closest = zoomedTo(2, closer, frame, glass, at);
    expect(under(closest, at).x).toBeCloseTo(pixel.x, 6);
  });

  test("goes no closer than 200 % and no further than the whole frame", () => {
    expect(zoomOf(zoomedTo(9, FITTED, frame, glass, middle), frame, glass)).toBe(2);
    expect(zoomedTo(0.01, { zoom: 1, x: 0.2, y: 0.2 }, frame, glass, middle)).toEqual(FITTED);
  });

  test("of a frame smaller than the window can be looked at smaller, at 100 %", () => {
    const small = { width: 600, height: 400 };
    expect(zoomOf(FITTED, small, glass)).toBe(1.25);
    expect(zoomOf(toggledZoom(FITTED, small, glass, middle), small, glass)).toBe(1);
  });

  test("is dragged with the pointer and stops at the frame's edge without getting stuck there", () => {
    const view = zoomedTo(1, FITTED, frame, glass, middle);
    const moved = panned(view, frame, glass, 100, -50);
    expect(sheetOf(moved, frame, glass).x).toBeCloseTo(sheetOf(view, frame, glass).x + 100, 6);
    expect(sheetOf(moved, frame, glass).y).toBeCloseTo(sheetOf(view, frame, glass).y - 50, 6);
    const edge = panned(view, frame, glass, 99_999, 0);
    expect(sheetOf(edge, frame, glass).x).toBe(0);
    expect(sheetOf(panned(edge, frame, glass, -10, 0), frame, glass).x).toBeCloseTo(-10, 6);
  });

  test("toggles between the whole frame and 100 % where the pointer is", () => {
    const at = { x: 200, y: 400 };
    const close = toggledZoom(FITTED, frame, glass, at);
    expect(under(close, at).x).toBeCloseTo(under(FITTED, at).x, 6);
    expect(toggledZoom(close, frame, glass, at)).toEqual(FITTED);
  });
});

describe("the part in sight", () => {
  test("at 100 % is as large as the window", () => {
    const part = partInSight(zoomedTo(1, FITTED, frame, glass, middle), frame, glass);
    expect(part).toEqual({ x: 2550, y: 1750, width: 900, height: 500 });
  });

  test("is asked for with a margin, on a raster, inside the frame", () => {
    for (const place of [0, 0.13, 0.5, 0.871, 1]) {
      const part = partInSight({ zoom: 1, x: place, y: place }, frame, glass);
      const crop = cropAround(part, frame);
      expect(crop.x).toBeLessThanOrEqual(part.x);
      expect(crop.y).toBeLessThanOrEqual(part.y);
      expect(crop.x + crop.width).toBeGreaterThanOrEqual(Math.min(frame.width, part.x + part.width));
      expect(crop.y + crop.height).toBeGreaterThanOrEqual(Math.min(frame.height, part.y + part.height));
      expect(crop.x + crop.width).toBeLessThanOrEqual(frame.width);
      expect(crop.x % 256).toBe(0);
      expect(Number.isInteger(crop.width) && Number.isInteger(crop.height)).toBe(true);
    }
  });

  test("is the same crop for a small move", () => {
    const part = { x: 1000, y: 1000, width: 900, height: 500 };
    expect(cropAround({ ...part, x: 1010, y: 1005 }, frame)).toEqual(cropAround(part, frame));
  });
});

test("whole pictures come in few widths, none narrower than it is shown", () => {
  expect(pictureWidth(frame, glass)).toBe(1024);
  expect(pictureWidth(frame, { width: 1500, height: 900, density: 1 })).toBe(1600);
  expect(pictureWidth(frame, { width: 1500, height: 900, density: 2 })).toBe(3200);
  expect(pictureWidth({ width: 640, height: 480 }, glass)).toBe(1024);
});
