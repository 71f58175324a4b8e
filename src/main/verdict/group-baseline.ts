import type { ClearAir } from "./clear-air.ts";
import type { NightFrame } from "./groups.ts";
import type { FramePhotometry } from "./photometry.ts";
import { type Baseline, baseline, quantile } from "./robust.ts";
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
  /** Light lost per airmass, magnitudes; null where the headers tell no altitude. */
  extinction: Baseline | null;
}

/** Everything known of one frame when it is compared with its group. */
export interface Compared {
  frame: NightFrame;
  photometry: FramePhotometry;
  sky: SkyEvidence;
  pedestal: number;
  /** Light and width by altitude alone, see clear-air.ts. */
  air: { light: number; width: number };
}

/**
 * Weight of a frame: SNR^2 of a star of given flux under sky noise, T^2 / (noise * FWHM)^2. It is what the stack gets: the light and
 * width that altitude costs count. `photometry` has them taken out by `air`.
 */
export function weightOf(frame: NightFrame, photometry: FramePhotometry, air: { light: number }): number | null {
  const { background } = frame.measurement;
  const { fwhm } = seenShape(frame.measurement);
  if (photometry.transparency === null || !(background.noise > 0) || fwhm === null) return null;
  return ((photometry.transparency * air.light) / (background.noise * fwhm)) ** 2;
}

/** The share of the weight that altitude alone leaves. */
export function weightByAir(air: { light: number; width: number }): number {
  return (air.light / widthByAir(air)) ** 2;
}

/** What a frame's width is measured against is no less than a typical good frame's: high targets need not be sharper. */
export function widthByAir(air: { width: number }): number {
  return Math.max(1, air.width);
}

/**
 * Light of a clear sky: as far up among the good frames as errors of one to two percent allow. Cloud only ever takes light, so
 * that their median would already be dimmed on a hazy night.
 */
function clearSky(values: readonly number[]): Baseline | null {
  const base = baseline(values, 0.02);
  return base && { ...base, median: quantile(values, CLEAR) ?? base.median };
}

const CLEAR = 0.7;

/** Floors of the spreads are what frames of a steady night differ by (seeing 3 %, sky 2 %, shapes .03). */
export function groupBaseline(
  frames: readonly { frame: NightFrame; photometry: FramePhotometry; air: { light: number; width: number } }[],
  air: ClearAir,
): GroupBaseline {
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
    transparency: clearSky(frames.map(({ photometry }) => photometry.transparency ?? Number.NaN)),
    weight: baseline(
      frames.map(({ frame, photometry, air }) => weightOf(frame, photometry, air) ?? Number.NaN),
      0.06,
    ),
    extinction: air.extinction === null ? null : { median: air.extinction, sigma: 0, count: frames.length },
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
