import { describe, expect, test } from "vitest";
import { type SortSituation, sortObstacle } from "./sort-obstacle.ts";

const ready: SortSituation = {
  state: "done",
  output: "/sorted",
  plan: { total: 252, bytesNeeded: 18e9, bytesFree: 400e9 },
  looking: false,
  trouble: false,
  busy: false,
};

describe("what stands in the way of a sort", () => {
  test("is nothing once the dry run fits", () => {
    expect(sortObstacle(ready)).toBeNull();
    expect(sortObstacle({ ...ready, state: "watching" })).toBeNull();
    expect(sortObstacle({ ...ready, plan: { total: 1, bytesNeeded: 400, bytesFree: 400 } })).toBeNull();
  });

  test("is waited for while frames still get their verdicts, whatever else there is", () => {
    for (const state of ["simulating", "scanning", "grading"] as const)
      expect(sortObstacle({ ...ready, state, output: null })).toBe("grading");
  });

  test("is a drive one byte too small", () => {
    expect(sortObstacle({ ...ready, plan: { total: 1, bytesNeeded: 401, bytesFree: 400 } })).toBe("too-small");
  });

  test("is never a dry run of other wishes than the ones shown", () => {
    expect(sortObstacle({ ...ready, looking: true })).toBe("looking");
    expect(sortObstacle({ ...ready, plan: null })).toBe("looking");
    expect(sortObstacle({ ...ready, trouble: true })).toBe("trouble");
  });

  test("is other work on files, and a night that is sorted already", () => {
    expect(sortObstacle({ ...ready, busy: true })).toBe("busy");
    expect(sortObstacle({ ...ready, plan: { total: 0, bytesNeeded: 0, bytesFree: 9 } })).toBe("nothing");
  });
});
