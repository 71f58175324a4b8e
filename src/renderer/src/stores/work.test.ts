import { describe, expect, test } from "vitest";
import { IDLE, progressed, type WorkState } from "./work.ts";

const told = (steps: [done: number, at: number][], total = 300): WorkState =>
  steps.reduce((state, [done, at]) => progressed(state, { what: "sort", done, total }, at), IDLE);

describe("how long a sort still takes", () => {
  test("is not guessed from the first files", () => {
    expect(told([[0, 0]]).left).toBeNull();
    expect(
      told([
        [0, 0],
        [1, 5000],
      ]).left,
    ).toBeNull();
    expect(
      told([
        [0, 0],
        [20, 900],
      ]).left,
    ).toBeNull();
  });

  test("follows from the files done so far", () => {
    expect(
      told([
        [0, 0],
        [100, 10_000],
      ]).left,
    ).toBe(20);
    expect(
      told([
        [0, 0],
        [100, 10_000],
        [300, 30_000],
      ]).left,
    ).toBe(0);
  });

  test("counts from where the work went on, not from the work of an earlier day", () => {
    expect(
      told([
        [120, 0],
        [180, 6000],
      ]).left,
    ).toBe(12);
  });

  test("begins anew when other work counts from its own start", () => {
    expect(
      told([
        [200, 0],
        [250, 5000],
        [0, 6000],
      ]).left,
    ).toBeNull();
  });
});
