import { expect, test } from "vitest";
import { randomOf } from "../../../test/fixtures/measured-night.ts";
import { fitLogistic, type LogisticPoint, logit, sigmoid } from "./logistic.ts";

const WIDE = { slope: 0, slopeSigma: 1e3, offset: 0, offsetSigma: 1e3 };

test("two groups have a closed form: the offset is one's log-odds, the slope the difference", () => {
  const points: LogisticPoint[] = [
    ...Array.from({ length: 20 }, (_, i): LogisticPoint => ({ x: 0, y: i < 4 ? 1 : 0 })),
    ...Array.from({ length: 30 }, (_, i): LogisticPoint => ({ x: 1, y: i < 21 ? 1 : 0 })),
  ];
  const { slope, offset, covariance } = fitLogistic(points, WIDE);
  expect(offset).toBeCloseTo(logit(0.2), 4);
  expect(slope).toBeCloseTo(logit(0.7) - logit(0.2), 4);
  // Variance of a log-odds is 1/(n p (1 - p)).
  expect(covariance[2]).toBeCloseTo(1 / (20 * 0.2 * 0.8), 3);
  expect(covariance[0]).toBeCloseTo(1 / (20 * 0.2 * 0.8) + 1 / (30 * 0.7 * 0.3), 3);
});

test("recovers the curve that made the data, within its own error", () => {
  const { uniform } = randomOf(42);
  const points = Array.from({ length: 4000 }, (): LogisticPoint => {
    const x = 8 * uniform() - 4;
    return { x, y: uniform() < sigmoid(1.7 * x - 0.8) ? 1 : 0 };
  });
  const { slope, offset, covariance } = fitLogistic(points, WIDE);
  expect(Math.abs(slope - 1.7) / Math.sqrt(covariance[0])).toBeLessThan(3);
  expect(Math.abs(offset + 0.8) / Math.sqrt(covariance[2])).toBeLessThan(3);
  expect(Math.sqrt(covariance[0])).toBeLessThan(0.1);
});

test("separable data stay finite, and the turning point lies between them", () => {
  const points: LogisticPoint[] = [-2, -1.5, -1, 1, 1.2, 3].map((x) => ({ x, y: x > 0 ? 1 : 0 }));
  const { slope, offset } = fitLogistic(points, { slope: 0, slopeSigma: 30, offset: 0, offsetSigma: 30 });
  expect(slope).toBeGreaterThan(2);
  expect(Math.abs(-offset / slope)).toBeLessThan(1);
});

test("without data the belief stands", () => {
  expect(fitLogistic([], { slope: 1, slopeSigma: 0.5, offset: 0.3, offsetSigma: 1 })).toMatchObject({ slope: 1, offset: 0.3 });
});
