import { describe, expect, it } from "vitest";
import { Random } from "../../src/main/simulate/random.ts";
import { matchStars, scoreDetections } from "./matching.ts";

describe("matchStars", () => {
  it("pairs nearest first and uses each star and each detection once", () => {
    const truth = { x: [10, 11.5, 50], y: [10, 10, 50] };
    const detected = { x: [11.4, 10.6, 90], y: [10, 10, 90] };
    const match = matchStars(detected, truth);
    expect([...match.detectionOf]).toEqual([1, 0, -1]);
    expect(match.unmatched).toEqual([2]);
  });

  it("finds the same pairs as comparing everything with everything", () => {
    const random = new Random(4);
    const points = (count: number) => ({
      x: Array.from({ length: count }, () => random.range(0, 120)),
      y: Array.from({ length: count }, () => random.range(0, 120)),
    });
    const truth = points(400);
    const detected = points(500);
    const pairs: [number, number, number][] = [];
    truth.x.forEach((x, s) => {
      detected.x.forEach((dx, d) => {
        const distance = Math.hypot(dx - x, detected.y[d] - truth.y[s]);
        if (distance <= 2) pairs.push([distance, s, d]);
      });
    });
    pairs.sort((a, b) => a[0] - b[0]);
    const expected = new Map<number, number>();
    const used = new Set<number>();
    for (const [, s, d] of pairs) {
      if (expected.has(s) || used.has(d)) continue;
      expected.set(s, d);
      used.add(d);
    }
    const match = matchStars(detected, truth);
    expect(expected.size).toBeGreaterThan(100);
    match.detectionOf.forEach((d, s) => {
      expect(d).toBe(expected.get(s) ?? -1);
    });
    expect(match.unmatched).toHaveLength(500 - expected.size);
  });
});

describe("scoreDetections", () => {
  const random = new Random(77);
  const truth = {
    x: Array.from({ length: 600 }, () => random.range(20, 980)),
    y: Array.from({ length: 600 }, () => random.range(20, 980)),
    snr: Array.from({ length: 600 }, (_, i) => [15, 30, 100][i % 3]),
    saturated: new Array(600).fill(0),
  };

  it("counts what is found per band, what is false, and how far off the centroids are", () => {
    // Every star above SNR 20, half of the others, 40 inventions far away; counted from 1 and 0.05 px unsure.
    const kept = truth.x.map((_, i) => i).filter((i) => truth.snr[i] > 20 || i % 2 === 0);
    const detected = {
      x: [...kept.map((i) => truth.x[i] + 1 + 0.05 * random.normal()), ...Array.from({ length: 40 }, (_, i) => 2000 + 9 * i)],
      y: [...kept.map((i) => truth.y[i] + 1 + 0.05 * random.normal()), ...Array.from({ length: 40 }, () => 3000)],
    };
    const score = scoreDetections(detected, { stars: truth, hot: { x: [2000, 2009], y: [3000, 3000] }, fwhm: 3 }, 1000, 1000);
    expect(score.completeness[0]).toBeCloseTo(0.5, 1);
    expect(score.completeness[1]).toBeGreaterThan(0.98);
    expect(score.completeness[2]).toBeGreaterThan(0.98);
    expect(score.falseDetections).toBeGreaterThanOrEqual(40);
    expect(score.falseDetections).toBeLessThan(46);
    expect(score.falseOnHotPixels).toBe(2);
    expect(score.centroid).toBeGreaterThan(0.04);
    expect(score.centroid).toBeLessThan(0.06);
    expect(score.origin?.[0]).toBeCloseTo(1, 1);
  });

  it("says nothing about stars where there are none", () => {
    const score = scoreDetections(
      { x: [5], y: [5] },
      { stars: { x: [], y: [], snr: [], saturated: [] }, hot: { x: [], y: [] }, fwhm: 3 },
      100,
      100,
    );
    expect(score).toMatchObject({ completeness: [null, null, null], completenessAbove10: null, falseDetections: 1, centroid: null });
  });
});
