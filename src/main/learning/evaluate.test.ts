import { describe, expect, test } from "vitest";
import { labelOf, reasonOf, reportOf } from "../../../test/fixtures/labelled-night.ts";
import { randomOf } from "../../../test/fixtures/measured-night.ts";
import { detectionCurves } from "./detection.ts";
import { evaluateReport } from "./evaluate.ts";
import { sigmoid } from "./logistic.ts";
import { matchLabels } from "./matching.ts";
import { nightsOf } from "./nights.ts";

const HOUR = 3_600_000;
const EVENING = Date.UTC(2026, 10, 20, 20);

/** One frame for every way in which a label and a verdict can meet. */
const report = reportOf([
  { path: "kept.fits", verdict: "clean", probability: 0.01, time: EVENING },
  { path: "thrown.fits", verdict: "contaminated", probability: 0.9, reasons: [reasonOf("focus")], time: EVENING + HOUR },
  { path: "asked.fits", verdict: "review", probability: 0.5, reasons: [reasonOf("veil", "soft")], time: EVENING + 2 * HOUR },
  {
    path: "found.fits",
    verdict: "contaminated",
    probability: 0.95,
    reasons: [reasonOf("clouds"), reasonOf("focus", "soft")],
    time: EVENING + 3 * HOUR,
  },
  { path: "missed.fits", verdict: "clean", probability: 0.1, exposure: 300, time: EVENING + 24 * HOUR },
  { path: "doubted.fits", verdict: "review", probability: 0.6, reasons: [reasonOf("tracking", "soft")], time: EVENING + 25 * HOUR },
  { path: "edge-told.fits", verdict: "clean", probability: 0.3, reasons: [reasonOf("veil", "soft")], time: EVENING + 26 * HOUR },
  { path: "edge-silent.fits", verdict: "clean", probability: 0.2, time: EVENING + 27 * HOUR },
  { path: "dark.fits", verdict: "not-light", probability: null, group: null, time: EVENING + 28 * HOUR },
  { path: "broken.fits", verdict: "unreadable", probability: null, group: null, time: EVENING + 29 * HOUR },
  { path: "unknown.fits", verdict: "clean", probability: 0.01 },
]);
const labels = [
  labelOf("kept.fits", "clean"),
  labelOf("thrown.fits", "clean"),
  labelOf("asked.fits", "clean"),
  labelOf("found.fits", "contaminated", ["clouds"], 1.8),
  labelOf("missed.fits", "contaminated", ["tracking"], 1.2),
  labelOf("doubted.fits", "contaminated", ["focus", "tracking"], 1.4),
  labelOf("edge-told.fits", "borderline", ["veil"], 1),
  labelOf("edge-silent.fits", "borderline", ["veil"], 0.95),
  labelOf("dark.fits", "clean"),
  labelOf("broken.fits", "contaminated"),
  labelOf("elsewhere.fits", "clean"),
];
const evaluation = evaluateReport(report, labels, ["by hand"], "0.1.0");

describe("a night of one frame for every case", () => {
  test("right, undecided and wrong; good lost and bad kept; minutes", () => {
    expect(evaluation).toMatchObject({ matched: 10, withoutLabel: 1, withoutFrame: 1, ambiguous: 0 });
    expect(evaluation.overall).toMatchObject({
      frames: 10,
      // kept, found, the borderline one that says why, the broken one that nobody stacks
      right: 4,
      undecided: 2,
      wrong: 4,
      accuracy: 0.4,
      good: { frames: 4, lost: 2, review: 1 },
      bad: { frames: 4, kept: 1, review: 1 },
      minutes: { frames: 14, right: 4, undecided: 2, wrong: 8 },
    });
  });

  test("confusion of labels and verdicts", () => {
    expect(evaluation.confusion).toEqual({
      clean: { clean: 1, review: 1, contaminated: 1, notGraded: 1 },
      contaminated: { clean: 1, review: 1, contaminated: 1, notGraded: 1 },
      borderline: { clean: 2, review: 0, contaminated: 0, notGraded: 0 },
    });
  });

  test("per cause: named of those that have it, rightly blamed of those marked down for it", () => {
    const of = (code: string) => evaluation.causes.find((score) => score.code === code);
    expect(of("clouds")).toMatchObject({ truth: 1, found: 1, recall: 1, named: 1, confirmed: 1, precision: 1 });
    // Two frames have it, one names it; the other was thrown away for nothing.
    expect(of("tracking")).toMatchObject({ truth: 2, found: 1, named: 1, confirmed: 1 });
    // A good frame marked down for focus, and a soft reason beside the hard one that does not blame.
    expect(of("focus")).toMatchObject({ truth: 1, found: 0, named: 1, confirmed: 0, precision: 0 });
    // A clean frame's soft reason blames nothing; a reviewed one's does.
    expect(of("veil")).toMatchObject({ truth: 2, found: 1, recall: 0.5, named: 1, confirmed: 0 });
    expect(evaluation.mixUps).toEqual([{ truth: "tracking", named: "none", frames: 1 }]);
  });

  test("calibration leaves out borderline and ungraded frames", () => {
    expect(evaluation.probability).toMatchObject({ frames: 6, contaminated: 3 });
    const squares = [0.01, 0.9, 0.5, 1 - 0.95, 1 - 0.1, 1 - 0.6].map((error) => error ** 2);
    expect(evaluation.probability?.brier).toBeCloseTo(squares.reduce((a, b) => a + b) / 6, 12);
  });

  test("nights are parted by daylight, groups by name", () => {
    expect(evaluation.nights.map(({ name, frames }) => [name, frames])).toEqual([
      ["2026-11-20", 4],
      ["2026-11-21", 6],
    ]);
    expect(evaluation.groups.map(({ name, frames }) => [name, frames])).toEqual([
      ["M31/L", 8],
      ["not graded", 2],
    ]);
  });

  test("mistakes: wrong before undecided, the surest first, with reasons in words", () => {
    expect(evaluation.mistakes.map((frame) => frame.path)).toEqual([
      "dark.fits",
      "thrown.fits",
      "missed.fits",
      "edge-silent.fits",
      "asked.fits",
      "doubted.fits",
    ]);
    expect(evaluation.mistakes[1].why[0]).toMatch(/focus/i);
  });

  test("a label of present but harmless things makes naming them no mistake", () => {
    const harmless = evaluateReport(
      report,
      labels.map((label) => (label.path === "asked.fits" ? { ...label, present: ["veil" as const] } : label)),
      [],
      "0",
    );
    expect(harmless.causes.find((score) => score.code === "veil")).toMatchObject({ named: 1, confirmed: 1, truth: 2 });
  });

  test("nothing to compare gives nothing, not a division by zero", () => {
    const empty = evaluateReport(report, [], [], "0");
    expect(empty).toMatchObject({ matched: 0, probability: null, nights: [], causes: [], mistakes: [] });
    expect(empty.overall.accuracy).toBeNull();
  });
});

test("nights over midnight, in any longitude, without a clock zone; frames without a time are a night of their own", () => {
  const at = (hour: number) => EVENING + hour * HOUR;
  // An observer in Japan (dark from 9 to 20 h UTC) and one in California (2 to 13 h UTC).
  for (const dusk of [13, 6]) {
    const { frames } = reportOf(
      [0, 4, 8, 24, 31, 72].map((hour) => ({ path: `${hour}`, verdict: "clean", probability: 0, time: at(dusk + hour) })),
    );
    expect(new Set([...nightsOf(frames)].map(([, name]) => name)).size).toBe(3);
  }
  const { frames } = reportOf([
    { path: "a", verdict: "clean", probability: 0, time: at(0) },
    { path: "b", verdict: "clean", probability: 0 },
    { path: "c", verdict: "clean", probability: 0, time: 1e300 },
  ]);
  expect(new Set(nightsOf(frames).values()).size).toBe(3);
});

describe("detection by severity", () => {
  const frames = (severities: readonly number[], noticed: (severity: number) => boolean) =>
    matchLabels(
      reportOf(severities.map((s, i) => ({ path: `${i}`, verdict: noticed(s) ? "contaminated" : "clean", probability: 0.5 }))).frames,
      severities.map((s, i) => labelOf(`${i}`, "contaminated", ["clouds"], s)),
    ).pairs;

  test("finds where half is noticed, within its own error", () => {
    const { uniform } = randomOf(3);
    const severities = Array.from({ length: 600 }, () => 0.5 + 1.5 * uniform());
    const [curve] = detectionCurves(frames(severities, (s) => uniform() < sigmoid(9 * Math.log(s / 1.1))));
    expect(curve).toMatchObject({ code: "clouds", frames: 600 });
    expect(Math.abs(Math.log((curve.half ?? 0) / 1.1)) / Math.log(curve.factor ?? 1)).toBeLessThan(3);
    expect(curve.factor).toBeLessThan(1.1);
  });

  test("a sharp limit lies between the strongest overlooked and the weakest noticed", () => {
    const [curve] = detectionCurves(frames([0.6, 0.7, 0.8, 0.9, 1.1, 1.2, 1.4, 1.8], (s) => s > 1));
    expect(curve).toMatchObject({ noticed: 4, weakestNoticed: 1.1, strongestMissed: 0.9 });
    expect(curve.half).toBeGreaterThan(0.9);
    expect(curve.half).toBeLessThan(1.1);
  });

  test("few frames, or all noticed, give no point", () => {
    expect(detectionCurves(frames([1, 2, 3], (s) => s > 1))[0]).toMatchObject({ half: null, factor: null });
    expect(detectionCurves(frames([1, 2, 3, 4, 5, 6, 7, 8, 9], () => true))[0]).toMatchObject({
      half: null,
      noticed: 9,
      strongestMissed: null,
    });
  });
});
