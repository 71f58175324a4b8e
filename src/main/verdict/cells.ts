import { type CellMap, GRID_COLUMNS, GRID_ROWS } from "../../shared/domain.ts";
import type { ExpectedStars, FramePhotometry } from "./photometry.ts";
import type { SkyEvidence } from "./sky.ts";

const CELLS = GRID_COLUMNS * GRID_ROWS;

/** What may have happened to a cell: light let through by cloud, or a share of the cell behind something opaque. */
interface CellState {
  kind: "clear" | "dimmed" | "hidden";
  /** Light that arrives, over the frame's own transparency. */
  light: number;
}

/** Steps fine enough that a limit between two of them does not matter against the errors of a handful of stars. */
const STATES: readonly CellState[] = [
  { kind: "clear", light: 1 },
  ...[0.93, 0.86, 0.8, 0.74, 0.67, 0.58, 0.48, 0.35, 0.2, 0.07].map((light) => ({ kind: "dimmed" as const, light })),
  ...[0.85, 0.7, 0.55, 0.4, 0.25, 0.1, 0].map((light) => ({ kind: "hidden" as const, light })),
];
const N = STATES.length;
const LIGHT = Float64Array.from(STATES, ({ light }) => light);
const IS_HIDDEN = STATES.map(({ kind }) => kind === "hidden");

/** What the cells of one frame say together. */
export interface CellVerdict {
  /** Probability that less than the limit of the light arrives, per cell. */
  lost: number[];
  /** How much of that is hidden rather than dimmed, summed over the cells. */
  hidden: number;
}

/** Probability of each state per cell, cell by cell. */
export type CellPosterior = Float64Array;

/** Seen stars scatter at least by this about the true light of their cell, log flux (flat field, blends). */
const CELL_SCATTER = 0.04;
/** Share of wild values among cells' star light (a blend, a variable star). */
const WILD = 0.03;
/** Evidence of one kind never weighs more than odds of this: models are not that good. */
const LEAST_LIKELY = Math.exp(-12);

/**
 * What happened to each cell, by Bayes' rule over a few states: stars that are dimmer than the reference's, stars that are
 * missing, and sky that went dark (whatever hides stars hides the sky behind it, cloud may do either). Neighbours and the
 * other cells of the frame set the prior, in a few rounds, so that one odd cell means little and four beside one another much.
 *
 * `sky` is null where the group has no sky pattern.
 */
export function judgeCells(photometry: FramePhotometry, sky: SkyEvidence | null): CellPosterior {
  const stars = starEvidence(photometry);
  const evidence = sky ? withSky(stars, sky) : stars;
  let posterior = update(evidence, null);
  for (let round = 1; round < ROUNDS && !isCalm(posterior); round++) posterior = update(evidence, posterior);
  return posterior;
}

const ROUNDS = 5;

/** Nothing that neighbours could make more of. */
function isCalm(posterior: CellPosterior): boolean {
  for (let cell = 0; cell < CELLS; cell++) if (posterior[cell * N] < 0.99) return false;
  return true;
}

/** Cells that get less than `limit` of the light when the whole frame gets `global` of it. */
export function lostCells(posterior: CellPosterior, global: number, limit: number): CellVerdict {
  const lost = new Array<number>(CELLS).fill(0);
  let hidden = 0;
  for (let cell = 0; cell < CELLS; cell++) {
    let sum = 0;
    for (let s = 0; s < N; s++) {
      if (global * LIGHT[s] >= limit) continue;
      sum += posterior[cell * N + s];
      if (IS_HIDDEN[s]) hidden += posterior[cell * N + s];
    }
    lost[cell] = Math.min(1, sum);
  }
  return { lost, hidden };
}

/** Cells about which stars say anything. */
export function informedCells({ expected, cellTransparency }: FramePhotometry): number {
  const informed = new Set(expected.cell);
  cellTransparency.forEach((light, cell) => {
    if (light !== null) informed.add(cell);
  });
  return informed.size;
}

/** Before anything is known: nearly all cells of nearly all frames are clear. */
const PRIOR = Float64Array.from(STATES, ({ kind }) => (kind === "clear" ? 0.97 : kind === "dimmed" ? 0.0015 : 0.002));

/**
 * How much less often than usual this frame shows a star, for reasons of its own (blur): what the better part of the cells agrees on,
 * because an obstruction leaves at least that alone.
 */
function rarity({ cell, seen, missing }: ExpectedStars): number {
  const usual = new Float64Array(CELLS);
  const shown = new Float64Array(CELLS);
  for (let i = 0; i < cell.length; i++) {
    usual[cell[i]] += seen[i];
    shown[cell[i]] += 1 - missing[i];
  }
  const order = Array.from({ length: CELLS }, (_, c) => c)
    .filter((c) => usual[c] > 0)
    .sort((a, b) => shown[b] / usual[b] - shown[a] / usual[a]);
  const calm = order.slice(0, Math.ceil(CALM * order.length));
  const sum = (values: Float64Array): number => calm.reduce((total, c) => total + values[c], 0);
  return Math.min(1, (sum(shown) + 2) / (sum(usual) + 2));
}

/** Share of the cells that nothing stands before on all but the worst frames. */
const CALM = 0.7;

/** Stars stay as they are while sky and baselines are found in rounds, and while limits are moved. */
const known = new WeakMap<CellMap, Float64Array>();

/** Likelihood of the stars' evidence, per cell and state. */
function starEvidence(photometry: FramePhotometry): Float64Array {
  const remembered = known.get(photometry.cellTransparency);
  if (remembered) return remembered;
  const { expected } = photometry;
  const rare = rarity(expected);
  const logs = new Float64Array(CELLS * N);
  for (let i = 0; i < expected.cell.length; i++) {
    const chance = Math.min(MOST_SURELY, Math.max(1 - MOST_SURELY, 1 - expected.seen[i] * rare));
    for (let s = 0; s < N; s++) {
      const missing = Math.min(MOST_SURELY, chance + (1 - chance) * BEHIND[s]);
      logs[expected.cell[i] * N + s] += Math.log(expected.missing[i] === 1 ? missing : 1 - missing);
    }
  }
  const evidence = new Float64Array(CELLS * N).fill(1);
  const likely = new Float64Array(N);
  for (let cell = 0; cell < CELLS; cell++) {
    const ratio = photometry.cellTransparency[cell];
    const error = photometry.cellError[cell];
    if (ratio !== null && error !== null) {
      starLight(likely, ratio, error);
      weigh(evidence, cell, likely);
    }
    let top = Number.NEGATIVE_INFINITY;
    for (let s = 0; s < N; s++) top = Math.max(top, logs[cell * N + s]);
    for (let s = 0; s < N; s++) likely[s] = Math.exp(logs[cell * N + s] - top);
    weigh(evidence, cell, likely);
  }
  known.set(photometry.cellTransparency, evidence);
  return evidence;
}

function withSky(stars: Float64Array, sky: SkyEvidence): Float64Array {
  const evidence = stars.slice();
  const likely = new Float64Array(N);
  sky.cellRise.forEach((rise, cell) => {
    if (rise === null) return;
    skyLight(likely, rise, sky.cellScatter[cell]);
    weigh(evidence, cell, likely);
  });
  return evidence;
}

/** One kind of evidence relative to the state that fits best, down to what one kind may weigh. */
function weigh(evidence: Float64Array, cell: number, likely: Float64Array): void {
  let top = 0;
  for (let s = 0; s < N; s++) if (likely[s] > top) top = likely[s];
  for (let s = 0; s < N; s++) evidence[cell * N + s] *= Math.max(LEAST_LIKELY, likely[s] / top);
}

/** Likelihood of each state by the light of the cell's seen stars. */
function starLight(likely: Float64Array, ratio: number, error: number): void {
  const sigma = Math.hypot(error / Math.max(ratio, 0.05), CELL_SCATTER);
  const value = Math.log(Math.max(ratio, 0.02));
  for (let s = 0; s < N; s++) {
    // The stars beside an opaque edge keep their light, those on a soft edge lose part of it: anything between fits.
    if (IS_HIDDEN[s]) {
      const least = LOG_LIGHT[s];
      const outside = value > 0 ? value : value < least ? least - value : 0;
      likely[s] = gaussian(outside, sigma) / (1 + Math.abs(least) / (2.5 * sigma)) + WILD;
    } else {
      likely[s] = gaussian(value - LOG_LIGHT[s], sigma) + WILD;
    }
  }
}

/** Light of each state; of a share behind something opaque no less than stars at its edge may keep. */
const LOG_LIGHT = Float64Array.from(STATES, ({ light }) => Math.log(Math.max(light, 0.05)));

/** Peak-normalised. */
function gaussian(distance: number, sigma: number): number {
  return Math.exp(-0.5 * (distance / sigma) ** 2);
}

/** Nothing is seen or missed more surely. */
const MOST_SURELY = 0.99;
/** Chance that a star is gone: behind something by its share, behind cloud only when little light is left (it stood far above the noise). */
const BEHIND = Float64Array.from(STATES, ({ kind, light }) => (kind === "hidden" ? 1 - light : light < 0.3 ? 0.6 : light < 0.5 ? 0.15 : 0));

/** The least that cells' sky repeats to, as a share of the sky. */
const SKY_FLOOR = 0.012;

/** Light from elsewhere changes the sky of a tenth of all cells by some 15 %, up or, where the rest rose, down. */
const GLOW = 0.1;
const GLOW_SPREAD = 0.15;

/**
 * Sky against the group's pattern. It tells of opaque things only: what hides stars hides the sky behind it. Cloud may brighten or
 * darken it, and so does stray light without taking a star.
 */
function skyLight(likely: Float64Array, rise: number, scatter: number): void {
  const sigma = Math.max(SKY_FLOOR, 1.5 * scatter);
  const glow = (GLOW * student(rise / GLOW_SPREAD)) / GLOW_SPREAD;
  const open = ((1 - GLOW) * student(rise / sigma)) / sigma + glow;
  for (let s = 0; s < N; s++) {
    if (!IS_HIDDEN[s]) {
      likely[s] = open;
      continue;
    }
    // Between all of the hidden share's sky gone and all of it given back: lit by a town, a wall is as bright as the sky.
    const from = LIGHT[s] - 1 - sigma;
    const inside = rise < from ? from - rise : rise > sigma ? rise - sigma : 0;
    likely[s] = ((1 - GLOW) * student(inside / sigma)) / (3 * sigma + 1 - LIGHT[s]) / 0.3676 + glow;
  }
}

/** Student's t with 3 degrees of freedom, normalised: sky leaves Gaussians far behind. */
function student(t: number): number {
  return 0.3676 / (1 + (t * t) / 3) ** 2;
}

/** Bayes' rule with priors from the neighbours' and the whole frame's opinion, `before`; null: none yet. */
function update(evidence: Float64Array, before: CellPosterior | null): CellPosterior {
  const out = new Float64Array(CELLS * N);
  const frame = new Float64Array(N);
  if (before) for (let cell = 0; cell < CELLS; cell++) for (let s = 0; s < N; s++) frame[s] += before[cell * N + s] / CELLS;
  const prior = PRIOR.slice();
  for (let cell = 0; cell < CELLS; cell++) {
    if (before) blendPrior(prior, before, frame, NEIGHBOURS[cell]);
    let sum = 0;
    for (let s = 0; s < N; s++) sum += out[cell * N + s] = prior[s] * evidence[cell * N + s];
    for (let s = 0; s < N; s++) out[cell * N + s] /= sum;
  }
  return out;
}

function blendPrior(prior: Float64Array, before: CellPosterior, frame: Float64Array, around: readonly number[]): void {
  for (let s = 0; s < N; s++) {
    let near = 0;
    for (const other of around) near += before[other * N + s];
    prior[s] = 0.3 * PRIOR[s] + 0.25 * frame[s] + (0.45 * near) / around.length;
  }
}

const NEIGHBOURS: readonly (readonly number[])[] = Array.from({ length: CELLS }, (_, cell) => {
  const column = cell % GRID_COLUMNS;
  const row = Math.floor(cell / GRID_COLUMNS);
  return Array.from({ length: CELLS }, (_, other) => other).filter((other) => {
    const dx = Math.abs((other % GRID_COLUMNS) - column);
    const dy = Math.abs(Math.floor(other / GRID_COLUMNS) - row);
    return other !== cell && dx <= 1 && dy <= 1;
  });
});

/** Cells at the frame's border. */
export function atBorder(cell: number): boolean {
  const column = cell % GRID_COLUMNS;
  const row = Math.floor(cell / GRID_COLUMNS);
  return column === 0 || row === 0 || column === GRID_COLUMNS - 1 || row === GRID_ROWS - 1;
}
