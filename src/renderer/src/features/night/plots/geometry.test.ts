import { describe, expect, test } from "vitest";
import { HEIGHT, LEFT, nearestPoint, RIGHT, spread, TOP, valueAt, xOf, yOf } from "./geometry.ts";

const geometry = { width: 700, span: [0, 300] as const, scale: [2, 6] as const };

describe("places on a plot", () => {
  test("run from edge to edge, one frame alone in the middle", () => {
    expect(xOf(geometry, 0)).toBe(LEFT);
    expect(xOf(geometry, 300)).toBe(700 - RIGHT);
    expect(xOf({ ...geometry, span: [0, 0] }, 0)).toBe((LEFT + 700 - RIGHT) / 2);
  });

  test("of values go up, and stand at the edge beyond the scale", () => {
    expect(yOf(geometry, 6)).toBe(TOP);
    expect(yOf(geometry, 60)).toBe(TOP);
    expect(yOf(geometry, 3)).toBeGreaterThan(yOf(geometry, 4));
    expect(yOf(geometry, null)).toBeGreaterThan(yOf(geometry, 2));
  });

  test("lead back to the values they stand for", () => {
    for (const value of [2, 3.3, 6]) expect(valueAt(geometry, yOf(geometry, value))).toBeCloseTo(value, 12);
    expect(valueAt(geometry, -50)).toBe(6);
    expect(valueAt(geometry, HEIGHT + 50)).toBe(2);
  });

  test("under the pointer are found by time, and by height among those at one time", () => {
    const points = [
      { x: 100, y: 10 },
      { x: 101, y: 60 },
      { x: 140, y: 30 },
    ];
    expect(nearestPoint(points, { x: 101, y: 12 })).toBe(0);
    expect(nearestPoint(points, { x: 100, y: 58 })).toBe(1);
    expect(nearestPoint(points, { x: 132, y: 70 })).toBe(2);
    expect(nearestPoint([], { x: 1, y: 1 })).toBeNull();
  });

  test("of labels never lie on one another nor outside", () => {
    const placed = spread([30, 31, -4, 90], 17, 60);
    expect(placed[2]).toBe(0);
    const sorted = placed.toSorted((a, b) => a - b);
    for (const [index, place] of sorted.entries()) if (index > 0) expect(place - (sorted[index - 1] ?? 0)).toBeGreaterThanOrEqual(17);
    expect(Math.max(...placed)).toBeLessThanOrEqual(60);
    expect(spread([20, 50], 17, 60)).toEqual([20, 50]);
  });
});
