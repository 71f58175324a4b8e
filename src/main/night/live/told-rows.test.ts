import { describe, expect, test } from "vitest";
import { gradedFrame, hardReason } from "../../../../test/fixtures/graded-night.ts";
import { ToldRows } from "./told-rows.ts";

const row = gradedFrame(1, { reasons: [hardReason()] });
const digits = { ...row, probability: 0.021, reasons: [hardReason({ z: -20.3 })] };

describe("rows that are told", () => {
  test("are news once", () => {
    const told = new ToldRows();
    expect(told.news([row], false)).toEqual([row]);
    expect(told.news([row], false)).toEqual([]);
    expect(told.news([row], true)).toEqual([]);
  });

  test("are no news for their digits while frames arrive, but once the night is at rest", () => {
    const told = new ToldRows();
    told.news([row], false);
    expect(told.news([digits], false)).toEqual([]);
    expect(told.news([digits], true)).toEqual([digits]);
    const heavier = { ...digits, measurements: { ...digits.measurements, weight: 1.2 } };
    expect(told.news([heavier], false)).toEqual([]);
    expect(told.news([heavier], true)).toEqual([heavier]);
  });

  test.each([
    ["verdict", { verdict: "review" as const }],
    ["probability that moves it in the queue", { probability: 0.3 }],
    ["cause", { reasons: [hardReason({ code: "focus" })] }],
    ["group", { group: "another" }],
    ["content", { content: "f".repeat(64) }],
  ])("are news at once for another %s", (_what, change) => {
    const told = new ToldRows();
    told.news([row], false);
    expect(told.news([{ ...row, ...change }], false)).toHaveLength(1);
  });

  test("are news again once they were not among the rows, or were forgotten", () => {
    const told = new ToldRows();
    const other = gradedFrame(2);
    told.news([row, other], false);
    told.keepOnly([other]);
    expect(told.news([row, other], false)).toEqual([row]);
    told.forget(row.path);
    expect(told.news([row, other], false)).toEqual([row]);
  });
});
