import type { ExamFrame, GradedNight } from "./graded.ts";
import { isRight } from "./rightness.ts";

/** One line for each frame that was judged wrongly: truth, verdict with its reasons, and the numbers both stand on. */
export function wrongFrames({ frames }: GradedNight, most: number): string[] {
  const wrong = frames.filter((frame) => !isRight(frame));
  const lines = wrong.slice(0, most).map(describe);
  if (wrong.length > most) lines.push(`and ${wrong.length - most} more`);
  return lines;
}

export function describe({ truth, frame }: ExamFrame): string {
  const measured = frame.measurements ?? {};
  const number = (value: number | null | undefined) => (value === null || value === undefined ? "?" : String(Number(value.toPrecision(3))));
  const reasons = frame.reasons.map(({ code, metric, value, limit }) => `${code}:${metric}=${number(value)}/${number(limit)}`).join(" ");
  const pairs: [name: string, truth: string, measured: string | null][] = [
    ["T", truth.transparency, "transparency"],
    ["fwhm", truth.fwhm, "fwhm"],
    ["ecc", truth.eccentricity, "eccentricity"],
    ["w", truth.weight, "weight"],
    ["grad", truth.gradient, null],
    ["stars", "", "stars"],
  ];
  const numbers = pairs.map(([name, value, key]) => `${name} ${value}${key === null ? "" : `~${number(measured[key])}`}`).join(" ");
  const harm = truth.causes === "" ? "" : `[${truth.causes}@${truth.severity}]`;
  return `#${truth.path.slice(-9, -5)} ${truth.label}${harm} -> ${frame.verdict} p=${number(frame.probability)} ${reasons} | truth~measured ${numbers}`;
}
