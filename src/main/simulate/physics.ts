import { cosDegrees, sinDegrees } from "./ephemeris.ts";

/** A filter, with what the sky and a star give through it. */
export interface Band {
  /** Photons per second, m^2 and nm from a star of magnitude 0 above the atmosphere. */
  zeroPoint: number;
  /** Width, nm. */
  width: number;
  /** Centre, nm. */
  wavelength: number;
  /** Extinction at sea level, magnitudes per airmass. */
  extinction: number;
  /** Magnitude of a star of colour B-V = 1 in this band less its V. */
  colour: number;
  /** Moonless natural sky in this band less the sky's V, mag/arcsec^2. */
  skyColour: number;
  /** Share of a nebula's light (taken over L) that passes: emission lines do not care for the filter's width. */
  nebula: number;
}

/**
 * Zero points from the absolute fluxes of Bessell, Castelli & Plez 1998 (A&A 333, 231, table A2): B 6.32e-9, V 3.63e-9,
 * R 2.18e-9 erg/s/cm^2/A divided by the photons' energy: 1393, 1005 and 719 photons/s/cm^2/A. Extinction: typical
 * low-altitude values (Budding & Demircan 2007). Sky colours: Benn & Ellison 1998 (New Astron. Rev. 42, 503), La Palma:
 * B 22.7, V 21.9, R 21.0.
 */
export const BANDS = {
  L: { zeroPoint: 1.02e8, width: 300, wavelength: 550, extinction: 0.18, colour: 0, skyColour: -0.1, nebula: 0.95 },
  R: { zeroPoint: 7.4e7, width: 100, wavelength: 640, extinction: 0.12, colour: -0.55, skyColour: -0.8, nebula: 0.55 },
  G: { zeroPoint: 1.02e8, width: 90, wavelength: 535, extinction: 0.17, colour: 0.05, skyColour: 0, nebula: 0.25 },
  B: { zeroPoint: 1.36e8, width: 100, wavelength: 450, extinction: 0.28, colour: 0.85, skyColour: 0.75, nebula: 0.15 },
  Ha: { zeroPoint: 7.0e7, width: 7, wavelength: 656, extinction: 0.11, colour: -0.6, skyColour: -0.6, nebula: 0.5 },
  OIII: { zeroPoint: 1.1e8, width: 6.5, wavelength: 501, extinction: 0.2, colour: 0.15, skyColour: 0.2, nebula: 0.22 },
  SII: { zeroPoint: 6.8e7, width: 7, wavelength: 672, extinction: 0.1, colour: -0.65, skyColour: -0.7, nebula: 0.1 },
} as const satisfies Record<string, Band>;

export type FilterName = keyof typeof BANDS;

/** Kasten & Young 1989 (Applied Optics 28, 4735); altitude in degrees. */
export function airmassAt(altitude: number): number {
  const h = Math.max(1, altitude);
  return 1 / (sinDegrees(h) + 0.50572 * (h + 6.07995) ** -1.6364);
}

/** Surface brightness in nanoLambert and in V mag/arcsec^2 (Krisciunas & Schaefer 1991, eq. 1 and 27). */
export const nanoLambert = (magnitude: number): number => 34.08 * Math.exp(20.7233 - 0.92104 * magnitude);
export const surfaceMagnitude = (brightness: number): number => (20.7233 - Math.log(brightness / 34.08)) / 0.92104;

/** Optical path for scattered light: finite at the horizon (Krisciunas & Schaefer 1991, eq. 3). */
const skyPath = (zenithDistance: number): number => 1 / Math.sqrt(1 - 0.96 * sinDegrees(Math.min(90, zenithDistance)) ** 2);

/** Airglow and unresolved light of a moonless sky, nL (Krisciunas & Schaefer 1991, eq. 2). */
export function darkSky(zenith: number, zenithDistance: number, extinction: number): number {
  const path = skyPath(zenithDistance);
  return zenith * 10 ** (-0.4 * extinction * (path - 1)) * path;
}

/**
 * Moonlight scattered towards a point of the sky, nL: Krisciunas & Schaefer 1991 (PASP 103, 1033), eq. 20-21 with the
 * scattering functions of eq. 15-19. Angles in degrees; phase 0 is full moon.
 */
export function moonlight(phase: number, moonAltitude: number, zenithDistance: number, apart: number, extinction: number): number {
  if (moonAltitude <= -1) return 0;
  const rise = Math.min(1, (moonAltitude + 1) / 2);
  const angle = Math.abs(phase);
  const illuminance = 10 ** (-0.4 * (3.84 + 0.026 * angle + 4e-9 * angle ** 4));
  const rayleigh = 10 ** 5.36 * (1.06 + cosDegrees(apart) ** 2);
  const mie = apart > 10 ? 10 ** (6.15 - apart / 40) : 6.2e7 / Math.max(0.5, apart) ** 2;
  const reaching = 10 ** (-0.4 * extinction * skyPath(90 - Math.max(0, moonAltitude)));
  return rise * (rayleigh + mie) * illuminance * reaching * (1 - 10 ** (-0.4 * extinction * skyPath(zenithDistance)));
}

/**
 * Twilight near the zenith, nL: Patat, Ugolnikov & Postylyakov 2006 (A&A 455, 385), V = 11.84 + 1.518 z - 0.057 z^2 for
 * z = sun's zenith distance - 95 degrees in 0..10; beyond, their curve runs into the night sky, so the scattered sunlight
 * alone is carried on at 1 mag per degree. Towards the sun the sky is brighter, more so low down.
 */
export function twilight(sunAltitude: number, azimuthFromSun: number, zenithDistance: number): number {
  const depth = -sunAltitude - 5;
  if (depth > 16) return 0;
  const z = Math.max(0, depth);
  const magnitude = z <= 8 ? 11.84 + 1.518 * z - 0.057 * z * z : 20.336 + 1.0 * (z - 8);
  const towardsSun = 1 + 1.6 * (zenithDistance / 60) * ((1 + cosDegrees(azimuthFromSun)) / 2) ** 2;
  return nanoLambert(magnitude) * towardsSun;
}

/**
 * Artificial light, nL, with its dome over the nearest town: grows with the path through the lit air, and towards the
 * town; an empirical shape after Garstang 1989 (PASP 101, 306), whose domes reach 3-6 times the zenith at 60 degrees.
 */
export function artificialLight(zenith: number, dome: number, azimuthFromTown: number, zenithDistance: number): number {
  const low = Math.min(1, zenithDistance / 75);
  return zenith * (1 + low * low * (0.7 + dome * ((1 + cosDegrees(azimuthFromTown)) / 2) ** 2));
}

/** Photons per second, m^2 and arcsec^2 of a sky of V-like surface brightness `magnitude` in the band. */
export function skyPhotons(band: Band, magnitude: number): number {
  return band.zeroPoint * band.width * 10 ** (-0.4 * magnitude);
}

/** Seeing grows with the airmass to the power 0.6 and falls with wavelength to the power 0.2 (Fried 1966). */
export function seeingAt(zenithSeeing: number, airmass: number, wavelength: number): number {
  return zenithSeeing * airmass ** 0.6 * (wavelength / 550) ** -0.2;
}

/** Arcseconds per pixel: 206.265 x pixel in um / focal length in mm. */
export const plateScale = (pixelMicrometres: number, focalMillimetres: number): number =>
  (206.264806 * pixelMicrometres) / focalMillimetres;

/** Clear collecting area in m^2 of an aperture in mm with a central obstruction given by its diameter's share. */
export const collectingArea = (apertureMillimetres: number, obstruction: number): number =>
  (Math.PI / 4) * (apertureMillimetres / 1000) ** 2 * (1 - obstruction * obstruction);
