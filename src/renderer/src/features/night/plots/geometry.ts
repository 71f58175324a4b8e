import type { Spot } from "./lasso.ts";
import type { ValueScale } from "./value-scale.ts";

/** Room around a plot, px: values at its left, handles of lines at its right. */
export const LEFT = 50;
export const RIGHT = 58;
export const TOP = 7;
export const FOOT = 7;
/** Height of a plot without the times under the last one, px. */
export const HEIGHT = 76;
export const TIMES = 18;

/** Turns places in time and values into px of a plot and back. */
export interface PlotGeometry {
  width: number;
  span: readonly [number, number];
  scale: ValueScale;
}

export function xOf({ width, span }: PlotGeometry, at: number): number {
  const across = width - LEFT - RIGHT;
  const length = span[1] - span[0];
  return length <= 0 ? LEFT + across / 2 : LEFT + (across * (at - span[0])) / length;
}

/** A value beyond the scale stands at its edge; one that is not known at the foot. */
export function yOf({ scale: [low, high] }: PlotGeometry, value: number | null): number {
  const inner = HEIGHT - TOP - FOOT;
  if (value === null) return HEIGHT - 3;
  return TOP + inner * (1 - (Math.min(Math.max(value, low), high) - low) / (high - low));
}

export function valueAt({ scale: [low, high] }: PlotGeometry, y: number): number {
  const inner = HEIGHT - TOP - FOOT;
  return low + (high - low) * (1 - Math.min(Math.max((y - TOP) / inner, 0), 1));
}

/** The point nearest to a spot, by eye; among those within a finger's width of it in time, if there are any. */
export function nearestPoint(points: readonly Spot[], { x, y }: Spot): number | null {
  let best: number | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const [index, point] of points.entries()) {
    const along = Math.abs(point.x - x);
    // Points in one column are told apart by height; otherwise time alone decides.
    const distance = along * 4 + (along < 6 ? Math.abs(point.y - y) * 0.5 : 200);
    if (distance < least) [best, least] = [index, distance];
  }
  return best;
}

/** Places labels as near to where they belong as they can be without lying on one another, between 0 and `most`. */
export function spread(wanted: readonly number[], apart: number, most: number): number[] {
  const order = wanted.map((place, index) => ({ place, index })).sort((a, b) => a.place - b.place);
  const placed: number[] = [];
  for (const { place } of order) placed.push(Math.max(place, 0, (placed.at(-1) ?? Number.NEGATIVE_INFINITY) + apart));
  let limit = most;
  for (let index = placed.length - 1; index >= 0; index -= 1) {
    placed[index] = Math.min(placed[index] ?? 0, limit);
    limit = (placed[index] ?? 0) - apart;
  }
  const result: number[] = [];
  for (const [rank, { index }] of order.entries()) result[index] = placed[rank] ?? 0;
  return result;
}
