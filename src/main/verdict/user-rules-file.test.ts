import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { NebuliftError } from "../../shared/errors.ts";
import { DEFAULT_SETTINGS } from "./settings.ts";
import { codeOfName, RULE_NUMBER_NAMES, RULE_TEXTS } from "./user-rule-names.ts";
import { parseRules, withRules } from "./user-rules-file.ts";

const detailOf = (text: string): string => {
  try {
    parseRules(text, "my.json");
  } catch (error) {
    expect(error).toBeInstanceOf(NebuliftError);
    expect((error as NebuliftError).code).toBe("bad-rules");
    return (error as NebuliftError).detail;
  }
  throw new Error(`${text} was taken`);
};

const one = (rule: unknown): string => detailOf(JSON.stringify({ rules: [rule] }));

describe("a rules file", () => {
  it("may be empty", () => {
    expect(withRules(DEFAULT_SETTINGS, parseRules("{}", "r.json"))).toEqual(DEFAULT_SETTINGS);
  });

  it("gives rules a name, a verdict and the filter they stand under", () => {
    const { rules, filters } = parseRules(
      JSON.stringify({
        rules: [
          { metric: "fwhm", above: 4 },
          { when: "stars  <\n 20", verdict: "review", name: " few ", code: "clouds" },
        ],
        filters: { Ha: { limits: { weight: 0.3 }, rules: [{ metric: "weight", worstPercent: 5 }] } },
      }),
      "r.json",
    );
    expect(rules).toEqual([
      { name: "fwhm above 4", verdict: "contaminated", code: null, filters: null, test: { metric: "fwhm", bound: "above", limit: 4 } },
      { name: "few", verdict: "review", code: "clouds", filters: null, test: { when: "stars  <\n 20" } },
      {
        name: "worst 5 % by weight",
        verdict: "contaminated",
        code: null,
        filters: ["Ha"],
        test: { metric: "weight", bound: "worstPercent", limit: 5 },
      },
    ]);
    expect(filters).toEqual([{ filter: "Ha", limits: { weight: 0.3 } }]);
  });

  it("is refused with its name, line and field", () => {
    expect(detailOf('{\n "rules": [\n  {"metric": "fwhm", "above": 4},\n  {"metric": "fwmh", "above": 4}\n ]\n}')).toBe(
      'my.json, line 4, rules[1].metric: there is no "fwmh"; did you mean "fwhm"?',
    );
    expect(detailOf('{\n "limits": { "fwhmratio": 1.2 }\n}')).toBe(
      'my.json, line 2, limits.fwhmratio: there is no "fwhmratio"; did you mean "fwhmRatio"? here',
    );
    expect(detailOf('{"rules": [{]}')).toContain("my.json, line 1, column 13: ");
  });

  it("tells several problems at once, but not a screenful", () => {
    const rules = [1, 2, 3, 4, 5].map((n) => ({ metric: `wrong${n}`, above: n }));
    const detail = detailOf(JSON.stringify({ rules }));
    expect(detail.match(/rules\[\d\]/g)).toHaveLength(3);
    expect(detail).toContain("and 2 more");
  });

  it.each([
    ["[]", "expected"],
    ['{"rule": []}', 'did you mean "rules"?'],
    ['{"limits": {"weight": 1.5}}', "it must lie between 0 and 1"],
    ['{"limits": {"gradient": 0.5}}', "it must lie between 1 and 1000"],
    ['{"limits": {"weight": "half"}}', "limits.weight: Invalid input: expected number"],
    ['{"review": [0.7, 0.3]}', "the first number must not be above the second"],
    ['{"review": [0.7]}', "line 1, review"],
    ['{"leastGroup": 2.5}', "leastGroup"],
    ['{"trails": "keep"}', "trails"],
    ['{"filters": {"Ha": {}, "ha ": {}}}', "the same filter as"],
    ['{"filters": {" ": {}}}', "a filter needs a name"],
    ['{"filters": {"Ha": {"limit": {}}}}', 'did you mean "limits"?'],
    ['{"filters": {"Ha": {"rules": [{"metric": "fwhm", "above": 3, "filters": ["L"]}]}}}', "already stands under the filter"],
  ])("%s: %s", (text, words) => {
    expect(detailOf(text)).toContain(words);
  });

  it.each<[unknown, string]>([
    [{}, 'a rule needs a "metric" with a limit'],
    [{ metric: "fwhm" }, "exactly one of above, below"],
    [{ metric: "fwhm", above: 1, below: 3 }, "not above and below"],
    [{ metric: "fwhm", above: 1, when: "fwhm > 3" }, "not both"],
    [{ metric: "fwhm", abov: 1 }, 'did you mean "above"?'],
    [{ metric: "fwhm", above: "4" }, "rules[0].above: Invalid input: expected number"],
    [{ metric: "fwhm", aboveSigma: -3 }, "rules[0].aboveSigma"],
    [{ metric: "fwhm", worstPercent: 101 }, "rules[0].worstPercent"],
    [{ metric: "angle", worstPercent: 10 }, "neither end of angle is the worse one"],
    [{ metric: "filter", above: 1 }, "filter is a text"],
    [{ metric: "constructor", above: 1 }, 'there is no "constructor"'],
    [{ metric: "toString", above: 1 }, 'there is no "toString"'],
    [{ metric: "fwhm", above: 3, verdict: "bad" }, "rules[0].verdict"],
    [{ metric: "fwhm", above: 3, code: "too-few" }, "rules[0].code"],
    [{ metric: "fwhm", above: 3, filters: [] }, "rules[0].filters"],
    [{ when: "fwhm > " }, "rules[0].when: Expected expression after >"],
    [{ when: "fwhm > 3", name: "x".repeat(81) }, "rules[0].name"],
  ])("%j: %s", (rule, words) => {
    expect(one(rule)).toContain(words);
  });
});

test("whatever stands in the file, it is taken or refused as bad-rules", () => {
  const name = fc.constantFrom("fwhm", "stars", "filter", "constructor", "altitude", "weight");
  const number = fc.oneof(fc.double(), fc.constantFrom(0, 1, -1, 10, 1e300));
  const rule = fc.oneof(
    fc.record({ metric: name, above: number }, { requiredKeys: [] }),
    fc.record({ when: fc.string({ maxLength: 40 }), verdict: fc.constantFrom("clean", "review", "bad") }, { requiredKeys: [] }),
    fc.jsonValue({ maxDepth: 2 }),
  );
  const document = fc.record(
    {
      rules: fc.oneof(fc.array(rule, { maxLength: 4 }), fc.jsonValue()),
      limits: fc.oneof(fc.dictionary(fc.constantFrom("weight", "gradient", "x", "toString"), number), fc.jsonValue()),
      filters: fc.oneof(fc.dictionary(fc.string({ maxLength: 4 }), fc.record({ rules: fc.array(rule, { maxLength: 2 }) })), fc.jsonValue()),
      review: fc.oneof(fc.tuple(number, number), fc.jsonValue()),
      leastGroup: fc.jsonValue(),
    },
    { requiredKeys: [] },
  );
  const texts = fc.oneof(
    document.map((value) => JSON.stringify(value)),
    fc.string({ maxLength: 60 }),
    fc.tuple(document, fc.nat(), fc.string({ maxLength: 3 })).map(([value, at, extra]) => {
      const text = JSON.stringify(value);
      const cut = at % (text.length + 1);
      return text.slice(0, cut) + extra + text.slice(cut + 1);
    }),
  );
  fc.assert(
    fc.property(texts, (text) => {
      try {
        const settings = withRules(DEFAULT_SETTINGS, parseRules(text, "f"));
        expect(Object.keys(settings).sort()).toEqual(Object.keys(DEFAULT_SETTINGS).sort());
        for (const value of Object.values(settings.limits)) expect(Number.isFinite(value)).toBe(true);
      } catch (error) {
        if (!(error instanceof NebuliftError)) throw error;
        expect(error.code).toBe("bad-rules");
        expect(error.detail).toMatch(/^f, line \d+/);
      }
    }),
    { seed: 5, numRuns: 3000 },
  );
});

const manual = readFileSync(join(import.meta.dirname, "..", "..", "..", "docs", "rules.md"), "utf8");

describe("docs/rules.md", () => {
  const examples = [...manual.matchAll(/```json\n([\s\S]*?)```/g)].map(([, text]) => text);

  it("has examples, and every one of them is a rules file", () => {
    expect(examples.length).toBeGreaterThanOrEqual(3);
    for (const text of examples) {
      const settings = parseRules(text, "docs/rules.md");
      expect(settings.rules.length + Object.keys(settings.limits).length + settings.filters.length).toBeGreaterThan(0);
    }
  });

  it("lists every name that a rule may use", () => {
    const listed = new Set([...manual.matchAll(/`(\w+)`/g)].map(([, name]) => name));
    for (const name of [...RULE_NUMBER_NAMES, ...RULE_TEXTS, ...Object.keys(DEFAULT_SETTINGS.limits)]) expect(listed).toContain(name);
  });
});

test("every name stands for a cause of the closed list", () => {
  expect(codeOfName("fwhm")).toBe("focus");
  expect(codeOfName("eccentricity")).toBe("tracking");
  expect(codeOfName("transparency")).toBe("clouds");
  expect(codeOfName("stars")).toBe("low-snr");
  expect(codeOfName("constructor")).toBe("low-snr");
});
