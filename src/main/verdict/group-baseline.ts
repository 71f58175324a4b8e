import type { NightFrame } from "./groups.ts";
import type { FramePhotometry } from "./photometry.ts";
import { type Baseline, baseline } from "./robust.ts";
import { seenShape } from "./seen-shape.ts";
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

/** How many sigma of the good part a value stands above its median. */
export function deviation(value: number, base: Baseline): number {
  return (value - base.median) / base.sigma;
}
