import { describe, expect, test } from "vitest";
import type { Stretch } from "../../../shared/domain.ts";
import { SteadyStretches } from "./steady-stretches.ts";

const at = (shadows: number): Stretch => ({ shadows, midtones: 0.002, highlights: 1, range: [0, 65535] });
const SAME = at(0.01);
const BARELY = at(0.01002);
const PLAINLY = at(0.012);

describe("the stretch that pictures are shown in", () => {
  test("is the group's first one, and its new frames share it", () => {
    const shown = new SteadyStretches();
    shown.take([{ frames: ["a"], stretch: SAME }], 0, false);
    shown.take([{ frames: ["a", "b"], stretch: BARELY }], 100, false);
    expect(["a", "b"].map((path) => shown.shown.get(path))).toEqual([SAME, SAME]);
    expect(shown.version).toBe(0);
    expect(shown.shown.get("c")).toBeUndefined();
  });

  test("changes for all of them when the difference can be seen, but not for every frame that arrives", () => {
    const shown = new SteadyStretches();
    shown.take([{ frames: ["a"], stretch: SAME }], 0, false);
    shown.take([{ frames: ["a", "b"], stretch: PLAINLY }], 100, false);
    expect([shown.version, shown.shown.get("a"), shown.shown.get("b")]).toEqual([1, PLAINLY, PLAINLY]);
    shown.take([{ frames: ["a", "b"], stretch: SAME }], 1000, false);
    expect(shown.version).toBe(1);
    shown.take([{ frames: ["a", "b"], stretch: SAME }], 4200, false);
    expect([shown.version, shown.shown.get("a")]).toEqual([2, SAME]);
  });

  test("is the true one once the night is at rest", () => {
    const shown = new SteadyStretches();
    const little = at(0.0103);
    shown.take([{ frames: ["a"], stretch: SAME }], 0, false);
    shown.take([{ frames: ["a"], stretch: PLAINLY }], 10, false);
    shown.take([{ frames: ["a"], stretch: little }], 20, true);
    expect([shown.version, shown.shown.get("a")]).toEqual([2, little]);
    shown.take([{ frames: ["a"], stretch: little }], 30, true);
    expect(shown.version).toBe(2);
  });

  test("becomes one when two groups become one", () => {
    const shown = new SteadyStretches();
    shown.take(
      [
        { frames: ["a"], stretch: SAME },
        { frames: ["b"], stretch: PLAINLY },
      ],
      0,
      false,
    );
    shown.take([{ frames: ["a", "b"], stretch: PLAINLY }], 5000, false);
    expect([shown.version, shown.shown.get("a"), shown.shown.get("b")]).toEqual([1, PLAINLY, PLAINLY]);
  });
});
