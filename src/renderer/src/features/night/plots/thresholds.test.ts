import { describe, expect, test } from "vitest";
import type { RulesDocument, RulesState } from "../../../../../shared/contract.ts";
import { asRule, isBeyond, levelOf, movedTo, newThreshold, type Threshold, thresholdsOn, withThreshold } from "./thresholds.ts";

const limits = { transparency: 0.8, fwhmRatio: 1.35, eccentricity: 0.6, cells: 0.08 };
const stateOf = (document: RulesDocument): RulesState => ({
  document,
  limits: { ...limits, ...document.limits },
  usual: limits,
  review: [0.35, 0.7],
  trails: "auto",
  leastGroup: 8,
});
const luminance = { filter: "L", median: 3, sigma: 0.2 };
const hydrogen = { filter: "Ha", median: 4, sigma: 0.3 };
const on = (metric: string, document: RulesDocument = {}) => thresholdsOn(metric, stateOf(document));
const only = (found: Threshold[]): Threshold => {
  const [first] = found;
  if (first === undefined || found.length !== 1) throw new Error(`${found.length} lines`);
  return first;
};

describe("lines on a plot", () => {
  test("Nebulift's limit on star width lies at a multiple of each group's own", () => {
    const line = only(on("fwhm"));
    expect(levelOf(line, luminance)).toBeCloseTo(4.05, 12);
    expect(levelOf(line, hydrogen)).toBeCloseTo(5.4, 12);
    expect(levelOf(line, { filter: "L", median: null, sigma: null })).toBeNull();
  });

  test("a limit that is no line of its own is not drawn", () => {
    expect(on("cellTransparency")).toEqual([]);
    expect(on("stars")).toEqual([]);
  });

  test("a limit of its own for one filter holds there alone", () => {
    const line = only(on("transparency", { filters: { ha: { limits: { transparency: 0.7 } } } }));
    expect(levelOf(line, hydrogen)).toBe(0.7);
    expect(levelOf(line, luminance)).toBe(0.8);
  });

  test("rules of every kind of bound lie where they say, and only for their filters", () => {
    const document: RulesDocument = {
      rules: [
        { metric: "stars", below: 300 },
        { metric: "stars", aboveSigma: 2, filters: [" ha"] },
        { metric: "stars", belowRatio: 0.5 },
        { metric: "stars", worstPercent: 10 },
        { when: "stars < 5" },
      ],
      filters: { L: { rules: [{ metric: "stars", above: 9000 }] } },
    };
    const found = on("stars", document);
    expect(found.map((line) => levelOf(line, luminance))).toEqual([300, null, 1.5, 9000]);
    expect(found.map((line) => levelOf(line, hydrogen))).toEqual([300, 4.6, 2, null]);
  });

  test("what lies beyond is worse than the line, not on it, and never a frame without the number", () => {
    const [above, below] = [only(on("fwhm")), only(on("transparency"))];
    expect([4.0, 4.05, 4.1].map((value) => isBeyond(above, 4.05, value))).toEqual([false, false, true]);
    expect([0.79, 0.8, 0.81].map((value) => isBeyond(below, 0.8, value))).toEqual([true, false, false]);
    expect(isBeyond(above, 4.05, null)).toBe(false);
    expect(isBeyond(above, null, 9)).toBe(false);
  });
});

describe("a line that is moved", () => {
  test("keeps saying what it said: a multiple stays one", () => {
    const line = movedTo(only(on("fwhm")), 3.6, luminance);
    expect(line.number).toBe(1.2);
    expect(levelOf(line, hydrogen)).toBeCloseTo(4.8, 12);
    expect(withThreshold({}, line)).toEqual({ limits: { fwhmRatio: 1.2 } });
  });

  test("stays within what a limit may be", () => {
    expect(movedTo(only(on("transparency")), 1.4, luminance).number).toBe(1);
    expect(movedTo(only(on("fwhm")), 0.2, luminance).number).toBe(1);
  });

  test("moves the limit of the filter whose numbers it is told in", () => {
    const document: RulesDocument = { filters: { Ha: { limits: { transparency: 0.7 } } } };
    const line = movedTo(only(on("transparency", document)), 0.6, hydrogen);
    expect(levelOf(line, luminance)).toBe(0.8);
    expect(withThreshold(document, line).filters).toEqual({ Ha: { limits: { transparency: 0.6 } } });
  });

  test("changes a rule where it stands and leaves the rest of it alone", () => {
    const document: RulesDocument = {
      rules: [
        { metric: "hfr", above: 4 },
        { name: "soft", metric: "fwhm", aboveSigma: 2, verdict: "review" },
      ],
    };
    const line = on("fwhm", document).find(({ source }) => source.kind === "rule");
    if (line === undefined) throw new Error("no line");
    expect(withThreshold(document, movedTo(line, 3.6, luminance)).rules).toEqual([
      { metric: "hfr", above: 4 },
      { name: "soft", metric: "fwhm", aboveSigma: 3, verdict: "review" },
    ]);
  });

  test("that is drawn in rejects what lies on the metric's bad side", () => {
    expect(asRule(newThreshold("fwhm", 3.4, 3, null))).toEqual({ metric: "fwhm", above: 3.4, verdict: "contaminated" });
    expect(asRule(newThreshold("transparency", 0.9, 1, ["Ha"]))).toEqual({
      metric: "transparency",
      below: 0.9,
      verdict: "contaminated",
      filters: ["Ha"],
    });
    expect(newThreshold("angle", 10, 40, null).side).toBe("below");
    expect(withThreshold({ rules: [{ when: "x" }] }, newThreshold("fwhm", 3.4, 3, null)).rules).toHaveLength(2);
  });
});
