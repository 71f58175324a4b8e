import { GRID_COLUMNS, GRID_ROWS, type ReasonCode, type Trail, type Where } from "../../shared/domain.ts";
import { atBorder, informedCells, judgeCells, lostCells } from "./cells.ts";
import { type Compared, deviation, type GroupBaseline } from "./group-baseline.ts";
import type { NightFrame } from "./groups.ts";
import { chanceBeyond, differenceTest, type Harm, nearRatio, ratioTest } from "./harm.ts";
import { type Baseline, median } from "./robust.ts";
import type { JudgeSettings } from "./settings.ts";
import type { StarlessRows } from "./torn-rows.ts";

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
      ...ratioTest(value, limits.transparency, sigma, "below"),
      notable:
        (stands < -notable && value < 0.9) || nearRatio(value * Math.min(1, compared.air.light), limits.transparency, sigma, "below"),
      where: null,
    });
    out.push(...cellHarms(compared, value, sigma, cause, settings), ...tornRows(compared));
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
  const error = 0.1 + 1 / Math.sqrt(stars.median);
  return [
    {
      code: cause,
      metric: "stars",
      value: count,
      unit: "stars",
      baseline: stars.median,
      limit: 0.6 * stars.median,
      z: stands,
      ...ratioTest(Math.max(count, 0.5), 0.6 * stars.median, error, "below"),
      notable: stands < -settings.notable && count < 0.8 * stars.median,
      where: null,
    },
  ];
}

/** Share of the cells. */
const EVERYWHERE = 0.6;

/** Cells that must be told apart before a map is believed. */
const ENOUGH_CELLS = 10;

/** Light lost in places: what share of the cells is beyond the limit, given the error of the frame's own transparency. */
function cellHarms(compared: Compared, global: number, error: number, cause: ReasonCode, settings: JudgeSettings): Harm[] {
  const { photometry, sky } = compared;
  const { limits } = settings;
  if (informedCells(photometry) < ENOUGH_CELLS) return [];
  const posterior = judgeCells(photometry, sky);
  // The frame's own transparency is uncertain for all cells alike: three values stand for its distribution (Gauss-Hermite).
  const maps = [-1.732, 0, 1.732].map((z) => lostCells(posterior, Math.min(1.05, global) * Math.exp(z * error), limits.cellTransparency));
  const map = maps[1];
  const chances = maps.map(({ lost }) => {
    const share = lost.reduce((a, b) => a + b, 0) / lost.length;
    const variance = lost.reduce((sum, p) => sum + p * (1 - p), 0) / lost.length ** 2;
    return { share, p: chanceBeyond(share, limits.cells, Math.hypot(0.01, Math.sqrt(variance)), "above") };
  });
  const probability = chances[0].p / 6 + (2 * chances[1].p) / 3 + chances[2].p / 6;
  const cells = map.lost.flatMap((p, cell) => (p > 0.5 ? [cell] : []));
  const where: Where = { cells: cells.map((cell): [number, number] => [cell % GRID_COLUMNS, Math.floor(cell / GRID_COLUMNS)]) };
  const all = map.lost.reduce((a, b) => a + b, 0);
  const obstructed = map.hidden > 0.5 * all && cells.some(atBorder) && !brighterBehind(compared, cells);
  return [
    {
      // What takes all cells alike is what takes the whole frame's light.
      code: obstructed ? "obstruction" : chances[1].share > EVERYWHERE ? cause : "clouds",
      metric: obstructed ? "cellsWithoutStars" : "cellTransparency",
      value: chances[1].share,
      unit: "share",
      baseline: 0,
      limit: limits.cells,
      z: null,
      probability,
      test: null,
      notable: cells.length >= 2 || chances[1].share > limits.cells / 2,
      where,
    },
  ];
}

/** Rows moved by a broken download spoil the stack from this share of the frame on. */
const TORN = 0.02;
const TORN_ERROR = 0.004;
/** Stars out of place for each that is missing, at least. */
const STRANGERS = 0.4;
/** Sky over what the group has there; whatever hides stars changes it more. */
const SAME_SKY = 0.08;

function crosses({ from, to }: Trail, rows: StarlessRows): boolean {
  return Math.min(from[1], to[1]) <= rows.to && Math.max(from[1], to[1]) >= rows.from;
}

/** All stars of a stretch of rows gone while its sky is as ever: the rows are not where they belong. */
function tornRows({ photometry, frame, sky }: Compared): Harm[] {
  const { starless } = photometry;
  // A train of satellites takes the stars along its way, too.
  if (!starless || starless.strangers < STRANGERS * starless.missing || frame.measurement.trails.some((trail) => crosses(trail, starless)))
    return [];
  const { height } = frame.measurement;
  const rowOf = (y: number): number => Math.min(GRID_ROWS - 1, Math.max(0, Math.floor((y / height) * GRID_ROWS)));
  const cells = sky.cellRise
    .map((_, cell) => cell)
    .filter((cell) => {
      const row = Math.floor(cell / GRID_COLUMNS);
      return row >= rowOf(starless.from) && row <= rowOf(starless.to);
    });
  const rise = median(cells.flatMap((cell) => sky.cellRise[cell] ?? [])) ?? 0;
  // The rows reach beyond the outermost of n stars by as much as these lie apart on the average: n + 1 gaps where n - 1 are seen.
  const share = ((starless.to - starless.from) * (starless.missing + 1)) / (starless.missing - 1) / height;
  return [
    {
      code: "sensor-fault",
      metric: "tornRows",
      value: share,
      unit: "share",
      baseline: 0,
      limit: TORN,
      z: null,
      ...differenceTest(share, TORN, TORN_ERROR, "above", Math.abs(rise) < SAME_SKY ? 1 : 0),
      notable: Math.abs(rise) < SAME_SKY,
      where: { cells: cells.map((cell): [number, number] => [cell % GRID_COLUMNS, Math.floor(cell / GRID_COLUMNS)]) },
    },
  ];
}

/** What stands in front of the sky does not shine; cloud near light does. */
function brighterBehind({ sky }: Compared, cells: readonly number[]): boolean {
  const rises = cells.map((cell) => sky.cellZ[cell]).filter((value): value is number => value !== null);
  return rises.filter((value) => value > 5).length > rises.length / 2;
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
