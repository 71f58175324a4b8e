/** Picking by a stroke over a plot; coordinates in px of the plot. */
export interface Spot {
  x: number;
  y: number;
}

/** A stroke this short is a click. */
const CLICK = 5;
/** A stroke that leaves the straight line between its ends by less than this is a straight one. */
const STRAIGHT = 7;
/** A straight stroke flatter than this along the plot means a stretch of time. */
const FLAT = 14;

/**
 * What a stroke encloses: round about frames it is a lasso, straight across them the box that it spans, straight along the
 * plot the whole height of that time. Null for a click.
 */
export function strokeShape(stroke: readonly Spot[], height: number): Spot[] | null {
  const [first, last] = [stroke[0], stroke.at(-1)];
  if (first === undefined || last === undefined) return null;
  const reach = Math.max(...stroke.map(({ x, y }) => Math.hypot(x - first.x, y - first.y)));
  if (reach < CLICK) return null;
  if (!isStraight(stroke, first, last)) return [...stroke];
  const flat = Math.abs(last.y - first.y) < FLAT;
  const [left, right] = [Math.min(first.x, last.x), Math.max(first.x, last.x)];
  const [top, foot] = flat ? [0, height] : [Math.min(first.y, last.y), Math.max(first.y, last.y)];
  return [
    { x: left, y: top },
    { x: right, y: top },
    { x: right, y: foot },
    { x: left, y: foot },
  ];
}

function isStraight(stroke: readonly Spot[], from: Spot, to: Spot): boolean {
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  if (length < CLICK) return false;
  const leaves = stroke.map(({ x, y }) => Math.abs((to.x - from.x) * (y - from.y) - (to.y - from.y) * (x - from.x)) / length);
  const back = stroke.some(({ x, y }) => {
    const along = ((x - from.x) * (to.x - from.x) + (y - from.y) * (to.y - from.y)) / length;
    return along < -STRAIGHT || along > length + STRAIGHT;
  });
  return !back && Math.max(...leaves) < Math.max(STRAIGHT, 0.06 * length);
}

/** Even-odd, as a person sees a line that crosses itself. */
export function encloses(shape: readonly Spot[], { x, y }: Spot): boolean {
  let inside = false;
  for (let index = 0, before = shape.length - 1; index < shape.length; before = index, index += 1) {
    const [a, b] = [shape[index], shape[before]];
    if (a === undefined || b === undefined) continue;
    if (a.y > y !== b.y > y && x < ((b.x - a.x) * (y - a.y)) / (b.y - a.y) + a.x) inside = !inside;
  }
  return inside;
}
