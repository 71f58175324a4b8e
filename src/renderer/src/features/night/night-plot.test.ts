import { describe, expect, test } from "vitest";
import type { FrameRow } from "../../../../shared/contract.ts";
import { nearest, plotNight } from "./night-plot.ts";

const box = { width: 220, height: 100, pad: { left: 10, right: 10, top: 10 } };

function row(index: number, fwhm: number | null, verdict: FrameRow["frame"]["verdict"] = "clean"): FrameRow {
  return {
    id: `n-${index}`,
    name: `${index}`,
    frame: {
      path: `/n/${index}`,
      verdict,
      probability: null,
      basis: "session",
      comparedWith: 9,
      group: "g",
      reasons: [],
      measurements: { fwhm },
      metadata: { format: "fits", width: 9, height: 6, planes: 1, time: 1000 - index },
      notLight: null,
      warnings: [],
      error: null,
      sortedTo: null,
    },
  };
}

const groups = [{ id: "g", frames: 9, baseline: { fwhm: { median: 3, sigma: 0.1, unit: "px" } } }];

describe("the plot of the night", () => {
  const rows = Array.from({ length: 21 }, (_, index) => row(index, index === 4 ? 300 : 3 + 0.01 * (index - 10)));
  const plot = plotNight(rows, groups, "fwhm", box);

  test("places frames in order of time from edge to edge", () => {
    expect(plot.points.map((point) => point.x)).toEqual(Array.from({ length: 21 }, (_, place) => 10 + place * 10));
    expect(plot.points[0]?.row.name).toBe("20");
  });

  test("is not pressed flat by one ruined frame, which lies at the edge", () => {
    expect(plot.scale?.[1]).toBeLessThan(4);
    const ruined = plot.points.find((point) => point.row.name === "4");
    expect([ruined?.beyond, ruined?.y]).toEqual(["above", 10]);
    const ys = plot.points.filter((point) => point !== ruined).map((point) => point.y ?? 0);
    expect(Math.max(...ys) - Math.min(...ys)).toBeGreaterThan(25);
  });

  test("draws a higher value higher, and the group's median between", () => {
    const [low, high] = [plot.points.find((point) => point.row.name === "0"), plot.points.find((point) => point.row.name === "20")];
    expect(high?.y).toBeLessThan(low?.y ?? 0);
    const middle = plot.points.find((point) => point.row.name === "10");
    expect(middle?.median).toBeCloseTo(middle?.y ?? 0, 9);
  });

  test("leaves out what is not a light and keeps a place for what has no value", () => {
    const some = plotNight([row(0, 3), row(1, null), row(2, 3, "not-light")], groups, "fwhm", box);
    expect(some.points.map((point) => [point.row.name, point.y === null])).toEqual([
      ["1", true],
      ["0", false],
    ]);
  });

  test("stands a night of one frame, of equal values and of none", () => {
    expect(plotNight([row(0, 3)], [], "fwhm", box).points[0]).toMatchObject({ x: 110, median: null });
    for (const { y } of plotNight([row(0, 3), row(1, 3)], groups, "fwhm", box).points) expect(y).toBeCloseTo(50, 6);
    expect(plotNight([], [], "fwhm", box)).toEqual({ points: [], scale: null });
  });

  test("finds the frame under the pointer", () => {
    expect(nearest(plot.points, 44)?.row.name).toBe("17");
    expect(nearest([], 44)).toBeNull();
  });
});
