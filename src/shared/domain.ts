import type { ErrorEnvelope } from "./errors.ts";

/**
 * The nouns of Nebulift. Coordinates are in sensor pixels of the frame as stored: x along a row, y along the stored row
 * order, (0, 0) is the centre of the first stored pixel. Lengths called `px` are sensor pixels, `arcsec` on the sky.
 * Brightness called `ADU` is in the file's own physical units (after BZERO/BSCALE, before any calibration by us).
 */

// ---------------------------------------------------------------- frames and their metadata

export type FrameFormat = "fits" | "fits-tiles" | "xisf" | "tiff" | "png" | "jpeg" | "raw";

/** What the file says it is. `unknown` is graded like a light: many capture programs write no image type. */
export type ImageType = "light" | "bias" | "dark" | "flat" | "dark-flat" | "master" | "unknown";

export type PierSide = "east" | "west";

/** A metadata value that the file does not give is null; nothing is guessed. */
export interface FrameMetadata {
  imageType: ImageType;
  object: string | null;
  filter: string | null;
  /** Exposure of this frame in seconds. */
  exposure: number | null;
  gain: number | null;
  offset: number | null;
  /** e-/ADU */
  electronsPerAdu: number | null;
  binning: [x: number, y: number] | null;
  /** Sensor temperature, degrees C. */
  temperature: number | null;
  /** Start of the exposure: milliseconds since 1970-01-01T00:00Z; zones in the header are honoured, without one it is UTC. */
  time: number | null;
  camera: string | null;
  telescope: string | null;
  /** Physical pixel size after binning, micrometres. */
  pixelSize: number | null;
  /** mm */
  focalLength: number | null;
  /** Plate scale of a sensor pixel as stored, arcsec/px; from WCS when present, else from pixel size and focal length. */
  pixelScale: number | null;
  focuserPosition: number | null;
  focuserTemperature: number | null;
  /** Degrees above the horizon. */
  altitude: number | null;
  azimuth: number | null;
  /** Degrees, J2000 or of date as the file gives it. */
  rightAscension: number | null;
  declination: number | null;
  pierSide: PierSide | null;
  rotator: number | null;
  /** Sky quality, mag/arcsec^2. */
  skyQuality: number | null;
  airmass: number | null;
  software: string | null;
  /** How many exposures are in this file: above 1 it is a stack. */
  stackCount: number | null;
  /** Saturation level the header states, ADU. */
  saturation: number | null;
  /** Bits of the camera's converter when the file tells, e.g. 12, 14, 16. */
  bitDepth: number | null;
}

/** Colour filter array, read row by row from the first stored pixel: side 2 for Bayer (`RGGB`), 6 for X-Trans. */
export interface CfaPattern {
  side: 2 | 6;
  colours: string;
}

export type FrameWarningCode = "checksum-mismatch" | "short-last-block" | "odd-header" | "bad-metadata" | "unknown-row-order";

export interface FrameWarning {
  code: FrameWarningCode;
  detail: string;
}

export interface FrameSummary {
  format: FrameFormat;
  /** As stored: columns, rows, colour planes. */
  width: number;
  height: number;
  planes: number;
  cfa: CfaPattern | null;
  rowOrder: "top-down" | "bottom-up";
  metadata: FrameMetadata;
  warnings: FrameWarning[];
}

// ---------------------------------------------------------------- measurements

/** Columns x rows of the evidence grid laid over every frame; cell [column, row], row 0 at the first stored row. */
export const GRID_COLUMNS = 8;
export const GRID_ROWS = 6;

/** One value per cell of the 8 x 6 grid, row by row (length 48); NaN-free: a cell without a value is null. */
export type CellMap = (number | null)[];

export interface BackgroundMeasurement {
  /** Median of the sky mesh, ADU. */
  level: number;
  /** Sky noise per sensor pixel (median over the mesh), ADU, 1 sigma. For Bayer frames per superpixel, see `sampling`. */
  noise: number;
  /** Noise by multiresolution support (Starck & Murtagh 1998), ADU. */
  noiseMrs: number;
  /** Sky level per cell, ADU. */
  cells: CellMap;
  /** Sky noise per cell, ADU. */
  cellNoise: CellMap;
  /** Least-squares plane through the mesh: rise over the whole width and over the whole height, ADU. */
  slope: [dx: number, dy: number];
  /** Curvature: coefficient of r^2 (r = 1 in the corners) in plane + radial fit, ADU: negative is vignetting. */
  radial: number;
  /** RMS of the mesh about plane + radial term, ADU. */
  residual: number;
  /** Corner level over centre level. */
  cornerRatio: number;
}

/** Medians over the stars that are fit for shape measurement (unsaturated, unblended, not on a trail). */
export interface ShapeMeasurement {
  /** How many stars the Moffat statistics stand on. */
  fitted: number;
  /** Moffat FWHM, geometric mean of the axes, pixel response integrated, px. */
  fwhm: number | null;
  /** 1.4826 MAD over the stars, px. */
  fwhmScatter: number | null;
  fwhmArcsec: number | null;
  moffatBeta: number | null;
  /** Half flux radius: sum(v r)/sum(v) (N.I.N.A.), px. */
  hfr: number | null;
  /** sqrt(1 - (b/a)^2), median over the full frame. */
  eccentricity: number | null;
  /** The same over the centre third of the frame, where optics elongate least. */
  eccentricityCentre: number | null;
  /** Mean direction of the major axes in degrees, [0, 180), from +x towards +y. */
  angle: number | null;
  /** |mean of exp(2 i angle)| weighted by ellipticity: 1 = all stars elongated the same way (tracking), 0 = at random. */
  angleCoherence: number | null;
  /** The same with the angle taken relative to the direction to the frame's centre: 1 = radial, -1 = tangential (optics). */
  radialCoherence: number | null;
  /** Flux outside 2 FWHM over flux within, against the fitted profile; grows with dew, haze and defocus. */
  halo: number | null;
  /** Share of measured stars whose centre is darker than their ring (donuts), 0..1. */
  donuts: number | null;
  /** Share of stars that have a twin at one common offset (tracking jump), 0..1, and that offset. */
  doubled: number | null;
  doubledOffset: [dx: number, dy: number] | null;
  /** Median Moffat FWHM per cell, px. */
  cells: CellMap;
}

export interface StarMeasurement {
  /** Stars at SNR >= 5 after masking trails; capped lists say so in `counted`. */
  count: number;
  /** How many of them were measured one by one (the cap protects dense fields). */
  counted: number;
  saturated: number;
  blended: number;
  /** Stars per cell of the grid (all `count` of them). */
  cells: CellMap;
  /** Sum of flux of the measured stars, ADU. */
  totalFlux: number;
}

export interface Trail {
  /** End points, px; where the trail leaves the frame they lie on its border. */
  from: [x: number, y: number];
  to: [x: number, y: number];
  /** Full width at half maximum across the trail, px. */
  width: number;
  /** Mean peak surface brightness, in sigma of the sky noise per sensor pixel, and in ADU. */
  peakSigma: number;
  peak: number;
  /** Detection significance of the whole line, sigma. */
  significance: number;
  /** Share of the frame's pixels that the trail covers (FWHM x length). */
  area: number;
}

export interface SensorMeasurement {
  /** ADU above which a pixel counts as saturated, and where that comes from. */
  ceiling: number;
  ceilingFrom: "header" | "bit-depth" | "data";
  saturatedFraction: number;
  hotPixels: number;
  deadColumns: number;
  /** Share of the rows that hold a single value or no data, those without data at the top and bottom edge left out. */
  lostRows: number;
  /** Share of the rows at the top and bottom edge that hold no data: what registering a frame leaves, or half a download. */
  emptyEdge: number;
  /** Row and column banding: RMS of row (column) medians about their local trend over the noise expected, 1 = none. */
  rowBanding: number;
  columnBanding: number;
}

/** As PixInsight defines them (PCL PSFSignalEstimator.h); scale as published, so that values compare. */
export interface WeightMeasurement {
  psfSignalWeight: number | null;
  psfSnr: number | null;
  snrWeight: number | null;
}

/** The stretch of one plane: display y = MTF(midtones, clip((x - shadows)/(highlights - shadows))), x normalised 0..1 by `range`. */
export interface Stretch {
  shadows: number;
  midtones: number;
  highlights: number;
  /** ADU that count as 0 and 1. */
  range: [black: number, white: number];
}

/**
 * The brightest measured stars, for matching frames with one another: one row per star, brightest first, at most 500.
 * Columns are parallel arrays so that they store and clone compactly.
 */
export interface StarList {
  x: Float32Array;
  y: Float32Array;
  /** ADU */
  flux: Float32Array;
  snr: Float32Array;
  /** Moffat FWHM where it was fitted, else from moments; px */
  fwhm: Float32Array;
  hfr: Float32Array;
  eccentricity: Float32Array;
  /** Degrees, [0, 180). */
  angle: Float32Array;
  /** bit 0 saturated, bit 1 blended, bit 2 at the border, bit 3 Moffat-fitted */
  flags: Uint8Array;
}

export interface Measurement {
  /** Version of the measuring code; results of another version are measured anew. */
  version: string;
  width: number;
  height: number;
  /** Sensor pixels per measured pixel along one axis: 1 mono, 2 Bayer superpixel, 3 X-Trans. */
  sampling: 1 | 2 | 3;
  background: BackgroundMeasurement;
  stars: StarMeasurement;
  shape: ShapeMeasurement;
  trails: Trail[];
  sensor: SensorMeasurement;
  weights: WeightMeasurement;
  /** STF of this frame by the published rule; the night-linked stretch is made from the group's. */
  stretch: Stretch;
  list: StarList;
}

// ---------------------------------------------------------------- verdicts

export type VerdictKind = "clean" | "contaminated" | "review" | "not-light" | "unreadable";

export const REASON_CODES = [
  "clouds",
  "veil",
  "obstruction",
  "stray-light",
  "sky-glow",
  "focus",
  "tracking",
  "trail",
  "off-target",
  "overexposed",
  "no-stars",
  "low-snr",
  "sensor-fault",
  "too-few",
] as const;
export type ReasonCode = (typeof REASON_CODES)[number];

export type Severity = "info" | "soft" | "hard";

export interface Where {
  /** Cells [column, row] of the 8 x 6 grid. */
  cells?: [column: number, row: number][];
  /** Line segments in px: [x1, y1, x2, y2]. */
  lines?: [x1: number, y1: number, x2: number, y2: number][];
}

export interface Reason {
  code: ReasonCode;
  severity: Severity;
  /** Name of the measurement that fired, as in the report. */
  metric: string;
  value: number | null;
  unit: string;
  /** The night's value (basis session) or the absolute limit (basis absolute). */
  baseline: number | null;
  /** Robust z against the good part of the group; null for absolute rules. */
  z: number | null;
  limit: number | null;
  where: Where | null;
  /** The user's rule that says so, by its name; severity `info` then means that it kept the frame. */
  rule?: string;
}

/**
 * One measured number held against its limit, named in a reason or not: with all of these a verdict can be redone by hand.
 * chance = factor * Phi(d / error), with d = ln(value / limit) for `scale` ratio, value - limit for difference, its sign turned
 * where harm lies below; Phi is the standard normal distribution. Without a scale the chance follows from counts (docs/judgement.md).
 */
export interface Evidence {
  code: ReasonCode;
  metric: string;
  value: number | null;
  unit: string;
  limit: number | null;
  beyond: "above" | "below" | null;
  scale: "ratio" | "difference" | null;
  /** 1 sigma: relative for ratios, in units of the value for differences. */
  error: number | null;
  /** What else has to hold for the number to count, 0..1. */
  factor: number;
  /** P(this harms the stack). */
  chance: number;
}

export interface Verdict {
  kind: VerdictKind;
  /** Calibrated P(contaminated); null when not graded. */
  probability: number | null;
  basis: "session" | "absolute";
  /** How many good frames of the group it was compared with. */
  comparedWith: number;
  reasons: Reason[];
}

export type TrailPolicy = "auto" | "strict" | "ignore";

// ---------------------------------------------------------------- a night's report (schema 1, see docs/report.md)

/** What the user said of a frame; the program's own verdict stays beside it. */
export interface Decided {
  verdict: DecidedVerdict;
  /** Why, where the user said so (or the program's first reason, which was agreed with). */
  cause: ReasonCode | null;
  /** Milliseconds since 1970. */
  when: number;
}

export type DecidedVerdict = "clean" | "contaminated" | "review";

export interface ReportFrame {
  path: string;
  /** What the file holds, 64 hex digits: finds the frame and its decisions again after a move, a rename or a copy. */
  content?: string | null;
  /** The user's decision, where there is one: see finalVerdict. */
  decided?: Decided | null;
  verdict: VerdictKind;
  probability: number | null;
  basis: "session" | "absolute";
  comparedWith: number;
  group: string | null;
  reasons: Reason[];
  /** Every number that was held against a limit; only in reports that were asked to explain. */
  evidence?: Evidence[];
  /** Flat numbers by name, each finite or null. */
  measurements: Record<string, number | null> | null;
  metadata:
    | (Partial<FrameMetadata> & {
        format: FrameFormat;
        width: number;
        height: number;
        planes: number;
        /** Whoever draws `where` on a picture of the frame needs it: pictures are upright, `where` is in stored rows. */
        rowOrder?: FrameSummary["rowOrder"];
      })
    | null;
  /** Why a not-light frame is not one, e.g. "dark", "stack of 40". */
  notLight: string | null;
  warnings: FrameWarning[];
  error: ErrorEnvelope | null;
  sortedTo: string | null;
}

export interface ReportGroup {
  id: string;
  frames: number;
  /** The stretch that the pictures of all its frames share, so that clouds stay visible; null when nothing was measured. */
  stretch?: Stretch | null;
  baseline: Record<string, { median: number; sigma: number; unit: string }>;
}

export interface ReportSummary {
  clean: number;
  contaminated: number;
  review: number;
  notLight: number;
  unreadable: number;
  /** Integration minutes by verdict, and what the soft trail policy kept. */
  minutes: { clean: number; contaminated: number; review: number; keptDespiteTrail: number };
}

/** What was done with the frames after they were graded (docs/sorting.md). */
export interface ReportSort {
  action: "copy" | "move" | "link";
  /** Absolute; what `sortedTo` is relative to. */
  output: string;
  /** Null where nothing had to be done. */
  session: string | null;
  journal: string | null;
  /** Files, sidecars among them. */
  sorted: number;
  failed: { path: string; code: string; detail: string }[];
  /** With --dry-run what would be done; nothing was. */
  plan: { from: string; to: string; how: "copy" | "move" | "link" }[] | null;
  bytesNeeded: number;
  bytesFree: number;
}

export interface Report {
  schema: 1;
  app: string;
  input: string;
  settings: Record<string, unknown>;
  summary: ReportSummary;
  groups: ReportGroup[];
  frames: ReportFrame[];
  /** Of a night that was sorted. */
  sort?: ReportSort;
}
