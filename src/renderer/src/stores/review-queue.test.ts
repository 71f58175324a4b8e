import { describe, expect, test } from "vitest";
import type { FrameRow } from "../../../shared/contract.ts";
import type { Decided, VerdictKind } from "../../../shared/domain.ts";
import { grownQueue, isDoubtful, QUEUE_KINDS, queueOf } from "./review-queue.ts";

const row = (
  id: string,
  verdict: VerdictKind,
  probability: number | null = null,
  decided: Decided["verdict"] | null = null,
  time?: number,
) =>
  ({
    id,
    name: `${id}.fits`,
    frame: {
      path: `${id}.fits`,
      verdict,
      probability,
      decided: decided === null ? null : { verdict: decided, cause: null, when: 0 },
      metadata: { format: "fits", width: 1, height: 1, planes: 1, ...(time === undefined ? {} : { time }) },
    },
  }) as unknown as FrameRow;

const source = (rows: FrameRow[], shown: string[] = [], seed = "m31") => ({ rows, shown, seed });

const night = [
  row("sure", "clean", 0.01, null, 30),
  row("torn", "review", 0.52, null, 10),
  row("bad", "contaminated", 0.97, null, 40),
  row("rather", "review", 0.7, null, 20),
  row("done", "review", 0.5, "clean", 50),
  row("undone", "clean", 0.02, "contaminated", 60),
  row("dark", "not-light"),
  row("cut", "unreadable"),
];

describe("the queue", () => {
  test("of doubtful frames has the undecided ones, the most doubtful first", () => {
    expect(queueOf("doubtful", source(night))).toEqual(["torn", "rather"]);
  });

  test("of flagged frames has whatever the program or the user does not call clean", () => {
    expect(queueOf("flagged", source(night))).toEqual(["done", "torn", "rather", "bad", "undone"]);
  });

  test("of all has lights and what cannot be read in the order of time, those without a time last", () => {
    expect(queueOf("all", source(night))).toEqual(["torn", "rather", "sure", "bad", "done", "undone", "cut"]);
  });

  test("as shown follows the night pane, without frames that are gone", () => {
    expect(queueOf("shown", source(night, ["bad", "gone", "sure"]))).toEqual(["bad", "sure"]);
  });

  test("keeps every frame in its place and takes newcomers at its end, whatever is decided", () => {
    const ids = queueOf("doubtful", source(night));
    const later = [...night.map((one) => (one.id === "torn" ? row("torn", "clean", 0.1) : one)), row("new", "review", 0.5)];
    expect(grownQueue(ids, "doubtful", source(later))).toEqual(["torn", "rather", "new"]);
    expect(grownQueue(ids, "doubtful", source(night))).toBe(ids);
  });

  test("of no rows is empty, whatever its kind", () => {
    for (const kind of QUEUE_KINDS) expect(queueOf(kind, source([]))).toEqual([]);
  });

  test("doubt is the program's, and ends with the user's word", () => {
    expect(night.filter(isDoubtful).map(({ id }) => id)).toEqual(["torn", "rather"]);
  });
});

describe("the spot check", () => {
  const many = Array.from({ length: 400 }, (_, i) => row(`f${i}`, i % 3 === 0 ? "contaminated" : "clean", 0.1));

  test("is a twentieth of what the program decided by itself, and at least five", () => {
    expect(queueOf("audit", source(many))).toHaveLength(20);
    expect(queueOf("audit", source(many.slice(0, 12)))).toHaveLength(5);
    expect(queueOf("audit", source(many.slice(0, 3)))).toHaveLength(3);
  });

  test("is the same for the same night and another for another, in whatever order frames came", () => {
    const one = queueOf("audit", source(many));
    expect(queueOf("audit", source(many.toReversed()))).toEqual(one);
    expect(queueOf("audit", source(many, [], "m13"))).not.toEqual(one);
  });

  test("leaves out what is in doubt, decided, or no light", () => {
    expect(new Set(queueOf("audit", source(night)))).toEqual(new Set(["sure", "bad"]));
  });

  test("draws from all over the night", () => {
    const places = queueOf("audit", source(many)).map((id) => Number(id.slice(1)));
    expect(Math.min(...places)).toBeLessThan(100);
    expect(Math.max(...places)).toBeGreaterThan(300);
  });
});
