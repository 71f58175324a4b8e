import type { ShapeMeasurement } from "../../shared/domain.ts";
import { medianOf } from "./background.ts";
import { medianPerCell } from "./grid.ts";
import { measureHalo } from "./halo.ts";
import type { MoffatFit } from "./moffat.ts";
import type { PreparedFrame } from "./prepared.ts";
import { brightestFirst, type MeasuredStars, STAR } from "./stars.ts";
import { findTwins, MOST_STARS as MOST_TWINS } from "./twins.ts";

/** Median of |e|^2 of pure noise of 1 sigma in each component (Rayleigh): 2 ln 2. */
const NOISE_ELLIPTICITY = 2 * Math.LN2;
/** Fewer fitted stars have no common direction to speak of. */
const LEAST_FOR_DIRECTION = 5;
const LEAST_FOR_CENTRE = 3;
const HFR_SNR = 15;
const DONUT_RATIO = 0.92;
const DONUT_SNR = 20;

/** The frame's star shapes from its measured and fitted stars; what cannot be said is null. Lengths in sensor pixels. */
export function measureShape(
  frame: PreparedFrame,
  stars: MeasuredStars,
  fits: readonly MoffatFit[],
  pixelScale: number | null,
): ShapeMeasurement {
  const { sampling, width, height } = frame;
  const sharp = soundStars(stars, HFR_SNR);
  const widths = fits.map((fit) => fit.fwhm * sampling);
  const fwhm = widths.length > 0 ? medianOf(widths) : momentWidth(stars, sampling);
  const hfrs = (sharp.length > 0 ? sharp : soundStars(stars, 5)).map((i) => stars.hfr[i] * sampling).filter((hfr) => hfr > 0);
  const central = fits.filter((fit) => Math.abs(fit.x / width - 0.5) < 1 / 6 && Math.abs(fit.y / height - 0.5) < 1 / 6);
  const twins = twinsOf(stars, fwhm === null ? 0 : fwhm / sampling);
  return {
    fitted: fits.length,
    fwhm,
    fwhmScatter: widths.length >= 3 && fwhm !== null ? 1.4826 * medianOf(widths.map((w) => Math.abs(w - fwhm))) : null,
    fwhmArcsec: fwhm !== null && pixelScale !== null ? fwhm * pixelScale : null,
    moffatBeta: fits.length > 0 ? medianOf(fits.map((fit) => fit.beta)) : null,
    hfr: hfrs.length > 0 ? medianOf(hfrs) : null,
    eccentricity: fits.length > 0 ? typicalEccentricity(fits) : null,
    eccentricityCentre: central.length >= LEAST_FOR_CENTRE ? typicalEccentricity(central) : null,
    ...directions(fits, width, height),
    halo: measureHalo(frame, fits),
    donuts: donutShare(stars),
    doubled: twins === null ? null : twins.share,
    doubledOffset: twins === null || twins.share === 0 ? null : [twins.offset[0] * sampling, twins.offset[1] * sampling],
    cells: medianPerCell(
      fits.map((fit) => fit.x),
      fits.map((fit) => fit.y),
      widths,
      width,
      height,
    ),
  };
}

/** Indices of stars whose shape means something. */
function soundStars(stars: MeasuredStars, snr: number): number[] {
  const found: number[] = [];
  const bad = STAR.saturated | STAR.blended | STAR.border | STAR.wandered | STAR.extended;
  for (let i = 0; i < stars.count; i++) if (stars.snr[i] >= snr && (stars.flags[i] & bad) === 0) found.push(i);
  return found;
}

/** Where no Moffat profile could be fitted, the moments' FWHM of the soundest stars. */
function momentWidth(stars: MeasuredStars, sampling: number): number | null {
  const widths = soundStars(stars, 8)
    .map((i) => stars.fwhm[i] * sampling)
    .filter((w) => w > 0);
  return widths.length > 0 ? medianOf(widths) : null;
}

/**
 * Eccentricity of the typical star with what noise adds taken out: the median of |e|^2 less its noise, per star. Then from
 * e = (a^2 - b^2) / (a^2 + b^2): 1 - (b/a)^2 = 2 e / (1 + e).
 */
function typicalEccentricity(fits: readonly Pick<MoffatFit, "e1" | "e2" | "eError">[]): number {
  const squares = fits.map((fit) => fit.e1 ** 2 + fit.e2 ** 2 - NOISE_ELLIPTICITY * fit.eError ** 2);
  const e = Math.sqrt(Math.max(0, medianOf(squares)));
  return Math.sqrt((2 * e) / (1 + e));
}

type Directions = Pick<ShapeMeasurement, "angle" | "angleCoherence" | "radialCoherence">;

/** Common direction of the major axes: sums of the ellipticity vectors over the sum of their lengths. */
function directions(fits: readonly MoffatFit[], width: number, height: number): Directions {
  if (fits.length < LEAST_FOR_DIRECTION) return { angle: null, angleCoherence: null, radialCoherence: null };
  // One galaxy or close pair must not speak for the frame.
  const most = 3 * medianOf(fits.map((fit) => Math.hypot(fit.e1, fit.e2)));
  let [s1, s2, radial, total] = [0, 0, 0, 0];
  for (const fit of fits) {
    const length = Math.hypot(fit.e1, fit.e2);
    const weight = length > most && length > 0 ? most / length : 1;
    const outwards = 2 * Math.atan2(fit.y - (height - 1) / 2, fit.x - (width - 1) / 2);
    s1 += weight * fit.e1;
    s2 += weight * fit.e2;
    radial += weight * (fit.e1 * Math.cos(outwards) + fit.e2 * Math.sin(outwards));
    total += weight * length;
  }
  if (!(total > 0)) return { angle: null, angleCoherence: null, radialCoherence: null };
  const angle = (Math.atan2(s2, s1) * 90) / Math.PI;
  return { angle: ((angle % 180) + 180) % 180, angleCoherence: Math.hypot(s1, s2) / total, radialCoherence: radial / total };
}

function donutShare(stars: MeasuredStars): number | null {
  let [all, donuts] = [0, 0];
  for (let i = 0; i < stars.count; i++) {
    if (stars.snr[i] < DONUT_SNR || stars.flags[i] & (STAR.saturated | STAR.border | STAR.extended)) continue;
    all++;
    if (stars.ringRatio[i] < DONUT_RATIO) donuts++;
  }
  return all > 0 ? donuts / all : null;
}

function twinsOf(stars: MeasuredStars, fwhm: number) {
  const bright = brightestFirst(stars).subarray(0, MOST_TWINS);
  const column = (values: Float32Array) => Float32Array.from(bright, (i) => values[i]);
  return findTwins({ x: column(stars.x), y: column(stars.y), flux: column(stars.flux) }, fwhm);
}
