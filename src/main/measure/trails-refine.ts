import type { PreparedFrame } from "./prepared.ts";
import { type AlignedPath, alignPath } from "./trails-align.ts";
import { binnedFrame, doubledAlignment, doubledLine, halvedPath } from "./trails-binned.ts";
import { trailEnds } from "./trails-ends.ts";
import { blockMedians, litStretches, quantile, reachEnds } from "./trails-extent.ts";
import { crowding, LEAST_Z, LEAST_Z_BESIDE, leastHeight, leastLength, lengthOf, WIDEST } from "./trails-limits.ts";
import { fitProfile, heightsAt, levelBeside, type RowAmplitudes, rowAmplitudes, type TrailProfile } from "./trails-profile.ts";
import type { MeasuredLine, RefinedTrail } from "./trails-refined.ts";
import { realigned, straighten } from "./trails-straighten.ts";
import {
  insideFrame,
  mainOfRow,
  pathAt,
  pathBetween,
  pathCosine,
  type RowRange,
  readStrip,
  type StripPixels,
  sampleStrip,
  type TrailPath,
  withoutStars,
} from "./trails-strip.ts";
import type { TracedLine } from "./trails-trace.ts";

/** A path laid onto the pixels must promise this share of the height that a trail needs; the rest of its length adds the rest. */
const PROMISE = 0.72;
/** Above this stars on the path matter little, and hiding them could hide flashes of the trail. */
const BRIGHT = 25;

/** The bright part of a line in measured px. */
export function coarsePath(line: TracedLine, side: number): TrailPath {
  const point = (t: number): [number, number] => [
    (line.from[0] + (line.to[0] - line.from[0]) * t + 0.5) * side - 0.5,
    (line.from[1] + (line.to[1] - line.from[1]) * t + 0.5) * side - 0.5,
  ];
  return pathBetween(point(line.begin), point(line.end));
}

/**
 * Lays the bright part of a line onto the pixels (of the 2x2 binned plane where cells are large); null when at that resolution it
 * is no more than noise.
 */
export function alignLine(frame: PreparedFrame, line: TracedLine, side: number): AlignedPath | null {
  const path = coarsePath(line, side);
  const reach = Math.ceil(1.75 * side);
  const aligned =
    side >= 8 ? doubledAlignment(alignPath(binnedFrame(frame), halvedPath(path), Math.ceil(reach / 2))) : alignPath(frame, path, reach);
  // A bright trail's own flashes are hidden too: many hidden pixels need not be a dense field.
  return aligned.z < PROMISE * LEAST_Z * Math.min(1.6, crowding(aligned.hidden)) ? null : aligned;
}

/** From this width on, measured px, a line is measured on the binned plane first. */
const COARSE = 12;

/** Finds where along its path a trail is lit, how wide and how bright; null when there is nothing at full resolution. */
export function refineTrail(frame: PreparedFrame, aligned: AlignedPath): RefinedTrail | null {
  if (aligned.width >= COARSE) {
    if (isFarTooWide(frame, aligned)) return null;
    const coarse = refineIn(binnedFrame(frame), { ...aligned, path: halvedPath(aligned.path), width: aligned.width / 2 }, WIDEST / 2);
    // A narrow line within something wide wants all pixels.
    if (!coarse || 2 * coarse.width >= 0.75 * COARSE) return coarse && doubledLine(coarse);
  }
  return refineIn(frame, aligned, WIDEST);
}

/** Alignments as wide as this are looked at once more before they are measured: most are nebulae. */
const DOUBTFUL = 24;
const SAMPLED_ROWS = 96;

/** Whether a look at some rows of the path shows something much wider than any trail, which measuring it would only confirm. */
function isFarTooWide(frame: PreparedFrame, { path, width }: AlignedPath): boolean {
  if (width < DOUBTFUL) return false;
  const mark = frame.kernels.mark();
  const [inFirst, inLast] = insideFrame(frame, path);
  const [first, last] = [Math.max(inFirst, Math.round(path.begin)), Math.min(inLast, Math.round(path.end))];
  const binned = binnedFrame(frame);
  const half = halvedPath({
    ...path,
    begin: first,
    end: Math.max(first + 2, last),
    q0: pathAt(path, first),
    q1: pathAt(path, last),
    bow: 0,
  });
  const strip = sampleStrip(binned, half, Math.ceil(half.begin), Math.floor(half.end), 100, SAMPLED_ROWS);
  const profile = fitProfile(strip, [[0, strip.rows]], width / 2);
  frame.kernels.release(mark);
  return 2 * profile.fwhm * pathCosine(path) > 1.3 * WIDEST;
}

function refineIn(frame: PreparedFrame, aligned: AlignedPath, widest: number): RefinedTrail | null {
  const { kernels } = frame;
  const mark = kernels.mark();
  let width = Math.max(1.5, aligned.width);
  let path = Math.abs(aligned.path.bow) < width / 2 ? withoutBow(aligned.path) : aligned.path;
  let found: MeasuredLine | null = null;
  let before = 0;
  for (let pass = 0; pass < 5; pass++) {
    kernels.release(mark);
    found = measureAlong(frame, path, width, aligned.z < BRIGHT, found);
    if (!found) break;
    width = found.width;
    // What is no trail by far needs no better path.
    if (width > 1.3 * widest || isHopeless(frame, found)) break;
    found = withEnds(frame, found);
    const length = lengthOf(found);
    if (pass >= (found.z < 20 ? 1 : 2) && length < 1.1 * before) break;
    before = length;
    const moved = found.z < 20 ? realigned(frame, found) : straighten(found);
    if (moved.shift < 0.3) break;
    path = moved.path;
  }
  kernels.release(mark);
  return found;
}

/** A path as straight as its own length allows: what a short part seems to bend leads far astray beyond it. */
function withoutBow(path: TrailPath): TrailPath {
  // On average a parabola lies two thirds of its sag beside its chord.
  const aside = (2 / 3) * path.bow;
  return { ...path, q0: path.q0 + aside, q1: path.q1 + aside, bow: 0 };
}

/** The same with both ends where they are most likely, for a line of one stretch or of pieces of one; dashed ones have more. */
function withEnds(frame: PreparedFrame, line: MeasuredLine): MeasuredLine {
  const { path, strip, profile, stretches } = line;
  if (stretches.length > 3) return line;
  const [inFirst, inLast] = insideFrame(frame, path);
  const last = stretches.length - 1;
  const atBorder = [strip.first === inFirst, mainOfRow(strip, strip.rows + 1) > inLast] as const;
  const [from, to] = trailEnds(strip, profile, [stretches[0][0], stretches[last][1]], atBorder);
  const ended = stretches
    .map(([begin, end], n): RowRange => [n === 0 ? from : Math.max(begin, from), n === last ? to : Math.min(end, to)])
    .filter(([begin, end]) => end > begin);
  if (ended.length === 0) return line;
  const [z, zBeside] = heights(strip, profile, ended, line.amplitudes);
  return { ...line, stretches: ended, z, zBeside: line.z < BRIGHT ? zBeside : line.zBeside };
}

/** Height above the lines beside that no verification asks more of. */
const ENOUGH = 20;
/** So faint, so wide, so little above the lines beside it or so short that no better path will make a trail of it. */
function isHopeless(frame: PreparedFrame, line: RefinedTrail): boolean {
  if (line.width > 1.3 * WIDEST) return true;
  if (line.zBeside < 0.4 * LEAST_Z_BESIDE) return true;
  return line.z < 0.7 * leastHeight(frame, line) || lengthOf(line) < 0.6 * leastLength(frame, line);
}

/** First looked at beyond a line's bright part, px at least; a short line need not be read across the whole frame. */
const BEYOND = 800;

function measureAlong(
  frame: PreparedFrame,
  path: TrailPath,
  width: number,
  faint: boolean,
  before: RefinedTrail | null,
): MeasuredLine | null {
  const [inFirst, inLast] = insideFrame(frame, path);
  const beyond = Math.max(BEYOND, path.end - path.begin);
  const first = Math.max(inFirst, Math.round(path.begin - beyond));
  const last = Math.min(inLast, Math.round(path.end + beyond));
  const found = measureWithin(frame, path, width, faint, before, first, last);
  if (!found || (first === inFirst && last === inLast)) return found;
  const [from, to] = [found.stretches[0][0], found.stretches[found.stretches.length - 1][1]];
  const near = 0.05 * (to - from) + 8;
  const open = from < near || found.strip.rows - to < near;
  return open ? measureWithin(frame, path, width, faint, before, inFirst, inLast) : found;
}

/** The same with the rows between two main coordinates. */
function measureWithin(
  frame: PreparedFrame,
  path: TrailPath,
  width: number,
  faint: boolean,
  before: RefinedTrail | null,
  first: number,
  last: number,
): MeasuredLine | null {
  const cosine = pathCosine(path);
  const across = width / cosine;
  const half = Math.max(36, Math.min(120, Math.ceil(3.5 * across) + 10));
  const strip = readStrip(frame, path, first, last, half, faint);
  const [inFirst, inLast] = insideFrame(frame, path);
  const ends = first === inFirst && last === inLast;
  const rowOf = (main: number) => Math.max(0, Math.min(strip.rows, Math.round((main - first) / strip.group)));
  const lit: RowRange[] = before
    ? before.stretches.map(([from, to]) => [rowOf(mainOfRow(before.strip, from)), rowOf(mainOfRow(before.strip, to))])
    : [[rowOf(path.begin), rowOf(path.end + 1)]];
  let profile = fitProfile(strip, lit, across);
  let extent = extentOf(strip, profile, lit, ends, faint);
  if (!extent) return null;
  // Once more with the rows that are really lit.
  profile = fitProfile(strip, extent.stretches, profile.fwhm);
  extent = extentOf(strip, profile, extent.stretches, ends, faint);
  if (!extent) return null;
  const [z, zBeside] = heights(strip, profile, extent.stretches, extent.amplitudes);
  const line = { path, strip, profile, ...extent, width: profile.fwhm * cosine, z, zBeside, hidden: strip.hidden };
  if (faint || zBeside > ENOUGH) return line;
  // Stars left in for a bright trail make the lines beside it scatter: without them, it may still stand out.
  const dark = withoutStars(strip);
  return { ...line, zBeside: Math.max(zBeside, heightBeside(dark, profile, extent.stretches)), hidden: dark.hidden };
}

/** Gain in log likelihood that a lit stretch must bring: one in exp(14) by chance, of some thousand places tried. */
const LEAST_GAIN = 14;

/** `ends`: the strip's rows end where the frame does. */
function extentOf(strip: StripPixels, profile: TrailProfile, lit: readonly RowRange[], ends: boolean, faint: boolean) {
  if (profile.amplitude <= 0.02) return null;
  const levels = levelBeside(strip, profile.centre, profile.fwhm);
  const amplitudes = rowAmplitudes(strip, levels, profile.centre, profile.fwhm, Math.max(4, 3 * profile.amplitude + 3));
  const known = lit.reduce((sum, [from, to]) => sum + to - from, 0);
  const rows = Math.max(8, Math.min(Math.ceil((3 * amplitudes.sigma) ** 2 / profile.amplitude ** 2), Math.ceil(known / 6)));
  const blocks: number[] = [];
  for (const [from, to] of lit) if (to > from) blocks.push(...blockMedians(amplitudes.values, from, to, rows));
  const level = levelOf(blocks, faint ? Infinity : profile.amplitude);
  if (level <= 0) return null;
  const shortest = Math.max(3, Math.round(Math.max(5, 2 * profile.fwhm) / strip.group));
  const all = litStretches(amplitudes.values, amplitudes.sigma, level, shortest, LEAST_GAIN);
  const stretches = withoutBlobs(all, amplitudes.values, level, profile.fwhm / strip.group);
  if (stretches.length === 0) return null;
  if (ends) reachEnds(stretches, amplitudes.values, amplitudes.sigma, level);
  return { amplitudes, stretches };
}

/**
 * Brightness where lit, from medians of blocks of which each shows the trail by about 3 sigma: that of the brighter blocks, for it
 * may flash, and what is no trail but a chain of faint stars then shrinks to one of them. A line that is lit nearly all along, not
 * much below its `mean`, has the median: of a bright trail's brighter half, stars would be what is bright.
 */
function levelOf(blocks: readonly number[], mean: number): number {
  const middle = quantile(blocks, 0.5);
  if (middle > 0.7 * mean && quantile(blocks, 0.25) > 0.35 * middle) return middle;
  const high = quantile(blocks, 0.8);
  const bright = blocks.filter((value) => value > high / 2);
  return bright.reduce((sum, value) => sum + value, 0) / Math.max(1, bright.length);
}

/**
 * Leaves out stretches that are stars on the path: of another brightness than the trail, or short. Short ones stay when there
 * are several: strobes.
 */
function withoutBlobs(all: RowRange[], values: Float32Array, level: number, fwhmRows: number): RowRange[] {
  if (all.length < 2) return all;
  const alike = all.filter(([from, to]) => {
    const height = quantile(values.subarray(from, to), 0.5);
    return height > 0.5 * level && height < 2 * level;
  });
  const long = alike.filter(([from, to]) => to - from >= 5 * fwhmRows);
  const strobes = alike.filter(([from, to]) => to - from >= 2.5 * fwhmRows);
  if (strobes.length >= 4 && strobes.length > long.length) return strobes;
  const longest = Math.max(...all.map(([from, to]) => to - from));
  const main = (long.length > 0 ? long : all).filter(([from, to]) => to - from >= 0.1 * longest);
  return main.length > 0 ? main : all.filter(([from, to]) => to - from === longest);
}

/** Height of the sum of the lit rows over white noise, and over the scatter of the same sum along lines beside. */
function heights(
  strip: StripPixels,
  profile: TrailProfile,
  stretches: readonly RowRange[],
  amplitudes: RowAmplitudes,
): [z: number, zBeside: number] {
  const limit = 3 * amplitudes.sigma + profile.amplitude;
  let [sum, rows] = [0, 0];
  for (const [from, to] of stretches) {
    for (let r = from; r < to; r++) sum += Math.max(-limit, Math.min(amplitudes.values[r], limit));
    rows += to - from;
  }
  const own = sum / (amplitudes.sigma * Math.sqrt(rows));
  return [own, heightBeside(strip, profile, stretches, own)];
}

/** Height above lines beside the trail's in units of their scatter: what stars raise all of alike does not count. */
function heightBeside(strip: StripPixels, profile: TrailProfile, stretches: readonly RowRange[], own?: number): number {
  const centres: number[] = [profile.centre];
  for (let step = 2; step < 20; step++) {
    const apart = step * Math.max(profile.fwhm, 2);
    if (apart + profile.fwhm / 2 + Math.abs(profile.centre) < strip.half) centres.push(profile.centre - apart, profile.centre + apart);
  }
  const [at, ...beside] = heightsAt(strip, levelBeside(strip, profile.centre, profile.fwhm), stretches, centres, profile.fwhm);
  const mean = quantile(beside, 0.5);
  // The lines that stand out most may be trails themselves; of normal noise the others deviate by 0.56 sigma.
  const deviations = beside.map((z) => Math.abs(z - mean)).sort((a, b) => a - b);
  const kept = deviations.slice(0, deviations.length - Math.floor(deviations.length / 6));
  return ((own ?? at) - mean) / Math.max(1, (1.77 * kept.reduce((sum, value) => sum + value, 0)) / Math.max(1, kept.length));
}
