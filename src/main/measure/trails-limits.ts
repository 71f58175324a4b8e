import type { PreparedFrame } from "./prepared.ts";
import type { RefinedTrail } from "./trails-refined.ts";
import { mainOfRow, pathCosine } from "./trails-strip.ts";

/** Widest trail, measured px: an aeroplane's lights out of focus. */
export const WIDEST = 48;
const SHORTEST = 36;
/** Height of a trail's sum, sigma. */
export const LEAST_Z = 8;
/** The same where a pixel shows less than this of it, sigma: so faint and wide are what is left of stars' wings and of gradients. */
const LEAST_Z_DIM = 10;
const DIM = 0.15;
const WIDE = 8;
const LEAST_Z_WIDE_DIM = 12.5;
const WIDE_DIM = 0.2;
/** And above the lines beside it in their scatter. */
export const LEAST_Z_BESIDE = 6.5;
/** Of a line as long as this share of the diagonal, more if shorter. */
const LEAST_Z_SHARE = 2.3;

/** Lit length, measured px. */
export function lengthOf({ strip, stretches, path }: RefinedTrail): number {
  return (mainOfRow(strip, stretches[stretches.length - 1][1]) - mainOfRow(strip, stretches[0][0])) / pathCosine(path);
}

/** Height that a line must have to be no chance, sigma: short lines have more places to be in and more things to be. */
export function leastHeight(frame: PreparedFrame, line: RefinedTrail): number {
  const share = lengthOf(line) / Math.hypot(frame.width, frame.height);
  const peak = line.profile.amplitude / Math.sqrt(line.strip.group);
  const dim = peak < DIM ? LEAST_Z_DIM : LEAST_Z;
  const least = line.width > WIDE && peak < WIDE_DIM ? LEAST_Z_WIDE_DIM : dim;
  return crowding(line.hidden) * Math.max(least, LEAST_Z_SHARE / share);
}

/** Length that a line must have, measured px: galaxies seen edge-on are long and thin too, but not that long. */
export function leastLength(frame: PreparedFrame, { width }: RefinedTrail): number {
  return Math.max(SHORTEST, 0.03 * Math.hypot(frame.width, frame.height), (width > 6 ? 15 : 10) * width);
}

/** How much more dense fields scatter than empty ones, from the share of pixels that stars hide. */
export function crowding(hidden: number): number {
  return 1 + 8 * Math.max(0, hidden - 0.02);
}
