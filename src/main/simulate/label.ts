import type { ReasonCode } from "../../shared/domain.ts";
import type { GroupBaseline } from "./baseline.ts";
import type { MeasuredConditions } from "./conditions.ts";
import type { FrameTruth, Harm, TruthLabel } from "./frame-plan.ts";

import { motionExtent } from "./psf.ts";
import type { NightSpec } from "./spec.ts";

/**
 * Limits of harm against the good part of a group: what a person stacking the frames would want to know, not what can be
 * seen. A ratio of 1 stands at the limit; within 10 % of it (0.9..1.1) every verdict with a reason is right.
 */
export const LIMITS = {
  transparency: 0.8,
  cellTransparency: 0.75,
  /** Cells below that make a frame bad: more than 8 % of 48. */
  cells: 4,
  fwhm: 1.35,
  eccentricity: 0.6,
  eccentricityAlone: 0.7,
  weight: 0.5,
  gradient: 2,
  skyOfFullWell: 0.6,
  fwhmArcsecAlone: 8,
  trailArea: 0.02,
  /** A trail this many FWHM wide is an aeroplane's. */
  trailWidth: 6,
  groupToStack: 8,
  shift: 0.3,
  faultyRows: 0.02,
  /** Fewer stars than this tell neither where a frame points nor how sharp it is. */
  stars: 5,
} as const;

const BORDER = 0.1;

/** Ratio to a limit that a value must not exceed, and to one that it must not fall below. */
const above = (value: number, limit: number): number => value / limit;
const below = (value: number, limit: number): number => 2 - value / limit;

export function harmsOf(
  spec: NightSpec,
  frame: MeasuredConditions,
  stars: number,
  good: GroupBaseline,
  groupSize: number,
): { harms: Harm[]; weight: number } {
  const { truth, plan, psf } = frame;
  const weight = frame.snr / good.snr;
  const alone = groupSize < LIMITS.groupToStack;
  const lost: ReasonCode = frame.losses[0]?.cause ?? "veil";
  const blurred = blurCause(frame);
  const harms: Harm[] = [];
  const push = (basis: Harm["basis"], measure: Harm["measure"], cause: ReasonCode, ratio: number) => {
    if (ratio > 0.5) harms.push({ measure, cause, ratio: Math.min(9.99, ratio), basis });
  };
  const add = (measure: Harm["measure"], cause: ReasonCode, ratio: number) => push("absolute", measure, cause, ratio);
  const compare = (measure: Harm["measure"], cause: ReasonCode, ratio: number) => push("session", measure, cause, ratio);
  if (plan.shutterClosed) add("no-stars", "no-stars", 3);
  else {
    compare("transparency", lost, below(truth.transparency, LIMITS.transparency));
    compare("cells", lost, cellRatio(truth.cells));
    compare("weight", weightCause(frame, good, lost, blurred), below(weight, LIMITS.weight));
    compare("gradient", gradientCause(frame), above(truth.gradient / good.gradient, LIMITS.gradient));
  }
  // The square root, because numbers so small scatter; what took the stars away is the greater harm where it is known.
  add("no-stars", "no-stars", Math.min(1.3, Math.sqrt(LIMITS.stars / Math.max(0.5, stars))));
  compare("fwhm", blurred, above(psf.fwhm / good.fwhm, LIMITS.fwhm));
  if (good.eccentricity < 0.5) compare("eccentricity", "tracking", above(psf.eccentricity, LIMITS.eccentricity));
  add("eccentricity", "tracking", above(psf.eccentricity, LIMITS.eccentricityAlone));
  // Where there is nothing good to compare with absolute limits stand in; a lens of short focus has coarse pixels and is
  // sharp all the same.
  const absolute = alone || !good.sound;
  if (absolute) add("fwhm", blurred, truth.fwhmArcsec / Math.max(LIMITS.fwhmArcsecAlone, (4 * truth.fwhmArcsec) / truth.fwhm));
  if (absolute && psf.hole > 0.05) add("fwhm", "focus", 1 + psf.hole);
  add("sky", "overexposed", above(frame.filled, LIMITS.skyOfFullWell));
  if (plan.fault) add("sensor", "sensor-fault", above(plan.fault.rows / spec.sensor.height, LIMITS.faultyRows));
  add("doubled", "tracking", truth.doubled);
  const shift =
    Math.hypot(plan.offset[0] - good.offset[0], plan.offset[1] - good.offset[1]) / Math.min(spec.sensor.width, spec.sensor.height);
  compare("pointing", "off-target", above(shift, LIMITS.shift));
  for (const ratio of trailRatios(frame, alone)) add("trail", "trail", ratio);
  harms.sort((a, b) => b.ratio - a.ratio);
  return { harms, weight };
}

/** The fifth-worst cell decides alone; the fourth (8.3 % of the cells) is within 10 % of the limit of 8 %. */
function cellRatio(cells: readonly number[]): number {
  const sorted = [...cells].sort((a, b) => a - b);
  const certain = below(sorted[LIMITS.cells], LIMITS.cellTransparency);
  const doubtful = below(sorted[LIMITS.cells - 1], LIMITS.cellTransparency);
  return Math.max(certain, Math.min(1.1, doubtful));
}

/** Policy `auto`: a stack of eight or more rejects a trail, unless it is very wide or covers much. */
function trailRatios(frame: MeasuredConditions, alone: boolean): number[] {
  const ratios = [above(frame.truth.trailArea, LIMITS.trailArea)];
  for (const { width, peakSigma } of frame.plan.trails) {
    if (peakSigma < 0.2) continue;
    ratios.push(above(width / frame.plan.psf.fwhm, LIMITS.trailWidth));
    // Below half a sigma per pixel a trail is at the edge of what anyone finds.
    if (alone) ratios.push(peakSigma > 0.5 ? 1.5 : 1);
  }
  return ratios;
}

function blurCause(frame: MeasuredConditions): ReasonCode {
  const { defocus, fwhm, rotation } = frame.plan.psf;
  const span = Math.max(2 * motionExtent(frame.plan.psf), 0.5 * rotation);
  return span > defocus && span > 0.5 * fwhm ? "tracking" : "focus";
}

/** Which of light lost, light added and blur took most of SNR^2. */
function weightCause(frame: MeasuredConditions, good: GroupBaseline, lost: ReasonCode, blurred: ReasonCode): ReasonCode {
  const dimmed = frame.losses.length > 0 ? -2 * Math.log(Math.max(1e-3, frame.truth.transparency)) : 0;
  const glow = Math.log(Math.max(1, frame.skyOverNatural)) + glowFromSky(frame, good);
  const blur = 2 * Math.log(Math.max(1, frame.psf.fwhm / good.fwhm));
  if (dimmed >= glow && dimmed >= blur) return lost;
  if (glow >= blur) {
    if (frame.plan.leak > 0 && frame.filled > 0.5) return "overexposed";
    return frame.plan.effects.some((effect) => effect.kind === "stray-light") ? "stray-light" : "sky-glow";
  }
  return blurred;
}

/** Loss of SNR^2 by dawn and moon: what the clear sky of this frame costs against the good part's. */
const glowFromSky = (frame: MeasuredConditions, good: GroupBaseline): number =>
  Math.max(0, Math.log(good.naturalSnr / frame.naturalSnr) - 2 * Math.log(Math.max(1, frame.naturalFwhm / good.naturalFwhm)));

function gradientCause(frame: MeasuredConditions): ReasonCode {
  const kinds = new Set(frame.plan.effects.map((effect) => effect.kind));
  if (kinds.has("stray-light")) return "stray-light";
  if (kinds.has("obstruction")) return "obstruction";
  return kinds.has("cloud") ? "clouds" : "sky-glow";
}

export function verdictOf(
  harms: readonly Harm[],
  frame: MeasuredConditions,
  good: GroupBaseline,
  groupSize: number,
): Pick<FrameTruth, "label" | "cause" | "severity"> {
  const worst = harms[0];
  const certain = harms.some((harm) => harm.ratio > 1 + BORDER && (harm.basis === "absolute" || groupSize >= LIMITS.groupToStack));
  const severity = worst?.ratio ?? 0;
  let label: TruthLabel = severity > 1 + BORDER ? "contaminated" : severity >= 1 - BORDER ? "borderline" : "clean";
  // In a group too small to compare with, a program that says so is right, and so is one that sees the harm.
  if (label === "contaminated" && !certain) label = "borderline";
  // Slow trends with altitude and the night's own seeing are to be modelled, not punished, and yet hurt the stack: where
  // they alone reach the limit, every verdict is right.
  if (label === "contaminated" && harms.every((harm) => harm.ratio <= 1 + BORDER || isNatural(harm, frame, good))) label = "borderline";
  const visible = frame.plan.trails.some((trail) => trail.peakSigma > 0.3);
  const cause = label === "clean" ? (visible ? "trail" : null) : (worst?.cause ?? null);
  return { label, cause, severity };
}

function isNatural(harm: Harm, frame: MeasuredConditions, good: GroupBaseline): boolean {
  if (harm.measure === "fwhm") return above(frame.naturalFwhm / good.naturalFwhm, LIMITS.fwhm) > 1;
  if (harm.measure !== "weight") return false;
  const blur = (good.naturalFwhm / frame.naturalFwhm) ** 2;
  return below(blur, LIMITS.weight) > 1 && frame.skyOverNatural < 1.1 && frame.losses.length === 0;
}
