import type { Goal } from "./goals.ts";

/** What a user feels of the window, measured on Chromium with the built app. */
export interface WindowPace {
  /** Seconds from the drop of a night of full-sized frames to the first verdict on screen. */
  firstVerdict: number;
  /** ms from each key to the next frame's own picture, decoded, on screen. */
  nextFrame: number[];
  /** ms between frames drawn while a list of 10 000 rows is scrolled. */
  scroll: number[];
  rows: number;
  /** Bytes of JavaScript objects in the window after a collection, with a night of 2000 frames open. */
  heap: number;
}

/** The value below which this share of them lie; 0 < share <= 1. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

export function windowGoals(pace: WindowPace | null): Goal[] {
  const goal = (name: string, say: (pace: WindowPace) => string, met: (pace: WindowPace) => boolean): Goal => ({
    name,
    measured: pace === null ? null : say(pace),
    met: pace === null ? null : met(pace),
  });
  return [
    goal(
      "first verdict on screen within 1 s of the drop",
      ({ firstVerdict }) => `${firstVerdict.toFixed(2)} s`,
      ({ firstVerdict }) => firstVerdict < 1,
    ),
    goal(
      "next frame in review within 50 ms of the key (95 of 100)",
      ({ nextFrame }) =>
        `${quantile(nextFrame, 0.95).toFixed(0)} ms, half of them ${quantile(nextFrame, 0.5).toFixed(0)} ms, ${nextFrame.length} frames`,
      ({ nextFrame }) => nextFrame.length >= 200 && quantile(nextFrame, 0.95) < 50,
    ),
    goal(
      "10 000 rows scroll with 20 ms a frame or less (95 of 100)",
      ({ scroll, rows }) => `${quantile(scroll, 0.95).toFixed(1)} ms over ${scroll.length} frames, ${rows} rows`,
      ({ scroll, rows }) => rows >= 10_000 && scroll.length >= 100 && quantile(scroll, 0.95) < 20,
    ),
    goal(
      "the window takes at most 250 MB for a night of 2000 frames",
      ({ heap }) => `${(heap / 1e6).toFixed(0)} MB of JavaScript objects`,
      ({ heap }) => heap < 250e6,
    ),
  ];
}
