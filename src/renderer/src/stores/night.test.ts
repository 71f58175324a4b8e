import { describe, expect, test } from "vitest";
import type { FrameRow, NightChange, NightHead } from "../../../shared/contract.ts";
import { changed, EMPTY_NIGHT, mirrored } from "./night.ts";

const head = (id: string, finished: number): NightHead => ({
  id,
  title: "m31",
  paths: ["/m31"],
  state: "grading",
  error: null,
  progress: { found: 9, finished, rate: null, eta: null },
  summary: null,
  groups: [],
  watch: null,
  undo: 0,
  redo: 0,
  rules: [],
  sorted: null,
  pictures: 0,
});

// The store looks at ids only; what else is in a row passes through.
const row = (id: string, mark = "") => ({ id, name: mark }) as FrameRow;

const change = (base: number, rows: FrameRow[], id = "a", gone: string[] = []): NightChange => ({
  base,
  revision: base + 1,
  head: head(id, base),
  rows,
  gone,
});

describe("the mirror of the night", () => {
  const start = mirrored({ revision: 4, head: head("a", 0), rows: [row("a-0"), row("a-1")] });

  test("puts new rows behind and newer rows in place", () => {
    const next = changed(start, change(4, [row("a-2"), row("a-0", "newer")]));
    expect(next?.rows).toEqual([row("a-0", "newer"), row("a-1"), row("a-2")]);
    expect(next?.revision).toBe(5);
    expect(next?.head?.progress.finished).toBe(4);
  });

  test("takes away what has gone, and keeps the others in their places", () => {
    const next = changed(start, change(4, [row("a-2")], "a", ["a-0", "never seen"]));
    expect(next?.rows).toEqual([row("a-1"), row("a-2")]);
  });

  test("keeps the same list when only progress changed", () => {
    expect(changed(start, change(4, []))?.rows).toBe(start.rows);
  });

  test("asks for a snapshot when a change was missed, or another night was opened", () => {
    expect(changed(start, change(6, [row("a-2")]))).toBeNull();
    expect(changed(start, change(4, [], "b"))).toBeNull();
    expect(changed(EMPTY_NIGHT, change(1, []))).toBeNull();
  });

  test("passes over what it already knows", () => {
    expect(changed(start, change(2, [row("a-0", "older")]))).toBe(start);
  });
});
