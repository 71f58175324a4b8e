/**
 * Where frames stand from left to right: by the start of their exposure, so that pauses are seen. A pause that would take
 * most of the width (a day between two nights) is cut short, and marked as cut.
 */
export interface NightAxis {
  /** Place of each frame, ascending, in minutes of a night with its long pauses cut. */
  at: number[];
  /** Places where time is cut out. */
  cuts: number[];
  /** Stretches without a cut: places and the times (ms since 1970) that they show; none for frames without a time. */
  pieces: { from: number; to: number; time: number }[];
  span: [from: number, to: number];
}

const MINUTE = 60_000;
/** Pauses up to this many minutes are always shown as they are. */
const SHORT_PAUSE = 30;
/** A cut pause is shown this share of the time that frames were taken in. */
const CUT_SHARE = 0.12;

/** `times`: starts of exposures, ascending, those that are not known (null) last. */
export function nightAxis(times: readonly (number | null)[]): NightAxis {
  const known = times.filter((time) => time !== null);
  const gaps = known.slice(1).map((time, index) => (time - (known[index] ?? time)) / MINUTE);
  const busy = gaps.filter((gap) => gap <= SHORT_PAUSE).reduce((sum, gap) => sum + gap, 0);
  const step = usualStep(gaps);
  const shown = Math.max(CUT_SHARE * busy, 3 * step);
  const axis: NightAxis = { at: [], cuts: [], pieces: [], span: [0, 0] };
  let place = 0;
  for (const [index, time] of known.entries()) {
    const gap = index === 0 ? 0 : (gaps[index - 1] ?? 0);
    const cut = gap > Math.max(SHORT_PAUSE, shown);
    if (cut) axis.cuts.push(place + shown / 2);
    if (index === 0 || cut) axis.pieces.push({ from: place + (cut ? shown : 0), to: 0, time });
    place += cut ? shown : gap;
    const piece = axis.pieces.at(-1);
    if (piece !== undefined) piece.to = place;
    axis.at.push(place);
  }
  for (let index = known.length; index < times.length; index += 1) {
    if (index === known.length && index > 0) axis.cuts.push(place + 1.5 * step);
    place += index === 0 ? 0 : index === known.length ? 3 * step : step;
    axis.at.push(place);
  }
  axis.span = [0, place];
  return axis;
}

/** Minutes between one frame and the next, as most are; 1 where there is nothing to tell it from. */
function usualStep(gaps: readonly number[]): number {
  const sorted = gaps.filter((gap) => gap > 0).toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 1;
}

export interface Tick {
  at: number;
  label: string;
}

/** Minutes between ticks that people count time in. */
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440];

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** Times of day (UTC, as headers have them) along the axis, no more than fit; a new date is told where it begins. */
export function timeTicks(axis: NightAxis, most: number): Tick[] {
  const length = axis.span[1] - axis.span[0];
  const step = STEPS.find((minutes) => length / minutes <= most) ?? 1440;
  const apart = length / Math.max(1, most);
  const ticks: Tick[] = [];
  let date = "";
  for (const { from, to, time } of axis.pieces) {
    const first = Math.ceil(time / MINUTE / step) * step;
    for (let minute = first; ; minute += step) {
      const at = from + minute - time / MINUTE;
      if (at > to) break;
      const last = ticks.at(-1);
      if (last !== undefined && at - last.at < apart * 0.7) continue;
      const told = new Date(minute * MINUTE);
      const day = axis.pieces.length > 1 ? `${told.getUTCDate()} ${MONTHS[told.getUTCMonth()]}` : "";
      ticks.push({ at, label: `${day !== date ? `${day} ` : ""}${told.toISOString().slice(11, 16)}` });
      date = day;
    }
  }
  return ticks;
}
