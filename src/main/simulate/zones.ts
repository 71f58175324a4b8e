import { integratePsf, type Motion, type PsfShape, type PsfTable } from "./psf.ts";
import { type PsfTruth, psfTruth } from "./psf-truth.ts";
import type { TelescopeSpec } from "./spec.ts";

/** Image quality over the field: the frame in equal zones, each with its own PSF. Perfect optics have one. */
export interface PsfZones {
  columns: number;
  rows: number;
  tables: PsfTable[];
}

const COLUMNS = 6;
const ROWS = 4;

export function psfZones(centre: PsfShape, telescope: TelescopeSpec): PsfZones {
  if (isFlat(telescope, centre)) return { columns: 1, rows: 1, tables: [integratePsf(centre)] };
  const tables: PsfTable[] = [];
  for (let row = 0; row < ROWS; row++) {
    for (let column = 0; column < COLUMNS; column++) {
      const u = (2 * (column + 0.5)) / COLUMNS - 1;
      const v = (2 * (row + 0.5)) / ROWS - 1;
      tables.push(integratePsf(shapeAt(centre, telescope, u, v)));
    }
  }
  return { columns: COLUMNS, rows: ROWS, tables };
}

/** Places spread over the field, -1..1 from edge to edge, at which truth is taken. */
const SAMPLED: readonly (readonly [u: number, v: number])[] = [
  [0, 0],
  [-0.4, 0],
  [0.4, 0],
  [-0.67, -0.55],
  [0.67, -0.55],
  [-0.67, 0.55],
  [0.67, 0.55],
];

/** Medians over the field of what a perfect measurement of its stars would say; the angle is the centre's. */
export function fieldTruth(centre: PsfShape, telescope: TelescopeSpec): PsfTruth {
  const middle = psfTruth(centre);
  if (isFlat(telescope, centre)) return middle;
  const places = [middle, ...SAMPLED.slice(1).map(([u, v]) => psfTruth(shapeAt(centre, telescope, u, v)))];
  const median = (of: (truth: PsfTruth) => number) => places.map(of).sort((a, b) => a - b)[places.length >> 1];
  return {
    ...middle,
    fwhm: median((p) => p.fwhm),
    eccentricity: median((p) => p.eccentricity),
    hfr: median((p) => p.hfr),
    noiseArea: median((p) => p.noiseArea),
    hole: median((p) => p.hole),
  };
}

const isFlat = (telescope: TelescopeSpec, centre: PsfShape): boolean =>
  centre.rotation === 0 && telescope.coma === 0 && telescope.curvature === 0 && telescope.tilt[0] === 0 && telescope.tilt[1] === 0;

export function tableAt(zones: PsfZones, u: number, v: number): PsfTable {
  const column = Math.max(0, Math.min(zones.columns - 1, Math.floor(u * zones.columns)));
  const row = Math.max(0, Math.min(zones.rows - 1, Math.floor(v * zones.rows)));
  return zones.tables[row * zones.columns + column];
}

/** The PSF at (u, v), both -1..1 from edge to edge: tilt and curvature defocus, coma draws a tail outwards. */
export function shapeAt(centre: PsfShape, telescope: TelescopeSpec, u: number, v: number): PsfShape {
  const radius = Math.hypot(u, v) / Math.SQRT2;
  const defocus = centre.defocus + telescope.tilt[0] * u + telescope.tilt[1] * v + telescope.curvature * radius * radius;
  const length = telescope.coma * radius;
  const motions = length > 0.15 ? [...centre.motions, tail(length, Math.atan2(v, u))] : [...centre.motions];
  const arc = centre.rotation * radius;
  // Frames are some 3:2, so that the way across the field is not quite that of the unit square.
  if (arc > 0.15) motions.push(arcOf(arc, Math.atan2(1.5 * u, -v)));
  return { ...centre, defocus: Math.abs(defocus), motions };
}

/** Bright at the head and fading outwards; centred on its light, so that positions stay where they are. */
function tail(length: number, angle: number): Motion {
  const steps = 6;
  return Array.from({ length: steps }, (_, i) => {
    const t = (i + 0.5) / steps;
    const along = (t - MEAN_OF_TAIL) * length;
    return { x: along * Math.cos(angle), y: along * Math.sin(angle), share: (2 * (1 - t)) / steps };
  });
}

/** A short piece of a circle about the frame's centre, as good as straight. */
function arcOf(length: number, angle: number): Motion {
  const steps = 24;
  return Array.from({ length: steps }, (_, i) => {
    const along = ((i + 0.5) / steps - 0.5) * length;
    return { x: along * Math.cos(angle), y: along * Math.sin(angle), share: 1 / steps };
  });
}

/** Sum of t 2 (1 - t) / 6 over t = 1/12, 3/12 ... 11/12. */
const MEAN_OF_TAIL = [1, 3, 5, 7, 9, 11].reduce((sum, k) => sum + ((k / 12) * 2 * (1 - k / 12)) / 6, 0);
