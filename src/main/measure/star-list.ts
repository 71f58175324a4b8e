import type { StarList } from "../../shared/domain.ts";
import { medianOf } from "./background.ts";
import type { MoffatFit } from "./moffat.ts";
import { brightestFirst, type MeasuredStars, STAR } from "./stars.ts";

const LONGEST = 500;

/** Bits of a listed star's flags (domain.ts). */
const LISTED = { saturated: 1, blended: 2, border: 4, fitted: 8 } as const;

/** The brightest stars in sensor pixels; sizes from moments are brought to the scale of the fitted ones. */
export function listStars(stars: MeasuredStars, fits: readonly MoffatFit[], sampling: number): StarList {
  const fitted = new Map(fits.map((fit) => [fit.star, fit]));
  const ratios = fits.filter((fit) => stars.fwhm[fit.star] > 0).map((fit) => fit.fwhm / stars.fwhm[fit.star]);
  const scale = ratios.length > 0 ? medianOf(ratios) : 1;
  const order = brightestFirst(stars).slice(0, LONGEST);
  const column = (value: (i: number) => number) => Float32Array.from(order, value);
  const position = (v: number) => (v + 0.5) * sampling - 0.5;
  return {
    x: column((i) => position(fitted.get(i)?.x ?? stars.x[i])),
    y: column((i) => position(fitted.get(i)?.y ?? stars.y[i])),
    flux: column((i) => stars.flux[i] * sampling * sampling),
    snr: column((i) => stars.snr[i]),
    fwhm: column((i) => (fitted.get(i)?.fwhm ?? stars.fwhm[i] * scale) * sampling),
    hfr: column((i) => stars.hfr[i] * sampling),
    eccentricity: column((i) => fitted.get(i)?.eccentricity ?? eccentricityOf(stars, i)),
    angle: column((i) => fitted.get(i)?.angle ?? ((Math.atan2(stars.e2[i], stars.e1[i]) * 90) / Math.PI + 180) % 180),
    flags: Uint8Array.from(order, (i) => {
      const flags = stars.flags[i] & (STAR.saturated | STAR.blended | STAR.border);
      return flags | (fitted.has(i) ? LISTED.fitted : 0);
    }),
  };
}

function eccentricityOf(stars: MeasuredStars, i: number): number {
  const e = Math.min(0.999, Math.hypot(stars.e1[i], stars.e2[i]));
  return Math.sqrt((2 * e) / (1 + e));
}
