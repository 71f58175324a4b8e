import { expect, test } from "vitest";
import { type StackClass, type StackFrame, stackWorth } from "./worth.ts";

const frame = (over: Partial<StackFrame> = {}): StackFrame => ({
  verdict: "clean",
  transparency: 1,
  noise: 10,
  fwhm: 3,
  seconds: 300,
  ...over,
});

const many = (count: number, over: Partial<StackFrame> = {}): StackFrame[] => Array.from({ length: count }, () => frame(over));

const worthOf = (frames: readonly StackFrame[]) => {
  const worth = stackWorth(frames);
  if (!worth) throw new Error("no worth");
  return worth;
};

test("equal frames: SNR grows with the square root of their number, for both ways of stacking", () => {
  const { points, clean, review, contaminated } = worthOf(many(25));
  for (const { frames, average, weighted } of points) {
    expect(average.stars).toBeCloseTo(Math.sqrt(frames / 25), 9);
    expect(weighted.stars).toBeCloseTo(Math.sqrt(frames / 25), 9);
    expect(average.surface).toBeCloseTo(Math.sqrt(frames / 25), 9);
  }
  expect(clean?.seconds).toBe(7500);
  expect(clean?.fwhmAverage).toBeCloseTo(3, 5);
  expect([review, contaminated]).toEqual([null, null]);
});

test("a plain average loses by a frame of less than half the others' weight, and gains by one of more", () => {
  // One noisier frame among N equal ones: (N+1)^2 / (N + 1/w) > N needs 1/w < 2 + 1/N.
  const count = 30;
  const threshold = 1 / (2 + 1 / count);
  for (const [weight, gains] of [
    [threshold * 1.02, true],
    [threshold * 0.98, false],
  ] as const) {
    const { contaminated } = worthOf([...many(count), frame({ verdict: "contaminated", noise: 10 / Math.sqrt(weight) })]);
    expect((contaminated?.average.stars ?? 0) > 1).toBe(gains);
    expect(contaminated?.average.stars).toBeCloseTo((count + 1) / Math.sqrt(count + 1 / weight) / Math.sqrt(count), 9);
    // Weighted, the same frame adds what it is worth.
    expect(contaminated?.weighted.stars).toBeCloseTo(Math.sqrt((count + weight) / count), 9);
  }
});

test("with one star width the weighted stack reaches the sum of the weights, whatever light and noise are", () => {
  const frames = [frame(), frame({ transparency: 0.5 }), frame({ noise: 25 }), frame({ transparency: 0.8, noise: 14 })];
  const sum = frames.reduce((total, { transparency, noise }) => total + (transparency / noise) ** 2, 0);
  const signal = frames.reduce((total, { transparency }) => total + transparency, 0);
  const variance = frames.reduce((total, { noise }) => total + noise * noise, 0);
  const { clean } = worthOf(frames);
  expect(clean?.weighted.stars).toBeCloseTo(Math.sqrt(sum) / (signal / Math.sqrt(variance)), 9);
});

test("no weights do better than the sum of the frames' own SNR^2, and the weighted stack comes near it", () => {
  const frames = Array.from({ length: 40 }, (_, i) =>
    frame({ transparency: 0.4 + (0.6 * ((i * 7) % 11)) / 10, noise: 10 + (i % 5), fwhm: 2.5 + ((i * 3) % 8) / 4 }),
  );
  const { clean } = worthOf(frames);
  const one = worthOf([frames[0]]);
  const own = ({ transparency, noise, fwhm }: StackFrame): number => (transparency / (noise * fwhm)) ** 2;
  // SNR in the unit of the first frame, by a stack that holds it alone.
  const average = numericSnr(frames, () => 1) / numericSnr([frames[0]], () => 1);
  const bound = Math.sqrt(frames.reduce((total, each) => total + own(each), 0) / own(frames[0]));
  const weighted = (clean?.weighted.stars ?? 0) * average;
  expect(one.points[0].average.stars).toBe(1);
  expect(weighted).toBeLessThan(bound);
  expect(weighted).toBeGreaterThan(0.95 * bound);
  expect(weighted).toBeGreaterThan(average);
});

/** Matched-filter SNR by integrating the squared stacked image over radius. */
function numericSnr(frames: readonly StackFrame[], factor: (frame: StackFrame) => number): number {
  const step = 0.01;
  let integral = 0;
  for (let r = step / 2; r < 30; r += step) {
    const height = frames.reduce((sum, each) => {
      const s2 = (each.fwhm / 2.354820045) ** 2;
      return sum + (factor(each) * each.transparency * Math.exp((-r * r) / (2 * s2))) / (2 * Math.PI * s2);
    }, 0);
    integral += height * height * 2 * Math.PI * r * step;
  }
  return Math.sqrt(integral / frames.reduce((sum, each) => sum + (factor(each) * each.noise) ** 2, 0));
}

test("stars of different widths: SNR is that of a matched filter on the stacked image", () => {
  const sharp = many(10);
  const soft = many(6, { verdict: "review", fwhm: 5.1, transparency: 0.9, noise: 11 });
  const { review } = worthOf([...sharp, ...soft]);
  const all = [...sharp, ...soft];
  expect(review?.average.stars).toBeCloseTo(numericSnr(all, () => 1) / numericSnr(sharp, () => 1), 4);
  const factor = ({ transparency, noise, fwhm }: StackFrame): number => (transparency / (noise * fwhm)) ** 2 / transparency;
  expect(review?.weighted.stars).toBeCloseTo(numericSnr(all, factor) / numericSnr(sharp, () => 1), 4);
});

test("soft frames widen the stars of the average, and less those of the weighted stack", () => {
  const { clean, contaminated } = worthOf([...many(10), ...many(10, { verdict: "contaminated", fwhm: 6 })]);
  expect(clean?.fwhmAverage).toBeCloseTo(3, 5);
  // By the definition: half the height of the centre.
  const r = (contaminated?.fwhmAverage ?? 0) / 2;
  const height = (x: number): number => Math.exp((-4 * Math.LN2 * x * x) / 9) / 9 + Math.exp((-4 * Math.LN2 * x * x) / 36) / 36;
  expect(height(r) / height(0)).toBeCloseTo(0.5, 5);
  expect(contaminated?.fwhmWeighted).toBeGreaterThan(3);
  expect(contaminated?.fwhmWeighted).toBeLessThan(contaminated?.fwhmAverage ?? 0);
  // A nebula does not mind.
  expect(contaminated?.average.surface).toBeCloseTo(Math.SQRT2, 9);
});

test("frames are added clean first, then to review, then contaminated, each best first, in any order given", () => {
  const frames: StackFrame[] = (["contaminated", "review", "clean"] as StackClass[]).flatMap((verdict) =>
    [12, 10, 11].map((noise) => frame({ verdict, noise, seconds: noise })),
  );
  const { points } = worthOf(frames);
  expect(points.map((point) => point.verdict)).toEqual([
    "clean",
    "clean",
    "clean",
    "review",
    "review",
    "review",
    "contaminated",
    "contaminated",
    "contaminated",
  ]);
  expect(points.map((point) => point.seconds)).toEqual([10, 21, 33, 43, 54, 66, 76, 87, 99]);
  expect(worthOf([...frames].reverse()).points).toEqual(points);
});

test("the best point is where the curve is highest", () => {
  const { bestAverage, bestWeighted, points } = worthOf([...many(9), ...many(5, { verdict: "contaminated", noise: 40 })]);
  expect(bestAverage).toBe(8);
  expect(bestWeighted).toBe(13);
  expect(points[13].average.stars).toBeLessThan(1);
});

test("without a clean frame SNR is relative to all of them; without an exposure time there is none", () => {
  const { points, clean } = worthOf([frame({ verdict: "review", seconds: null }), frame({ verdict: "contaminated" })]);
  expect(clean).toBeNull();
  expect(points[1].average.stars).toBe(1);
  expect(points.map((point) => point.seconds)).toEqual([null, null]);
  expect(stackWorth([])).toBeNull();
});

test("the unit of the noise does not matter", () => {
  const frames = [frame(), frame({ noise: 13, fwhm: 3.4 }), frame({ verdict: "review", transparency: 0.6 })];
  const scaled = frames.map((each) => ({ ...each, noise: each.noise * 1e-9 }));
  const [a, b] = [worthOf(frames), worthOf(scaled)];
  for (let i = 0; i < 3; i++) {
    expect(b.points[i].average.stars).toBeCloseTo(a.points[i].average.stars, 9);
    expect(b.points[i].weighted.stars).toBeCloseTo(a.points[i].weighted.stars, 9);
  }
});
