import { describe, expect, it, test } from "vitest";
import { type FrameTruth, measuredFrame, skyOf } from "../../../test/fixtures/measured-night.ts";
import type { FrameMetadata, Trail } from "../../shared/domain.ts";
import type { NightFrame } from "./groups.ts";
import { judgeNight } from "./judge.ts";
import { DEFAULT_SETTINGS, type JudgeSettings } from "./settings.ts";
import { type Bound, type RuleTest, ruleTitle, type UserRule } from "./user-rule.ts";
import { ruleNight } from "./user-rule-night.ts";
import { affectedBy } from "./user-rules.ts";
import { parseRules, withRules } from "./user-rules-file.ts";

const sky = skyOf(3, 500);

function night(truths: FrameTruth[]): NightFrame[] {
  return truths.map((truth, i) => measuredFrame(`f${i}`, sky, 1000 + i, { minutes: i * 3, ...truth }));
}

const good = (n: number, metadata: Partial<FrameMetadata> = {}): FrameTruth[] => Array.from({ length: n }, () => ({ metadata }));

function rule(test: RuleTest, over: Partial<UserRule> = {}): UserRule {
  return { name: ruleTitle(test), verdict: "contaminated", code: null, filters: null, test, ...over };
}

const metric = (name: string, bound: Bound, limit: number, over: Partial<UserRule> = {}): UserRule =>
  rule({ metric: name, bound, limit }, over);
const when = (text: string, over: Partial<UserRule> = {}): UserRule => rule({ when: text }, over);

function judged(frames: NightFrame[], settings: Partial<JudgeSettings>) {
  return judgeNight(frames, { ...DEFAULT_SETTINGS, ...settings });
}

/** Ids of the frames a rule speaks about. */
function found(frames: NightFrame[], one: UserRule): string[] {
  return affectedBy(ruleNight(frames, judgeNight(frames, DEFAULT_SETTINGS)), one).ids;
}

/** Sharpness rises frame by frame: 3.00, 3.02 ... px, all of them good. */
const slope = night(Array.from({ length: 20 }, (_, i) => ({ fwhm: 3 + 0.02 * i, metadata: { altitude: 30 + i, exposure: 60 } })));
const fwhmOf = (frame: NightFrame): number => frame.measurement.shape.fwhm ?? Number.NaN;
const idsWhere = (frames: NightFrame[], holds: (frame: NightFrame) => boolean): string[] => frames.filter(holds).map((frame) => frame.id);

function medianOf(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

describe("a metric against a number", () => {
  it("compares absolutely", () => {
    expect(found(slope, metric("fwhm", "above", 3.2))).toEqual(idsWhere(slope, (frame) => fwhmOf(frame) > 3.2));
    expect(found(slope, metric("altitude", "below", 35))).toEqual(["f0", "f1", "f2", "f3", "f4"]);
  });

  it("compares with the median and the spread of the good part", () => {
    const values = slope.map(fwhmOf);
    const middle = medianOf(values);
    const sigma = Math.max(1.4826 * medianOf(values.map((value) => Math.abs(value - middle))), 0.03 * middle);
    expect(found(slope, metric("fwhm", "aboveRatio", 1.03))).toEqual(idsWhere(slope, (frame) => fwhmOf(frame) > 1.03 * middle));
    expect(found(slope, metric("fwhm", "belowRatio", 0.97))).toEqual(idsWhere(slope, (frame) => fwhmOf(frame) < 0.97 * middle));
    expect(found(slope, metric("fwhm", "aboveSigma", 1))).toEqual(idsWhere(slope, (frame) => fwhmOf(frame) > middle + sigma));
    expect(found(slope, metric("altitude", "belowSigma", 1)).length).toBeGreaterThan(0);
  });

  it("finds the worst share, by what is worse for each metric, and never more than was asked for", () => {
    const widest = [...slope].sort((a, b) => fwhmOf(b) - fwhmOf(a)).map((frame) => frame.id);
    expect(found(slope, metric("fwhm", "worstPercent", 10)).sort()).toEqual(widest.slice(0, 2).sort());
    expect(found(slope, metric("fwhm", "worstPercent", 14.9)).sort()).toEqual(widest.slice(0, 2).sort());
    expect(found(slope, metric("altitude", "worstPercent", 10))).toEqual(["f0", "f1"]);
    expect(found(slope, metric("fwhm", "worstPercent", 4))).toEqual([]);
    expect(found(slope, metric("fwhm", "worstPercent", 100))).toHaveLength(20);
    // All alike: none is worse than another.
    expect(found(slope, metric("hotPixels", "worstPercent", 50))).toEqual([]);
  });

  it("speaks only about the filters it is for, however they are written", () => {
    const frames = night([
      ...good(2, { filter: "Ha" }),
      ...good(2, { filter: " HA " }),
      ...good(2, { filter: "OIII" }),
      ...good(1, { filter: null }),
    ]);
    expect(found(frames, metric("fwhm", "above", 0, { filters: ["ha"] }))).toEqual(["f0", "f1", "f2", "f3"]);
  });
});

describe("what only the night tells", () => {
  it("is silent where a group is too small to compare", () => {
    const few = night([...good(4), { fwhm: 6 }]);
    for (const one of [
      metric("fwhm", "aboveRatio", 1.2),
      metric("fwhm", "aboveSigma", 2),
      metric("fwhm", "worstPercent", 50),
      metric("weight", "below", 0.9),
      when("fwhm > 1.2 * median(fwhm)"),
      when("not (rank(fwhm) < 0.5)"),
    ])
      expect(found(few, one)).toEqual([]);
    expect(found(few, metric("fwhm", "above", 5))).toEqual(["f4"]);
  });

  it("knows gradients and shifts that are too small to be named", () => {
    const lamp = (c: number, r: number): number => (c > 5 && r > 3 ? 1.4 : 1);
    const frames = night([...good(11), { skyCell: lamp }, { shift: [300, 0] }]);
    const before = judgeNight(frames, DEFAULT_SETTINGS);
    expect(before.frames.get("f12")?.verdict.kind).toBe("clean");
    expect(found(frames, metric("gradient", "above", 1.25))).toEqual(["f11"]);
    expect(found(frames, metric("shift", "above", 150))).toEqual(["f12"]);
  });
});

test("limits of a filter hold for its frames alone", () => {
  const soft = { fwhm: 3.75 };
  const frames = [
    ...night([...good(11, { filter: "L" }), { ...soft, metadata: { filter: "L" } }]),
    ...night([...good(11, { filter: "Ha" }), { ...soft, metadata: { filter: "Ha" } }]).map((frame) => ({ ...frame, id: `Ha ${frame.id}` })),
  ];
  const kinds = (settings: Partial<JudgeSettings>): (string | undefined)[] =>
    ["f11", "Ha f11"].map((id) => judged(frames, settings).frames.get(id)?.verdict.kind);
  expect(kinds({})).toEqual(["clean", "clean"]);
  expect(kinds({ filters: [{ filter: "l", limits: { fwhmRatio: 1.1 } }] })).toEqual(["contaminated", "clean"]);
});

describe("verdicts under rules", () => {
  const frames = night([...good(12), { transparency: 0.4 }, { fwhm: 3.4 }]);
  const [clean, dim, soft] = ["f0", "f12", "f13"];
  const under = (...rules: UserRule[]) => {
    const result = judged(frames, { rules });
    return (id: string) => {
      const verdict = result.frames.get(id)?.verdict;
      if (!verdict) throw new Error(id);
      return verdict;
    };
  };

  it("are the built-in ones without rules", () => {
    expect([clean, dim, soft].map((id) => under()(id).kind)).toEqual(["clean", "contaminated", "clean"]);
  });

  it("become contaminated, surely, and name the rule with its numbers", () => {
    const verdict = under(metric("fwhm", "above", 3.3, { name: "too soft" }))(soft);
    expect(verdict).toMatchObject({ kind: "contaminated" });
    expect(verdict.probability).toBeGreaterThanOrEqual(0.97);
    expect(verdict.reasons[0]).toMatchObject({ code: "focus", severity: "hard", metric: "fwhm", unit: "px", limit: 3.3, rule: "too soft" });
    expect(verdict.reasons[0].value).toBeCloseTo(3.4, 1);
    expect(verdict.reasons[0].baseline).toBeCloseTo(3, 1);
  });

  it("go to review from clean, in the middle of the band, and never back from contaminated", () => {
    const verdictOf = under(when("fwhm > 3.3 or transparency < 0.5", { verdict: "review" }));
    expect(verdictOf(soft)).toMatchObject({ kind: "review", probability: (0.35 + 0.7) / 2 });
    expect(verdictOf(soft).reasons[0].severity).toBe("soft");
    expect(verdictOf(dim).kind).toBe("contaminated");
    expect(verdictOf(clean).reasons).toEqual([]);
  });

  it("take the gravest of several rules in any order", () => {
    const review = metric("fwhm", "above", 3.3, { verdict: "review", name: "look" });
    const drop = metric("fwhm", "above", 3.35, { name: "drop" });
    for (const rules of [
      [review, drop],
      [drop, review],
    ]) {
      expect(under(...rules)(soft).kind).toBe("contaminated");
      expect(under(...rules)(soft).reasons.map((reason) => reason.rule)).toEqual(["drop", "look"]);
    }
  });

  it("keep what the user keeps, against everything, and say what was overruled", () => {
    const verdictOf = under(when("object == 'm 31'", { verdict: "clean", name: "rare" }), metric("fwhm", "above", 3.3, { name: "soft" }));
    expect(verdictOf(dim).kind).toBe("clean");
    expect(verdictOf(dim).probability).toBeLessThan(0.05);
    expect(verdictOf(dim).reasons[0]).toMatchObject({ rule: "rare", severity: "info" });
    expect(
      verdictOf(dim)
        .reasons.slice(1)
        .map((reason) => reason.code),
    ).toContain("veil");
    expect(verdictOf(dim).reasons.every((reason) => reason.severity !== "hard")).toBe(true);
    expect(verdictOf(soft).kind).toBe("clean");
    expect(verdictOf(soft).reasons.map((reason) => reason.rule)).toEqual(["rare", "soft"]);
    // Where nothing spoke against the frame there is nothing to say.
    expect(verdictOf(clean).reasons).toEqual([]);
  });

  it("count what each rule did, and leave baselines as they were", () => {
    const rules = [metric("fwhm", "above", 2.5), when("transparency < 0.5", { verdict: "review" })];
    const plain = judged(frames, {});
    const ruled = judged(frames, { rules });
    expect(ruled.rules.map(({ frames: n, minutes, changed }) => [n, minutes, changed])).toEqual([
      [14, 28, 13],
      [1, 2, 0],
    ]);
    expect(ruled.groups).toEqual(plain.groups);
    expect(plain.rules).toEqual([]);
  });

  it("are counted by the very evaluation that judges", () => {
    const rules = [metric("hfr", "aboveSigma", 2), when("rank(fwhm) > 0.9 or z(stars) < -2"), metric("weight", "worstPercent", 20)];
    const ruled = judged(frames, { rules });
    const live = ruleNight(frames, judgeNight(frames, DEFAULT_SETTINGS));
    rules.forEach((one, index) => {
      const named = [...ruled.frames]
        .filter(([, { verdict }]) => verdict.reasons.some((reason) => reason.rule === one.name))
        .map(([id]) => id);
      expect(affectedBy(live, one).ids).toEqual(named);
      expect(ruled.rules[index].ids).toEqual(named);
    });
  });

  it("never lose a trail's place: the rule adds to what was drawn", () => {
    const trail: Trail = { from: [0, 100], to: [2999, 900], width: 4, peakSigma: 3, peak: 36, significance: 40, area: 0.002 };
    const result = judged(night([...good(11), { trails: [trail] }]), { rules: [metric("trails", "above", 0, { verdict: "review" })] });
    const reasons = result.frames.get("f11")?.verdict.reasons ?? [];
    expect(reasons.map((reason) => [reason.code, reason.rule !== undefined])).toEqual([
      ["trail", true],
      ["trail", false],
    ]);
    expect(reasons[1].where?.lines).toHaveLength(1);
  });
});

test("a rules file moves limits, band and group size, and leaves the rest in force", () => {
  const inForce = { ...DEFAULT_SETTINGS, notable: 4, limits: { ...DEFAULT_SETTINGS.limits, weight: 0.4 } };
  const file = parseRules('{"limits": {"fwhmRatio": 1.2}, "review": [0.2, 0.9], "leastGroup": 5, "trails": "strict"}', "r.json");
  expect(withRules(inForce, file)).toEqual({
    ...inForce,
    limits: { ...inForce.limits, fwhmRatio: 1.2 },
    review: [0.2, 0.9],
    leastGroup: 5,
    trails: "strict",
  });
});
