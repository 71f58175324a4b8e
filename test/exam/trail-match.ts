/** A line segment in pixels. */
export interface Segment {
  from: readonly [x: number, y: number];
  to: readonly [x: number, y: number];
}

const DEGREES = 180 / Math.PI;

/** Angle between two lines whatever their sense, degrees 0..90. */
export function angleBetween(a: Segment, b: Segment): number {
  const turn = Math.abs(directionOf(a) - directionOf(b)) * DEGREES;
  const folded = turn % 180;
  return Math.min(folded, 180 - folded);
}

const directionOf = ({ from, to }: Segment): number => Math.atan2(to[1] - from[1], to[0] - from[0]);

export const lengthOf = ({ from, to }: Segment): number => Math.hypot(to[0] - from[0], to[1] - from[1]);

/** Where a point stands along a segment's line (px from its start) and how far from the line. */
function placeOn({ from, to }: Segment, [x, y]: readonly [number, number]): { along: number; away: number } {
  const length = Math.max(1e-9, Math.hypot(to[0] - from[0], to[1] - from[1]));
  const dx = (to[0] - from[0]) / length;
  const dy = (to[1] - from[1]) / length;
  return { along: (x - from[0]) * dx + (y - from[1]) * dy, away: Math.abs((y - from[1]) * dx - (x - from[0]) * dy) };
}

/**
 * Whether `found` is the line `truth`: within 3 degrees, both ends within `tolerance` px of its line, and over at least
 * `overlap` of its length.
 */
export function isSameLine(found: Segment, truth: Segment, tolerance: number, overlap: number): boolean {
  if (angleBetween(found, truth) > 3) return false;
  const ends = [placeOn(truth, found.from), placeOn(truth, found.to)];
  if (ends.some(({ away }) => away > tolerance)) return false;
  const length = lengthOf(truth);
  const covered = Math.min(length, Math.max(ends[0].along, ends[1].along)) - Math.max(0, Math.min(ends[0].along, ends[1].along));
  return covered >= overlap * length;
}

/** How far from a line the farthest of those lies that run beside it within `reach` px: the lights of one aeroplane. */
export function besideWithin(line: Segment, others: readonly Segment[], reach: number): number {
  let farthest = 0;
  for (const other of others) {
    if (other === line || angleBetween(line, other) > 1) continue;
    const { away } = placeOn(line, other.from);
    if (away <= reach) farthest = Math.max(farthest, away);
  }
  return farthest;
}

/** The larger distance of the ends of two segments, in whichever sense they fit better; px. */
export function endError(found: Segment, truth: Segment): number {
  const apart = (a: readonly [number, number], b: readonly [number, number]) => Math.hypot(a[0] - b[0], a[1] - b[1]);
  const same = Math.max(apart(found.from, truth.from), apart(found.to, truth.to));
  const turned = Math.max(apart(found.from, truth.to), apart(found.to, truth.from));
  return Math.min(same, turned);
}
