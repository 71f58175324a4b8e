import { GRID_COLUMNS, GRID_ROWS, type ReasonCode, type Where } from "../../shared/domain.ts";
import { type Compared, deviation, type GroupBaseline } from "./group-baseline.ts";
import type { NightFrame } from "./groups.ts";
import { chanceBeyond, chanceBeyondRatio, type Harm } from "./harm.ts";
import type { Baseline } from "./robust.ts";
import type { JudgeSettings } from "./settings.ts";

/** Light that does not arrive: everywhere, in places, or by the number of stars where none can be matched. */
export function dimmingHarms(compared: Compared, group: GroupBaseline, settings: JudgeSettings): Harm[] {
  const { frame, photometry } = compared;
  const { limits, notable } = settings;
  const out: Harm[] = [];
  const scale = group.transparency?.median ?? 1;
  const cause = dimmingCause(compared, group);
  if (photometry.transparency !== null && group.transparency) {
    const value = photometry.transparency / scale;
    const sigma = Math.hypot(0.02, photometry.transparencyError / Math.max(photometry.transparency, 0.01));
    const stands = deviation(photometry.transparency, group.transparency);
    out.push({
      code: cause,
      metric: "transparency",
      value,
      unit: "ratio",
      baseline: 1,
      limit: limits.transparency,
      z: stands,
      probability: chanceBeyondRatio(value, limits.transparency, sigma, "below"),
      notable: stands < -notable && value < 0.9,
      where: null,
    });
    out.push(...cellHarms(compared, value, settings));
  } else if (group.stars && group.stars.median >= 10) {
    out.push(...countHarms(frame, group.stars, cause, settings));
  }
  return out;
}

/** Where too few stars can be matched to say how much light is lost, their number alone has to serve, with its counting noise. */
function countHarms(frame: NightFrame, stars: Baseline, cause: ReasonCode, settings: JudgeSettings): Harm[] {
  const count = frame.measurement.stars.count;
  const sigma = Math.hypot(stars.sigma, Math.sqrt(stars.median));
  const stands = (count - stars.median) / sigma;
  // With counts rising about tenfold per 2.9 magnitudes (Bahcall & Soneira 1980) a frame at 0.8 of the light keeps ~0.84 of its stars.
  const probability = chanceBeyondRatio(Math.max(count, 0.5) / stars.median, 0.6, 0.1 + 1 / Math.sqrt(stars.median), "below");
  return [
    {
      code: cause,
      metric: "stars",
      value: count,
      unit: "stars",
      baseline: stars.median,
      limit: 0.6 * stars.median,
      z: stands,
      probability,
      notable: stands < -settings.notable && count < 0.8 * stars.median,
      where: null,
    },
  ];
}

const CELLS = GRID_COLUMNS * GRID_ROWS;
/** Share of a cell's expected stars that must be gone for the cell to count as without its stars. */
const DEAD = 0.75;

function cellHarms(compared: Compared, global: number, settings: JudgeSettings): Harm[] {
  const { photometry } = compared;
  const { limits } = settings;
  let informed = 0;
  let harmed = 0;
  let variance = 0;
  const dead: number[] = [];
  const dimmed: number[] = [];
  for (let cell = 0; cell < CELLS; cell++) {
    const expected = photometry.cellExpected[cell];
    const ratio = photometry.cellTransparency[cell];
    const error = photometry.cellError[cell];
    if (expected < 2 && ratio === null) continue;
    informed++;
    if (expected >= 2 && photometry.cellMissing[cell] / expected >= DEAD) {
      dead.push(cell);
      harmed++;
      continue;
    }
    if (ratio === null || error === null) continue;
    const p = chanceBeyondRatio(global * ratio, limits.cellTransparency, Math.hypot(0.05, error / Math.max(ratio, 0.01)), "below");
    harmed += p;
    variance += p * (1 - p);
    if (p > 0.5) dimmed.push(cell);
  }
  if (informed < 12) return [];
  const share = harmed / informed;
  const sigma = Math.hypot(0.02, Math.sqrt(variance) / informed, 0.5 / informed);
  const both = [...dead, ...dimmed];
  const where: Where = { cells: both.map((cell): [number, number] => [cell % GRID_COLUMNS, Math.floor(cell / GRID_COLUMNS)]) };
  const code = dead.length >= 2 && dead.length >= dimmed.length && isOccluder(compared, dead, both) ? "obstruction" : "clouds";
  return [
    {
      code,
      metric: dead.length >= dimmed.length ? "cellsWithoutStars" : "cellTransparency",
      value: share,
      unit: "share",
      baseline: 0,
      limit: limits.cells,
      z: null,
      // A single cell may have lost its two stars to a blend or a trail.
      probability: both.length < 2 ? 0.02 : chanceBeyond(share, limits.cells, sigma, "above"),
      notable: both.length >= 2,
      where,
    },
  ];
}

/** An occluder stands at the frame's border, its sky is not brighter, and beyond it the sky is untouched. */
function isOccluder(compared: Compared, dead: readonly number[], affected: readonly number[]): boolean {
  const { sky, photometry } = compared;
  const atBorder = dead.some((cell) => {
    const column = cell % GRID_COLUMNS;
    const row = Math.floor(cell / GRID_COLUMNS);
    return column === 0 || row === 0 || column === GRID_COLUMNS - 1 || row === GRID_ROWS - 1;
  });
  const rises = dead.map((cell) => sky.cellZ[cell]).filter((value): value is number => value !== null);
  const brighter = rises.filter((value) => value > 5).length > rises.length / 2;
  const others = photometry.cellTransparency.filter((value, cell): value is number => value !== null && !affected.includes(cell));
  const untouched = others.filter((value) => value > 0.85).length >= 0.85 * others.length;
  return atBorder && !brighter && untouched;
}

/** Patchy, or with a changed sky: clouds. Even, with normal stars and an unchanged sky: a veil (haze, dew). */
function dimmingCause(compared: Compared, group: GroupBaseline): ReasonCode {
  const { frame, photometry } = compared;
  const cells = photometry.cellTransparency.filter((value): value is number => value !== null);
  const errors = photometry.cellError.filter((value): value is number => value !== null);
  const expected = Math.sqrt(errors.reduce((sum, e) => sum + e * e, 0) / Math.max(1, errors.length));
  const mean = cells.reduce((a, b) => a + b, 0) / Math.max(1, cells.length);
  const actual = Math.sqrt(cells.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, cells.length));
  const patchy = cells.length >= 12 && actual > Math.max(0.08, 1.8 * expected);
  const skyChange = group.background ? Math.abs(deviation(frame.measurement.background.level, group.background)) : 0;
  const skyShare = group.background ? Math.abs(frame.measurement.background.level / group.background.median - 1) : 0;
  if (patchy || (skyChange > 4 && skyShare > 0.05)) return "clouds";
  return photometry.transparency === null ? "clouds" : "veil";
}
