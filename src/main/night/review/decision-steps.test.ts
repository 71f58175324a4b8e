import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { KeptDecision } from "../../storage/index.ts";
import { DecisionSteps, type Step, sameSaid } from "./decision-steps.ts";
import type { Said } from "./said.ts";

type Row = Pick<KeptDecision, "number" | "time" | "content" | "after" | "cause">;

const KEEP: Said = { verdict: "clean", cause: null };
const CLOUDS: Said = { verdict: "contaminated", cause: "clouds" };
const FOCUS: Said = { verdict: "contaminated", cause: "focus" };

/** A log on a disk, and what holds by it. */
class Log {
  readonly rows: Row[] = [];
  full = false;

  steps(contents: readonly string[] = []): DecisionSteps {
    const steps = new DecisionSteps((step) => this.write(step));
    steps.learn(this.rows.filter(({ content }) => contents.includes(content)));
    return steps;
  }

  holds(content: string): Said {
    const row = this.rows.findLast((one) => one.content === content);
    return row?.after ? { verdict: row.after, cause: row.cause } : null;
  }

  change(content: string, after: Said): Step[number] {
    return { content, before: this.holds(content), after };
  }

  private write(step: Step): number {
    if (this.full) throw new Error("the disk is full");
    const number = this.rows.length + 1;
    for (const [i, { content, after }] of step.entries())
      this.rows.push({ number: number + i, time: number, content, after: after?.verdict ?? null, cause: after?.cause ?? null });
    return number;
  }
}

describe("steps of decisions", () => {
  test("are taken back and made again, each as it was said", () => {
    const log = new Log();
    const steps = log.steps();
    steps.say([log.change("a", KEEP), log.change("b", KEEP)]);
    steps.say([log.change("a", CLOUDS)]);
    expect([steps.undoable, steps.redoable]).toEqual([2, 0]);
    steps.undo();
    expect(log.holds("a")).toEqual(KEEP);
    steps.undo();
    expect([log.holds("a"), log.holds("b"), steps.undo()]).toEqual([null, null, null]);
    steps.redo();
    steps.redo();
    expect([log.holds("a"), log.holds("b"), steps.redo()]).toEqual([CLOUDS, KEEP, null]);
  });

  test("a new word ends what could be made again", () => {
    const log = new Log();
    const steps = log.steps();
    steps.say([log.change("a", KEEP)]);
    steps.undo();
    steps.say([log.change("a", CLOUDS)]);
    expect([steps.undoable, steps.redoable]).toEqual([1, 0]);
  });

  test("taking one's word back by hand is a word of its own, until a restart cannot tell it from undoing", () => {
    const log = new Log();
    const steps = log.steps();
    steps.say([log.change("a", KEEP)]);
    steps.say([log.change("a", null)]);
    expect([steps.undoable, steps.redoable]).toEqual([2, 0]);
    const again = log.steps(["a"]);
    expect([again.undoable, again.redoable]).toEqual([0, 1]);
  });

  test("after a restart what was undone stays undone and can be made again", () => {
    const log = new Log();
    const before = log.steps();
    before.say([log.change("a", KEEP), log.change("b", KEEP)]);
    before.say([log.change("c", FOCUS)]);
    before.undo();
    const after = log.steps(["a", "b", "c"]);
    expect([after.undoable, after.redoable]).toEqual([1, 1]);
    after.redo();
    expect(log.holds("c")).toEqual(FOCUS);
    after.undo();
    after.undo();
    expect(["a", "b", "c"].map((content) => log.holds(content))).toEqual([null, null, null]);
  });

  test("frames that come late bring their steps to the right place", () => {
    const log = new Log();
    const before = log.steps();
    before.say([log.change("late", KEEP)]);
    before.say([log.change("a", CLOUDS)]);
    const steps = log.steps(["a"]);
    steps.say([log.change("b", KEEP)]);
    steps.learn(log.rows.filter(({ content }) => content === "late"));
    expect(steps.undoable).toBe(3);
    expect([steps.undo(), steps.undo(), steps.undo()].map((step) => step?.[0]?.content)).toEqual(["b", "a", "late"]);
  });

  test("a word that cannot be kept changes nothing", () => {
    const log = new Log();
    const steps = log.steps();
    steps.say([log.change("a", KEEP)]);
    log.full = true;
    expect(() => steps.say([log.change("a", CLOUDS)])).toThrow("full");
    expect(() => steps.undo()).toThrow("full");
    log.full = false;
    expect([steps.undoable, steps.redoable]).toEqual([1, 0]);
    steps.undo();
    expect(log.holds("a")).toBeNull();
  });
});

const CONTENTS = ["a", "b", "c"];
const said = fc.constantFrom<Said>(null, KEEP, CLOUDS, FOCUS);
const deed = fc.oneof(
  fc.record({ what: fc.constant("say" as const), on: fc.subarray(CONTENTS, { minLength: 1 }), said }),
  fc.record({ what: fc.constantFrom("undo" as const, "redo" as const, "restart" as const) }),
);

type Held = Record<string, Said>;

/** The simplest thing that can be meant: states of the whole night in a row, and where one stands. */
class Model {
  states: Held[] = [{ a: null, b: null, c: null }];
  at = 0;

  get now(): Held {
    return this.states[this.at];
  }

  say(on: string[], word: Said): void {
    const next = { ...this.now, ...Object.fromEntries(on.map((content) => [content, word])) };
    this.states = [...this.states.slice(0, this.at + 1), next];
    this.at++;
  }

  step(by: number): void {
    this.at = Math.max(0, Math.min(this.states.length - 1, this.at + by));
  }

  /** A log tells no saying-back from undoing: a state that returns to the one before is that one. */
  restart(log: readonly Held[]): void {
    this.states = [log[0]];
    this.at = 0;
    for (const state of log.slice(1)) {
      if (this.at > 0 && alike(state, this.states[this.at - 1])) this.at--;
      else if (this.at + 1 < this.states.length && alike(state, this.states[this.at + 1])) this.at++;
      else {
        this.states = [...this.states.slice(0, this.at + 1), state];
        this.at++;
      }
    }
  }
}

const alike = (a: Held, b: Held): boolean => CONTENTS.every((content) => sameSaid(a[content], b[content]));

test("any sequence of words, undoing, making again and restarts is that of a row of states", () => {
  fc.assert(
    fc.property(fc.array(deed, { maxLength: 40 }), (deeds) => {
      const log = new Log();
      const model = new Model();
      const history: Held[] = [model.now];
      let steps = log.steps();
      for (const one of deeds) {
        if (one.what === "restart") {
          steps = log.steps(CONTENTS);
          model.restart(history);
        } else if (one.what === "say") {
          const step = one.on.map((content) => log.change(content, one.said)).filter(({ before, after }) => !sameSaid(before, after));
          if (step.length === 0) continue;
          steps.say(step);
          model.say(one.on, one.said);
        } else {
          steps[one.what]();
          model.step(one.what === "undo" ? -1 : 1);
        }
        if (!alike(history.at(-1) ?? model.now, model.now)) history.push(model.now);
        expect(Object.fromEntries(CONTENTS.map((content) => [content, log.holds(content)]))).toEqual(model.now);
        expect([steps.undoable, steps.redoable]).toEqual([model.at, model.states.length - 1 - model.at]);
      }
    }),
    { numRuns: 500 },
  );
});
