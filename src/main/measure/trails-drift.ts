import type { PreparedFrame } from "./prepared.ts";
import type { TrailPath } from "./trails-strip.ts";

/** The direction in which most stars are drawn out, degrees in [0, 180), when they are: the mount did not follow. */
export interface StarDrift {
  angle: number;
}

/** Windows that are searched for a star each. */
const WINDOWS = 10;
const WINDOW_SIDE = 96;
const DIRECTIONS = 16;
/** Distances from a star's brightest pixel at which it is compared along and across, px: short and long dashes. */
const REACHES = [4, 7, 12];

/**
 * Looks at the brightest pixel of 10 x 10 windows: stars that are much brighter along one direction than across it are drawn
 * out. A frame whose stars agree on a direction has star trails; lines in that direction are chains of them.
 */
export function starDrift(frame: PreparedFrame): StarDrift | null {
  const votes = new Float64Array(DIRECTIONS);
  let stars = 0;
  for (let n = 0; n < WINDOWS * WINDOWS; n++) {
    const x0 = Math.floor((((n % WINDOWS) + 0.5) * frame.width) / WINDOWS - WINDOW_SIDE / 2);
    const y0 = Math.floor(((Math.floor(n / WINDOWS) + 0.5) * frame.height) / WINDOWS - WINDOW_SIDE / 2);
    const direction = directionOfBrightest(frame, Math.max(0, x0), Math.max(0, y0));
    if (direction === null) continue;
    stars++;
    if (direction >= 0) votes[direction]++;
  }
  let [best, at] = [0, 0];
  for (let d = 0; d < DIRECTIONS; d++) {
    const sum = votes[d] + votes[(d + 1) % DIRECTIONS] + votes[(d + DIRECTIONS - 1) % DIRECTIONS];
    if (sum > best) [best, at] = [sum, d];
  }
  return stars >= 6 && best > 0.4 * stars ? { angle: (at * 180) / DIRECTIONS } : null;
}

/** Direction index of a drawn-out star, -1 for a round one, null where there is none. */
function directionOfBrightest(frame: PreparedFrame, x0: number, y0: number): number | null {
  const pixels = frame.kernels.u16(frame.pixels, frame.width * frame.height);
  const noise = frame.mesh.medianNoise / frame.step;
  const level = (frame.mesh.medianLevel - frame.black) / frame.step;
  let [peak, px, py] = [0, 0, 0];
  const x1 = Math.min(frame.width - 1, x0 + WINDOW_SIDE);
  const y1 = Math.min(frame.height - 1, y0 + WINDOW_SIDE);
  for (let y = y0 + 1; y < y1; y++) {
    for (let x = x0 + 1; x < x1; x++) {
      const at = y * frame.width + x;
      const v = pixels[at];
      // A hot pixel has no neighbours.
      if (
        v > peak &&
        Math.max(pixels[at - 1], pixels[at + 1], pixels[at - frame.width], pixels[at + frame.width]) - level > (v - level) / 4
      ) {
        [peak, px, py] = [v, x, y];
      }
    }
  }
  const height = peak - level;
  if (height < 8 * noise) return null;
  const at = (x: number, y: number) => {
    const [u, v] = [Math.round(x), Math.round(y)];
    return u < 0 || v < 0 || u >= frame.width || v >= frame.height ? 0 : pixels[v * frame.width + u] - level;
  };
  let [ratio, direction] = [0, -1];
  for (let d = 0; d < DIRECTIONS; d++) {
    const angle = (d * Math.PI) / DIRECTIONS;
    const [dx, dy] = [Math.cos(angle), Math.sin(angle)];
    for (const reach of REACHES) {
      const along = Math.max(at(px + dx * reach, py + dy * reach), at(px - dx * reach, py - dy * reach));
      const across = Math.max(at(px - dy * reach, py + dx * reach), at(px + dy * reach, py - dx * reach));
      if (along > 0.3 * height && along > 5 * noise && across < 0.6 * along && along * reach > ratio) {
        [ratio, direction] = [along * reach, d];
      }
    }
  }
  return direction;
}

/** Whether a line runs within 15 degrees of the stars' drift. */
export function drawnOut(drift: StarDrift, line: { path: TrailPath }): boolean {
  const { path } = line;
  const [run, rise] = [path.end - path.begin, path.q1 - path.q0];
  const angle = (Math.atan2(path.flat ? rise : run, path.flat ? run : rise) * 180) / Math.PI;
  const apart = Math.abs(((angle - drift.angle + 270 + 180) % 180) - 90);
  return apart < 15;
}
