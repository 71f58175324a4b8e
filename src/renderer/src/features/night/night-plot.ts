import type { FrameRow, NightHead } from "../../../../shared/contract.ts";
import type { VerdictKind } from "../../../../shared/domain.ts";
import { compareInTime } from "./visible-frames.ts";

/** One frame on the plot: x by its place in time, y by its value. */
export interface PlotPoint {
  row: FrameRow;
  x: number;
  /** null where the frame has no such value: it is marked at the foot. */
  y: number | null;
  /** Beyond the scale, drawn at its edge. */
  beyond: "above" | "below" | null;
  /** Where the median of its group lies. */
  median: number | null;
}

export interface Plot {
  points: PlotPoint[];
  /** Values at the foot and the top. */
  scale: [low: number, high: number] | null;
}

/**
 * Places every graded frame in a box of `width` x `height` px. The scale spans the night's bulk, so that one ruined frame
 * does not press all others flat: 2.5 times the distance from the median to the 10th and 90th percentile, where values go that far.
 */
export function plotNight(
  rows: readonly FrameRow[],
  groups: NightHead["groups"],
  metric: string,
  box: { width: number; height: number; pad: { left: number; right: number; top: number } },
): Plot {
  const graded = rows.filter((row) => row.frame.verdict !== "not-light").sort(compareInTime);
  const metricOf = (row: FrameRow) => row.frame.measurements?.[metric] ?? null;
  const scale = scaleOf(graded.map(metricOf).filter((value) => value !== null));
  const medians = new Map(groups.map((group) => [group.id, group.baseline[metric]?.median ?? null]));
  const inner = box.height - 2 * box.pad.top;
  const across = box.width - box.pad.left - box.pad.right;
  const yOf = (value: number, [low, high]: [number, number]) =>
    box.pad.top + inner * (1 - (Math.min(Math.max(value, low), high) - low) / (high - low));
  const step = graded.length > 1 ? across / (graded.length - 1) : 0;
  const points = graded.map((row, index): PlotPoint => {
    const value = metricOf(row);
    const median = row.frame.group === null ? null : (medians.get(row.frame.group) ?? null);
    return {
      row,
      x: graded.length > 1 ? box.pad.left + index * step : box.pad.left + across / 2,
      y: value === null || scale === null ? null : yOf(value, scale),
      beyond: value === null || scale === null ? null : value > scale[1] ? "above" : value < scale[0] ? "below" : null,
      median: median === null || scale === null ? null : yOf(median, scale),
    };
  });
  return { points, scale };
}

function scaleOf(values: number[]): [number, number] | null {
  if (values.length === 0) return null;
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))] ?? 0;
  const median = at(0.5);
  const high = Math.min(at(1), median + 2.5 * Math.max(at(0.9) - median, Math.abs(median) * 0.05));
  const low = Math.max(at(0), median - 2.5 * Math.max(median - at(0.1), Math.abs(median) * 0.05));
  const margin = Math.max((high - low) * 0.08, Math.abs(median) * 0.01, Number.MIN_VALUE);
  return [low - margin, high + margin];
}

export function nearest(points: readonly PlotPoint[], x: number): PlotPoint | null {
  let best: PlotPoint | null = null;
  for (const point of points) if (best === null || Math.abs(point.x - x) < Math.abs(best.x - x)) best = point;
  return best;
}

/** Shape tells the verdict without colour: dot, diamond, cross. */
export function tracePoint(path: CanvasRenderingContext2D, kind: VerdictKind, x: number, y: number, size: number): "fill" | "stroke" {
  path.beginPath();
  if (kind === "clean") {
    path.arc(x, y, size * 0.62, 0, 2 * Math.PI);
    return "fill";
  }
  if (kind === "review") {
    path.moveTo(x, y - size);
    path.lineTo(x + size, y);
    path.lineTo(x, y + size);
    path.lineTo(x - size, y);
    path.closePath();
    return "stroke";
  }
  const arm = size * 0.8;
  path.moveTo(x - arm, y - arm);
  path.lineTo(x + arm, y + arm);
  path.moveTo(x + arm, y - arm);
  path.lineTo(x - arm, y + arm);
  return "stroke";
}
