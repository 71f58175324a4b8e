import type { PierSide, ReasonCode } from "../../shared/domain.ts";
import type { StarCatalogue } from "./catalogue.ts";
import type { FieldEffect } from "./field.ts";
import type { FilterName } from "./physics.ts";
import type { PsfShape } from "./psf.ts";
import type { ClearSky } from "./sky.ts";
import type { DefectKind, NightSpec } from "./spec.ts";

/** A night decided in every physical detail, before any pixel. Renders to the same frames wherever it is rendered. */
export interface NightPlan {
  spec: NightSpec;
  seed: number;
  frames: FramePlan[];
  /** One per target. */
  catalogues: StarCatalogue[];
}

export interface FramePlan {
  index: number;
  /** File name without folder. */
  name: string;
  group: string;
  target: number;
  filter: FilterName;
  exposure: number;
  /** Start of the exposure, ms since 1970. */
  time: number;
  altitude: number;
  azimuth: number;
  airmass: number;
  pierSide: PierSide;
  /** The camera stands upside down after the meridian. */
  flipped: boolean;
  /** Where the field's centre lies on the sensor against the frame's centre, px. */
  offset: [x: number, y: number];
  /** Light of the stars that gets through clear air (extinction by airmass and its scatter). */
  clearAir: number;
  effects: FieldEffect[];
  /** Clear sky per channel. */
  sky: ClearSky[];
  /** e- per pixel of light that came in otherwise (a lamp, an open door). */
  leak: number;
  /** Tracks of charged particles over the usual number. */
  cosmicRays: number;
  shutterClosed: boolean;
  /** In the field's centre; aberrations come on top towards the corners. */
  psf: PsfShape;
  /** Share of a star's light scattered into a halo (dew, haze) and the halo's scale, px. */
  halo: { share: number; scale: number };
  trails: TrailPlan[];
  fault: SensorFault | null;
  focuserPosition: number;
  /** Ambient, degrees C. */
  temperature: number;
  defects: FrameDefect[];
  truth: FrameTruth;
}

export interface FrameDefect {
  kind: DefectKind;
  /** What it amounts to in this frame, 0..1. */
  strength: number;
}

export interface TrailPlan {
  kind: "satellite" | "aeroplane";
  /** px, within the frame or on its border. */
  from: [x: number, y: number];
  to: [x: number, y: number];
  /** FWHM across, px. */
  width: number;
  /** Mean brightness along its ridge: e- per pixel, and in sigma of the sky noise per pixel. */
  peak: number;
  peakSigma: number;
  pattern: TrailPattern;
  /** px; of the pattern; of a flare its length (sigma). */
  period: number;
  /** In turns; of a flare where it stands along the trail, as a share. */
  phase: number;
}

/**
 * Steady; waxing and waning as a tumbling body turns; dashes of a rotating beacon; single flashes of a strobe; one flare, as of
 * a panel that catches the sun, or a meteor.
 */
export const TRAIL_PATTERNS = ["steady", "tumbling", "dashed", "flashing", "flare"] as const;
export type TrailPattern = (typeof TRAIL_PATTERNS)[number];

export interface SensorFault {
  kind: "shifted" | "black" | "lines";
  /** First row that is hit, and how many. */
  row: number;
  rows: number;
  shift: number;
}

export type TruthLabel = "clean" | "contaminated" | "borderline";

/** One way in which a frame hurts the stack: 1 is the limit of judgement, above 1.1 it is contaminated. */
export interface Harm {
  measure:
    | "transparency"
    | "cells"
    | "fwhm"
    | "eccentricity"
    | "weight"
    | "gradient"
    | "sensor"
    | "doubled"
    | "pointing"
    | "trail"
    | "sky"
    | "no-stars";
  cause: ReasonCode;
  ratio: number;
  /** Against the group's good part, or against a limit that needs no group. */
  basis: "session" | "absolute";
}

export interface FrameTruth {
  label: TruthLabel;
  /** The greatest harm's cause; for a clean frame with a visible trail `trail`, else null. */
  cause: ReasonCode | null;
  /** Greatest ratio of a harm to its limit. */
  severity: number;
  harms: Harm[];
  /** Starlight passed by clouds and the like, 1 = clear: median over the frame and mean per 8 x 6 cell. */
  transparency: number;
  cells: number[];
  fwhm: number;
  fwhmArcsec: number;
  hfr: number;
  eccentricity: number;
  angle: number;
  hole: number;
  noiseArea: number;
  /** Sky above the pedestal in the frame's middle and its noise with read noise, ADU per pixel. */
  sky: number;
  skyNoise: number;
  /** Bright over dark cells of the sky (the fifth from either end of 48), vignetting taken out. */
  gradient: number;
  /** SNR^2 of a star against the good part of the group. */
  weight: number;
  /** Stars of SNR 10 and above in the frame. */
  stars: number;
  /** Separation of doubled images over FWHM. */
  doubled: number;
  /** Shift of the field as a share of the frame's smaller side. */
  shift: number;
  trailArea: number;
}
