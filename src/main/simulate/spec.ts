import type { FilterName } from "./physics.ts";

/** What a simulated night is made of: plain values, so that it can be stored, sent and drawn at random. */
export interface NightSpec {
  name: string;
  /** Start of the first exposure, milliseconds since 1970, UTC. */
  start: number;
  site: SiteSpec;
  telescope: TelescopeSpec;
  sensor: SensorSpec;
  mount: MountSpec;
  weather: WeatherSpec;
  targets: TargetSpec[];
  /** Taken in this order, one after another. */
  sequence: BlockSpec[];
  defects: DefectSpec[];
}

export interface SiteSpec {
  /** Degrees, north and east positive. */
  latitude: number;
  longitude: number;
  /** Metres. */
  elevation: number;
  /** Moonless zenith, V mag/arcsec^2, artificial light included: 22 is pristine, 18 a city. */
  zenithSky: number;
  /** Azimuth of the nearest town, degrees, and how many times brighter than the zenith it makes the sky at 75 degrees. */
  domeAzimuth: number;
  domeStrength: number;
  /** Extinction less the sea-level value of each band, mag per airmass (haze, elevation). */
  haze: number;
}

export interface TelescopeSpec {
  name: string;
  /** mm */
  focalLength: number;
  aperture: number;
  /** Diameter of the central obstruction over the aperture's. */
  obstruction: number;
  /** Light that arrives at the sensor, before its quantum efficiency. */
  throughput: number;
  /** FWHM of the optics' own blur in the middle of the field beyond diffraction, um on the sensor: lenses are not perfect. */
  spot: number;
  /** Light lost in the corners, 0..0.7. */
  vignetting: number;
  /** Defocus in the corners by sensor tilt and by field curvature, px diameter of the blur. */
  tilt: [x: number, y: number];
  curvature: number;
  /** Length of the comatic tail in the corners, px. */
  coma: number;
  /** Vanes of a spider: 0, 3 (six spikes) or 4 (four spikes). */
  vanes: 0 | 3 | 4;
  /** Dust shadows on the sensor window. */
  dust: number;
  /** mm focus shift per degree C is folded into px of blur per degree. */
  focusPerDegree: number;
}

export interface SensorSpec {
  name: string;
  width: number;
  height: number;
  /** Micrometres. */
  pixel: number;
  cfa: "RGGB" | "BGGR" | "GRBG" | "GBRG" | null;
  quantumEfficiency: number;
  gain: number;
  /** ADU of an unexposed pixel (in the file's scale). */
  pedestal: number;
  /** e- per ADU of the file. */
  electronsPerAdu: number;
  /** e- RMS */
  readNoise: number;
  /** e- */
  fullWell: number;
  /** Bits of the converter; below 16 the file holds multiples of 2^(16 - bits), as capture programs store them. */
  bits: 12 | 14 | 16;
  /** e-/s per pixel. */
  darkCurrent: number;
  /** Hot pixels per million. */
  hotPixels: number;
  /** e-/s at the corner where the amplifier glows. */
  ampGlow: number;
  /** e- RMS of the offsets of rows. */
  banding: number;
  badColumns: number;
  /** Relative scatter of the pixels' sensitivity. */
  prnu: number;
  /** Degrees C. */
  temperature: number;
}

export interface MountSpec {
  /** Angle of the sensor's x axis, degrees from east through north. */
  cameraAngle: number;
  /** Guiding error, arcsec RMS per axis: round blur within an exposure. */
  guiding: number;
  /** Error that guiding leaves along right ascension, arcsec RMS, slow enough to elongate. */
  periodicError: number;
  /** Offset between exposures, px, uniform in a square of this half side. */
  dither: number;
  /** Error of pointing after a slew or flip, px. */
  pointing: number;
  /** Seconds between exposures (download, dither, settle). */
  overhead: number;
}

export interface WeatherSpec {
  /** FWHM at the zenith at 550 nm, arcsec, median of the night. */
  seeing: number;
  /** RMS of its logarithm from frame to frame, correlated over a quarter of an hour. */
  seeingScatter: number;
  /** Slow change over the night as a ratio end / start. */
  seeingTrend: number;
  /** Exponent of the Moffat profile: 2.5 has strong wings, above 8 it is almost Gaussian. */
  moffatBeta: number;
  /** RMS of the transparency of a clear sky, ratio. */
  transparencyScatter: number;
  /** Degrees C at the start and the fall per hour. */
  temperature: number;
  cooling: number;
}

export interface TargetSpec {
  name: string;
  /** Degrees. */
  rightAscension: number;
  declination: number;
  /** Stars brighter than magnitude 15 per square degree: 150 at the galactic pole, 5000 in the Milky Way. */
  starDensity: number;
  cluster: ClusterSpec | null;
  galaxies: GalaxySpec[];
  /** Share of the small background galaxies that such a field holds: 1 as in the sky. */
  faintGalaxies: number;
  nebula: NebulaSpec | null;
  /** Stars of given V magnitude put within the inner half of the field: their spikes and haloes must not look like faults. */
  brightStars: number[];
}

export interface ClusterSpec {
  kind: "open" | "globular";
  stars: number;
  /** Half-light radius, arcsec. */
  radius: number;
  /** V magnitude of its brightest star. */
  brightest: number;
  /** Offset of its centre from the target, arcsec. */
  offset: [x: number, y: number];
}

export interface GalaxySpec {
  magnitude: number;
  /** Effective radius, arcsec. */
  radius: number;
  sersic: number;
  axisRatio: number;
  /** Degrees. */
  angle: number;
  offset: [x: number, y: number];
}

export interface NebulaSpec {
  /** Peak over L, mag/arcsec^2. */
  peak: number;
  /** Arcsec. */
  radius: number;
  /** 0 smooth .. 1 all filaments */
  filaments: number;
}

export interface BlockSpec {
  target: number;
  filter: FilterName;
  /** Seconds. */
  exposure: number;
  count: number;
}

export const DEFECT_KINDS = [
  "cloud",
  "veil",
  "dew",
  "obstruction",
  "stray-light",
  "moonrise",
  "dawn",
  "focus",
  "wind",
  "tracking",
  "periodic-error",
  "rotation",
  "jump",
  "satellite",
  "aeroplane",
  "cosmic-rays",
  "sensor-fault",
  "overexposed",
  "shutter",
  "off-target",
] as const;
export type DefectKind = (typeof DEFECT_KINDS)[number];

/**
 * A fault over a stretch of frames (positions within the sequence, fractions allowed). `strength` runs from 0.05, barely
 * to be seen by anyone, to 1, gross; what it does physically is said in effects.ts. Moonrise and dawn are no faults but
 * dates: they move the night's start (`start` of the spec), so they have neither frames nor strength there.
 */
export interface DefectSpec {
  kind: DefectKind;
  from: number;
  to: number;
  strength: number;
  /**
   * How it comes: `usual` as its kind does (clouds pass, dew grows), `steady` with full strength all along, `growing` evenly
   * from nothing at the first frame to full strength at the last (cloud, veil, dew, obstruction, focus and wind).
   */
  course?: "usual" | "steady" | "growing";
  /** Which of its kinds, where a fault has several; drawn when left out. */
  look?: ObstructionLook;
}

/** Branches that move, a dome's soft edge, a roof's straight one. */
export type ObstructionLook = "tree" | "dome" | "roof";

export interface NightOptions {
  frames: number;
  width: number;
  height: number;
  bayer: boolean;
  /** What is to go wrong; null leaves it to the preset. */
  defects: { kind: DefectKind; strength: number | null }[] | null;
}

/** What a preset leaves open is null. */
export type PresetOptions = { [K in keyof NightOptions]?: NightOptions[K] | null };
