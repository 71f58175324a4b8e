import type { ReportFrame } from "../../shared/domain.ts";

const HOUR = 3_600_000;
/** Between the last frame of one night and the first of the next at least this passes, but in a polar winter. */
const DAYTIME = 8 * HOUR;

const UNDATED = "without a time";

/**
 * Which night each frame belongs to, by the pauses between exposures, so that no clock zone has to be known. Named by the
 * date (UTC) twelve hours before its first frame: the evening's date for Europe and Africa.
 */
export function nightsOf(frames: readonly ReportFrame[]): Map<ReportFrame, string> {
  const nights = new Map<ReportFrame, string>();
  const timed = frames.filter((frame) => typeof frame.metadata?.time === "number").sort((a, b) => timeOf(a) - timeOf(b));
  const names = new Map<string, number>();
  let name = UNDATED;
  timed.forEach((frame, index) => {
    if (index === 0 || timeOf(frame) - timeOf(timed[index - 1]) > DAYTIME) {
      const date = dateOf(timeOf(frame) - 12 * HOUR);
      const count = (names.get(date) ?? 0) + 1;
      names.set(date, count);
      name = count === 1 ? date : `${date} #${count}`;
    }
    nights.set(frame, name);
  });
  for (const frame of frames) if (!nights.has(frame)) nights.set(frame, UNDATED);
  return nights;
}

function timeOf(frame: ReportFrame): number {
  return frame.metadata?.time ?? 0;
}

/** A report may hold any number as a time; a date beyond the calendar is named by the number. */
function dateOf(time: number): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? String(time) : date.toISOString().slice(0, 10);
}
