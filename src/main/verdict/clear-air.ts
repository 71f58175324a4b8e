import type { NightFrame } from "./groups.ts";
import type { FramePhotometry } from "./photometry.ts";
import { median } from "./robust.ts";

/** What altitude alone does to the frames of a group: nothing to be punished for, a target rises and sets. */
export interface ClearAir {
  /** Extinction in magnitudes per airmass, fitted to the good frames; null where headers tell no altitude. */
  extinction: number | null;
  /** Airmass of a typical good frame. */
  airmass: number;
}

const NO_AIR: ClearAir = { extinction: null, airmass: 1 };

/** Clear sky in L at a middling site, magnitudes per airmass, and what sites and filters differ by (Hayes & Latham 1975). */
const USUAL = 0.18;
const DIFFERENCE = 0.07;
/** From a mountain in Ha to a hazy lowland in B. */
const RANGE: readonly [number, number] = [0.06, 0.4];
/** How well a clear night's transparency repeats, magnitudes. */
const REPEATS = 0.03;
/** Below this spread of airmass nothing can be fitted, nor needs to be. */
const LEAST_SPAN = 0.05;
/** Seeing grows with this power of airmass (Kolmogorov turbulence, Fried 1966). */
const SEEING_POWER = 0.6;
/** Lower than this models of the air are not good for much, degrees. */
const LOWEST = 8;

/** Airmass from the header's, or from altitude (Pickering 2002, DIO 12); null when the file tells neither. */
function airmassOf({ summary }: NightFrame): number | null {
  const { airmass, altitude } = summary.metadata;
  if (altitude !== null && altitude >= LOWEST && altitude <= 90) {
    const degrees = altitude + 244 / (165 + 47 * altitude ** 1.1);
    return 1 / Math.sin((degrees * Math.PI) / 180);
  }
  return airmass !== null && airmass >= 1 && airmass < 8 ? airmass : null;
}

/**
 * Extinction of the good frames by least squares towards the usual value, so that a night that clouds over while its target
 * sets is not explained away as air.
 */
export function fitClearAir(good: readonly { frame: NightFrame; photometry: FramePhotometry }[]): ClearAir {
  const known = good.flatMap(({ frame, photometry }) => {
    const airmass = airmassOf(frame);
    return airmass === null || photometry.transparency === null ? [] : [{ airmass, dimming: -2.5 * Math.log10(photometry.transparency) }];
  });
  if (known.length < 5 || known.length < 0.8 * good.length) return NO_AIR;
  const airmass = median(known.map((frame) => frame.airmass)) ?? 1;
  const middle = median(known.map((frame) => frame.dimming)) ?? 0;
  const span = Math.max(...known.map((frame) => frame.airmass)) - Math.min(...known.map((frame) => frame.airmass));
  if (span < LEAST_SPAN) return { extinction: USUAL, airmass };
  let xx = (REPEATS / DIFFERENCE) ** 2;
  let xy = USUAL * xx;
  for (const frame of known) {
    xx += (frame.airmass - airmass) ** 2;
    xy += (frame.airmass - airmass) * (frame.dimming - middle);
  }
  return { extinction: Math.min(RANGE[1], Math.max(RANGE[0], xy / xx)), airmass };
}

/** Light and width that a frame has by its altitude alone, over a typical good frame's; 1 where nothing is known. */
export function airOf(frame: NightFrame, air: ClearAir): { light: number; width: number } {
  const airmass = airmassOf(frame);
  if (air.extinction === null || airmass === null) return { light: 1, width: 1 };
  return { light: 10 ** (-0.4 * air.extinction * (airmass - air.airmass)), width: (airmass / air.airmass) ** SEEING_POWER };
}
