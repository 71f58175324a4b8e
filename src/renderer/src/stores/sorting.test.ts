import { describe, expect, test } from "vitest";
import type { FrameRow } from "../../../shared/contract.ts";
import type { DecidedVerdict, VerdictKind } from "../../../shared/domain.ts";
import { sortedTally, withPage } from "./sorting.ts";

const row = (verdict: VerdictKind, sortedTo: string | null, decided: DecidedVerdict | null = null) =>
  ({
    id: "a-0",
    name: "frame.fits",
    frame: { verdict, sortedTo, decided: decided === null ? null : { verdict: decided, cause: null, when: 0 } },
  }) as FrameRow;

describe("where the frames of a sorted night lie", () => {
  test("is counted by folder, with or without the folders they were in", () => {
    const rows = [row("clean", "clean/a.fits"), row("clean", "clean/Ha/b.fits"), row("review", "review/c.fits"), row("not-light", null)];
    expect(sortedTally(rows)).toEqual({ clean: 2, contaminated: 0, review: 1, elsewhere: 0 });
  });

  test("says how many were decided otherwise since", () => {
    const rows = [
      row("review", "review/a.fits", "clean"),
      row("review", "review/b.fits"),
      row("contaminated", "contaminated/c.fits", "contaminated"),
    ];
    expect(sortedTally(rows)?.elsewhere).toBe(1);
  });

  test("is nothing for a night that was not sorted", () => {
    expect(sortedTally([row("clean", null), row("review", null)])).toBeNull();
  });
});

test("pages of moves come in any order and stand in their own place", () => {
  const move = (name: string) => ({ from: name, to: `clean/${name}` });
  const later = withPage(new Map(), 200, [move("c"), move("d")]);
  const both = withPage(later, 0, [move("a"), move("b")]);
  expect([0, 1, 2, 200, 201].map((index) => both.get(index)?.from)).toEqual(["a", "b", undefined, "c", "d"]);
  expect(later.size).toBe(2);
});
