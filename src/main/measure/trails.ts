import type { Trail } from "../../shared/domain.ts";
import type { PreparedFrame } from "./prepared.ts";
import { isOneOfMany, type StarPeak, starPeaks, starsDrawnAlong } from "./trails-drift.ts";
import { clearLine, type TrailGrid, trailGrid } from "./trails-grid.ts";
import { WIDEST } from "./trails-limits.ts";
import { brightLines } from "./trails-lines.ts";
import { alignLine, coarsePath, refineTrail } from "./trails-refine.ts";
import type { RefinedTrail } from "./trails-refined.ts";
import { insideFrame, mainOfRow, pathAt, pathCosine, pathPoint, type TrailPath } from "./trails-strip.ts";
import { type TracedLine, traceLine } from "./trails-trace.ts";
import { type NotATrail, whyNotATrail } from "./trails-verify.ts";

export interface TrailOptions {
  /** At most this many trails are looked for; a train of satellites has about twenty. */
  most?: number;
  /** Told of every line that was measured at full resolution, and why it is not a trail (null: it is). */
  onLine?: (line: RefinedTrail, rejected: NotATrail | null) => void;
}

/** Cells per frame that the search may cost, by their side: the finer they are, the more of stars is left in them. */
const MOST_CELLS: readonly [side: number, cells: number][] = [
  [2, 800_000],
  [4, 800_000],
  [8, 2_000_000],
];
/** Lines this much above the mean of their direction are traced, sigma: in large frames any trail worth naming is far above. */
const THRESHOLD = 4.3;
const THRESHOLD_COARSE = 4.7;
const LINES_PER_ROUND = 40;
const MOST_ROUNDS = 6;
/** Lines laid onto the pixels in vain after which a round ends. */
const MOST_ALIGNED = 7;
/** Lines measured in vain after which a round ends: nebulae and star trails show hundreds. */
const MOST_WASTED = 6;
/** The same for a whole frame. */
const MOST_REJECTED = 8;

/**
 * Trails of satellites, aeroplanes and meteors, brightest first. Coordinates and widths in sensor px (measured px x sampling).
 * A fast Hough transform of a grid of star-clipped cells proposes lines, each is traced, measured at full resolution and verified.
 * Uses scratch memory above the frame's and gives it back.
 */
export function findTrails(frame: PreparedFrame, options: TrailOptions = {}): Trail[] {
  const most = options.most ?? 40;
  const found: RefinedTrail[] = [];
  const search: Search = { frame, found, rejected: [], peaks: null, onLine: options.onLine };
  const mark = frame.kernels.mark();
  for (const side of cellSides(frame)) {
    const grid = trailGrid(frame, side);
    if (Math.min(grid.width, grid.height) < 24) continue;
    for (const trail of found) clearTrail(frame, grid, trail);
    for (let round = 0; round < MOST_ROUNDS && found.length < most; round++) {
      if (!searchOnce(search, grid)) break;
    }
    frame.kernels.release(mark);
  }
  const lines = [...found, ...search.rejected];
  const diagonal = Math.hypot(frame.width, frame.height);
  return found
    .filter((trail) => !isOneOfMany(trail, lines, diagonal))
    .slice(0, most)
    .map((trail) => describe(frame, trail))
    .sort((a, b) => b.peak * b.area - a.peak * a.area);
}

/** Cell sides to search at: the finest that the budget allows, and coarser ones for wide trails in small frames. */
function cellSides(frame: PreparedFrame): number[] {
  const area = frame.width * frame.height;
  const side = MOST_CELLS.find(([side, cells]) => area <= cells * side * side)?.[0] ?? 16;
  return side < 8 ? [side, 8] : [side];
}

/** What is known of the frame while trails are looked for. */
interface Search {
  frame: PreparedFrame;
  found: RefinedTrail[];
  /** Paths that were looked at and are no trails. */
  rejected: RefinedTrail[];
  /** Looked for when first asked for. */
  peaks: StarPeak[] | null;
  onLine: TrailOptions["onLine"];
}

/** One transform and what it shows; returns whether another round may show more, now that bright lines are cleared. */
function searchOnce(search: Search, grid: TrailGrid): boolean {
  const { frame } = search;
  const lines = brightLines(frame, grid, grid.side < 8 ? THRESHOLD : THRESHOLD_COARSE, LINES_PER_ROUND);
  const traced = lines
    .map((line) => traceLine(frame, grid, line))
    .filter((line) => line.stands)
    .sort((a, b) => b.z - a.z);
  const before = search.found.length;
  let [cleared, wasted, vain] = [0, 0, 0];
  for (const line of traced) {
    if (wasted >= MOST_WASTED || vain >= MOST_ALIGNED || search.rejected.length >= MOST_REJECTED) break;
    // Other lines of this round may have been cleared since.
    const again = cleared > 0 ? retrace(frame, grid, line) : line;
    if (!again || isKnown(search, coarsePath(again, grid.side), grid.side)) continue;
    const aligned = alignLine(frame, again, grid.side);
    vain++;
    if (!aligned || aligned.width > 1.5 * WIDEST || isKnown(search, aligned.path, 0)) continue;
    const trail = refineTrail(frame, aligned);
    if (!trail || isKnown(search, trail.path, 0, ...litRange(trail))) continue;
    const rejected = judge(search, trail);
    if (rejected) wasted++;
    else vain = 0;
    if (rejected === "faint" || rejected === "texture") continue;
    clearTrail(frame, grid, trail);
    cleared++;
  }
  const found = search.found.length - before;
  // One faint trail among few lines hid no other: all lines that stand out were looked at.
  return found > 1 || (found === 1 && lines.length > LINES_PER_ROUND / 2);
}

/** Adds a measured line to the trails or to what is none, and tells why. */
function judge(search: Search, line: RefinedTrail): NotATrail | null {
  let rejected = whyNotATrail(search.frame, line);
  if (!rejected) {
    search.peaks ??= starPeaks(search.frame);
    if (starsDrawnAlong(search.frame, search.peaks, line)) rejected = "star-trails";
  }
  search.onLine?.(line, rejected);
  (rejected ? search.rejected : search.found).push(line);
  return rejected;
}

function retrace(frame: PreparedFrame, grid: TrailGrid, line: TracedLine): TracedLine | null {
  const again = traceLine(frame, grid, { from: line.from, to: line.to, z: line.z, spread: 1 });
  return again.stands ? again : null;
}

/** Main coordinates between which a trail is lit. */
function litRange({ strip, stretches }: RefinedTrail): [begin: number, end: number] {
  return [mainOfRow(strip, stretches[0][0]), mainOfRow(strip, stretches[stretches.length - 1][1])];
}

/** Whether a path lies on one that was measured before, or within `slack` px of it. */
function isKnown(search: Search, path: TrailPath, slack: number, first = path.begin, last = path.end): boolean {
  const known = (trail: RefinedTrail, wider: number) => {
    if (trail.path.flat !== path.flat) return false;
    const [begin, end] = litRange(trail);
    const more = wider * (end - begin);
    const [from, to] = [Math.max(first, begin - more), Math.min(last, end + more)];
    if (to - from < 0.5 * (last - first)) return false;
    const reach = (Math.max(4, 1.2 * trail.width) + slack) / pathCosine(path);
    const straight = { ...trail.path, bow: wider > 0 ? 0 : trail.path.bow };
    const apart = (main: number) => Math.abs(pathAt(path, main) - pathAt(straight, main) - trail.profile.centre);
    return apart(from) < reach && apart(to) < reach;
  };
  // What is no trail may go on beyond what was measured of it: the other arm of a spike, the next star of a chain.
  return search.found.some((trail) => known(trail, 0)) || search.rejected.some((line) => known(line, 3));
}

function clearTrail(frame: PreparedFrame, grid: TrailGrid, trail: RefinedTrail): void {
  const { path, width } = trail;
  const cell = (main: number): [number, number] => {
    const [x, y] = pathPoint(path, main);
    return [(x + 0.5) / grid.side - 0.5, (y + 0.5) / grid.side - 0.5];
  };
  const reach = 1.2 + (1.3 * width) / grid.side;
  const [first, last] = litRange(trail);
  const chords = Math.abs(path.bow) > grid.side / 2 ? 8 : 1;
  for (let n = 0; n < chords; n++)
    clearLine(frame, grid, cell(first + ((last - first) * n) / chords), cell(first + ((last - first) * (n + 1)) / chords), reach);
}

/** Ends this near to the border, measured px, are where the trail leaves the frame. */
const BORDER = 16;

function describe(frame: PreparedFrame, trail: RefinedTrail): Trail {
  const { path, strip, stretches, profile, width } = trail;
  const { sampling } = frame;
  const centred = { ...path, q0: path.q0 + profile.centre, q1: path.q1 + profile.centre };
  let first = mainOfRow(strip, stretches[0][0]);
  let last = mainOfRow(strip, stretches[stretches.length - 1][1]) - 1;
  const [inFirst, inLast] = insideFrame(frame, centred);
  if (first - inFirst <= BORDER) first = inFirst;
  if (inLast - last <= BORDER) last = inLast;
  const sensor = (main: number): [number, number] => {
    const [x, y] = pathPoint(centred, main);
    return [
      (Math.max(0, Math.min(frame.width - 1, x)) + 0.5) * sampling - 0.5,
      (Math.max(0, Math.min(frame.height - 1, y)) + 0.5) * sampling - 0.5,
    ];
  };
  const rows = stretches.reduce((sum, [from, to]) => sum + to - from, 0) * strip.group;
  const amplitude = profile.amplitude / Math.sqrt(strip.group);
  const area = (width * rows) / pathCosine(path) / (frame.width * frame.height);
  return {
    from: sensor(first),
    to: sensor(last),
    width: width * sampling,
    // A measured pixel averages sampling^2 sensor pixels: its noise is that of one over `sampling`.
    peakSigma: amplitude / sampling,
    peak: amplitude * strip.noise,
    significance: trail.z,
    area,
  };
}
