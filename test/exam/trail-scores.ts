import type { ExamFrame, GradedNight } from "./graded.ts";
import { type Line, percent, reportLine } from "./lines.ts";
import { share } from "./rightness.ts";
import { besideWithin, endError, isSameLine, lengthOf } from "./trail-match.ts";

/** Peak brightness in sigma of the sky noise per pixel. */
const BRIGHTNESS = [0.15, 0.3, 0.5, 1, 3, Number.POSITIVE_INFINITY] as const;
/** Length over the frame's diagonal. */
const LENGTHS = [0, 1 / 3, 1 / 2, 2] as const;
const ENDS_WITHIN = 20;

interface SeenTrail {
  /** Of even brightness from end to end: the others' ends may be too faint to be seen. */
  steady: boolean;
  peakSigma: number;
  /** Over the diagonal. */
  length: number;
  found: boolean;
  endsRight: boolean;
}

/** Frames that something else spoils say little of trails. */
const isSound = ({ label, causes }: ExamFrame): boolean => label !== "contaminated" || causes.every((cause) => cause === "trail");

export function trailsOf(frame: ExamFrame): SeenTrail[] {
  const diagonal = Math.hypot(frame.width, frame.height);
  return frame.trueTrails.map((trail) => {
    // The lights of one aeroplane may be found as one wide line.
    const tolerance = Math.max(8, 2 * trail.width, besideWithin(trail, frame.trueTrails, 8 * trail.width));
    const matches = frame.found.filter((found) => isSameLine(found, trail, tolerance, 0.5));
    return {
      steady: trail.pattern === "steady",
      peakSigma: trail.peakSigma,
      length: lengthOf(trail) / diagonal,
      found: matches.length > 0,
      endsRight: matches.some((found) => endError(found, trail) <= ENDS_WITHIN),
    };
  });
}

/** Trails by brightness and length, and lines found where there is none. */
export function trailLines(nights: readonly GradedNight[]): Line[] {
  const sound = nights.map(({ night, frames }) => ({ name: night.name, frames: frames.filter(isSound) }));
  const frames = sound.flatMap((night) => night.frames);
  const all = frames.flatMap(trailsOf);
  const trails = all.filter((trail) => trail.steady);
  const lines: Line[] = [];
  for (let b = 0; b + 1 < BRIGHTNESS.length; b++) {
    for (let l = 0; l + 1 < LENGTHS.length; l++) {
      const cell = trails.filter(
        ({ peakSigma, length }) =>
          peakSigma >= BRIGHTNESS[b] && peakSigma < BRIGHTNESS[b + 1] && length >= LENGTHS[l] && length < LENGTHS[l + 1],
      );
      if (cell.length === 0) continue;
      const found = cell.filter((trail) => trail.found).length;
      const ends = cell.filter((trail) => trail.endsRight).length;
      const upTo = Number.isFinite(BRIGHTNESS[b + 1]) ? `${BRIGHTNESS[b]}..${BRIGHTNESS[b + 1]}` : `above ${BRIGHTNESS[b]}`;
      const long = ["shorter than 1/3", "1/3..1/2", "over 1/2"][l];
      lines.push(
        reportLine(
          "trails",
          `${upTo} sigma, ${long} of the diagonal: found, ends in 20 px`,
          `${percent(found / cell.length, 0)}, ${percent(ends / cell.length, 0)} of ${cell.length}`,
        ),
      );
    }
  }
  const uneven = all.filter((trail) => !trail.steady && trail.peakSigma >= 0.5);
  if (uneven.length > 0) {
    const found = uneven.filter((trail) => trail.found).length;
    lines.push(
      reportLine(
        "trails",
        "dashed, tumbling, flashing or flaring, above 0.5 sigma: found",
        `${percent(found / uneven.length, 0)} of ${uneven.length}`,
      ),
    );
  }
  const without = frames.filter(({ trueTrails }) => trueTrails.length === 0).length;
  const alarms = sound
    .map(({ name, frames: own }) => ({
      name,
      count: own.filter(({ trueTrails, found }) => trueTrails.length === 0 && found.length > 0).length,
    }))
    .filter(({ count }) => count > 0);
  const total = alarms.reduce((sum, { count }) => sum + count, 0);
  const where = alarms.map(({ name, count }) => `${name} ${count}`).join(", ");
  lines.push(
    reportLine(
      "trails",
      "frames without a trail in which one was found",
      `${total} of ${without} (${percent(share(total, without), 2)})${where === "" ? "" : `: ${where}`}`,
    ),
  );
  return lines;
}
