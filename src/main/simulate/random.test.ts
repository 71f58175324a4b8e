import { describe, expect, it } from "vitest";
import { Random } from "./random.ts";

/** Mean, variance and third central moment of `count` draws. */
function moments(count: number, draw: () => number): { mean: number; variance: number; third: number } {
  const values = Float64Array.from({ length: count }, draw);
  const mean = values.reduce((sum, v) => sum + v, 0) / count;
  let variance = 0;
  let third = 0;
  for (const v of values) {
    variance += (v - mean) ** 2 / count;
    third += (v - mean) ** 3 / count;
  }
  return { mean, variance, third };
}

const COUNT = 400_000;

describe("Random", () => {
  it("draws normal deviates with the moments and tails of the normal distribution", () => {
    const random = new Random(5);
    const values = Float64Array.from({ length: COUNT }, () => random.normal());
    let i = 0;
    const { mean, variance, third } = moments(COUNT, () => values[i++]);
    expect(Math.abs(mean)).toBeLessThan(5 / Math.sqrt(COUNT));
    expect(Math.abs(variance - 1)).toBeLessThan(5 * Math.sqrt(2 / COUNT));
    expect(Math.abs(third)).toBeLessThan(5 * Math.sqrt(15 / COUNT));
    // P(|z| > 3.5) = 4.653e-4, beyond the ziggurat's base at 3.44.
    const beyond = values.filter((v) => Math.abs(v) > 3.5).length;
    expect(Math.abs(beyond - 4.653e-4 * COUNT)).toBeLessThan(5 * Math.sqrt(4.653e-4 * COUNT));
  });

  it.each([0.3, 4, 25, 29.9, 30.1, 80, 2000])("draws Poisson deviates of mean %d with that mean, variance and skewness", (mean) => {
    const random = new Random(`poisson ${mean}`);
    const seen = moments(COUNT, () => random.poisson(mean));
    expect(Math.abs(seen.mean - mean)).toBeLessThan(5 * Math.sqrt(mean / COUNT) + 0.001);
    // Var of the sample variance of a Poisson variable: mu/n + 2 mu^2/n. Rounding the normal to integers adds 1/12.
    expect(Math.abs(seen.variance - mean)).toBeLessThan(5 * Math.sqrt((mean + 2 * mean * mean) / COUNT) + (mean >= 30 ? 0.1 : 0));
    expect(Math.abs(seen.third - mean)).toBeLessThan(5 * Math.sqrt((15 * mean ** 3 + 130 * mean ** 2 + mean * 30) / COUNT) + 0.02 * mean);
  });

  it("gives the exact Poisson probabilities at low means", () => {
    const random = new Random(11);
    const counts = [0, 0, 0, 0];
    for (let i = 0; i < COUNT; i++) {
      const k = random.poisson(1.2);
      if (k < 4) counts[k]++;
    }
    counts.forEach((count, k) => {
      const p = (Math.exp(-1.2) * 1.2 ** k) / [1, 1, 2, 6][k];
      expect(Math.abs(count / COUNT - p)).toBeLessThan(5 * Math.sqrt((p * (1 - p)) / COUNT));
    });
  });

  it("repeats itself for a seed, and a fork does not depend on what its parent drew", () => {
    const first = new Random(9);
    const second = new Random(9);
    second.uniform();
    second.normal();
    const a = first.fork("stars");
    const b = second.fork("stars");
    const c = first.fork("clouds");
    const draws = (random: Random) => Array.from({ length: 20 }, () => random.uint32());
    const fromA = draws(a);
    expect(draws(b)).toEqual(fromA);
    expect(draws(c)).not.toEqual(fromA);
  });
});
