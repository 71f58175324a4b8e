import { GRID_COLUMNS, GRID_ROWS, type ReasonCode } from "../../shared/domain.ts";
import { type FieldEffect, skyLightAt, transmissionAt } from "./field.ts";
import type { FramePlan, FrameTruth } from "./frame-plan.ts";
import { channelsOf, type Instrument, mosaicMean, surfaceElectrons } from "./instrument.ts";
import type { Motion, PsfShape } from "./psf.ts";
import type { PsfTruth } from "./psf-truth.ts";
import type { NightSpec, TelescopeSpec } from "./spec.ts";
import { fieldTruth } from "./zones.ts";

/** What a frame would be had nothing gone wrong. */
export interface NaturalConditions {
  psf: PsfShape;
  sky: number[];
}

/** Physical state of one frame before it is compared with its group. */
export interface MeasuredConditions {
  plan: Omit<FramePlan, "truth">;
  psf: PsfTruth;
  naturalFwhm: number;
  /** SNR^2 of a star in any unit common to the night; `naturalSnr` leaves faults and sky-glow out. */
  snr: number;
  naturalSnr: number;
  truth: Omit<FrameTruth, "label" | "cause" | "severity" | "harms" | "weight" | "stars">;
  /** Share of the full well that the sky fills. */
  filled: number;
  /** Mean loss of starlight by kind of effect. */
  losses: { cause: ReasonCode; loss: number }[];
  skyOverNatural: number;
}

/** Points of the field at which truth is taken: so many per cell and axis. */
const PER_CELL = 6;

export function measureConditions(
  spec: NightSpec,
  instrument: Instrument,
  plan: Omit<FramePlan, "truth">,
  natural: NaturalConditions,
): MeasuredConditions {
  const aspect = spec.sensor.height / spec.sensor.width;
  const cells = cellTransmission(plan.effects, aspect);
  const lights = cellLight(plan, aspect);
  const channels = channelsOf(spec, plan.filter);
  const electrons = (levels: number[]) =>
    mosaicMean(
      channels,
      levels.map((level) => surfaceElectrons(instrument, level, plan.exposure)),
    );
  const clear = electrons(plan.sky.map((sky) => sky.level));
  const closed = plan.shutterClosed ? 0 : 1;
  const sky = closed * clear * median(lights) + plan.leak;
  const psf = starTruth(plan.psf, spec.telescope);
  const naturalPsf = samePsf(plan.psf, natural.psf) ? psf : fieldTruth(natural.psf, spec.telescope);
  const floor = spec.sensor.readNoise ** 2 + spec.sensor.darkCurrent * plan.exposure;
  const transparency = closed * median(cells.flat());
  const passed = transparency * plan.clearAir * (1 - plan.halo.share);
  const snr = passed ** 2 / (psf.noiseArea * (sky + floor));
  const naturalSnr = plan.clearAir ** 2 / (naturalPsf.noiseArea * (electrons(natural.sky) + floor));
  return {
    plan,
    psf,
    naturalFwhm: naturalPsf.fwhm,
    snr,
    naturalSnr,
    filled: sky / spec.sensor.fullWell,
    losses: lossesByCause(plan, aspect),
    skyOverNatural: sky / Math.max(1e-9, electrons(natural.sky)),
    truth: {
      transparency,
      cells: cells.map((values) => closed * mean(values)),
      fwhm: psf.fwhm,
      fwhmArcsec: psf.fwhm * instrument.scale,
      hfr: psf.hfr,
      eccentricity: psf.eccentricity,
      angle: psf.angle,
      hole: psf.hole,
      noiseArea: psf.noiseArea,
      sky: sky / spec.sensor.electronsPerAdu,
      skyNoise: Math.sqrt(sky + floor) / spec.sensor.electronsPerAdu,
      gradient: closed ? contrast(lights, plan.leak / clear) : 1,
      doubled: doubling(plan, psf),
      shift: Math.hypot(...plan.offset) / Math.min(spec.sensor.width, spec.sensor.height),
      trailArea: trailArea(plan, spec),
    },
  };
}

function cellTransmission(effects: FieldEffect[], aspect: number): number[][] {
  const cells: number[][] = [];
  for (let row = 0; row < GRID_ROWS; row++) {
    for (let column = 0; column < GRID_COLUMNS; column++) {
      const values: number[] = [];
      for (let i = 0; i < PER_CELL * PER_CELL; i++) {
        const u = (column + ((i % PER_CELL) + 0.5) / PER_CELL) / GRID_COLUMNS;
        const v = (row + (Math.floor(i / PER_CELL) + 0.5) / PER_CELL) / GRID_ROWS;
        values.push(effects.length > 0 ? transmissionAt(effects, u, v, aspect) : 1);
      }
      cells.push(values);
    }
  }
  return cells;
}

/** Sky per cell over the clear sky in the frame's middle. */
function cellLight(plan: Omit<FramePlan, "truth">, aspect: number): number[] {
  const sky = plan.sky[plan.sky.length >> 1];
  const lights: number[] = [];
  for (let row = 0; row < GRID_ROWS; row++) {
    for (let column = 0; column < GRID_COLUMNS; column++) {
      const u = (column + 0.5) / GRID_COLUMNS;
      const v = (row + 0.5) / GRID_ROWS;
      const clear = 1 + sky.slope[0] * (u - 0.5) + sky.slope[1] * (v - 0.5);
      lights.push(skyLightAt(plan.effects, { clear, cloud: sky.cloud / sky.level, reference: 1 }, u, v, aspect));
    }
  }
  return lights;
}

/** Bright over dark, four cells of 48 left out at either end: a corner of a roof is no gradient. */
function contrast(lights: readonly number[], added: number): number {
  const sorted = lights.toSorted((a, b) => a - b);
  return (sorted[sorted.length - 5] + added) / (sorted[4] + added);
}

const CAUSE_OF_EFFECT = {
  cloud: "clouds",
  veil: "veil",
  obstruction: "obstruction",
  "stray-light": "stray-light",
} as const satisfies Record<FieldEffect["kind"], ReasonCode>;

function lossesByCause(plan: Omit<FramePlan, "truth">, aspect: number): { cause: ReasonCode; loss: number }[] {
  return plan.effects
    .map((effect) => ({ cause: CAUSE_OF_EFFECT[effect.kind], loss: 1 - mean(cellTransmission([effect], aspect).map(mean)) }))
    .sort((a, b) => b.loss - a.loss);
}

/**
 * A star that jumped far shows two images, each of which is measured as a star; its light is spread over both all the same.
 */
function starTruth(shape: PsfShape, telescope: TelescopeSpec): PsfTruth {
  const jump = jumpOf(shape);
  if (jump === null || jump.apart < 1.5 * shape.fwhm) return fieldTruth(shape, telescope);
  const single = fieldTruth({ ...shape, motions: shape.motions.filter((motion) => motion !== jump.motion) }, telescope);
  const [first, second] = jump.motion;
  return { ...single, noiseArea: single.noiseArea / (first.share ** 2 + second.share ** 2) };
}

function jumpOf(shape: PsfShape): { motion: Motion; apart: number } | null {
  const motion = shape.motions.find((places) => places.length === 2);
  return motion === undefined ? null : { motion, apart: Math.hypot(motion[0].x - motion[1].x, motion[0].y - motion[1].y) };
}

/** Distance of the images of a star that jumped, in FWHM. */
function doubling(plan: Omit<FramePlan, "truth">, psf: PsfTruth): number {
  return (jumpOf(plan.psf)?.apart ?? 0) / Math.min(psf.fwhm, 1.5 * plan.psf.fwhm);
}

function trailArea(plan: Omit<FramePlan, "truth">, spec: NightSpec): number {
  let pixels = 0;
  for (const { from, to, width, peakSigma } of plan.trails) {
    if (peakSigma > 0.3) pixels += width * Math.hypot(to[0] - from[0], to[1] - from[1]);
  }
  return pixels / (spec.sensor.width * spec.sensor.height);
}

function samePsf(a: PsfShape, b: PsfShape): boolean {
  return a.defocus === b.defocus && a.rotation === b.rotation && a.motions === b.motions && a.fwhm === b.fwhm;
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : 0.5 * (sorted[middle - 1] + sorted[middle]);
}
