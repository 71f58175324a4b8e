import { describe, expect, it } from "vitest";
import { Random } from "../../src/main/simulate/random.ts";
import type { ReportFrame } from "../../src/shared/domain.ts";
import type { ExamFrame } from "./graded.ts";
import { fitLogistic } from "./logistic.ts";
import { brierScore, calibrationError, causeScores, isRight } from "./rightness.ts";
import { angleBetween, besideWithin, endError, isSameLine } from "./trail-match.ts";

const reason = (code: ReportFrame["reasons"][number]["code"], severity: "hard" | "soft" = "hard"): ReportFrame["reasons"][number] => ({
  code,
  severity,
  metric: "x",
  value: 1,
  unit: "",
  baseline: null,
  z: null,
  limit: null,
  where: null,
});

function frame(
  label: ExamFrame["label"],
  verdict: ReportFrame["verdict"],
  reasons: ReportFrame["reasons"] = [],
  causes: string[] = [],
): ExamFrame {
  return { label, causes, truth: { cause: causes[0] ?? "" }, frame: { verdict, reasons } } as unknown as ExamFrame;
}

describe("right", () => {
  it("is the truth's own verdict, and of a borderline frame anything but silence", () => {
    expect(isRight(frame("clean", "clean"))).toBe(true);
    expect(isRight(frame("clean", "review"))).toBe(false);
    expect(isRight(frame("clean", "contaminated"))).toBe(false);
    expect(isRight(frame("contaminated", "contaminated"))).toBe(true);
    expect(isRight(frame("contaminated", "review"))).toBe(false);
    expect(isRight(frame("borderline", "contaminated"))).toBe(true);
    expect(isRight(frame("borderline", "review"))).toBe(true);
    expect(isRight(frame("borderline", "clean", [reason("veil", "soft")]))).toBe(true);
    expect(isRight(frame("borderline", "clean"))).toBe(false);
  });
});

describe("calibration", () => {
  it("scores by hand-worked examples", () => {
    const forecasts = [
      { probability: 0.1, bad: false },
      { probability: 0.3, bad: true },
      { probability: 0.8, bad: true },
      { probability: 0.9, bad: true },
    ];
    expect(brierScore(forecasts)).toBeCloseTo((0.01 + 0.49 + 0.04 + 0.01) / 4, 12);
    // Two bins of two: |0.2 - 0.5| and |0.85 - 1|, each half of the weight.
    expect(calibrationError(forecasts, 2)).toBeCloseTo(0.5 * 0.3 + 0.5 * 0.15, 12);
  });

  it("finds no error in forecasts that come true as often as they say", () => {
    const random = new Random(4);
    const forecasts = Array.from({ length: 20_000 }, () => {
      const probability = random.uniform();
      return { probability, bad: random.chance(probability) };
    });
    expect(calibrationError(forecasts, 10)).toBeLessThan(0.02);
    const boastful = forecasts.map(({ probability, bad }) => ({ probability: probability < 0.5 ? 0 : 1, bad }));
    expect(calibrationError(boastful, 10)).toBeCloseTo(0.25, 1);
  });
});

describe("causes", () => {
  it("are recalled where they are the greatest harm and precise where truth has them at all", () => {
    const scores = causeScores([
      frame("contaminated", "contaminated", [reason("clouds")], ["clouds", "focus"]),
      frame("contaminated", "contaminated", [reason("focus")], ["clouds", "focus"]),
      frame("contaminated", "contaminated", [reason("veil")], ["clouds"]),
      frame("clean", "contaminated", [reason("clouds")]),
      frame("contaminated", "clean", [reason("clouds", "soft")], ["clouds"]),
    ]);
    expect(scores.find((score) => score.cause === "clouds")).toMatchObject({ frames: 4, named: 2, said: 2, true: 1 });
    expect(scores.find((score) => score.cause === "focus")).toMatchObject({ frames: 0, said: 1, true: 1 });
    expect(scores.find((score) => score.cause === "veil")).toMatchObject({ said: 1, true: 0 });
  });
});

describe("the logistic fit", () => {
  it("finds the curve that drew the points", () => {
    const random = new Random(11);
    const points = Array.from({ length: 4000 }, () => {
      const x = random.range(-3, 5);
      return { x, seen: random.chance(1 / (1 + Math.exp(-(2 * (x - 1.3))))) };
    });
    const fit = fitLogistic(points);
    expect(fit?.half).toBeCloseTo(1.3, 1);
    expect(Math.abs((fit?.slope ?? 0) - 2)).toBeLessThan(0.2);
  });

  it("stays finite where seen and unseen do not overlap, and does without where all are alike", () => {
    const sharp = [1, 2, 3, 4, 5, 6].map((x) => ({ x, seen: x > 3 }));
    expect(fitLogistic(sharp)?.half).toBeCloseTo(3.5, 1);
    expect(fitLogistic(sharp.map(({ x }) => ({ x, seen: true })))).toBeNull();
    expect(fitLogistic(sharp.map(({ seen }) => ({ x: 1, seen })))).toBeNull();
  });
});

describe("a trail", () => {
  const truth = { from: [0, 0], to: [300, 400] } as const;
  it("is the same line whichever end comes first, and with what length it has", () => {
    expect(angleBetween({ from: [0, 0], to: [10, 0] }, { from: [10, 0.5], to: [0, 0] })).toBeCloseTo(2.862, 2);
    expect(isSameLine({ from: [297, 403], to: [3, -3] }, truth, 8, 0.5)).toBe(true);
    expect(isSameLine({ from: [0, 0], to: [100, 133] }, truth, 8, 0.5)).toBe(false);
    expect(isSameLine({ from: [30, 0], to: [330, 400] }, truth, 8, 0.5)).toBe(false);
    expect(isSameLine({ from: [0, 0], to: [400, 300] }, truth, 8, 0.5)).toBe(false);
  });

  it("may be one of several side by side", () => {
    const line = { from: [0, 0], to: [100, 0] } as const;
    const beside = { from: [5, 12], to: [100, 12] } as const;
    const crossing = { from: [0, 0], to: [100, 50] } as const;
    expect(besideWithin(line, [line, beside, crossing], 20)).toBeCloseTo(12, 9);
    expect(besideWithin(line, [line, beside, crossing], 10)).toBe(0);
  });

  it("has the error of its worse end", () => {
    expect(endError({ from: [303, 404], to: [0, 1] }, truth)).toBeCloseTo(5, 9);
    expect(endError({ from: [0, 0], to: [240, 320] }, truth)).toBeCloseTo(100, 9);
  });
});
