import { describe, expect, test } from "vitest";
import { encloses, type Spot, strokeShape } from "./lasso.ts";

const line = (from: Spot, to: Spot, steps = 12): Spot[] =>
  Array.from({ length: steps + 1 }, (_, index) => ({
    x: from.x + ((to.x - from.x) * index) / steps,
    y: from.y + ((to.y - from.y) * index) / steps,
  }));
const circle = (x: number, y: number, radius: number): Spot[] =>
  Array.from({ length: 40 }, (_, index) => ({
    x: x + radius * Math.cos((index / 40) * 2 * Math.PI),
    y: y + radius * Math.sin((index / 40) * 2 * Math.PI),
  }));

describe("a stroke over a plot", () => {
  test("that goes nowhere is a click", () => {
    expect(strokeShape([{ x: 10, y: 10 }], 80)).toBeNull();
    expect(strokeShape(line({ x: 10, y: 10 }, { x: 12, y: 12 }), 80)).toBeNull();
    expect(strokeShape([], 80)).toBeNull();
  });

  test("round about frames is a lasso: what is inside is enclosed, what is in its corners is not", () => {
    const shape = strokeShape(circle(100, 40, 30), 80) ?? [];
    expect(encloses(shape, { x: 100, y: 40 })).toBe(true);
    expect(encloses(shape, { x: 120, y: 55 })).toBe(true);
    expect(encloses(shape, { x: 127, y: 67 })).toBe(false);
    expect(encloses(shape, { x: 140, y: 40 })).toBe(false);
  });

  test("straight across is the box between its ends, whichever way it was drawn", () => {
    for (const [from, to] of [
      [
        { x: 50, y: 10 },
        { x: 150, y: 70 },
      ],
      [
        { x: 150, y: 70 },
        { x: 50, y: 10 },
      ],
    ] as const) {
      const shape = strokeShape(line(from, to), 80) ?? [];
      expect(encloses(shape, { x: 60, y: 65 })).toBe(true);
      expect(encloses(shape, { x: 140, y: 15 })).toBe(true);
      expect(encloses(shape, { x: 160, y: 40 })).toBe(false);
    }
  });

  test("straight along is a stretch of time at any height", () => {
    const shape = strokeShape(line({ x: 50, y: 40 }, { x: 150, y: 44 }), 80) ?? [];
    expect(encloses(shape, { x: 100, y: 1 })).toBe(true);
    expect(encloses(shape, { x: 100, y: 79 })).toBe(true);
    expect(encloses(shape, { x: 151, y: 40 })).toBe(false);
  });

  test("there and back again is a lasso, not a box", () => {
    const there = [...line({ x: 50, y: 20 }, { x: 150, y: 20 }), ...line({ x: 150, y: 60 }, { x: 52, y: 60 })];
    const shape = strokeShape(there, 80) ?? [];
    expect(encloses(shape, { x: 100, y: 40 })).toBe(true);
    expect(encloses(shape, { x: 100, y: 70 })).toBe(false);
  });

  test("that crosses itself leaves out what it goes round twice, as the eye does", () => {
    const eight = [
      { x: 0, y: 0 },
      { x: 100, y: 80 },
      { x: 100, y: 0 },
      { x: 0, y: 80 },
    ];
    expect(encloses(eight, { x: 15, y: 40 })).toBe(true);
    expect(encloses(eight, { x: 50, y: 10 })).toBe(false);
  });
});
