import type { PreparedFrame } from "./prepared.ts";
import { alignPath } from "./trails-align.ts";
import { fitProfile } from "./trails-profile.ts";
import type { MeasuredLine, RefinedTrail } from "./trails-refined.ts";
import { mainOfRow, pathAt, type RowRange, type TrailPath } from "./trails-strip.ts";

/** A faint trail's path laid anew over the whole lit range and a tenth more at either end: its first range was the grid's. */
export function realigned(frame: PreparedFrame, trail: RefinedTrail): { path: TrailPath; shift: number } {
  const { path, strip, stretches, profile } = trail;
  const from = mainOfRow(strip, stretches[0][0]);
  const to = mainOfRow(strip, stretches[stretches.length - 1][1]);
  const more = Math.min(0.1 * (to - from), 200);
  const begin = Math.max(strip.first, Math.round(from - more));
  const end = Math.max(begin + 1, Math.min(mainOfRow(strip, strip.rows) - 1, Math.round(to + more)));
  const straight = { ...path, begin, end, q0: pathAt(path, begin) + profile.centre, q1: pathAt(path, end) + profile.centre, bow: 0 };
  const aligned = alignPath(frame, straight, 5);
  return { path: aligned.path, shift: 1 };
}

/** Corrects the path by where the profile's centre lies in the first and the last part of the lit range. */
export function straighten(trail: MeasuredLine): { path: TrailPath; shift: number } {
  const { path, strip, stretches, profile } = trail;
  const from = stretches[0][0];
  const to = stretches[stretches.length - 1][1];
  const begin = mainOfRow(strip, from);
  const end = Math.max(begin + 1, mainOfRow(strip, to) - 1);
  const oneThird = Math.round(from + (to - from) / 3);
  const twoThirds = Math.round(to - (to - from) / 3);
  const centreOf = (a: number, b: number) => {
    const lit = stretches.map(([low, high]): RowRange => [Math.max(a, low), Math.min(b, high)]);
    const part = fitProfile(
      strip,
      lit.filter(([low, high]) => high > low),
      profile.fwhm,
    );
    const plausible = part.amplitude > 0.3 * profile.amplitude && Math.abs(part.centre - profile.centre) < Math.max(3, 1.5 * profile.fwhm);
    return plausible ? part.centre : profile.centre;
  };
  const weak = (to - from) * strip.group < 90;
  const a = weak ? profile.centre : centreOf(from, oneThird);
  const b = weak ? profile.centre : centreOf(twoThirds, to);
  const m = weak ? profile.centre : centreOf(oneThird, twoThirds);
  // The thirds' centres stand for 1/6, 1/2 and 5/6 of the range.
  const slope = ((b - a) * 3) / 2;
  const sag = m - (a + b) / 2;
  const at = (main: number) => pathAt(path, main);
  const mid = (at(begin) + at(end)) / 2;
  const bow = at((begin + end) / 2) - mid + (sag * 9) / 8;
  const offset = (a + b) / 2 - sag / 8;
  const shift = Math.max(Math.abs(offset - slope / 2), Math.abs(offset + slope / 2), Math.abs(sag));
  return {
    path: { ...path, begin, end, q0: at(begin) + offset - slope / 2, q1: at(end) + offset + slope / 2, bow },
    shift,
  };
}
