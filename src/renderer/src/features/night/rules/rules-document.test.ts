import { describe, expect, test } from "vitest";
import type { RuleDraft, RulesDocument } from "../../../../../shared/contract.ts";
import { readNumber } from "./read-number.ts";
import { EMPTY_RULE, fieldsOf, ruleOf } from "./rule-draft.ts";
import { ruleName, ruleWords } from "./rule-words.ts";
import { rulesOf, tryingRule, withLimit, withoutRule, withRule, withRuleAt } from "./rules-document.ts";

const document: RulesDocument = {
  trails: "strict",
  limits: { weight: 0.4 },
  filters: { Ha: { limits: { weight: 0.3 }, rules: [{ metric: "stars", below: 50 }] } },
  rules: [{ name: "soft", metric: "fwhm", above: 4 }, { when: "stars < 20" }],
};

describe("changes to rules", () => {
  test("say a limit, and say it no more when it is as usual", () => {
    expect(withLimit(document, "cells", 0.1).limits).toEqual({ weight: 0.4, cells: 0.1 });
    expect(withLimit(document, "weight", null).limits).toEqual({});
    expect(withLimit(document, "weight", 0.2, "Ha").filters?.["Ha"]).toEqual({
      limits: { weight: 0.2 },
      rules: [{ metric: "stars", below: 50 }],
    });
    expect(document.limits).toEqual({ weight: 0.4 });
  });

  test("find every rule, also those under a filter, in main's order", () => {
    expect(rulesOf(document).map(({ place }) => [place.filter, place.index])).toEqual([
      [null, 0],
      [null, 1],
      ["Ha", 0],
    ]);
  });

  test("add, replace and remove a rule where it stands", () => {
    expect(withRule({}, { when: "x" }).rules).toEqual([{ when: "x" }]);
    expect(withRuleAt(document, { filter: "Ha", index: 0 }, { when: "x" }).filters?.["Ha"]?.rules).toEqual([{ when: "x" }]);
    expect(withoutRule(document, { filter: null, index: 0 }).rules).toEqual([{ when: "stars < 20" }]);
    expect(withoutRule(document, { filter: null, index: 0 }).trails).toBe("strict");
  });

  test("try a rule as the last one, in place of the one it stands for", () => {
    const changed = { name: "soft", metric: "fwhm", above: 3 };
    expect(tryingRule(document, changed, { filter: null, index: 0 }).rules).toEqual([{ when: "stars < 20" }, changed]);
    const underFilter = tryingRule(document, { metric: "stars", below: 9 }, { filter: "Ha", index: 0 });
    expect(underFilter.rules?.at(-1)).toEqual({ metric: "stars", below: 9, filters: ["Ha"] });
    expect(underFilter.filters?.["Ha"]?.rules).toEqual([]);
  });
});

describe("a rule that is being written", () => {
  test("comes out as it went in", () => {
    const rules: RuleDraft[] = [
      { name: "soft", metric: "fwhm", aboveSigma: 2.5, verdict: "review", filters: ["L"], code: "focus" },
      { when: "stars < 20", verdict: "clean" },
    ];
    for (const rule of rules) expect(ruleOf(fieldsOf(rule))).toEqual(rule);
  });

  test("is none until there is a number or an expression", () => {
    expect(ruleOf(EMPTY_RULE)).toBeNull();
    expect(ruleOf({ ...EMPTY_RULE, number: "three" })).toBeNull();
    expect(ruleOf({ ...EMPTY_RULE, by: "expression", when: "  " })).toBeNull();
    expect(ruleOf({ ...EMPTY_RULE, number: "3,4" })).toEqual({ metric: "fwhm", above: 3.4, verdict: "contaminated" });
  });

  test("takes numbers as people type them, and nothing else", () => {
    expect(["3.5", " 3,5 ", "\u22122", "1e3", ".5"].map(readNumber)).toEqual([3.5, 3.5, -2, 1000, 0.5]);
    expect(["", "3.5 px", "1/2", "Infinity", "0x10", "1 000"].map(readNumber)).toEqual([null, null, null, null, null, null]);
  });

  test("is told in words", () => {
    expect(ruleWords({ metric: "fwhm", above: 3.42 })).toBe("FWHM above 3.42\u2009px");
    expect(ruleWords({ metric: "weight", belowRatio: 0.5 })).toBe("Weight below 0.5 × the night's");
    expect(ruleWords({ metric: "hfr", aboveSigma: 3 })).toBe("HFR 3 σ above the night's");
    expect(ruleWords({ metric: "weight", worstPercent: 10 })).toBe("the worst 10 % by Weight");
    expect(ruleName({ when: "stars < 20" })).toBe("stars < 20");
    expect(ruleName({ name: "few", when: "stars < 20" })).toBe("few");
  });
});
