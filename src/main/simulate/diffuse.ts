import { fractalNoise, ridgedNoise } from "./fractal.ts";
import { BANDS, type Band, skyPhotons } from "./physics.ts";
import type { Random } from "./random.ts";
import type { GalaxySpec, NebulaSpec } from "./spec.ts";

/**
 * Surface of a nebula at (x, y) arcsec from the target, as a share of its peak: cloud and filaments under a soft
 * envelope, cut by dark lanes.
 */
export function nebulaShape(nebula: NebulaSpec, seed: number, x: number, y: number): number {
  const u = x / nebula.radius;
  const v = y / nebula.radius;
  const bent = 0.35 * fractalNoise(seed + 11, u * 1.3, v * 1.3, 3);
  const envelope = Math.exp(-0.5 * (u * u + v * v) * (1 + bent));
  if (envelope < 0.003) return 0;
  const cloud = Math.max(0, 0.55 + 0.9 * fractalNoise(seed, u * 2.5, v * 2.5, 6));
  const filaments = ridgedNoise(seed + 23, u * 3 + bent, v * 3 - bent, 4);
  const lane = 1 - 0.85 * smoothStep(0.22, 0.5, fractalNoise(seed + 37, u * 1.8, v * 1.8, 4));
  return envelope * lane * ((1 - nebula.filaments) * cloud + nebula.filaments * filaments * (0.3 + cloud));
}

const smoothStep = (from: number, to: number, value: number): number => {
  const t = Math.max(0, Math.min(1, (value - from) / (to - from)));
  return t * t * (3 - 2 * t);
};

/** Peak photons/s/m^2/arcsec^2 of a nebula in a band: its lines pass or not, whatever the filter's width. */
export const nebulaPeak = (nebula: NebulaSpec, band: Band): number => skyPhotons(BANDS.L, nebula.peak) * band.nebula;

/**
 * A galaxy's profile (Sersic 1963) as electrons per px^2 for unit flux, softened in the middle by the seeing. b_n from
 * Ciotti & Bertin 1999 (A&A 352, 447); lengths in px.
 */
export interface GalaxyProfile {
  radius: number;
  axisRatio: number;
  angle: number;
  sersic: number;
  b: number;
  softening: number;
  peak: number;
  /** Where the profile is cut off, and what is taken from all of it so that it ends in nothing there. */
  reach: number;
  edge: number;
}

export function galaxyProfile(galaxy: GalaxySpec, scale: number, fwhm: number): GalaxyProfile {
  const radius = galaxy.radius / scale;
  const n = galaxy.sersic;
  const b = 2 * n - 1 / 3 + 4 / (405 * n);
  const profile = {
    radius,
    axisRatio: galaxy.axisRatio,
    angle: galaxy.angle,
    sersic: n,
    b,
    softening: 0.5 * fwhm,
    peak: 1,
    reach: 0,
    edge: 0,
  };
  const reach = radius * Math.max(6, (8 / b) ** n);
  profile.edge = galaxyDensity(profile, reach);
  // Normalised by quadrature, since the softening changes the total.
  let flux = 0;
  const steps = 2000;
  for (let i = 0; i < steps; i++) {
    const r = ((i + 0.5) / steps) ** 2 * reach;
    const width = (2 * reach * (i + 0.5)) / (steps * steps);
    flux += 2 * Math.PI * r * galaxyDensity(profile, r) * width * galaxy.axisRatio;
  }
  return { ...profile, peak: 1 / flux, reach };
}

/** At `r` along the major axis, px. */
export function galaxyDensity(profile: GalaxyProfile, r: number): number {
  const soft = Math.hypot(r, profile.softening);
  return profile.peak * Math.max(0, Math.exp(-profile.b * (soft / profile.radius) ** (1 / profile.sersic)) - profile.edge);
}

/** Radius along the major axis beyond which a galaxy of `electrons` is below `floor` e- per pixel; px. */
export function visibleReach(profile: GalaxyProfile, electrons: number, floor: number): number {
  let near = 0;
  let far = profile.reach;
  for (let i = 0; i < 20; i++) {
    const middle = 0.5 * (near + far);
    if (electrons * galaxyDensity(profile, middle) > floor) near = middle;
    else far = middle;
  }
  return far;
}

/** Background galaxies: log N(<m) = 0.5 (m - 14.5) per square degree in V, sizes 1..8 arcsec. */
export function backgroundGalaxies(squareDegrees: number, halfWidth: number, halfHeight: number, random: Random): GalaxySpec[] {
  const faintest = 18.5;
  const count = random.poisson(squareDegrees * 10 ** (0.5 * (faintest - 14.5) - 0.6));
  return Array.from({ length: Math.min(count, 4000) }, () => {
    const magnitude = Math.max(10, faintest + 2 * Math.log10(1 - random.uniform()));
    return {
      magnitude,
      radius: 2.2 * 10 ** (0.13 * (17 - magnitude)) * random.range(0.6, 1.6),
      sersic: random.chance(0.7) ? 1 : random.range(2, 4),
      axisRatio: random.range(0.25, 1),
      angle: random.range(0, 180),
      offset: [random.range(-1, 1) * halfWidth, random.range(-1, 1) * halfHeight] as [number, number],
    };
  });
}
