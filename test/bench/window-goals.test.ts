import { describe, expect, test } from "vitest";
import { quantile, type WindowPace, windowGoals } from "./window-goals.ts";

const GOOD: WindowPace = {
  firstVerdict: 0.6,
  nextFrame: Array.from({ length: 200 }, (_, index) => (index < 192 ? 20 : 400)),
  scroll: Array.from({ length: 300 }, () => 16.7),
  rows: 10_000,
  heap: 80e6,
};
const met = (pace: WindowPace | null) => windowGoals(pace).map((goal) => goal.met);

describe("the goals of the window", () => {
  test("are met by a quick window; a few slow frames among many do not matter", () => {
    expect(met(GOOD)).toEqual([true, true, true, true]);
  });

  test.each([
    [0, { firstVerdict: 1.2 }],
    [1, { nextFrame: GOOD.nextFrame.map((time, index) => (index % 10 === 0 ? 90 : time)) }],
    [1, { nextFrame: [10, 10] }],
    [2, { scroll: GOOD.scroll.map((time, index) => (index % 10 === 0 ? 33 : time)) }],
    [2, { rows: 400 }],
    [3, { heap: 300e6 }],
  ])("goal %i is missed by %o", (place, change) => {
    expect(met({ ...GOOD, ...change }).map((one, index) => (index === place ? !one : one))).toEqual([true, true, true, true]);
  });

  test("are not run where nothing was measured", () => {
    expect(met(null)).toEqual([null, null, null, null]);
  });

  test("a quantile is a value that was measured", () => {
    expect(quantile([3, 1, 2, 4], 0.5)).toBe(2);
    expect(quantile([3, 1, 2, 4], 0.95)).toBe(4);
    expect(quantile([5], 0.01)).toBe(5);
  });
});
