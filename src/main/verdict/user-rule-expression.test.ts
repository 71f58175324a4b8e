import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { measuredFrame, skyOf } from "../../../test/fixtures/measured-night.ts";
import { NebuliftError } from "../../shared/errors.ts";
import { judgeNight } from "./judge.ts";
import { DEFAULT_SETTINGS } from "./settings.ts";
import { compileExpression } from "./user-rule-expression.ts";
import { type RuleFrame, ruleNight } from "./user-rule-night.ts";

const sky = skyOf(3, 500);
const night = Array.from({ length: 12 }, (_, i) =>
  measuredFrame(`f${i}`, sky, 100 + i, {
    minutes: 3 * i,
    fwhm: 3 + 0.01 * i,
    metadata: { altitude: i === 0 ? null : 40 + i, filter: "Ha " },
  }),
);
const frames = ruleNight(night, judgeNight(night, DEFAULT_SETTINGS)).frames;
const [first, second] = frames as [RuleFrame, RuleFrame];
const holds = (text: string, frame: RuleFrame = second): boolean | null => compileExpression(text).holds(frame);

describe("an expression", () => {
  it.each([
    ["1 + 2 * 3 == 7 and gain > 0", true],
    ["(1 + 2) * 3 == 9 and gain > 0", true],
    ["8 / 4 / 2 == 1 and gain > 0", true],
    ["7 - 2 - 1 == 4 and gain > 0", true],
    ["-gain == 0 - 100", true],
    ["gain == 1e2 and offset == +50", true],
    ["exposure >= 120 and exposure <= 120", true],
    ["exposure > 120 or exposure < 120", false],
    ["exposure != 120", false],
    ["not (exposure > 120)", true],
    ["!(exposure > 120) && NOT (gain < 0)", true],
    ["exposure > 120 || gain == 100 AND offset == 50", true],
    // `and` binds stronger than `or`.
    ["gain == 100 or gain == 100 and exposure > 120", true],
    ["filter == 'ha'", true],
    ['filter == "HA" and object != "NGC 7000"', true],
    ["abs(temperature) == 10 and sqrt(gain) == 10 and log10(gain) == 2", true],
    ["min(gain, offset, exposure) == 50 and max(gain, offset) == 100", true],
    ["groupFrames == 12", true],
    ["probability < 0.35", true],
    ["known(altitude) and not known(focuserPosition)", true],
    ["(fwhm > 3) == true", true],
  ])("%s is %s", (text, expected) => {
    expect(holds(text)).toBe(expected);
  });

  it("knows the group: median, sigma, z and rank", () => {
    const values = frames.map((frame) => frame.number("fwhm") ?? Number.NaN);
    const sorted = [...values].sort((a, b) => a - b);
    const median = (sorted[5] + sorted[6]) / 2;
    frames.forEach((frame, i) => {
      expect(holds(`fwhm > ${1.005} * median(fwhm)`, frame)).toBe(values[i] > 1.005 * median);
      expect(holds(`abs(z(fwhm) * sigma(fwhm) - (fwhm - median(fwhm))) < 1e-9`, frame)).toBe(true);
      expect(holds(`abs(rank(fwhm) - ${sorted.indexOf(values[i]) / 11}) < 1e-9`, frame)).toBe(true);
    });
    expect(compileExpression("fwhm > median(fwhm)").relative).toBe(true);
    expect(compileExpression("fwhm > 3").relative).toBe(false);
    // Equals share the middle of their places.
    expect(holds("rank(gain) == 0.5")).toBe(true);
  });

  it("leaves open what hangs on a number that the frame lacks, unless the rest decides", () => {
    expect(holds("altitude < 30", second)).toBe(false);
    expect(holds("altitude < 30", first)).toBeNull();
    expect(holds("not (altitude < 30)", first)).toBeNull();
    expect(holds("altitude < 30 or gain == 100", first)).toBe(true);
    expect(holds("altitude < 30 and gain == 100", first)).toBeNull();
    expect(holds("altitude < 30 and gain == 0", first)).toBe(false);
    expect(holds("altitude != 5", first)).toBeNull();
    expect(holds("min(altitude, gain) > 0", first)).toBeNull();
    expect(holds("camera == 'x' or telescope == 'y'", first)).toBeNull();
  });

  it("has no value where arithmetic has none", () => {
    for (const text of ["gain / (offset - 50) > 0", "sqrt(temperature) >= 0", "log10(gain - 100) < 0", "z(residual) > -99"])
      expect(holds(text)).toBeNull();
  });

  it.each([
    ["fwmh > 3", 'there is no "fwmh"; did you mean "fwhm"?'],
    ["Stars > 3", 'did you mean "stars"?'],
    ["ecentricity > 0.5", 'did you mean "eccentricity"?'],
    ["med(fwhm) > 3", "functions: median"],
    ["medain(fwhm) > 3", 'did you mean "median"?'],
    ["median(3) > 3", "takes the name of one number"],
    ["median(fwhm, hfr) > 3", "takes the name of one number"],
    ["median(filter) > 3", "filter is a text"],
    ["median > 3", "median is a function"],
    ["sqrt(1, 2) > fwhm", "takes 1 values, not 2"],
    ["max(fwhm) > 3", "takes 2 to 8 values, not 1"],
    ["fwhm", "it gives a number"],
    ["filter", "it gives a text"],
    ["true", "does not look at the frame"],
    ["1 < 2", "does not look at the frame"],
    ["", "it is empty"],
    ["   ", "it is empty"],
    ["2 < fwhm < 4", "comparisons do not chain"],
    ["not fwhm > 3", "not takes a comparison in brackets"],
    ["fwhm = 3", "to compare, write =="],
    ["fwhm === 3", "to compare, write =="],
    ["fwhm > 3 stars < 4", "side by side"],
    ["fwhm > 3; stars < 4", "side by side"],
    ["fwhm > ", "Expected expression after >"],
    ["(fwhm > 3", "Unclosed ("],
    ["filter == 'Ha", "Unclosed quote"],
    ["filter == 3", "a text cannot be compared with a number"],
    ["filter > 'Ha'", "takes numbers, not a text"],
    ["fwhm and stars", '"and" joins comparisons'],
    ["fwhm > null", 'there is no "null"'],
    ["fwhm > 1e999", "too large"],
    ["fwhm.constructor > 3", "only numbers, texts"],
    ["fwhm['x'] > 3", "only numbers, texts"],
    ["[1, 2] == [1, 2]", "only numbers, texts"],
    ["this == this", "only numbers, texts"],
    ["fwhm > 3 ? true : false", "only numbers, texts"],
    ["fwhm ^ 2 > 3", "Unexpected"],
    ["fwhm | 2 > 3", "Unexpected"],
    ["`x` == filter", "Unexpected"],
    ["(fwhm)(3) > 2", "fwhm"],
    ["process(1) > 2", "functions: median"],
    [`fwhm > ${"1 + ".repeat(200)} 1`, "at most 500 characters"],
    [`fwhm > ${"-".repeat(45)}1`, "more than 40 deep"],
    [`${"(".repeat(240)}fwhm > 3${")".repeat(240)}`, ""],
  ])("%s is refused or understood with plain words", (text, words) => {
    const attempt = (): unknown => compileExpression(text);
    if (words === "") expect(attempt).not.toThrow();
    else expect(attempt).toThrow(expect.objectContaining({ code: "bad-rules", detail: expect.stringContaining(words) }));
  });

  it.each([
    "constructor",
    "__proto__",
    "prototype",
    "toString",
    "valueOf",
    "hasOwnProperty",
    "then",
    "globalThis",
    "undefined",
    "NaN",
    "Infinity",
  ])("%s is no name", (name) => {
    for (const text of [`${name} > 3`, `median(${name}) > 3`, `${name}(fwhm) > 3`, `known(${name})`])
      expect(() => compileExpression(text)).toThrow(expect.objectContaining({ code: "bad-rules" }));
  });
});

const pieces = [
  ...["fwhm", "stars", "filter", "altitude", "nonsense", "__proto__", "median", "rank", "known", "abs", "min", "this", "true"],
  ...["(", ")", "[", "]", "{", "}", ",", ";", ".", "?", ":", "'", '"', "\\", "`", "$", "\u00e9", "\u{1f600}", "\0"],
  ...["and", "or", "not", "!", "==", "=", "<", ">=", "+", "-", "*", "/", "%", "^", "&", "3", "1e9", ".5", "0x10", " ", "\n"],
];

const sound = [
  "fwhm > 1.2 * median(fwhm) and stars < 300",
  "not (known(altitude)) or filter == 'Ha' and rank(weight) < .1",
  "(abs(z(hfr)) >= 3 || min(gain, offset) != 50) && probability < 5e-1",
];

test("whatever is written, it is understood or refused as bad-rules, and what is understood can be asked of any frame", () => {
  const anything = fc.oneof(
    fc.string({ maxLength: 600 }),
    fc.string({ unit: "binary", maxLength: 80 }),
    fc.array(fc.constantFrom(...pieces), { maxLength: 40 }).map((parts) => parts.join(" ")),
    fc.array(fc.constantFrom(...pieces), { maxLength: 40 }).map((parts) => parts.join("")),
    fc
      .tuple(fc.constantFrom(...sound), fc.nat(60), fc.nat(3), fc.constantFrom("", "", ...pieces))
      .map(([text, at, cut, piece]) => text.slice(0, at) + piece + text.slice(at + cut)),
  );
  let understood = 0;
  fc.assert(
    fc.property(anything, (text) => {
      try {
        const { holds: asked } = compileExpression(text);
        understood++;
        for (const frame of frames) expect([true, false, null]).toContain(asked(frame));
      } catch (error) {
        expect(error).toBeInstanceOf(NebuliftError);
        expect((error as NebuliftError).code).toBe("bad-rules");
      }
    }),
    { seed: 20261120, numRuns: 4000 },
  );
  expect(understood).toBeGreaterThan(30);
});

/** A grammar of our own beside the parser's: what it writes must be understood, and mean what it was made to mean. */
interface Made {
  text: string;
  value: number;
}
const sums = fc.letrec<{ sum: Made; factor: Made }>((tie) => ({
  factor: fc.oneof(
    { maxDepth: 3 },
    fc.integer({ min: 0, max: 99 }).map((value) => ({ text: String(value), value })),
    fc.constant({ text: "gain", value: 100 }),
    tie("sum").map(({ text, value }) => ({ text: `(${text})`, value })),
    tie("factor").map(({ text, value }) => ({ text: `abs(${text})`, value: Math.abs(value) })),
  ),
  sum: fc.tuple(tie("factor"), fc.constantFrom("+", "-", "*"), tie("factor")).map(([a, sign, b]) => ({
    text: `${a.text} ${sign} ${b.text}`,
    value: sign === "+" ? a.value + b.value : sign === "-" ? a.value - b.value : a.value * b.value,
  })),
}));

test("arithmetic gives what arithmetic gives", () => {
  fc.assert(
    fc.property(sums.sum, ({ text, value }) => {
      fc.pre(text.length < 400);
      expect(holds(`${text} == ${value < 0 ? `0 - ${-value}` : value} and gain == 100`)).toBe(true);
      expect(holds(`${text} > ${value < 0 ? `0 - ${-value}` : value} or gain < 100`)).toBe(false);
    }),
    { seed: 7, numRuns: 500 },
  );
});
