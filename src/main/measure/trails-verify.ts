import type { PreparedFrame } from "./prepared.ts";
import { blockMedians, quantile } from "./trails-extent.ts";
import { crowding, LEAST_Z_BESIDE, leastHeight, leastLength, lengthOf, WIDEST } from "./trails-limits.ts";
import type { RefinedTrail } from "./trails-refined.ts";
import { insideFrame, mainOfRow, pathCosine, pathPoint } from "./trails-strip.ts";

/** Why a bright line is not a trail; null for a trail. */
export type NotATrail =
  | "faint"
  | "short"
  | "wide"
  | "edge"
  | "border"
  | "column"
  | "spike"
  | "galaxy"
  | "uneven"
  | "curved"
  | "texture"
  | "star-trails";

/** Rows and columns of the detector scatter on their own: lines along them must stand out more. */
const LEAST_Z_ALIGNED = 14;
/** Wider than this only when it crosses the whole frame: filaments of nebulae end. */
const WIDE = 32;

/** What a satellite, aeroplane or meteor is like and the other straight things in frames are not. */
export function whyNotATrail(frame: PreparedFrame, trail: RefinedTrail): NotATrail | null {
  const { profile, width } = trail;
  const cosine = pathCosine(trail.path);
  const length = lengthOf(trail);
  const share = length / Math.hypot(frame.width, frame.height);
  if (trail.z < leastHeight(frame, trail)) return "faint";
  if (trail.zBeside < crowding(trail.strip.hidden) * LEAST_Z_BESIDE) return "texture";
  if (length < leastLength(frame, trail)) return "short";
  if (width > Math.min(WIDEST, 0.06 * Math.min(frame.width, frame.height))) return "wide";
  if (width > WIDE && !crossesFrame(frame, trail)) return "wide";
  if (Math.abs(profile.left - profile.right) > 0.5 * profile.amplitude) return "edge";
  if (alongBorder(frame, trail)) return "border";
  if (isDetectorColumn(frame, trail)) return "column";
  // How a faint and narrow line bends is badly known, but not that badly.
  const stiff = width > 8 ? 0.012 : trail.z < 20 ? 0.02 : Infinity;
  if (Math.abs(trail.path.bow) * cosine > Math.max(2, stiff * length)) return "curved";
  if (width > 10 && isPatchy(trail)) return "uneven";
  const shape = brightnessAlong(trail);
  if (shape.star && shape.taper > 1.5) return "spike";
  // A spike whose star is outside the frame or hidden in it, and a galaxy, fade away.
  if (shape.taper > 2.5 && share < 0.25) return "spike";
  if (Math.max(shape.taper, bulgeOf(trail)) > 1.3 && length < 25 * width && trail.z > 50) return "galaxy";
  // Between the fading arms of two stars' spikes it is dark.
  if (!isContinuous(trail, shape.star ? 0.85 : 0.7) && !isDashed(trail)) return "uneven";
  return null;
}

function crossesFrame(frame: PreparedFrame, { path, strip, stretches }: RefinedTrail): boolean {
  const [first, last] = insideFrame(frame, path);
  const lit = mainOfRow(strip, stretches[stretches.length - 1][1]) - mainOfRow(strip, stretches[0][0]);
  return lit > 0.97 * (last - first);
}

/** Most of the line within a few pixels of where the data end: the frame's border or, in registered frames, that of the holes. */
function alongBorder(frame: PreparedFrame, trail: RefinedTrail): boolean {
  const { path, strip, stretches, width } = trail;
  const pixels = frame.kernels.u16(frame.pixels, frame.width * frame.height);
  const margin = Math.max(12, 1.2 * width);
  const first = mainOfRow(strip, stretches[0][0]);
  const last = mainOfRow(strip, stretches[stretches.length - 1][1]) - 1;
  const empty = (main: number, side: number) => {
    const [x, y] = pathPoint(path, main);
    const u = Math.round(path.flat ? x : x + side);
    const v = Math.round(path.flat ? y + side : y);
    if (u < 0 || v < 0 || u >= frame.width || v >= frame.height) return true;
    return frame.hasHoles && pixels[v * frame.width + u] === 0;
  };
  for (const side of [-margin, margin]) {
    let count = 0;
    for (let n = 0; n < 64; n++) if (empty(Math.round(first + ((last - first) * (n + 0.5)) / 64), side)) count++;
    if (count > 32) return true;
  }
  return false;
}

/**
 * Along the detector's rows or columns, and either no more than they scatter, or without a star's soft flanks, or bled from a
 * saturated star.
 */
function isDetectorColumn(frame: PreparedFrame, trail: RefinedTrail): boolean {
  const { path, profile, strip } = trail;
  const drift = Math.abs(path.q1 - path.q0);
  const run = path.end - path.begin;
  // Sharper than any star's image and nearly along a row or column: the path of a hot column is badly known.
  if (profile.fwhm < 1.25 && drift < 0.04 * run) return true;
  if (drift < 0.06 * run && isSaturated(frame, trail)) return true;
  // Bands several rows wide are followed by paths that lean a little.
  if (drift < Math.max(1.5, 0.4 * profile.fwhm) && trail.zBeside < LEAST_Z_ALIGNED) return true;
  // Bands of bad rows: no satellite as wide flies so exactly along them.
  if (trail.width > 12 && drift < trail.width / 4) return true;
  if (drift > Math.max(1.5, 0.0012 * run)) return false;
  const middle = strip.half + Math.round(profile.centre);
  const at = (c: number) => Math.max(0, profile.mean[middle + c] ?? 0);
  const peak = Math.max(at(-1), at(0), at(1));
  const top = at(0) >= at(-1) && at(0) >= at(1) ? 0 : at(-1) > at(1) ? -1 : 1;
  const flanks = at(top - 1) + at(top + 1);
  if (flanks < 0.35 * peak) return true;
  const second = at(top - 1) > at(top + 1) ? -1 : 1;
  if (at(top - second) + at(top + 2 * second) < 0.12 * peak) return true;
  return saturatedShare(frame, trail) > 0;
}

/** About as bright as pixels can be: charge that ran over. Its flat top lies somewhat below the ceiling. */
function isSaturated(frame: PreparedFrame, trail: RefinedTrail): boolean {
  const peak = (trail.profile.amplitude / Math.sqrt(trail.strip.group)) * trail.strip.noise;
  const room = frame.black + frame.step * frame.ceilingCount - frame.mesh.medianLevel;
  return peak > 0.5 * room || saturatedShare(frame, trail) > 0.1;
}

/** Share of the pixels on the lit path that are saturated. */
function saturatedShare(frame: PreparedFrame, trail: RefinedTrail): number {
  const pixels = frame.kernels.u16(frame.pixels, frame.width * frame.height);
  const { strip, path, stretches } = trail;
  const first = mainOfRow(strip, stretches[0][0]);
  const last = mainOfRow(strip, stretches[stretches.length - 1][1]);
  let saturated = 0;
  for (let main = first; main < last; main++) {
    const [x, y] = pathPoint(path, main).map(Math.round);
    if (x < 0 || y < 0 || x >= frame.width || y >= frame.height) continue;
    if (pixels[y * frame.width + x] >= frame.ceilingCount) saturated++;
  }
  return saturated / Math.max(1, last - first);
}

/**
 * How the brightness runs along the line: the mean near its brightest place over the mean far from it, and whether a star far
 * brighter than the line sits there, as in a diffraction spike.
 */
function brightnessAlong(trail: RefinedTrail): { taper: number; star: boolean } {
  const { amplitudes, stretches, strip, profile } = trail;
  const from = stretches[0][0];
  const to = stretches[stretches.length - 1][1];
  const rows = Math.max(1, Math.min(Math.round((2 * profile.fwhm) / strip.group), Math.floor((to - from) / 12)));
  const blocks = blockMedians(amplitudes.values, from, to, rows);
  let [peak, at] = [0, 0];
  // A little beyond the lit part too: a spike's star may end it.
  for (let r = Math.max(0, from - 4 * rows); r < Math.min(strip.rows, to + 4 * rows); r++) {
    if (strip.tops[r] > peak) [peak, at] = [strip.tops[r], r];
  }
  const centre = (at - from) / rows;
  const reach = Math.max(centre, blocks.length - centre);
  const near: number[] = [];
  const far: number[] = [];
  for (let b = 0; b < blocks.length; b++) {
    // Where a star was hidden, nothing is known.
    if (blocks[b] < 0.2 * profile.amplitude) continue;
    const distance = Math.abs(b + 0.5 - centre) / reach;
    if (distance < 0.45) near.push(blocks[b]);
    else if (distance > 0.66) far.push(blocks[b]);
  }
  if (near.length === 0 || far.length === 0) return { taper: 1, star: false };
  const high = quantile(near, 0.5);
  const low = quantile(far, 0.5);
  const taper = high / Math.max(low, 0.05 * high, 1e-6);
  return { taper, star: peak > Math.max(40, 12 * profile.amplitude) };
}

/** The middle third's brightness over that of the others: a galaxy fades to both ends. */
function bulgeOf({ amplitudes, stretches }: RefinedTrail): number {
  const from = stretches[0][0];
  const third = Math.floor((stretches[stretches.length - 1][1] - from) / 3);
  const [left, middle, right] = [0, 1, 2].map((n) => quantile(amplitudes.values.subarray(from + n * third, from + (n + 1) * third), 0.5));
  return middle / Math.max(left, right, 0.05 * middle, 1e-6);
}

/** Brightness that varies along a wide line: nebulae and galaxies do, what flies by hardly does. */
function isPatchy(trail: RefinedTrail): boolean {
  const { amplitudes, stretches, profile } = trail;
  const from = stretches[0][0];
  const to = stretches[stretches.length - 1][1];
  const blocks = blockMedians(amplitudes.values, from, to, Math.max(1, Math.floor((to - from) / 12)));
  const noise = (1.25 * amplitudes.sigma) / Math.sqrt(Math.max(1, (to - from) / 12));
  const [low, high] = [quantile(blocks, 0.1), quantile(blocks, 0.9)];
  return high - low > 0.8 * profile.amplitude + 4 * noise && !isDashed(trail);
}

/** Lit in at least this share of its length: a chain of stars or a filament is not. */
function isContinuous(trail: RefinedTrail, share: number): boolean {
  const { amplitudes, stretches } = trail;
  const { amplitude } = trail.profile;
  const from = stretches[0][0];
  const to = stretches[stretches.length - 1][1];
  // Blocks in which the trail stands out by 4 sigma by its median, but at least eight of them.
  const rows = Math.max(8, Math.ceil((5 * amplitudes.sigma) ** 2 / amplitude ** 2));
  const blocks = blockMedians(amplitudes.values, from, to, Math.min(rows, Math.max(4, Math.floor((to - from) / 8))));
  const rowsLit = stretches.reduce((sum, [begin, end]) => sum + end - begin, 0);
  if (rowsLit < 0.7 * (to - from)) return false;
  let lit = 0;
  for (const value of blocks) if (value > 0.4 * amplitude) lit++;
  return lit >= share * blocks.length && quantile(blocks, 0.5) < 3 * amplitude;
}

/** Several stretches, each drawn out along the line, alike in brightness: strobes and tumbling satellites. */
function isDashed(trail: RefinedTrail): boolean {
  const { stretches, strip, amplitudes, profile, zBeside } = trail;
  if (stretches.length < 4 || trail.z < 30 || zBeside < 12) return false;
  // Flashes follow one another; the spikes of two stars far apart do not.
  const gap = Math.max(...stretches.slice(1).map(([from], n) => from - stretches[n][1]));
  if (gap > 0.45 * (stretches[stretches.length - 1][1] - stretches[0][0])) return false;
  const long = stretches.filter(([from, to]) => (to - from) * strip.group >= 3 * profile.fwhm);
  if (long.length < 0.7 * stretches.length) return false;
  const levels = long.map(([from, to]) => quantile(amplitudes.values.slice(from, to), 0.5));
  const typical = quantile(levels, 0.5);
  const alike = levels.filter((level) => level > 0.5 * typical && level < 2 * typical);
  return alike.length >= 0.7 * levels.length;
}
