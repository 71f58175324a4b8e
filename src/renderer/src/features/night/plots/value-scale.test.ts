import { describe, expect, test } from "vitest";
import { roundStep, roundValues, tidy, valueScale } from "./value-scale.ts";

describe("the scale of values", () => {
  const night = Array.from({ length: 41 }, (_, index) => 3 + 0.01 * (index - 20));

  test("is not pressed flat by one ruined frame", () => {
    const scale = valueScale([...night, 300], []);
    expect(scale?.[1]).toBeLessThan(4);
    expect(scale?.[0]).toBeGreaterThan(2);
  });

  test("takes in a limit that is near, and not one that is far", () => {
    expect(valueScale(night, [3.4])?.[1]).toBeGreaterThan(3.4);
    expect(valueScale(night, [30])?.[1]).toBeLessThan(4);
    expect(valueScale(night, [2.6])?.[0]).toBeLessThan(2.6);
  });

  test("stands equal values, one and none", () => {
    for (const values of [[3, 3, 3], [0.5], [0, 0]]) {
      const scale = valueScale(values, []);
      expect(scale?.[1]).toBeGreaterThan(scale?.[0] ?? 0);
    }
    expect(valueScale([], [3])).toBeNull();
  });

  test("has round values on its axis", () => {
    expect(roundValues([2.2, 8.1], 3)).toEqual([4, 6, 8]);
    expect(roundValues([-0.012, 0.031], 3)).toEqual([0, 0.02]);
    expect(roundStep(0.3)).toBe(0.5);
    expect(roundStep(0)).toBe(1);
  });

  test("gives a line a number that can be read out", () => {
    expect(tidy(3.4172839, [2, 4.5])).toBe(3.42);
    expect(tidy(1523.7, [1000, 3000])).toBe(1520);
  });
});
