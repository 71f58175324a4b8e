import type { Prediction } from "./probability-scores.ts";

export type ReviewBand = [from: number, to: number];

/** Largest shares that may go wrong without anyone looking. */
export interface BandTargets {
  /** Of the good frames: called contaminated. */
  goodLost: number;
  /** Of the bad frames: kept as clean. */
  badKept: number;
}

export interface BandChoice {
  band: ReviewBand;
  /** Whether the labels meet both targets with it. */
  met: boolean;
}

/** A trail that the policy calls contaminated has 0.9 (verdict/judge.ts): `to` must not rise above it. */
const FROM = { least: 0.05, most: 0.6 };
const TO = { least: 0.3, most: 0.9 };
const STEP = 0.01;

/**
 * The band with the fewest frames to review that meets the targets; of equal ones the nearest to `usual`. A share counts as
 * met when the labels say so and the probabilities expect it too: with few labels none of the good frames above a threshold
 * proves little. Where nothing meets them, the band that misses by least.
 */
export function chooseBand(predictions: readonly Prediction[], targets: BandTargets, usual: ReviewBand): BandChoice {
  const curve = new Shares(predictions);
  let best: { band: ReviewBand; excess: number; review: number; distance: number } | null = null;
  for (const from of grid(FROM)) {
    for (const to of grid(TO)) {
      if (to < from) continue;
      const excess = Math.max(0, curve.goodAbove(to) - targets.goodLost) + Math.max(0, curve.badBelow(from) - targets.badKept);
      const review = curve.between(from, to);
      const distance = Math.hypot(from - usual[0], to - usual[1]);
      const better = !best || less([excess, review, distance], [best.excess, best.review, best.distance]);
      if (better) best = { band: [from, to], excess, review, distance };
    }
  }
  return best ? { band: best.band, met: best.excess === 0 } : { band: usual, met: false };
}

function less(a: readonly number[], b: readonly number[]): boolean {
  for (let i = 0; i < a.length; i++) if (Math.abs(a[i] - b[i]) > 1e-9) return a[i] < b[i];
  return false;
}

function grid({ least, most }: { least: number; most: number }): number[] {
  return Array.from({ length: Math.round((most - least) / STEP) + 1 }, (_, i) => Number((least + i * STEP).toFixed(2)));
}

/** Cumulative shares over the sorted probabilities, by label and as the probabilities themselves expect. */
class Shares {
  readonly #sorted: readonly Prediction[];
  /** Sums over the first i predictions: good, bad, expected good, expected bad. */
  readonly #sums: [number, number, number, number][] = [[0, 0, 0, 0]];

  constructor(predictions: readonly Prediction[]) {
    this.#sorted = [...predictions].sort((a, b) => a.probability - b.probability);
    let sums: [number, number, number, number] = [0, 0, 0, 0];
    for (const { probability: p, contaminated } of this.#sorted) {
      sums = [sums[0] + (contaminated ? 0 : 1), sums[1] + (contaminated ? 1 : 0), sums[2] + 1 - p, sums[3] + p];
      this.#sums.push(sums);
    }
  }

  /** Share of the good at or above a threshold: the larger of counted and expected. */
  goodAbove(threshold: number): number {
    const all = this.#total();
    const below = this.#sums[this.#countBelow(threshold)];
    return Math.max(share(all[0] - below[0], all[0]), share(all[2] - below[2], all[2]));
  }

  badBelow(threshold: number): number {
    const all = this.#total();
    const below = this.#sums[this.#countBelow(threshold)];
    return Math.max(share(below[1], all[1]), share(below[3], all[3]));
  }

  between(from: number, to: number): number {
    return share(this.#countBelow(to) - this.#countBelow(from), this.#sorted.length);
  }

  #total(): [number, number, number, number] {
    return this.#sums[this.#sums.length - 1];
  }

  #countBelow(threshold: number): number {
    let [low, high] = [0, this.#sorted.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#sorted[middle].probability < threshold) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function share(part: number, whole: number): number {
  return whole > 0 ? part / whole : 0;
}
