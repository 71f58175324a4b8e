import type { Trail } from "./domain.ts";

/**
 * A test for "is this star on a trail": whether (x, y), sensor px, is within FWHM + `margin` px of a trail and not more than
 * `beyond` px past its ends.
 * Cheap enough to ask for every star.
 */
export function trailMask(trails: readonly Trail[], margin = 3, beyond = 0): (x: number, y: number) => boolean {
  const lines = trails.map((trail) => {
    const [ax, ay] = trail.from;
    const length = Math.max(1e-6, Math.hypot(trail.to[0] - ax, trail.to[1] - ay));
    return { ax, ay, dx: (trail.to[0] - ax) / length, dy: (trail.to[1] - ay) / length, length, reach: trail.width + margin };
  });
  return (x, y) =>
    lines.some(({ ax, ay, dx, dy, length, reach }) => {
      const along = (x - ax) * dx + (y - ay) * dy;
      return along > -reach - beyond && along < length + reach + beyond && Math.abs((x - ax) * dy - (y - ay) * dx) < reach;
    });
}
