import type { PreparedFrame } from "./prepared.ts";
import type { RefinedTrail } from "./trails-refined.ts";
import { mainOfRow, pathCosine, pathPoint } from "./trails-strip.ts";

/** Brightest pixels of many small windows: mostly stars. Measured px; height above the sky in counts. */
export interface StarPeak {
  x: number;
  y: number;
  height: number;
}

const COLUMNS = 24;
const ROWS = 18;
const SIDE = 40;
/** Peaks below this many sigma may be noise. */
const LEAST = 5.5;

/** Looks for the brightest pixel of each of 24 x 18 windows; single hot pixels do not count. */
export function starPeaks(frame: PreparedFrame): StarPeak[] {
  const pixels = frame.kernels.u16(frame.pixels, frame.width * frame.height);
  const noise = frame.mesh.medianNoise / frame.step;
  const peaks: StarPeak[] = [];
  for (let n = 0; n < COLUMNS * ROWS; n++) {
    const x0 = Math.max(2, Math.floor((((n % COLUMNS) + 0.5) * frame.width) / COLUMNS - SIDE / 2));
    const y0 = Math.max(2, Math.floor(((Math.floor(n / COLUMNS) + 0.5) * frame.height) / ROWS - SIDE / 2));
    const level = skyCount(frame, x0 + SIDE / 2, y0 + SIDE / 2);
    const x1 = Math.min(frame.width - 2, x0 + SIDE);
    const y1 = Math.min(frame.height - 2, y0 + SIDE);
    let best: StarPeak = { x: 0, y: 0, height: LEAST * noise };
    for (let y = y0; y < y1; y++) {
      for (let x = x0; x < x1; x++) {
        const at = y * frame.width + x;
        const height = pixels[at] - level;
        if (height <= best.height) continue;
        const beside = Math.max(pixels[at - 1], pixels[at + 1], pixels[at - frame.width], pixels[at + frame.width]) - level;
        if (beside > height / 4) best = { x, y, height };
      }
    }
    if (best.x > 0) peaks.push(best);
  }
  return peaks;
}

function skyCount(frame: PreparedFrame, x: number, y: number): number {
  const { mesh } = frame;
  const c = Math.min(mesh.columns - 1, Math.floor(x / mesh.tile));
  const r = Math.min(mesh.rows - 1, Math.floor(y / mesh.tile));
  return (mesh.level[r * mesh.columns + c] - frame.black) / frame.step;
}

/**
 * Whether the frame's stars are drawn out along the trail: then it is one of them, or a chain. At some distance from a star's
 * peak the image is compared along and across the trail's direction, as a share of the peak; round stars give no difference.
 */
export function starsDrawnAlong(frame: PreparedFrame, peaks: readonly StarPeak[], trail: RefinedTrail): boolean {
  const { path, strip, stretches } = trail;
  const [ax, ay] = pathPoint(path, path.begin);
  const [bx, by] = pathPoint(path, path.end);
  const length = Math.hypot(bx - ax, by - ay);
  const [dx, dy] = [(bx - ax) / length, (by - ay) / length];
  const others = peaks.filter(
    (peak) =>
      Math.abs((peak.x - ax) * dy - (peak.y - ay) * dx) > 3 * trail.width + 6 &&
      // Still bright far along: another trail beside this one, not a star.
      shareAt(frame, peak, FAR * dx, FAR * dy) < DRAWN_OUT,
  );
  if (others.length < 3) return false;
  const lit = (mainOfRow(strip, stretches[stretches.length - 1][1]) - mainOfRow(strip, stretches[0][0])) / pathCosine(path);
  for (const distance of [5, 8, 13, 21]) {
    if (distance > lit / 3) break;
    for (const turn of [-0.2, -0.1, 0, 0.1, 0.2]) {
      const [ux, uy] = [dx * Math.cos(turn) - dy * Math.sin(turn), dx * Math.sin(turn) + dy * Math.cos(turn)];
      let difference = 0;
      for (const peak of others)
        difference += shareAt(frame, peak, ux * distance, uy * distance) - shareAt(frame, peak, -uy * distance, ux * distance);
      if (difference > DRAWN_OUT * others.length) return true;
    }
  }
  return false;
}

/** Further than stars drift before a mount is noticed, px. */
const FAR = 140;
/** Mean difference along minus across that makes stars drawn out. */
const DRAWN_OUT = 0.3;

/**
 * Whether several short lines of one frame are parallel and equally long: each is a star that drifted. `lines` are all lines
 * measured, trails or not.
 */
export function isOneOfMany(trail: RefinedTrail, lines: readonly RefinedTrail[], diagonal: number): boolean {
  const own = extentOf(trail);
  if (own.length > 0.25 * diagonal) return false;
  let alike = 0;
  for (const line of lines) {
    if (line === trail || line.z < 10) continue;
    const other = extentOf(line);
    const turned = Math.abs(((other.angle - own.angle + 270 + 180) % 180) - 90);
    const apart = Math.hypot(other.x - own.x, other.y - own.y);
    if (turned < 6 && apart > own.length / 2 && other.length > 0.7 * own.length && other.length < 1.4 * own.length) alike++;
  }
  return alike >= 2;
}

/** Middle, length (measured px) and direction (degrees) of a line's lit part. */
function extentOf(line: RefinedTrail): { x: number; y: number; length: number; angle: number } {
  const { path, strip, stretches } = line;
  const [ax, ay] = pathPoint(path, mainOfRow(strip, stretches[0][0]));
  const [bx, by] = pathPoint(path, mainOfRow(strip, stretches[stretches.length - 1][1]));
  const angle = (Math.atan2(by - ay, bx - ax) * 180) / Math.PI;
  return { x: (ax + bx) / 2, y: (ay + by) / 2, length: Math.hypot(bx - ax, by - ay), angle };
}

/** The brighter of the two places at +-(dx, dy) from a peak, mean of 3 x 3 px, as a share of the peak within 0..1. */
function shareAt(frame: PreparedFrame, peak: StarPeak, dx: number, dy: number): number {
  const pixels = frame.kernels.u16(frame.pixels, frame.width * frame.height);
  const level = skyCount(frame, peak.x, peak.y);
  let most = 0;
  for (const sign of [-1, 1]) {
    const x = Math.round(peak.x + sign * dx);
    const y = Math.round(peak.y + sign * dy);
    if (x < 1 || y < 1 || x >= frame.width - 1 || y >= frame.height - 1) continue;
    let sum = 0;
    for (let v = y - 1; v <= y + 1; v++) for (let u = x - 1; u <= x + 1; u++) sum += pixels[v * frame.width + u] - level;
    most = Math.max(most, sum / 9);
  }
  return Math.min(1, most / peak.height);
}
