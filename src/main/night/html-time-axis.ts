import type { ReportFrame } from "../../shared/domain.ts";
import { clockText, extentOf, tenth } from "./html-text.ts";

/** The horizontal axis that all plots of a group share. */
export interface TimeAxis {
  /** Place of each frame, in the order given. */
  x: number[];
  /** SVG of ticks and labels, and of the pauses between frames. */
  ticks: string;
  gaps: string;
  /** What the axis shows, in words. */
  note: string;
}

const MINUTE = 60_000;
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440].map((minutes) => minutes * MINUTE);

/**
 * Frames over UTC; over their order where one does not say when it was taken, because a frame left out would be worse than
 * an uneven axis. `xs` and `ys` are the drawing's inner borders.
 */
export function timeAxis(frames: readonly ReportFrame[], xs: [left: number, right: number], ys: [top: number, bottom: number]): TimeAxis {
  const times = frames.map((frame) => frame.metadata?.time ?? null);
  const known = times.filter((time): time is number => time !== null && clockText(time) !== "");
  const [first, last] = extentOf(known);
  if (known.length < frames.length || !(last > first)) return orderAxis(frames.length, frames.length - known.length, xs);
  const x = (time: number): number => tenth(xs[0] + 5 + ((time - first) / (last - first)) * (xs[1] - xs[0] - 10));
  const most = (xs[1] - xs[0]) / 62;
  const step = STEPS.find((size) => (last - first) / size <= most) ?? Math.ceil((last - first) / most / STEPS[11]) * STEPS[11];
  const ticks: string[] = [];
  for (let time = Math.ceil(first / step) * step; time <= last; time += step) {
    const text = step < STEPS[11] ? clockText(time) : new Date(time).toISOString().slice(5, 10);
    ticks.push(
      `<path class="grid" d="M${x(time)} ${ys[0]}V${ys[1]}"/><text class="tick" x="${x(time)}" y="${ys[1] + 15}" text-anchor="middle">${text}</text>`,
    );
  }
  const night = [first, last].map((time) => new Date(time).toISOString());
  const days =
    night[0].slice(0, 10) === night[1].slice(0, 10) ? night[0].slice(0, 10) : `${night[0].slice(0, 10)} to ${night[1].slice(0, 10)}`;
  const gaps = gapsOf(frames, known, x, ys);
  return { x: known.map(x), ticks: ticks.join(""), gaps, note: `time in UTC, ${days}${gaps ? "; shaded: no frames" : ""}` };
}

function orderAxis(count: number, unknown: number, [left, right]: [number, number]): TimeAxis {
  const x = Array.from({ length: count }, (_, i) => tenth(left + 5 + (count > 1 ? i / (count - 1) : 0.5) * (right - left - 10)));
  const note =
    unknown === 0
      ? "all frames have the same time: in the order of their names"
      : `${unknown} of ${count} frames do not say when they were taken: in order, not to scale`;
  return { x, ticks: "", gaps: "", note };
}

/** Pauses much longer than the night's own rhythm. */
function gapsOf(frames: readonly ReportFrame[], times: readonly number[], x: (time: number) => number, ys: [number, number]): string {
  const ordered = frames
    .map((frame, i) => ({ from: times[i], to: times[i] + 1000 * (frame.metadata?.exposure ?? 0) }))
    .sort((a, b) => a.from - b.from);
  const steps = ordered.slice(1).map(({ from }, i) => from - ordered[i].from);
  const usual = [...steps].sort((a, b) => a - b)[Math.floor(steps.length / 2)] ?? 0;
  return steps
    .map((step, i) => {
      const { to } = ordered[i];
      const next = ordered[i + 1].from;
      if (step < 2.5 * usual || next - to < 2 * MINUTE) return "";
      const minutes = Math.round((next - to) / MINUTE);
      const width = tenth(x(next) - x(to));
      if (width < 3) return "";
      const label =
        width > 44
          ? `<text class="tick" x="${tenth((x(to) + x(next)) / 2)}" y="${ys[0] + 12}" text-anchor="middle">${minutes} min</text>`
          : "";
      return `<g><title>no frames for ${minutes} min</title><rect class="gap" x="${x(to)}" y="${ys[0]}" width="${width}" height="${ys[1] - ys[0]}"/>${label}</g>`;
    })
    .join("");
}
