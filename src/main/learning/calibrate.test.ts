import { describe, expect, test } from "vitest";
import { type FrameSketch, labelOf, reasonOf, reportOf } from "../../../test/fixtures/labelled-night.ts";
import { randomOf } from "../../../test/fixtures/measured-night.ts";
import { calibrated, DEFAULT_SETTINGS, logOdds, uncalibrated } from "../verdict/index.ts";
import { calibrate, type LabelledReport } from "./calibrate.ts";
import { fitKnots } from "./isotonic.ts";
import { sigmoid } from "./logistic.ts";
import type { Prediction } from "./probability-scores.ts";
import { chooseBand } from "./review-band.ts";

const TARGETS = { goodLost: 0.005, badKept: 0.02 };
const HOUR = 3_600_000;

/** Nights whose frames are bad with P = sigmoid(slope x logOdds(told) + offset). */
function nightsOf(seed: number, nights: number, frames: number, slope: number, offset: number): LabelledReport[] {
  const { uniform, normal } = randomOf(seed);
  return Array.from({ length: nights }, (_, night) => {
    const sketches: FrameSketch[] = [];
    const labels = Array.from({ length: frames }, (_, i) => {
      const told = sigmoid(2.2 * normal() - 1);
      const path = `${i}.fits`;
      sketches.push({ path, verdict: "clean", probability: told, time: night * 24 * HOUR + i * 60_000, content: `${night} ${i}` });
      return labelOf(path, uniform() < sigmoid(slope * logOdds(told) + offset) ? "contaminated" : "clean");
    });
    return { report: reportOf(sketches), labels };
  });
}

describe("the correction of the probability", () => {
  test("an over-sure probability: the map that made the labels is found, and the error falls on nights not seen", () => {
    const proposal = calibrate(nightsOf(1, 8, 250, 0.5, 0.7), TARGETS, DEFAULT_SETTINGS);
    const map = proposal.thresholds.calibration;
    expect(map?.kind).toBe("logit");
    if (map?.kind !== "logit") return;
    expect(map.slope).toBeCloseTo(0.5, 1);
    expect(Math.abs(map.offset - 0.7)).toBeLessThan(0.15);
    expect(proposal).toMatchObject({ nights: 8, heldBack: "nights", labels: 2000 });
    expect(proposal.before.ece).toBeGreaterThan(0.1);
    expect(proposal.after.ece).toBeLessThan(0.04);
    expect(proposal.after.logLoss).toBeLessThan(proposal.before.logLoss);
  });

  test("a true probability is left as it is", () => {
    for (const seed of [2, 3, 4]) {
      const proposal = calibrate(nightsOf(seed, 6, 60, 1, 0), TARGETS, DEFAULT_SETTINGS);
      expect(proposal.chosen).toBe("as it is");
      expect(proposal.thresholds.calibration).toBeNull();
    }
  });

  test("frames graded with a correction in force teach the same as without", () => {
    const plain = nightsOf(5, 4, 200, 0.6, 0.5);
    const map = { kind: "logit" as const, slope: 0.8, offset: -0.4 };
    const graded = plain.map(({ report, labels }) => ({
      report: {
        ...report,
        settings: { calibration: map },
        frames: report.frames.map((frame) => ({
          ...frame,
          probability: frame.probability === null ? null : calibrated(frame.probability, map),
        })),
      },
      labels,
    }));
    const [a, b] = [plain, graded].map((reports) => calibrate(reports, TARGETS, DEFAULT_SETTINGS).thresholds.calibration);
    if (a?.kind !== "logit" || b?.kind !== "logit") throw new Error("both should be lines");
    expect(b.slope).toBeCloseTo(a.slope, 1);
    expect(b.offset).toBeCloseTo(a.offset, 1);
  });

  test("a step that no line follows is followed by knots, which rise and can be undone", () => {
    const { uniform } = randomOf(6);
    // Whatever is told between 0.1 and 0.9 is bad in 30 of 100 cases.
    const truth = (p: number): number => (p < 0.1 ? 0.01 : p > 0.9 ? 0.99 : 0.3);
    const predictions = Array.from({ length: 4000 }, (): Prediction => {
      const probability = sigmoid(10 * uniform() - 5);
      return { probability, contaminated: uniform() < truth(probability) };
    });
    const map = fitKnots(predictions, 8);
    if (map?.kind !== "knots") throw new Error("knots expected");
    for (const p of [0.2, 0.35, 0.5, 0.65, 0.8]) expect(calibrated(p, map)).toBeGreaterThan(0.2);
    for (const p of [0.2, 0.35, 0.5, 0.65, 0.8]) expect(calibrated(p, map)).toBeLessThan(0.4);
    expect(calibrated(0.02, map)).toBeLessThan(0.05);
    expect(calibrated(0.98, map)).toBeGreaterThan(0.9);
    const grid = Array.from({ length: 99 }, (_, i) => (i + 1) / 100);
    for (let i = 1; i < grid.length; i++) expect(calibrated(grid[i], map)).toBeGreaterThan(calibrated(grid[i - 1], map));
    for (const p of grid) expect(uncalibrated(calibrated(p, map), map)).toBeCloseTo(p, 2);
  });

  test("few labels change little: ten surprises among frames that behave as told", () => {
    const predictions = Array.from({ length: 40 }, (_, i): Prediction => ({ probability: i < 10 ? 0.6 : 0.1, contaminated: i < 2 }));
    const weak = calibrated(0.6, fitKnots(predictions, 1000));
    const strong = calibrated(0.6, fitKnots(predictions, 1));
    expect(weak).toBeCloseTo(0.6, 1);
    expect(strong).toBeLessThan(0.4);
  });
});

describe("the review band", () => {
  const even = (n: number): Prediction[] => Array.from({ length: n }, (_, i) => ({ probability: (i + 0.5) / n, contaminated: i * 2 >= n }));

  test("with labels that the probability parts perfectly the expected mistakes still ask for a band", () => {
    const { band, met } = chooseBand(even(1000), { goodLost: 0.02, badKept: 0.02 }, [0.35, 0.7]);
    expect(met).toBe(true);
    // Of uniform P the expected good share above t is (1 - t)^2: 2 % at t = 0.859; likewise below from.
    expect(band[1]).toBeCloseTo(0.86, 2);
    expect(band[0]).toBeCloseTo(0.14, 2);
  });

  test("where nobody is in doubt the usual band stays", () => {
    const sure = Array.from({ length: 200 }, (_, i): Prediction => ({ probability: i < 100 ? 0.001 : 0.999, contaminated: i >= 100 }));
    expect(chooseBand(sure, TARGETS, [0.35, 0.7])).toEqual({ band: [0.35, 0.7], met: true });
  });

  test("targets beyond reach are said to be", () => {
    const blind = Array.from({ length: 200 }, (_, i): Prediction => ({ probability: 0.97, contaminated: i % 2 === 0 }));
    const { band, met } = chooseBand(blind, TARGETS, [0.35, 0.7]);
    expect(met).toBe(false);
    expect(band[0]).toBeLessThanOrEqual(band[1]);
  });

  test("looser targets never need more eyes", () => {
    const { uniform } = randomOf(9);
    const predictions = Array.from({ length: 500 }, (): Prediction => {
      const probability = uniform() ** 2;
      return { probability, contaminated: uniform() < probability };
    });
    const reviewed = [0.005, 0.01, 0.02, 0.05, 0.1].map((target) => {
      const { band } = chooseBand(predictions, { goodLost: target, badKept: 4 * target }, [0.35, 0.7]);
      return predictions.filter(({ probability: p }) => p >= band[0] && p < band[1]).length;
    });
    expect(reviewed).toEqual([...reviewed].sort((a, b) => b - a));
  });
});

describe("what may teach", () => {
  test("fewer than 40 labels, or than 8 of either kind, are refused with the counts", () => {
    const report = (good: number, bad: number): LabelledReport => {
      const sketches = Array.from(
        { length: good + bad },
        (_, i): FrameSketch => ({ path: `${i}.fits`, verdict: "clean", probability: 0.2 }),
      );
      return { report: reportOf(sketches), labels: sketches.map(({ path }, i) => labelOf(path, i < good ? "clean" : "contaminated")) };
    };
    const tooFew = (detail: string): unknown =>
      expect.objectContaining({ code: "too-few-labels", detail: expect.stringContaining(detail) });
    expect(() => calibrate([report(30, 9)], TARGETS, DEFAULT_SETTINGS)).toThrow(tooFew("30 good and 9 bad"));
    expect(() => calibrate([report(60, 7)], TARGETS, DEFAULT_SETTINGS)).toThrow(tooFew("60 good and 7 bad"));
    expect(calibrate([report(32, 8)], TARGETS, DEFAULT_SETTINGS)).toMatchObject({ labels: 40, heldBack: "stretches" });
  });

  test("a frame in two reports counts once; borderline frames and those that a policy or a rule decided not at all", () => {
    const [night] = nightsOf(12, 1, 100, 1, 0);
    const frames = night.report.frames.map((frame, i) => ({
      ...frame,
      reasons: i === 0 ? [reasonOf("trail")] : i === 1 ? [{ ...reasonOf("focus"), rule: "mine" }] : [],
    }));
    const labels = night.labels.map((label, i) => (i === 2 ? { ...label, truth: "borderline" as const } : label));
    const report = { ...night.report, frames };
    const twice = calibrate(
      [
        { report, labels },
        { report, labels },
      ],
      TARGETS,
      DEFAULT_SETTINGS,
    );
    expect(twice).toMatchObject({ labels: 97, leftOut: 2, nights: 1 });
  });

  test("the order of the frames makes no difference", () => {
    const reports = nightsOf(13, 3, 80, 0.5, 0);
    const turned = reports.map(({ report, labels }) => ({ report: { ...report, frames: [...report.frames].reverse() }, labels }));
    const [a, b] = [reports, turned].map((given) => calibrate(given, TARGETS, DEFAULT_SETTINGS));
    expect(b.thresholds.review).toEqual(a.thresholds.review);
    expect(b.after.confusion).toEqual(a.after.confusion);
    expect(b.after.logLoss).toBeCloseTo(a.after.logLoss, 6);
  });
});
