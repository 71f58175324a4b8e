import { describe, expect, it } from "vitest";
import { Random } from "./random.ts";
import { planAeroplane, planSatellite, planTrain, trailRhythm } from "./trail-plan.ts";

const FRAME = { width: 1500, height: 1000, fwhm: 3, noise: 12 };
const angleOf = ({ from, to }: { from: number[]; to: number[] }) => Math.atan2(to[1] - from[1], to[0] - from[0]);

describe("trails", () => {
  const trails = Array.from({ length: 400 }, (_, i) => planSatellite(FRAME, 2, new Random(i)));

  it("come in every pattern, each with the brightness that truth states as its mean", () => {
    const aeroplanes = Array.from({ length: 40 }, (_, i) => planAeroplane(FRAME, 2, 30, new Random(i))).flat();
    const patterns = Map.groupBy([...trails, ...aeroplanes], (trail) => trail.pattern);
    expect([...patterns.keys()].sort()).toEqual(["dashed", "flare", "flashing", "steady", "tumbling"]);
    for (const [pattern, alike] of patterns) {
      // A single line may hold a dash more or less than its share; many together may not.
      const means = alike.map((trail) => {
        const length = Math.hypot(trail.to[0] - trail.from[0], trail.to[1] - trail.from[1]);
        const rhythm = trailRhythm(trail);
        let sum = 0;
        for (let i = 0; i < 2000; i++) sum += rhythm(((i + 0.5) / 2000) * length);
        return sum / 2000;
      });
      const mean = means.reduce((a, b) => a + b) / means.length;
      expect(Math.abs(mean - 1), pattern).toBeLessThan(pattern === "steady" || pattern === "flare" ? 0.01 : 0.25);
    }
  });

  it("begin and end inside the frame when they flare", () => {
    for (const { from, to } of trails.filter((trail) => trail.pattern === "flare")) {
      for (const [x, y] of [from, to]) {
        expect(Math.min(x, y, FRAME.width - 1 - x, FRAME.height - 1 - y)).toBeGreaterThan(0);
      }
    }
  });

  it("run side by side in a train", () => {
    const train = planTrain(FRAME, 2, 5, 40, new Random(9));
    expect(train.length).toBeGreaterThan(2);
    for (const line of train) expect(Math.abs(Math.sin(angleOf(line) - angleOf(train[0])))).toBeLessThan(1e-6);
    // Distance of a line from the first one's start, across.
    const [first, second] = train;
    const angle = angleOf(first);
    const apart = Math.abs((second.from[1] - first.from[1]) * Math.cos(angle) - (second.from[0] - first.from[0]) * Math.sin(angle));
    expect(apart).toBeCloseTo(40, 6);
  });
});
