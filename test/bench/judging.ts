import { DEFAULT_SETTINGS, judgeNight, type NightFrame } from "../../src/main/verdict/index.ts";
import { type FrameTruth, measuredFrame, skyOf } from "../fixtures/measured-night.ts";

/** CPU seconds for a whole night of measured frames, the least of the repeats. */
export interface Judging {
  frames: number;
  /** Nothing known of the frames yet. */
  first: number;
  /** As after moving a threshold. */
  again: number;
  /** The same measurements written as JSON and read again: what this machine takes to touch every number of them. */
  json: number;
}

/** Seed used nowhere else in the project. */
const SEED = 90097;
const REPEATS = 3;

/**
 * A night of `count` frames with 500 stars each and a meridian flip, every eighth bad in one of several ways, measured without
 * pixels. What is timed runs in turn, so that a slow spell of the machine slows all of it.
 */
export function paceOfJudging(count: number): Judging {
  const sky = skyOf(SEED, 900);
  const night = Array.from({ length: count }, (_, i) =>
    measuredFrame(`light ${i}`, sky, SEED + i, { shift: [(i * 7) % 23, (i * 5) % 17], minutes: 2 * i, ...truthOf(i, count) }),
  );
  const least: Judging = { frames: count, first: Infinity, again: Infinity, json: Infinity };
  judgeNight(night.slice(0, 100), DEFAULT_SETTINGS);
  for (let repeat = 0; repeat < REPEATS; repeat++) {
    // As new measurements: nothing worked out for a frame serves its copy.
    const frames = structuredClone(night);
    least.first = Math.min(
      least.first,
      cpuOf(() => judgeNight(frames, DEFAULT_SETTINGS)),
    );
    for (const transparency of [0.85, 0.75]) {
      const moved = { ...DEFAULT_SETTINGS, limits: { ...DEFAULT_SETTINGS.limits, transparency } };
      least.again = Math.min(
        least.again,
        cpuOf(() => judgeNight(frames, moved)),
      );
    }
    least.json = Math.min(
      least.json,
      cpuOf(() => throughJson(frames)),
    );
  }
  return least;
}

const BAD: readonly FrameTruth[] = [
  { transparency: 0.6 },
  { fwhm: 4.6 },
  { cell: (column, row) => (column < 3 && row < 2 ? 0 : 1) },
  { level: 5000, noise: 40 },
  { cell: (column) => (column < 4 ? 0.5 : 1) },
];

function truthOf(index: number, count: number): FrameTruth {
  const bad = index % 8 === 5 ? BAD[(index >> 3) % BAD.length] : {};
  return { ...bad, rotation: index < count / 2 ? 0 : 180 };
}

function throughJson(frames: readonly NightFrame[]): unknown {
  const text = JSON.stringify(
    frames.map(({ measurement }) => measurement),
    (_, value: unknown) => (value instanceof Float32Array || value instanceof Uint8Array ? Array.from(value) : value),
  );
  return JSON.parse(text);
}

function cpuOf(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}
