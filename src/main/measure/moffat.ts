import { medianOf } from "./background.ts";
import { MOFFAT_INPUTS, MOFFAT_OUTPUTS, MOFFAT_VALUES } from "./kernels/moffat-kernels.ts";
import type { PreparedFrame } from "./prepared.ts";
import type { PlaneLevel, Pyramid } from "./pyramid.ts";
import { type MeasuredStars, planeFor } from "./stars.ts";

/** One fitted star. Lengths in measured pixels. */
export interface MoffatFit {
  /** Index of the star in the list that was fitted. */
  star: number;
  x: number;
  y: number;
  /** Height of the profile, ADU. */
  amplitude: number;
  /** Geometric mean of the axes' FWHM. */
  fwhm: number;
  beta: number;
  /** sqrt(1 - (b/a)^2) as fitted. */
  eccentricity: number;
  /** Degrees, [0, 180), from +x towards +y. */
  angle: number;
  /** Ellipticity (a^2 - b^2) / (a^2 + b^2) times cos and sin of twice the angle, and the error of each. */
  e1: number;
  e2: number;
  eError: number;
  /** RMS of the residuals over the amplitude. */
  residual: number;
}

/** Patch to each side of the star, in FWHM: far enough to part sky and wings. */
const REACH = 2.2;
/** Below this FWHM (pixels of the plane) the pixel is integrated at 2x2 Gauss points; above, by the profile's Laplacian. */
const FINE_FWHM = 2.3;
/** Stars that the frame's exponent is taken from. */
const BETA_STARS = 40;
const TYPICAL_BETA = 3.2;
const LEAST_FOR_START = 5;

/**
 * Fits elliptical Moffat profiles to the chosen stars, brightest first: the exponent from the first 40, fitted freely, then
 * all with their median, for it is the frame's (seeing and optics), and fixed it steadies the widths. Profiles are integrated
 * over the pixels. Stars whose fit does not settle are left out.
 */
export function fitStars(
  frame: PreparedFrame,
  pyramid: Pyramid,
  stars: MeasuredStars,
  chosen: readonly number[],
  fwhm: number,
): MoffatFit[] {
  if (chosen.length === 0) return [];
  const plane = planeFor(frame, pyramid, fwhm);
  const window = { height: 1.05, width: 1 };
  const free = runFits(frame, plane, stars, chosen.slice(0, BETA_STARS), fwhm, window, TYPICAL_BETA, true);
  const beta = free.length > 0 ? Math.min(Math.max(medianOf(free.map((fit) => fit.beta)), 1.5), 12) : TYPICAL_BETA;
  const known = free.filter(({ star }) => stars.fwhm[star] > 0);
  const start =
    known.length < LEAST_FOR_START
      ? window
      : {
          height: medianOf(known.map(({ star, amplitude }) => amplitude / windowHeight(stars, star, fwhm))),
          width: medianOf(known.map((fit) => fit.fwhm / stars.fwhm[fit.star])),
        };
  return runFits(frame, plane, stars, chosen, fwhm, start, beta, false);
}

/** Height of a Gaussian of a star's light and the window's size, ADU. */
function windowHeight(stars: MeasuredStars, star: number, fwhm: number): number {
  return stars.psfFlux[star] / (1.1331 * fwhm * fwhm);
}

/** Where fits start: a profile's height and width over those seen through the window; the first fits tell for the rest. */
interface FitStart {
  height: number;
  width: number;
}

function runFits(
  frame: PreparedFrame,
  plane: PlaneLevel,
  stars: MeasuredStars,
  chosen: readonly number[],
  fwhm: number,
  start: FitStart,
  beta: number,
  freeBeta: boolean,
): MoffatFit[] {
  const { kernels } = frame;
  const { scale, step } = plane;
  const black = plane.sky === null ? (scale === 1 ? frame.black : frame.binnedBlack) : null;
  const mark = kernels.mark();
  const list = kernels.take(chosen.length * MOFFAT_INPUTS * 4);
  const out = kernels.take(chosen.length * MOFFAT_VALUES * 4);
  const scratch = kernels.take(4096);
  const inputs = kernels.f32(list, chosen.length * MOFFAT_INPUTS);
  const planeFwhm = fwhm / scale;
  chosen.forEach((star, i) => {
    const sky = black === null ? (plane.sky ?? 0) : (stars.sky[star] - black) / step;
    const height = (start.height * windowHeight(stars, star, fwhm)) / step;
    const width = Math.min(Math.max((start.width * stars.fwhm[star]) / scale, 0.7 * planeFwhm), 1.5 * planeFwhm);
    inputs.set([(stars.x[star] + 0.5) / scale - 0.5, (stars.y[star] + 0.5) / scale - 0.5, height, sky, width], i * MOFFAT_INPUTS);
  });
  kernels.call.fitMoffats(
    plane.plane,
    plane.width,
    plane.height,
    list,
    chosen.length,
    Math.max(3, Math.round(REACH * planeFwhm)),
    beta,
    freeBeta,
    planeFwhm < FINE_FWHM ? 4 : 1,
    scratch,
    out,
  );
  const values = kernels.f32(out, chosen.length * MOFFAT_VALUES);
  const fits: MoffatFit[] = [];
  chosen.forEach((star, i) => {
    const fit = readFit(values.subarray(i * MOFFAT_VALUES, (i + 1) * MOFFAT_VALUES), plane, star);
    if (fit !== null && fit.fwhm < 4 * fwhm && fit.fwhm > 0.3 * fwhm) fits.push(fit);
  });
  kernels.release(mark);
  return fits;
}

/** Axes of the profile's level lines: a dx^2 + 2 b dx dy + c dy^2 = 1 is an ellipse whose squared axes are the inverse eigenvalues. */
function readFit(v: Float32Array, { scale, step }: PlaneLevel, star: number): MoffatFit | null {
  const o = MOFFAT_OUTPUTS;
  if (v[o.converged] !== 1) return null;
  const [a, b, c, beta] = [v[o.a], v[o.b], v[o.c], v[o.beta]];
  const trace = a + c;
  const spread = Math.hypot(a - c, 2 * b);
  const [small, large] = [(trace - spread) / 2, (trace + spread) / 2];
  if (!(small > 0)) return null;
  const angle = (Math.atan2(-2 * b, c - a) * 90) / Math.PI;
  const variance = (v[o.varianceA] + v[o.varianceC] - 2 * v[o.covarianceAC] + 4 * v[o.varianceB]) / 2 / (trace * trace);
  return {
    star,
    x: (v[o.x] + 0.5) * scale - 0.5,
    y: (v[o.y] + 0.5) * scale - 0.5,
    amplitude: v[o.amplitude] * step,
    fwhm: (2 * Math.sqrt(2 ** (1 / beta) - 1) * scale) / (small * large) ** 0.25,
    beta,
    eccentricity: Math.sqrt(1 - small / large),
    angle: ((angle % 180) + 180) % 180,
    e1: (c - a) / trace,
    e2: (-2 * b) / trace,
    eError: Math.sqrt(Math.max(0, variance)),
    residual: v[o.residual] / v[o.amplitude],
  };
}
