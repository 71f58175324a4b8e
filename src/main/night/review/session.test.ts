import { expect, test } from "vitest";
import type { ReportFrame, VerdictKind } from "../../../shared/domain.ts";
import { NebuliftError } from "../../../shared/errors.ts";
import type { Decision } from "../../storage/index.ts";
import type { ReportedFile } from "../export/open-report.ts";
import { reviewQueue } from "./queue.ts";
import { ReviewSession } from "./session.ts";

function item(name: string, verdict: VerdictKind, probability: number | null, change: Partial<ReportFrame> = {}): ReportedFile {
  const frame: ReportFrame = {
    path: name,
    content: `content of ${name}`,
    verdict,
    probability,
    basis: "session",
    comparedWith: 9,
    group: "g",
    reasons: [
      { code: "clouds", severity: "hard", metric: "transparency", value: 0.4, unit: "", baseline: 1, z: -9, limit: 0.8, where: null },
    ],
    measurements: {},
    metadata: null,
    notLight: null,
    warnings: [],
    error: null,
    sortedTo: null,
    ...change,
  };
  return { frame, file: `/night/${name}`, found: true };
}

const night = [
  item("sure-good", "clean", 0.01),
  item("doubt-low", "review", 0.35),
  item("sure-bad", "contaminated", 0.99),
  item("doubt-mid", "review", 0.52),
  item("decided", "review", 0.5, { decided: { verdict: "clean", cause: null, when: 1 } }),
  item("overruled", "clean", 0.02, { decided: { verdict: "contaminated", cause: "focus", when: 1 } }),
  item("dark", "not-light", null),
  item("broken", "unreadable", null),
];
const names = (items: readonly ReportedFile[]): string[] => items.map(({ frame }) => frame.path);

test("the queue begins with what is least certain", () => {
  expect(names(reviewQueue(night, "doubtful"))).toEqual(["doubt-mid", "doubt-low"]);
  expect(names(reviewQueue(night, "flagged"))).toEqual(["decided", "doubt-mid", "doubt-low", "overruled", "sure-bad"]);
  expect(names(reviewQueue(night, "all"))).toEqual(["decided", "doubt-mid", "doubt-low", "overruled", "sure-good", "sure-bad"]);
});

function walk(queue: readonly ReportedFile[]): { session: ReviewSession; kept: Decision[]; fail: { now: boolean } } {
  const kept: Decision[] = [];
  const fail = { now: false };
  const add = (decision: Decision) => {
    if (fail.now) throw new NebuliftError("disk-full", "test");
    kept.push(decision);
    return { ...decision, number: kept.length, time: 100 + kept.length };
  };
  return { session: new ReviewSession(queue, { add }, { who: "ada", app: "1" }), kept, fail };
}

test("each decision says what held before, why, and what the program said; the walk goes on", () => {
  const { session, kept } = walk(reviewQueue(night, "flagged"));
  session.decide("contaminated");
  session.decide("clean");
  session.decide("review");
  expect(session.index).toBe(3);
  expect(kept.map(({ path, before, after, cause, program, probability }) => [path, before, after, cause, program, probability])).toEqual([
    ["/night/decided", "clean", "contaminated", "clouds", "review", 0.5],
    ["/night/doubt-mid", "review", "clean", null, "review", 0.52],
    ["/night/doubt-low", "review", "review", null, "review", 0.35],
  ]);
  expect(session.items[1].frame.decided).toEqual({ verdict: "clean", cause: null, when: 102 });
});

test("undo goes back as far as the walk went, restores earlier decisions, and is kept as a word of its own", () => {
  const { session, kept } = walk(reviewQueue(night, "flagged"));
  session.decide("contaminated");
  session.decide("clean");
  session.move(2);
  expect(session.undo()).toBe(true);
  expect(names([session.current])).toEqual(["doubt-mid"]);
  expect(session.current.frame.decided).toBeNull();
  expect(session.undo()).toBe(true);
  expect(session.current.frame.decided).toEqual({ verdict: "clean", cause: null, when: 1 });
  expect(session.undo()).toBe(false);
  expect(kept.slice(2).map(({ path, before, after }) => [path, before, after])).toEqual([
    ["/night/doubt-mid", "clean", null],
    ["/night/decided", "contaminated", "clean"],
  ]);
});

test("a decision that could not be kept changes nothing and does not go on", () => {
  const { session, fail } = walk(reviewQueue(night, "doubtful"));
  session.decide("clean");
  fail.now = true;
  expect(() => session.decide("contaminated")).toThrow(expect.objectContaining({ code: "disk-full" }));
  expect(session.index).toBe(1);
  expect(session.current.frame.decided ?? null).toBeNull();
  expect(() => session.undo()).toThrow(expect.objectContaining({ code: "disk-full" }));
  expect(session.index).toBe(1);
  expect(session.items[0].frame.decided?.verdict).toBe("clean");
  fail.now = false;
  expect(session.undo()).toBe(true);
  expect(session.made).toBe(0);
});

test("a frame that cannot be told apart from others is not decided about, and the ends hold", () => {
  const { session } = walk([item("a", "review", 0.5, { content: null })]);
  expect(() => session.decide("clean")).toThrow(expect.objectContaining({ code: "file-missing" }));
  session.move(-5);
  session.move(9);
  expect(session.index).toBe(0);
});
