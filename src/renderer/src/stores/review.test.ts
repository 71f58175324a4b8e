import { describe, expect, test } from "vitest";
import type { FrameRow } from "../../../shared/contract.ts";
import { finalVerdict } from "../../../shared/final-verdict.ts";
import { EMPTY_REVIEW, stepped, withPending } from "./review.ts";

const at = (place: number, ended = false) => ({ ...EMPTY_REVIEW, ids: ["a", "b", "c"], at: place, ended });

describe("a step through the queue", () => {
  test("goes on and back, and not before the first frame", () => {
    expect(stepped(at(0), 1)).toMatchObject({ at: 1, ended: false, way: 1 });
    expect(stepped(at(2), -1)).toMatchObject({ at: 1, ended: false, way: -1 });
    expect(stepped(at(0), -1)).toMatchObject({ at: 0, ended: false });
  });

  test("past the last frame is the end, and back from it is the last frame", () => {
    expect(stepped(at(2), 1)).toMatchObject({ at: 2, ended: true });
    expect(stepped(at(2, true), 1)).toMatchObject({ at: 2, ended: true });
    expect(stepped(at(2, true), -1)).toMatchObject({ at: 2, ended: false });
  });

  test("in an empty queue changes nothing", () => {
    expect(stepped(EMPTY_REVIEW, 1)).toEqual({});
  });
});

describe("a decision on its way", () => {
  const row = {
    id: "a",
    name: "a",
    frame: { verdict: "review", decided: { verdict: "clean", cause: null, when: 1 } },
  } as unknown as FrameRow;
  const pending = (verdict: "contaminated" | null) => new Map([["a", { token: 1, verdict, cause: null, when: 2 }]]);

  test("holds before main has confirmed it", () => {
    expect(finalVerdict(withPending(row, pending("contaminated")).frame)).toBe("contaminated");
    expect(finalVerdict(withPending(row, pending(null)).frame)).toBe("review");
  });

  test("leaves the row itself and other rows alone", () => {
    expect(withPending(row, new Map())).toBe(row);
    withPending(row, pending("contaminated"));
    expect(row.frame.decided?.verdict).toBe("clean");
  });
});
