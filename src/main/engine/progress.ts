/**
 * How far a batch is, how fast it goes and when it will be done. Values in, values out: the clock is the caller's.
 * Frames that come from the cache take no time to speak of, so they count as done but not for the pace.
 */
export interface Progress {
  /** Null while it is not known yet. */
  readonly total: number | null;
  readonly done: number;
  readonly fromCache: number;
  /** When it began, ms. */
  readonly started: number;
  /** When each of the last measured frames was finished, ms; oldest first. */
  readonly recent: readonly number[];
}

/** Enough for a steady figure, few enough to follow a change of pace (a card reader slowing down, the laptop unplugged). */
const REMEMBERED = 64;
/** Frames older than this say nothing about the pace of now, ms. */
const HORIZON = 30_000;

export function beginProgress(total: number | null, now: number): Progress {
  return { total, done: 0, fromCache: 0, started: now, recent: [] };
}

export function frameDone(progress: Progress, now: number, fromCache: boolean): Progress {
  if (fromCache) return { ...progress, done: progress.done + 1, fromCache: progress.fromCache + 1 };
  return { ...progress, done: progress.done + 1, recent: [...progress.recent.slice(1 - REMEMBERED), now] };
}

/**
 * Measured frames per second over the recent past; null before the second one. The time since the last frame counts
 * once it is longer than the usual gap, so that the figure sinks when nothing comes any more.
 */
export function rate(progress: Progress, now: number): number | null {
  const fresh = progress.recent.filter((time) => now - time <= HORIZON);
  const first = fresh[0];
  const last = fresh.at(-1);
  if (first === undefined || last === undefined || fresh.length < 2) return null;
  const gaps = fresh.length - 1;
  const usual = (last - first) / gaps;
  const waited = Math.max(0, now - last - usual);
  const span = last - first + waited;
  return span > 0 ? (gaps * 1000) / span : null;
}

/** Seconds until the last frame is done at the present pace; null while that cannot be told. */
export function secondsLeft(progress: Progress, now: number): number | null {
  if (progress.total === null) return null;
  const left = progress.total - progress.done;
  if (left <= 0) return 0;
  const pace = rate(progress, now);
  return pace === null ? null : left / pace;
}
