import { type CellMap, GRID_COLUMNS, GRID_ROWS, type StarList } from "../../shared/domain.ts";
import type { NightFrame } from "./groups.ts";
import { apply, invert, type Positions, positionsOf, type Registration, register } from "./registration.ts";
import { median, quantile, spread } from "./robust.ts";

/** What the matched stars of one frame say, against a reference built from the best frames of its group. */
export interface FramePhotometry {
  /** Which of the group's fields the frame shows; frames of other fields are not compared. -1: matches nothing. */
  field: number;
  /** Share of star light that arrives against the reference, and its standard error; null without enough matched stars. */
  transparency: number | null;
  transparencyError: number;
  matched: number;
  /** Star light per cell over the frame's own transparency; null with fewer than two stars. */
  cellTransparency: CellMap;
  cellError: CellMap;
  /** Stars per cell that the reference lets expect well above the detection limit, and how many of them are not there. */
  cellExpected: number[];
  cellMissing: number[];
  /** Of the frame's centre against the reference, px, and rotation in degrees. */
  shift: [dx: number, dy: number] | null;
  rotation: number | null;
}

const CELLS = GRID_COLUMNS * GRID_ROWS;
const MOST_FIELDS = 8;
const SATURATED_OR_BLENDED = 0b11;
const AT_BORDER = 0b100;
/** A star is expected only if it would stand this far above the noise. */
const EXPECTED_SNR = 20;
const PHOTOMETRIC_SNR = 12;
/** Of a star that was seen in too few frames to tell, in log flux. */
const UNKNOWN_SCATTER = 0.06;
/** Stars that repeat worse than this say nothing of a single cell. */
const WORST_SCATTER = 0.2;

/**
 * Matched-star transparency of a group (one exposure, one filter): the median flux ratio of stars common to a frame and a
 * reference made of the group's most transparent frames, and its map over the 8 x 6 grid after dividing that ratio out.
 */
export function measurePhotometry(frames: readonly NightFrame[]): FramePhotometry[] {
  const result = frames.map(emptyPhotometry);
  const left = new Set(frames.map((_, index) => index).filter((index) => frames[index].measurement.list.x.length >= 3));
  for (let field = 0; field < MOST_FIELDS && left.size > 0; field++) {
    const seed = brightest(frames, left);
    const members = registerField(frames, left, seed);
    for (const index of members.keys()) left.delete(index);
    measureField(frames, members, seed, field, result);
  }
  return result;
}

function emptyPhotometry(): FramePhotometry {
  return {
    field: -1,
    transparency: null,
    transparencyError: 1,
    matched: 0,
    cellTransparency: new Array<number | null>(CELLS).fill(null),
    cellError: new Array<number | null>(CELLS).fill(null),
    cellExpected: new Array<number>(CELLS).fill(0),
    cellMissing: new Array<number>(CELLS).fill(0),
    shift: null,
    rotation: null,
  };
}

/** The frame whose stars stand out most together: it has the deepest list to match the others with. */
function brightest(frames: readonly NightFrame[], candidates: Set<number>): number {
  let best = -1;
  let most = -1;
  for (const index of candidates) {
    const list = frames[index].measurement.list;
    let sum = 0;
    for (let i = 0; i < list.snr.length; i++) if ((list.flags[i] & SATURATED_OR_BLENDED) === 0) sum += Math.min(list.snr[i], 200);
    if (sum > most) {
      most = sum;
      best = index;
    }
  }
  return best;
}

/** A night is judged again with every batch of frames that arrives; what two lists have in common stays the same. */
const known = new WeakMap<StarList, WeakMap<StarList, Registration | null>>();

function registered(reference: StarList, list: StarList): Registration | null {
  let ofReference = known.get(reference);
  if (!ofReference) {
    ofReference = new WeakMap();
    known.set(reference, ofReference);
  }
  let found = ofReference.get(list);
  if (found === undefined) {
    found = register(positionsOf(reference), positionsOf(list));
    ofReference.set(list, found);
  }
  return found;
}

function registerField(frames: readonly NightFrame[], candidates: Set<number>, seed: number): Map<number, Registration> {
  const reference = positionsOf(frames[seed].measurement.list);
  const members = new Map<number, Registration>();
  for (const index of candidates) {
    if (index === seed) {
      const pairs = Array.from({ length: reference.length }, (_, i): [number, number] => [i, i]);
      members.set(index, { transform: { a: 1, b: 0, dx: 0, dy: 0, mirror: 1 }, pairs, rms: 0 });
      continue;
    }
    const found = registered(frames[seed].measurement.list, frames[index].measurement.list);
    if (found) members.set(index, found);
  }
  return members;
}

/** Brightness of the reference's stars, natural log of ADU, and how the frames' transparencies came out. */
interface Catalogue {
  positions: Positions;
  logFlux: Float64Array;
  /** How well each star repeats from frame to frame, in log flux: blends and variable stars do not. */
  scatter: Float64Array;
  /** Expected SNR in the seed frame. */
  snr: Float32Array;
}

function measureField(
  frames: readonly NightFrame[],
  members: Map<number, Registration>,
  seed: number,
  field: number,
  result: FramePhotometry[],
): void {
  const list = frames[seed].measurement.list;
  const catalogue: Catalogue = {
    positions: positionsOf(list),
    logFlux: Float64Array.from(list.flux, (flux) => Math.log(Math.max(flux, 1e-30))),
    scatter: new Float64Array(list.flux.length).fill(UNKNOWN_SCATTER),
    snr: list.snr,
  };
  let dimming = new Map<number, number>();
  for (let round = 0; round < 3; round++) {
    dimming = new Map(
      [...members].map(([index, found]) => [index, median(ratios(frames[index], found, catalogue).map((r) => r.value)) ?? Number.NaN]),
    );
    const top = quantile([...dimming.values()], 0.75) ?? 0;
    rebuild(catalogue, frames, members, dimming, top);
  }
  // The scale of the reference: what the more transparent half of the frames agrees on.
  const values = [...dimming.values()].filter(Number.isFinite);
  const middle = median(values) ?? 0;
  const zero = median(values.filter((value) => value >= middle)) ?? 0;
  for (const [index, found] of members) {
    result[index] = photometryOf(frames[index], frames[seed], found, catalogue, zero, field);
  }
}

interface Ratio {
  value: number;
  sigma: number;
  reference: number;
  frame: number;
}

function usable(flags: number): boolean {
  return (flags & (SATURATED_OR_BLENDED | AT_BORDER)) === 0;
}

function ratios(frame: NightFrame, found: Registration, catalogue: Catalogue): Ratio[] {
  const list = frame.measurement.list;
  const out: Ratio[] = [];
  for (const [i, j] of found.pairs) {
    if (!usable(list.flags[j]) || list.snr[j] < PHOTOMETRIC_SNR || !(list.flux[j] > 0)) continue;
    const value = Math.log(list.flux[j]) - catalogue.logFlux[i];
    if (Number.isFinite(value)) out.push({ value, sigma: Math.hypot(1 / list.snr[j], catalogue.scatter[i], 0.02), reference: i, frame: j });
  }
  return out;
}

/** Star fluxes of the reference: medians over the more transparent frames, each brought to the reference's scale. */
function rebuild(
  catalogue: Catalogue,
  frames: readonly NightFrame[],
  members: Map<number, Registration>,
  dimming: Map<number, number>,
  top: number,
): void {
  const perStar: number[][] = Array.from({ length: catalogue.logFlux.length }, () => []);
  for (const [index, found] of members) {
    const t = dimming.get(index) ?? Number.NaN;
    if (!(t > top - 0.35)) continue;
    for (const ratio of ratios(frames[index], found, catalogue)) {
      perStar[ratio.reference].push(catalogue.logFlux[ratio.reference] + ratio.value - t);
    }
  }
  perStar.forEach((values, i) => {
    const centre = values.length >= 3 ? median(values) : null;
    if (centre === null) return;
    catalogue.logFlux[i] = centre;
    if (values.length >= 5) catalogue.scatter[i] = spread(values, centre);
  });
}

function cellOf(x: number, y: number, width: number, height: number): number {
  const column = Math.min(GRID_COLUMNS - 1, Math.max(0, Math.floor((x / width) * GRID_COLUMNS)));
  const row = Math.min(GRID_ROWS - 1, Math.max(0, Math.floor((y / height) * GRID_ROWS)));
  return row * GRID_COLUMNS + column;
}

function photometryOf(
  frame: NightFrame,
  seed: NightFrame,
  found: Registration,
  catalogue: Catalogue,
  zero: number,
  field: number,
): FramePhotometry {
  const result = emptyPhotometry();
  const { width, height, list } = frame.measurement;
  result.field = field;
  const centre = apply(found.transform, width / 2, height / 2);
  result.shift = [centre[0] - width / 2, centre[1] - height / 2];
  result.rotation = (Math.atan2(found.transform.b, found.transform.a) * 180) / Math.PI;
  const all = ratios(frame, found, catalogue);
  result.matched = all.length;
  if (all.length < 3) return result;
  const values = all.map((ratio) => ratio.value);
  const global = median(values) ?? 0;
  const scatter = spread(values, global);
  result.transparency = Math.exp(global - zero);
  result.transparencyError = result.transparency * Math.hypot((1.2533 * scatter) / Math.sqrt(all.length), 0.005);
  const inCell: Ratio[][] = Array.from({ length: CELLS }, () => []);
  for (const ratio of all) inCell[cellOf(list.x[ratio.frame], list.y[ratio.frame], width, height)].push(ratio);
  inCell.forEach((here, cell) => {
    const light = cellLight(here);
    if (!light) return;
    result.cellTransparency[cell] = Math.exp(light.value - global);
    result.cellError[cell] = Math.exp(light.value - global) * light.error;
  });
  countMissing(result, frame, seed, found, catalogue, global);
  return result;
}

/**
 * Log light of a cell and its error. Of two stars the brighter counts: a single star is easily wrong (a blend, a cosmic ray in
 * the reference), and dimming takes both.
 */
function cellLight(here: readonly Ratio[]): { value: number; error: number } | null {
  const steady = here.filter((ratio) => ratio.sigma < WORST_SCATTER);
  if (steady.length < 2) return null;
  const values = steady.map((ratio) => ratio.value);
  const value = steady.length === 2 ? Math.max(...values) : (median(values) ?? 0);
  const single = median(steady.map((ratio) => ratio.sigma)) ?? UNKNOWN_SCATTER;
  const seen = steady.length >= 4 ? Math.min(0.5, spread(values, value)) : 0;
  return { value, error: (1.2533 * Math.max(single, seen)) / Math.sqrt(steady.length) };
}

/** Which stars the reference lets expect in each cell, and how many of them are not among the frame's. */
function countMissing(
  result: FramePhotometry,
  frame: NightFrame,
  seed: NightFrame,
  found: Registration,
  catalogue: Catalogue,
  global: number,
): void {
  const { width, height, list, background, shape } = frame.measurement;
  const reference = seed.measurement;
  const noise =
    (background.noise * (shape.fwhm ?? 1)) / Math.max(1e-12, reference.background.noise * (reference.shape.fwhm ?? shape.fwhm ?? 1));
  const dimmed = Math.exp(Math.min(0, global));
  const full = list.flux.length >= 500;
  const faintest = full ? Math.log(Math.max(1e-30, quantile(Array.from(list.flux), 0.02) ?? 1e-30)) : -Infinity;
  const matched = new Set(found.pairs.map(([i]) => i));
  const margin = Math.max(8, 2 * (shape.fwhm ?? 4));
  for (let i = 0; i < catalogue.logFlux.length; i++) {
    const [x, y] = invert(found.transform, catalogue.positions.x[i], catalogue.positions.y[i]);
    if (x < margin || y < margin || x > width - margin || y > height - margin) continue;
    const expectedSnr = (catalogue.snr[i] * dimmed) / Math.max(noise, 0.2);
    if (expectedSnr < EXPECTED_SNR || catalogue.logFlux[i] + global < faintest + 0.4) continue;
    const cell = cellOf(x, y, width, height);
    result.cellExpected[cell]++;
    if (!matched.has(i)) result.cellMissing[cell]++;
  }
}
