import { describe, expect, test } from "vitest";
import { nightAxis, timeTicks } from "./night-axis.ts";

const MINUTE = 60_000;
const evening = Date.UTC(2026, 8, 14, 21, 0);
const every = (count: number, minutes: number, from = evening) =>
  Array.from({ length: count }, (_, index) => from + index * minutes * MINUTE);

describe("the axis of a night", () => {
  test("stands frames as far apart as they were begun", () => {
    const axis = nightAxis([evening, evening + 5 * MINUTE, evening + 25 * MINUTE]);
    expect(axis.at).toEqual([0, 5, 25]);
    expect(axis.cuts).toEqual([]);
    expect(axis.span).toEqual([0, 25]);
  });

  test("cuts a day between two nights short, and says where", () => {
    const axis = nightAxis([...every(61, 5), ...every(61, 5, evening + 24 * 60 * MINUTE)]);
    const gap = (axis.at[61] ?? 0) - (axis.at[60] ?? 0);
    expect(gap).toBeGreaterThan(20);
    expect(gap).toBeLessThan(0.2 * axis.span[1]);
    expect(axis.cuts).toHaveLength(1);
    expect(axis.cuts[0]).toBeGreaterThan(axis.at[60] ?? 0);
    expect(axis.cuts[0]).toBeLessThan(axis.at[61] ?? 0);
    expect(axis.pieces.map(({ time }) => time)).toEqual([evening, evening + 24 * 60 * MINUTE]);
  });

  test("leaves a pause for a meridian flip as long as it was", () => {
    const axis = nightAxis([...every(40, 5), ...every(40, 5, evening + (39 * 5 + 20) * MINUTE)]);
    expect((axis.at[40] ?? 0) - (axis.at[39] ?? 0)).toBe(20);
    expect(axis.cuts).toEqual([]);
  });

  test("puts frames without a time behind the others, in their order", () => {
    const axis = nightAxis([evening, evening + 5 * MINUTE, null, null]);
    expect(axis.at).toEqual([0, 5, 20, 25]);
    expect(axis.cuts).toHaveLength(1);
    expect(nightAxis([null, null, null]).at).toEqual([0, 1, 2]);
    expect(nightAxis([null]).span).toEqual([0, 0]);
    expect(nightAxis([]).at).toEqual([]);
  });

  test("tells round times of day, no more than fit", () => {
    const ticks = timeTicks(nightAxis(every(61, 5)), 7);
    expect(ticks.map(({ label }) => label)).toEqual(["21:00", "22:00", "23:00", "00:00", "01:00", "02:00"]);
    expect(ticks.map(({ at }) => at)).toEqual([0, 60, 120, 180, 240, 300]);
  });

  test("tells the date where another one begins on a night with a cut", () => {
    const axis = nightAxis([...every(37, 5), ...every(37, 5, evening + 48 * 60 * MINUTE)]);
    const dated = timeTicks(axis, 8).filter(({ label }) => label.includes("Sep"));
    expect(dated.map(({ label }) => label.split(" ").slice(0, 2).join(" "))).toEqual(["14 Sep", "15 Sep", "16 Sep", "17 Sep"]);
  });
});
