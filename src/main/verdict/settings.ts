import type { TrailPolicy } from "../../shared/domain.ts";
import type { CalibrationMap } from "./calibration.ts";
import { filterKey, type UserRule } from "./user-rule.ts";

/** What "bad" means: limits on harm to the stack, against the good part of the group or absolute. Users may move each. */
export interface Limits {
  /** Least share of star light that arrives, whole frame and per cell. */
  transparency: number;
  cellTransparency: number;
  /** Largest share of the 48 cells that may be dimmed or without their stars. */
  cells: number;
  /** FWHM over the group's. */
  fwhmRatio: number;
  eccentricity: number;
  /** The group itself must be rounder than this for the relative eccentricity rule. */
  eccentricityGroup: number;
  /** Least SNR^2 weight over the group's. */
  weight: number;
  /** Largest sky ratio across the field that the group does not have. */
  gradient: number;
  /** Farthest from the group's pointing, as a share of the frame's smaller side. */
  shift: number;
  /** Absolute limits, where there is no group. */
  fwhmArcsec: number;
  eccentricityAbsolute: number;
  /** Largest sky level as a share of the saturation level. */
  skyFill: number;
  donuts: number;
}

export interface JudgeSettings {
  limits: Limits;
  trails: TrailPolicy;
  /** Smallest group for which frames are compared with one another. */
  leastGroup: number;
  /** P(contaminated) between these goes to review. */
  review: [from: number, to: number];
  /** Correction of P(contaminated) learned from labels (docs/evaluate.md); null as it is. */
  calibration: CalibrationMap | null;
  /** How many robust sigma a measurement must stand out before it is named at all. */
  notable: number;
  /** What the user says of frames beyond the limits; it has the last word. */
  rules: readonly UserRule[];
  /** Limits that are other for one filter. */
  filters: readonly { filter: string; limits: Partial<Limits> }[];
}

/** Harm limits: docs/judgement.md gives each its reason. */
export const DEFAULT_SETTINGS: JudgeSettings = {
  limits: {
    transparency: 0.8,
    cellTransparency: 0.75,
    cells: 0.08,
    fwhmRatio: 1.35,
    eccentricity: 0.6,
    eccentricityGroup: 0.5,
    weight: 0.5,
    gradient: 2,
    shift: 0.3,
    fwhmArcsec: 8,
    eccentricityAbsolute: 0.7,
    skyFill: 0.6,
    donuts: 0.3,
  },
  trails: "auto",
  leastGroup: 8,
  review: [0.35, 0.7],
  calibration: null,
  notable: 3,
  rules: [],
  filters: [],
};

/** The settings that hold for frames taken through a filter. */
export function settingsOf(filter: string | null, settings: JudgeSettings): JudgeSettings {
  const own = filter === null ? undefined : settings.filters.find((one) => filterKey(one.filter) === filterKey(filter));
  return own ? { ...settings, limits: { ...settings.limits, ...own.limits } } : settings;
}
