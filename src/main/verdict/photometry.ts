import { type CellMap, GRID_COLUMNS, GRID_ROWS, type Measurement } from "../../shared/domain.ts";
import { trailMask } from "../../shared/trail-mask.ts";
import type { NightFrame } from "./groups.ts";
import { cellOf, type Member, registerField, SATURATED_OR_BLENDED } from "./matched-stars.ts";
import { apply, invert, type Registration } from "./registration.ts";
import { median, quantile, quantileInPlace, spread, spreadInPlace } from "./robust.ts";
import { type StarlessRows, starlessRows } from "./torn-rows.ts";

/** Stars that should be in a frame, as columns. */
export interface ExpectedStars {
  cell: number[];
  /** How often the group's clear frames see the star, 0..1. */
  seen: number[];
  /** 1: this frame does not show it. */
  missing: number[];
}

/** What the matched stars of one frame say, against a reference built from the best frames of its group. */
export interface FramePhotometry {
  /** Which of the group's fields the frame shows; frames of other fields are not compared. -1: matches nothing. */
  field: number;
  /** Share of star light that arrives against the reference, and its standard error; null without enough matched stars. */
  transparency: number | null;
  transparencyError: number;
  matched: number;
  /** Listed stars paired with the reference's, whatever their light is worth. */
  paired: number;
  /** Star light per cell over the frame's own transparency; null with fewer than two stars. */
  cellTransparency: CellMap;
  cellError: CellMap;
  /** Stars that the reference lets expect well above the detection limit. */
  expected: ExpectedStars;
  /** Rows without any of their stars; null when there are none. */
  starless: StarlessRows | null;
  /** Of the frame's centre against the reference, px, and rotation in degrees. */
  shift: [dx: number, dy: number] | null;
  rotation: number | null;
}

const CELLS = GRID_COLUMNS * GRID_ROWS;
const MOST_FIELDS = 8;
/** A star is expected only if it would stand this far above the noise. */
const EXPECTED_SNR = 20;
/** Of a star that was seen in too few frames to tell, in log flux. */
const UNKNOWN_SCATTER = 0.06;
/** Stars that repeat worse than this say nothing of a single cell. */
const WORST_SCATTER = 0.2;

/** What was found for a group, by its first frame: moving a threshold judges the same frames again. */
const remembered = new WeakMap<Measurement, { of: readonly Measurement[]; photometry: readonly FramePhotometry[] }>();

/**
 * Matched-star transparency of a group (one exposure, one filter): the median flux ratio of stars common to a frame and a
 * reference made of the group's most transparent frames, and its map over the 8 x 6 grid after dividing that ratio out.
 * In the order of the frames; remembered for the same measurements in the same order.
 */
export function measurePhotometry(frames: readonly NightFrame[]): readonly FramePhotometry[] {
  if (frames.length === 0) return [];
  const of = frames.map((frame) => frame.measurement);
  const known = remembered.get(of[0]);
  if (known && known.of.length === of.length && known.of.every((one, index) => one === of[index])) return known.photometry;
  const photometry = measureFields(of);
  remembered.set(of[0], { of, photometry });
  return photometry;
}

function measureFields(frames: readonly Measurement[]): FramePhotometry[] {
  const result = frames.map(emptyPhotometry);
  const left = new Set(frames.map((_, index) => index).filter((index) => frames[index].list.x.length >= 3));
  for (let field = 0; field < MOST_FIELDS && left.size > 0; field++) {
    const seed = brightest(frames, left);
    const members = registerField(frames, left, seed);
    for (const { index } of members) left.delete(index);
    measureField(members, frames[seed], field, result);
  }
  return result;
}

function emptyPhotometry(): FramePhotometry {
  return {
    field: -1,
    transparency: null,
    transparencyError: 1,
    matched: 0,
    paired: 0,
    cellTransparency: new Array<number | null>(CELLS).fill(null),
    cellError: new Array<number | null>(CELLS).fill(null),
    expected: { cell: [], seen: [], missing: [] },
    starless: null,
    shift: null,
    rotation: null,
  };
}

/** The frame whose stars stand out most together: it has the deepest list to match the others with. */
function brightest(frames: readonly Measurement[], candidates: Set<number>): number {
  let best = -1;
  let most = -1;
  for (const index of candidates) {
    const { snr, flags } = frames[index].list;
    let sum = 0;
    for (let i = 0; i < snr.length; i++) if ((flags[i] & SATURATED_OR_BLENDED) === 0) sum += Math.min(snr[i], 200);
    if (sum > most) {
      most = sum;
      best = index;
    }
  }
  return best;
}

/** Brightness of the reference's stars, natural log of ADU, and how the frames' transparencies came out. */
interface Catalogue {
  seed: Measurement;
  logFlux: Float64Array;
  /** How well each star repeats from frame to frame, in log flux: blends and variable stars do not. */
  scatter: Float64Array;
  /** Share of the clear frames that see the star where it should stand out: cosmic rays and hot pixels of the seed hardly ever. */
  seen: Float32Array;
}

function measureField(members: readonly Member[], seed: Measurement, field: number, result: FramePhotometry[]): void {
  const { list } = seed;
  const catalogue: Catalogue = {
    seed,
    logFlux: Float64Array.from(list.flux, (flux) => Math.log(Math.max(flux, 1e-30))),
    scatter: new Float64Array(list.flux.length).fill(UNKNOWN_SCATTER),
    seen: new Float32Array(list.flux.length).fill(USUALLY_SEEN),
  };
  const pool = new Float64Array(members.reduce((sum, member) => sum + member.star.length, 0));
  let dimming: number[] = [];
  for (let round = 0; round < 3; round++) {
    dimming = members.map((member) => dimmingOf(member, catalogue, pool));
    const top = quantile(dimming, 0.75) ?? 0;
    rebuild(catalogue, members, dimming, top, pool);
  }
  countSeen(catalogue, members, dimming);
  // The scale of the reference: what the more transparent half of the frames agrees on.
  const values = dimming.filter(Number.isFinite);
  const middle = median(values) ?? 0;
  const zero = median(values.filter((value) => value >= middle)) ?? 0;
  for (const member of members) result[member.index] = photometryOf(member, catalogue, zero, field);
}

/** A star that stands far above the noise is seen this often, and as many frames' worth of that is taken for granted. */
const USUALLY_SEEN = 0.98;
const PRIOR_FRAMES = 2;
/** Below this share a thing says nothing by being gone; an obstruction may take a star from most frames, though. */
const LASTING = 0.3;
const ENOUGH_FRAMES = 4;

/** How often each star of the reference is seen by the clear frames: edges of the sampling and close pairs are lost now and then. */
function countSeen(catalogue: Catalogue, members: readonly Member[], dimming: readonly number[]): void {
  const top = quantile(dimming, 0.75) ?? 0;
  const clear = members.filter((_, m) => dimming[m] > top - 0.35);
  if (clear.length < ENOUGH_FRAMES) return;
  const count = catalogue.logFlux.length;
  const asked = new Uint16Array(count);
  const seen = new Uint16Array(count);
  clear.forEach(({ measurement, found }) => {
    const there = matchedOf(found, count);
    forExpected(measurement, found, catalogue, 0, (star) => {
      if (asked[star] === 65535) return;
      asked[star]++;
      seen[star] += there[star];
    });
  });
  const own = Float32Array.from(seen, (n, i) => (n + PRIOR_FRAMES * USUALLY_SEEN) / (asked[i] + PRIOR_FRAMES));
  // What an obstruction took from half of the frames is no worse a star than the others: only rarer ones than LASTING are no stars.
  const usual = median(own.filter((share) => share >= LASTING)) ?? USUALLY_SEEN;
  for (let i = 0; i < count; i++) catalogue.seen[i] = own[i] < LASTING ? own[i] : Math.max(own[i], usual);
}

/** Log of the median flux ratio to the catalogue; NaN without a star. `work` holds at least the frame's stars. */
function dimmingOf({ star, logFlux }: Member, catalogue: Catalogue, work: Float64Array): number {
  for (let k = 0; k < star.length; k++) work[k] = logFlux[k] - catalogue.logFlux[star[k]];
  return star.length === 0 ? Number.NaN : quantileInPlace(work, 0, star.length, 0.5);
}

/**
 * Star fluxes of the reference: medians over the more transparent frames, each brought to the reference's scale. `pool` holds
 * at least the stars of all members.
 */
function rebuild(catalogue: Catalogue, members: readonly Member[], dimming: readonly number[], top: number, pool: Float64Array): void {
  const clear = members.map((_, m) => dimming[m] > top - 0.35);
  // Of each star the end of its values in the pool; star after star.
  const ends = new Int32Array(catalogue.logFlux.length + 1);
  members.forEach(({ star }, m) => {
    if (clear[m]) for (let k = 0; k < star.length; k++) ends[star[k] + 1]++;
  });
  for (let i = 1; i < ends.length; i++) ends[i] += ends[i - 1];
  const starts = ends.slice();
  members.forEach(({ star, logFlux }, m) => {
    if (clear[m]) for (let k = 0; k < star.length; k++) pool[starts[star[k]]++] = logFlux[k] - dimming[m];
  });
  for (let i = 0; i < catalogue.logFlux.length; i++) {
    const [from, to] = [ends[i], ends[i + 1]];
    if (to - from < 3) continue;
    const centre = quantileInPlace(pool, from, to, 0.5);
    catalogue.logFlux[i] = centre;
    if (to - from >= 5) catalogue.scatter[i] = spreadInPlace(pool, from, to, centre);
  }
}

function photometryOf(member: Member, catalogue: Catalogue, zero: number, field: number): FramePhotometry {
  const result = emptyPhotometry();
  const { measurement, found, star, logFlux } = member;
  const { width, height } = measurement;
  result.field = field;
  const centre = apply(found.transform, width / 2, height / 2);
  result.shift = [centre[0] - width / 2, centre[1] - height / 2];
  result.rotation = (Math.atan2(found.transform.b, found.transform.a) * 180) / Math.PI;
  result.matched = star.length;
  result.paired = found.pairs.count;
  if (star.length < 3) return result;
  const ratios = logFlux.map((value, k) => value - catalogue.logFlux[star[k]]);
  const global = median(ratios) ?? 0;
  const scatter = spread(ratios, global);
  result.transparency = Math.exp(global - zero);
  result.transparencyError = result.transparency * Math.hypot((1.2533 * scatter) / Math.sqrt(star.length), 0.005);
  measureCells(result, member, catalogue, ratios, global);
  countMissing(result, measurement, found, catalogue, global);
  return result;
}

/** Light of each cell that has two steady stars. */
function measureCells(
  result: FramePhotometry,
  { star, cell, error }: Member,
  { scatter }: Catalogue,
  ratios: Float64Array,
  global: number,
) {
  const sigma = error.map((own, k) => Math.sqrt(own * own + scatter[star[k]] ** 2 + 0.02 ** 2));
  const ends = new Int32Array(CELLS + 1);
  for (let k = 0; k < sigma.length; k++) if (sigma[k] < WORST_SCATTER) ends[cell[k] + 1]++;
  for (let c = 1; c <= CELLS; c++) ends[c] += ends[c - 1];
  const starts = ends.slice();
  const values = new Float64Array(ends[CELLS]);
  const sigmas = new Float64Array(ends[CELLS]);
  for (let k = 0; k < sigma.length; k++) {
    if (!(sigma[k] < WORST_SCATTER)) continue;
    const place = starts[cell[k]]++;
    values[place] = ratios[k];
    sigmas[place] = sigma[k];
  }
  for (let c = 0; c < CELLS; c++) {
    const light = cellLight(values, sigmas, ends[c], ends[c + 1]);
    if (!light) continue;
    result.cellTransparency[c] = Math.exp(light.value - global);
    result.cellError[c] = Math.exp(light.value - global) * light.error;
  }
}

/**
 * Log light of a cell and its error, from the ratios [from, to), which it reorders. Of two stars the brighter counts: a single
 * star is easily wrong (a blend, a cosmic ray in the reference), and dimming takes both.
 */
function cellLight(values: Float64Array, sigmas: Float64Array, from: number, to: number): { value: number; error: number } | null {
  const count = to - from;
  if (count < 2) return null;
  const value = count === 2 ? Math.max(values[from], values[from + 1]) : quantileInPlace(values, from, to, 0.5);
  const single = quantileInPlace(sigmas, from, to, 0.5);
  const seen = count >= 4 ? Math.min(0.5, spreadInPlace(values, from, to, value)) : 0;
  return { value, error: (1.2533 * Math.max(single, seen)) / Math.sqrt(count) };
}

/** Which stars the reference lets expect in each cell, and how many of them are not among the frame's. */
function countMissing(result: FramePhotometry, frame: Measurement, found: Registration, catalogue: Catalogue, global: number): void {
  const there = matchedOf(found, catalogue.logFlux.length);
  const rows: number[] = [];
  const { cell, seen, missing } = result.expected;
  forExpected(frame, found, catalogue, global, (star, x, y) => {
    cell.push(cellOf(x, y, frame.width, frame.height));
    seen.push(catalogue.seen[star]);
    missing.push(1 - there[star]);
    rows.push(y);
  });
  const paired = new Set(found.pairs.frame.subarray(0, found.pairs.count));
  const strangers = Array.from(frame.list.y).filter((_, i) => !paired.has(i));
  result.starless = starlessRows(rows, missing, strangers);
}

/** Stars are measured within this many FWHM. */
const APERTURE = 3;

/** 1 for each star of the reference that was matched. */
function matchedOf({ pairs }: Registration, count: number): Uint8Array {
  const matched = new Uint8Array(count);
  for (let k = 0; k < pairs.count; k++) matched[pairs.reference[k]] = 1;
  return matched;
}

/**
 * The reference's stars that should stand well above the frame's noise and above the faint end of its list, with their place in it;
 * those under a trail are not looked for.
 * `global` is the log of the frame's transparency.
 */
function forExpected(
  frame: Measurement,
  found: Registration,
  { seed, logFlux, seen }: Catalogue,
  global: number,
  visit: (star: number, x: number, y: number) => void,
): void {
  const { width, height, list, background, shape } = frame;
  const noise = (background.noise * (shape.fwhm ?? 1)) / Math.max(1e-12, seed.background.noise * (seed.shape.fwhm ?? shape.fwhm ?? 1));
  const dimmed = Math.exp(Math.min(0, global));
  const full = list.flux.length >= 500;
  const faintest = full ? Math.log(Math.max(1e-30, quantile(list.flux, 0.02) ?? 1e-30)) : -Infinity;
  const margin = Math.max(8, 2 * (shape.fwhm ?? 4));
  // A star beside a trail is measured against a sky that the trail lit: none is expected within an aperture of one.
  // What is faint at the ends of a trail, or of a bright star's spike taken for one, still goes on beyond them.
  const onTrail = trailMask(frame.trails, APERTURE * (shape.fwhm ?? 4), 0.3 * Math.max(width, height));
  for (let i = 0; i < logFlux.length; i++) {
    const expectedSnr = (seed.list.snr[i] * dimmed) / Math.max(noise, 0.2);
    if (seen[i] < LASTING || expectedSnr < EXPECTED_SNR || logFlux[i] + global < faintest + 0.4) continue;
    const [x, y] = invert(found.transform, seed.list.x[i], seed.list.y[i]);
    if (x >= margin && y >= margin && x <= width - margin && y <= height - margin && !onTrail(x, y)) visit(i, x, y);
  }
}
