import { expect, test } from "vitest";
import { type FrameTruth, measuredFrame, skyOf } from "../../../test/fixtures/measured-night.ts";
import { judgeNight } from "./judge.ts";
import { DEFAULT_SETTINGS } from "./settings.ts";

/** Simpson's rule over the normal density: nothing of the code under test. */
function phi(x: number): number {
  if (x < -8) return 0;
  if (x > 8) return 1;
  const n = 2000;
  const h = (x + 8) / n;
  let sum = 0;
  for (let i = 0; i <= n; i++) sum += Math.exp(-0.5 * (-8 + i * h) ** 2) * (i === 0 || i === n ? 1 : i % 2 === 1 ? 4 : 2);
  return (sum * h) / 3 / Math.sqrt(2 * Math.PI);
}

test("a stranger can redo every verdict from the numbers that come with it, as docs/judgement.md says", () => {
  const sky = skyOf(3, 700);
  const bad: FrameTruth[] = [
    { transparency: 0.78 },
    { fwhm: 4.1 },
    { eccentricity: 0.62, coherence: 0.8 },
    { cell: (c, r) => (c < 3 && r < 2 ? 0 : 1) },
    { level: 2200, noise: 17 },
    { skyCell: (c, r) => (c > 5 && r > 3 ? 1.9 : 1) },
    { shift: [0, 620] },
  ];
  const frames = [...Array.from({ length: 14 }, (): FrameTruth => ({})), ...bad].map((truth, i) =>
    measuredFrame(`f${i}`, sky, 40 + i, { minutes: 3 * i, ...truth }),
  );
  const judged = judgeNight(frames, DEFAULT_SETTINGS);
  let tested = 0;
  for (const { verdict, evidence } of judged.frames.values()) {
    const strongest = new Map<string, number>();
    for (const { code, value, limit, scale, beyond, error, factor, chance } of evidence) {
      if (scale !== null && value !== null && limit !== null && error !== null) {
        const distance = scale === "ratio" ? Math.log(value / limit) : value - limit;
        expect(factor * phi((beyond === "above" ? distance : -distance) / error)).toBeCloseTo(chance, 4);
        tested++;
      }
      strongest.set(code, Math.max(strongest.get(code) ?? 0, chance < 0.02 ? 0 : chance));
    }
    const probability = 1 - [...strongest.values()].reduce((clean, p) => clean * (1 - p), 1);
    expect(verdict.probability).toBeCloseTo(Math.min(0.999, Math.max(0.001, probability)), 6);
    expect(verdict.kind).toBe(probability >= 0.7 ? "contaminated" : probability >= 0.35 ? "review" : "clean");
  }
  expect(tested).toBeGreaterThan(5 * frames.length);
});
