import { GRID_COLUMNS, GRID_ROWS, type ReasonCode, type Where } from "../../shared/domain.ts";
import type { NightFrame } from "./groups.ts";
import { chanceBeyond, chanceBeyondRatio, type Harm } from "./harm.ts";
import type { FramePhotometry } from "./photometry.ts";
import { type Baseline, baseline } from "./robust.ts";
import { seenShape } from "./seen-shape.ts";
import type { JudgeSettings } from "./settings.ts";
import type { SkyEvidence } from "./sky.ts";

/** Baselines of the good part of a group. */
export interface GroupBaseline {
  fwhm: Baseline | null;
  hfr: Baseline | null;
  eccentricity: Baseline | null;
  /** As the stack sees them, see seenShape: what the rules compare. */
  fwhmSeen: Baseline | null;
  eccentricitySeen: Baseline | null;
  stars: Baseline | null;
  background: Baseline | null;
  noise: Baseline | null;
  transparency: Baseline | null;
  weight: Baseline | null;
  halo: Baseline | null;
}

/** Everything known of one frame when it is compared with its group. */
export interface Compared {
  frame: NightFrame;
  photometry: FramePhotometry;
  sky: SkyEvidence;
  pedestal: number;
}

/** Weight of a frame: SNR^2 of a star of given flux under sky noise, T^2 / (noise * FWHM)^2. */
export function weightOf(frame: NightFrame, photometry: FramePhotometry): number | null {
  const { background } = frame.measurement;
  const { fwhm } = seenShape(frame.measurement);
  if (photometry.transparency === null || !(background.noise > 0) || fwhm === null) return null;
  return (photometry.transparency / (background.noise * fwhm)) ** 2;
}

/** Floors of the spreads are what frames of a steady night differ by (seeing 3 %, sky 2 %, shapes .03). */
export function groupBaseline(frames: readonly { frame: NightFrame; photometry: FramePhotometry }[]): GroupBaseline {
  const of = (pick: (m: NightFrame["measurement"]) => number | null): number[] =>
    frames.map(({ frame }) => pick(frame.measurement) ?? Number.NaN);
  return {
    fwhm: baseline(
      of((m) => m.shape.fwhm),
      0.03,
    ),
    hfr: baseline(
      of((m) => m.shape.hfr),
      0.03,
    ),
    eccentricity: baseline(
      of((m) => m.shape.eccentricity),
      0,
      0.03,
    ),
    fwhmSeen: baseline(
      of((m) => seenShape(m).fwhm),
      0.03,
    ),
    eccentricitySeen: baseline(
      of((m) => seenShape(m).eccentricity),
      0,
      0.03,
    ),
    stars: baseline(
      of((m) => m.stars.count),
      0.05,
    ),
    background: baseline(
      of((m) => m.background.level),
      0.01,
    ),
    noise: baseline(
      of((m) => m.background.noise),
      0.02,
    ),
    transparency: baseline(
      frames.map(({ photometry }) => photometry.transparency ?? Number.NaN),
      0.02,
    ),
    weight: baseline(
      frames.map(({ frame, photometry }) => weightOf(frame, photometry) ?? Number.NaN),
      0.06,
    ),
    halo: baseline(
      of((m) => m.shape.halo),
      0.1,
    ),
  };
}

/** Harm of one frame against the good part of its group. */
export function sessionHarms(compared: Compared, group: GroupBaseline, settings: JudgeSettings): Harm[] {
  const dimming = dimmingHarms(compared, group, settings);
  return [...dimming, ...shapeHarms(compared, group, settings), ...skyHarms(compared, group, settings, dimming)];
}

function z(value: number, base: Baseline): number {
  return (value - base.median) / base.sigma;
}

function dimmingHarms(compared: Compared, group: GroupBaseline, settings: JudgeSettings): Harm[] {
  const { frame, photometry } = compared;
  const { limits, notable } = settings;
  const out: Harm[] = [];
  const scale = group.transparency?.median ?? 1;
  const cause = dimmingCause(compared, group);
  if (photometry.transparency !== null && group.transparency) {
    const value = photometry.transparency / scale;
    const sigma = Math.hypot(0.02, photometry.transparencyError / Math.max(photometry.transparency, 0.01));
    const deviation = z(photometry.transparency, group.transparency);
    out.push({
      code: cause,
      metric: "transparency",
      value,
      unit: "ratio",
      baseline: 1,
      limit: limits.transparency,
      z: deviation,
      probability: chanceBeyondRatio(value, limits.transparency, sigma, "below"),
      notable: deviation < -notable && value < 0.9,
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
  const deviation = (count - stars.median) / sigma;
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
      z: deviation,
      probability,
      notable: deviation < -settings.notable && count < 0.8 * stars.median,
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
  const skyChange = group.background ? Math.abs(z(frame.measurement.background.level, group.background)) : 0;
  const skyShare = group.background ? Math.abs(frame.measurement.background.level / group.background.median - 1) : 0;
  if (patchy || (skyChange > 4 && skyShare > 0.05)) return "clouds";
  return photometry.transparency === null ? "clouds" : "veil";
}

function shapeHarms(compared: Compared, group: GroupBaseline, settings: JudgeSettings): Harm[] {
  const { shape } = compared.frame.measurement;
  const seen = seenShape(compared.frame.measurement);
  const { limits, notable } = settings;
  const out: Harm[] = [];
  const coherent = shape.angleCoherence ?? 0;
  const elongation = seen.eccentricity !== null && group.eccentricitySeen ? seen.eccentricity - group.eccentricitySeen.median : 0;
  const smeared = elongation > 0.15 && coherent > 0.4;
  if (seen.fwhm !== null && group.fwhmSeen && shape.fitted >= 3) {
    const ratio = seen.fwhm / group.fwhmSeen.median;
    const sigma = Math.hypot(0.03, (shape.fwhmScatter ?? 0.2 * seen.fwhm) / seen.fwhm / Math.sqrt(shape.fitted));
    const deviation = z(seen.fwhm, group.fwhmSeen);
    out.push({
      code: smeared ? "tracking" : "focus",
      metric: "fwhmSeen",
      value: seen.fwhm,
      unit: "px",
      baseline: group.fwhmSeen.median,
      limit: limits.fwhmRatio * group.fwhmSeen.median,
      z: deviation,
      probability: chanceBeyondRatio(ratio, limits.fwhmRatio, sigma, "above"),
      notable: deviation > notable && ratio > 1.15,
      where: null,
    });
  } else if (shape.hfr !== null && group.hfr) {
    const ratio = shape.hfr / group.hfr.median;
    const deviation = z(shape.hfr, group.hfr);
    const probability = chanceBeyondRatio(ratio, limits.fwhmRatio, 0.08, "above");
    out.push({
      code: "focus",
      metric: "hfr",
      value: shape.hfr,
      unit: "px",
      baseline: group.hfr.median,
      limit: limits.fwhmRatio * group.hfr.median,
      z: deviation,
      probability,
      notable: deviation > notable && ratio > 1.15,
      where: null,
    });
  }
  if (seen.eccentricity !== null && group.eccentricitySeen && shape.fitted >= 5) {
    const deviation = z(seen.eccentricity, group.eccentricitySeen);
    const error = 0.015 + 0.15 / Math.sqrt(shape.fitted);
    const applies = group.eccentricitySeen.median < limits.eccentricityGroup;
    out.push({
      code: coherent > 0.4 ? "tracking" : "focus",
      metric: "eccentricitySeen",
      value: seen.eccentricity,
      unit: "",
      baseline: group.eccentricitySeen.median,
      limit: limits.eccentricity,
      z: deviation,
      probability: applies && elongation > 0.06 ? chanceBeyond(seen.eccentricity, limits.eccentricity, error, "above") : 0,
      notable: deviation > notable && elongation > 0.1,
      where: null,
    });
  }
  return out;
}

function skyHarms(compared: Compared, group: GroupBaseline, settings: JudgeSettings, dimming: readonly Harm[]): Harm[] {
  const { frame, photometry } = compared;
  const { background } = frame.measurement;
  const { limits, notable } = settings;
  const out: Harm[] = [];
  const weight = weightOf(frame, photometry);
  const brighter = group.background
    ? (background.level - compared.pedestal) / Math.max(1e-9, group.background.median - compared.pedestal)
    : 1;
  const skyZ = group.background ? z(background.level, group.background) : 0;
  if (weight !== null && group.weight) {
    const ratio = weight / group.weight.median;
    out.push({
      code: weightCause(compared, group, dimming, brighter),
      metric: "weight",
      value: ratio,
      unit: "ratio",
      baseline: 1,
      limit: limits.weight,
      z: z(weight, group.weight),
      probability: chanceBeyondRatio(ratio, limits.weight, 0.1, "below"),
      notable: false,
      where: null,
    });
  }
  if (group.background && skyZ > notable && brighter > 1.3) {
    out.push({
      code: "sky-glow",
      metric: "background",
      value: background.level,
      unit: "ADU",
      baseline: group.background.median,
      limit: null,
      z: skyZ,
      probability: 0,
      notable: true,
      where: null,
    });
  }
  out.push(...localGlow(compared, settings));
  return out;
}

/** What took the weight: the strongest of dimming, blur and noise, in logarithms. */
function weightCause(compared: Compared, group: GroupBaseline, dimming: readonly Harm[], brighter: number): ReasonCode {
  const { frame, photometry } = compared;
  const t = photometry.transparency !== null && group.transparency ? -Math.log(photometry.transparency / group.transparency.median) : 0;
  const seen = seenShape(frame.measurement);
  const blur = seen.fwhm !== null && group.fwhmSeen ? Math.log(seen.fwhm / group.fwhmSeen.median) : 0;
  const noise = group.noise ? Math.log(frame.measurement.background.noise / group.noise.median) : 0;
  if (noise >= t && noise >= blur) return brighter > 1.1 ? "sky-glow" : "low-snr";
  if (t >= blur) return dimming[0]?.code ?? "clouds";
  const coherent = frame.measurement.shape.angleCoherence ?? 0;
  return coherent > 0.5 && (seen.eccentricity ?? 0) > 0.5 ? "tracking" : "focus";
}

function localGlow(compared: Compared, settings: JudgeSettings): Harm[] {
  const { sky, photometry } = compared;
  const raised: number[] = [];
  sky.cellZ.forEach((value, cell) => {
    const kept = (photometry.cellTransparency[cell] ?? 1) > 0.85;
    if (value !== null && value > 6 && (sky.cellRise[cell] ?? 0) > 0.05 && kept) raised.push(cell);
  });
  const peak = Math.max(0, ...raised.map((cell) => sky.cellRise[cell] ?? 0));
  const ratio = Math.max(sky.gradientRatio, 1 + peak);
  const probability = chanceBeyondRatio(ratio, settings.limits.gradient, 0.12, "above");
  if (raised.length < 2 && probability < 0.05) return [];
  const cells = raised.map((cell): [number, number] => [cell % GRID_COLUMNS, Math.floor(cell / GRID_COLUMNS)]);
  return [
    {
      code: "stray-light",
      metric: "gradient",
      value: ratio,
      unit: "ratio",
      baseline: 1,
      limit: settings.limits.gradient,
      z: null,
      probability,
      notable: raised.length >= 2,
      where: { cells },
    },
  ];
}
