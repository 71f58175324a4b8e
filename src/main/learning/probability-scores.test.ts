import { expect, test } from "vitest";
import { type Prediction, reliability, rocOf, scoreProbabilities, wilson } from "./probability-scores.ts";

const of = (...entries: [probability: number, contaminated: 0 | 1][]): Prediction[] =>
  entries.map(([probability, contaminated]) => ({ probability, contaminated: contaminated === 1 }));

test("Brier score and log loss of a worked example", () => {
  const scores = scoreProbabilities(of([0.1, 0], [0.8, 1], [0.6, 0], [0.3, 1]));
  // (0.01 + 0.04 + 0.36 + 0.49) / 4
  expect(scores?.brier).toBeCloseTo(0.225, 12);
  expect(scores?.logLoss).toBeCloseTo(-(Math.log(0.9) + Math.log(0.8) + Math.log(0.4) + Math.log(0.3)) / 4, 12);
});

test("ROC AUC is the share of pairs in the right order, ties count half", () => {
  // Good: 0.1, 0.4, 0.4; bad: 0.4, 0.9. Pairs: 0.4 beats 0.1, ties twice; 0.9 beats all three: (1 + 0.5 + 0.5 + 3) / 6.
  const { auc, roc } = rocOf(of([0.1, 0], [0.4, 0], [0.4, 0], [0.4, 1], [0.9, 1]));
  expect(auc).toBeCloseTo(5 / 6, 12);
  expect(roc).toEqual([
    [0, 0],
    [0, 0.5],
    [2 / 3, 1],
    [1, 1],
  ]);
  expect(rocOf(of([0.1, 0], [0.4, 0])).auc).toBeNull();
});

test("ECE of a worked example: 0.9 told where half are bad", () => {
  const told = of(
    ...Array.from({ length: 10 }, (_, i): [number, 0 | 1] => [0.9, i < 5 ? 1 : 0]),
    ...Array.from({ length: 10 }, (): [number, 0 | 1] => [0.1, 0]),
  );
  // Two bins of ten: |0.1 - 0| and |0.9 - 0.5|.
  expect(scoreProbabilities(told)?.ece).toBeCloseTo((0.1 + 0.4) / 2, 12);
});

test("bins have equal counts, never part equal probabilities, and do not depend on the order of the frames", () => {
  const spread = of(...Array.from({ length: 100 }, (_, i): [number, 0 | 1] => [i / 100, i % 2 === 0 ? 1 : 0]));
  expect(reliability(spread).map((bin) => bin.frames)).toEqual(Array.from({ length: 10 }, () => 10));
  const tied = of(
    ...Array.from({ length: 60 }, (_, i): [number, 0 | 1] => [0.001, i < 3 ? 1 : 0]),
    ...spread.slice(0, 40).map((p): [number, 0 | 1] => [p.probability + 0.2, 1]),
  );
  const bins = reliability(tied);
  expect(bins[0]).toMatchObject({ frames: 60, observed: 0.05 });
  expect(reliability([...tied].reverse())).toEqual(bins);
  expect(bins.reduce((sum, bin) => sum + bin.frames, 0)).toBe(100);
});

test("Wilson's interval as published", () => {
  // Newcombe 1998 (Statistics in Medicine 17, 857), table I: 81/263, 15/148, 0/20, 1/29 by method 3.
  const cases: [number, number, number, number][] = [
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ];
  for (const [hits, n, low, high] of cases) {
    expect(wilson(hits, n)[0]).toBeCloseTo(low, 4);
    expect(wilson(hits, n)[1]).toBeCloseTo(high, 4);
  }
});

test("a perfect judge and no frames at all", () => {
  expect(scoreProbabilities(of([0, 0], [1, 1]))).toMatchObject({ brier: 0, auc: 1, ece: 0 });
  expect(scoreProbabilities([])).toBeNull();
});
