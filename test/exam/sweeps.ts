import { planNight } from "../../src/main/simulate/plan.ts";
import { motionExtent } from "../../src/main/simulate/psf.ts";
import type { ExamFrame, GradedNight } from "./graded.ts";
import { type Line, reportLine } from "./lines.ts";
import { fitLogistic } from "./logistic.ts";
import { trailsOf } from "./trail-scores.ts";

interface Point {
  x: number;
  seen: boolean;
}

/** From invisible to gross: at which strength is one half seen? Logarithms where strengths span decades. */
export function sweepLines(nights: readonly GradedNight[]): Line[] {
  return nights.flatMap((night) => SWEEPS[night.night.name]?.(night) ?? []);
}

const refused = ({ frame }: ExamFrame): boolean => frame.verdict !== "clean";

const SWEEPS: Record<string, (night: GradedNight) => Line[]> = {
  "sweep-trail": ({ frames }) => [
    halfLine(
      "trail found: peak, sigma per pixel",
      frames.flatMap(trailsOf).map(({ peakSigma, found }) => ({ x: Math.log10(peakSigma), seen: found })),
      (x) => 10 ** x,
      "goal of measuring: 0.3",
    ),
  ],
  "sweep-cloud": ({ frames }) => [transmissionLine("cloud: median transmission", frames)],
  "sweep-veil": ({ frames }) => [transmissionLine("veil: transparency", frames)],
  "sweep-focus": (night) => {
    const usual = naturalFwhm(night.frames);
    return [
      halfLine(
        "focus: FWHM over the night's",
        faulty(night.frames).map((frame) => ({ x: Number(frame.truth.fwhm) / usual, seen: refused(frame) })),
        (x) => x,
        "limit 1.35",
      ),
    ];
  },
  "sweep-tracking": (night) => {
    const plan = planNight(night.night.spec, night.night.seed);
    const drifts = new Map(plan.frames.map((frame) => [frame.name, 2 * motionExtent(frame.psf)]));
    const usual = naturalFwhm(night.frames);
    const points = (x: (frame: ExamFrame) => number) => faulty(night.frames).map((frame) => ({ x: x(frame), seen: refused(frame) }));
    return [
      halfLine(
        "tracking: drift, px",
        points((frame) => drifts.get(frame.truth.path) ?? 0),
        (x) => x,
        `FWHM ${usual.toFixed(2)} px`,
      ),
      halfLine(
        "tracking: eccentricity",
        points((frame) => Number(frame.truth.eccentricity)),
        (x) => x,
        "limit 0.60",
      ),
    ];
  },
};

/** Every second frame carries the fault that is swept (scenes-spoilt.ts). */
const faulty = (frames: readonly ExamFrame[]): ExamFrame[] => frames.filter((_, i) => i % 2 === 1);

function naturalFwhm(frames: readonly ExamFrame[]): number {
  const sorted = frames
    .filter((_, i) => i % 2 === 0)
    .map(({ truth }) => Number(truth.fwhm))
    .sort((a, b) => a - b);
  return sorted[sorted.length >> 1];
}

function transmissionLine(name: string, frames: readonly ExamFrame[]): Line {
  const points = faulty(frames).map((frame) => ({ x: Number(frame.truth.transparency), seen: refused(frame) }));
  return halfLine(name, points, (x) => x, "limit 0.80");
}

function halfLine(name: string, points: readonly Point[], unit: (x: number) => number, beside: string): Line {
  const fit = fitLogistic(points);
  const seen = points.filter((point) => point.seen).length;
  const found = fit === null ? `${seen} of ${points.length} seen, no half` : `half seen at ${unit(fit.half).toPrecision(3)}`;
  return reportLine("sweep", name, `${found} (${points.length} points; ${beside})`);
}
