import { describe, expect, it } from "vitest";
import { beginProgress, frameDone, rate, secondsLeft } from "./progress.ts";

function paced(times: number[], total: number | null = null) {
  return times.reduce((progress, time) => frameDone(progress, time, false), beginProgress(total, 0));
}

describe("progress", () => {
  it("says nothing before it knows", () => {
    expect(rate(beginProgress(10, 0), 5)).toBeNull();
    expect(rate(paced([100]), 100)).toBeNull();
    expect(secondsLeft(paced([100, 200]), 200)).toBeNull();
  });

  it("counts frames per second and seconds left at an even pace", () => {
    const progress = paced([100, 200, 300, 400], 24);
    expect(rate(progress, 400)).toBeCloseTo(10, 9);
    expect(secondsLeft(progress, 400)).toBeCloseTo(2, 9);
  });

  it("follows a change of pace", () => {
    const fast = Array.from({ length: 100 }, (_, i) => i * 50);
    const slow = Array.from({ length: 64 }, (_, i) => 5000 + i * 200);
    expect(rate(paced(fast), 4950)).toBeCloseTo(20, 9);
    expect(rate(paced([...fast, ...slow]), 5000 + 63 * 200)).toBeCloseTo(5, 9);
  });

  it("sinks when nothing comes any more, and forgets", () => {
    const progress = paced([0, 100, 200], 10);
    expect(rate(progress, 300)).toBeCloseTo(10, 9);
    expect(rate(progress, 2100)).toBeCloseTo(1, 9);
    expect(rate(progress, 60_000)).toBeNull();
  });

  it("counts remembered frames as done, not as pace", () => {
    let progress = paced([0, 1000], 100);
    for (let i = 0; i < 97; i++) progress = frameDone(progress, 1000, true);
    expect(progress.done).toBe(99);
    expect(progress.fromCache).toBe(97);
    expect(rate(progress, 1000)).toBeCloseTo(1, 9);
    expect(secondsLeft(progress, 1000)).toBeCloseTo(1, 9);
  });

  it("is done when it is done", () => {
    expect(secondsLeft(paced([0, 10], 2), 10)).toBe(0);
  });

  it("never yields an infinite pace for frames that came in one breath", () => {
    expect(rate(paced([5, 5, 5]), 5)).toBeNull();
  });
});
