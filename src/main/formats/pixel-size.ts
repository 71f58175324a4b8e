import type { Keywords } from "./keywords.ts";
import { pixelScaleFromWcs, plausibleScale } from "./wcs.ts";

const BINNED_SIZE = ["XPIXSZ", "XPIXELSZ", "XPIXSIZE", "PIXSIZEX", "PIXSIZE", "PIXELSZ", "PIXELSIZ"];
/** INDI and Prism: the sensor's own pixel. */
const UNBINNED_SIZE = ["PIXSIZE1", "PIXSZ1"];
const SCALE = ["PIXSCALE", "SCALE", "SECPIX", "SECPIX1", "PIXSCAL1", "IM_SCALE", "PIXELSCA", "PLTSCALE"];

/** Pixels of the sensors in astronomy cameras and DSLRs, micrometres. */
const SENSOR_PIXELS = [
  1.45, 1.55, 1.85, 2, 2.315, 2.4, 2.5, 2.9, 3.3, 3.45, 3.69, 3.7, 3.72, 3.75, 3.76, 3.8, 3.9, 4.09, 4.14, 4.29, 4.3, 4.4, 4.54, 4.63, 4.65,
  4.68, 4.78, 4.8, 5.2, 5.36, 5.4, 5.6, 5.7, 5.86, 5.94, 5.97, 6, 6.05, 6.25, 6.4, 6.45, 6.5, 6.8, 7.4, 7.8, 8.2, 8.3, 8.4, 8.45, 9, 11, 12,
  13, 13.5, 15, 16, 20, 24,
];

function isSensorPixel(size: number): boolean {
  return SENSOR_PIXELS.some((known) => Math.abs(known - size) < 0.006 * known);
}

function positive(keywords: Keywords, names: string[], least: number, most: number): { value: number; name: string } | null {
  for (const name of names) {
    const value = keywords.number(name);
    if (value !== null && value >= least && value <= most) return { value, name };
  }
  return null;
}

/**
 * Physical pixel size after binning, micrometres. XPIXSZ includes the binning by SBFITSEXT and in what N.I.N.A., MaxIm,
 * TheSkyX, SGP, Voyager, INDI, SharpCap, ASIAIR and APT write; some drivers hand over the sensor's own all the same. It is
 * taken as unbinned when its comment says so, or when it is a known sensor's pixel and would not be one divided by the binning.
 */
export function pixelSizeFromKeywords(keywords: Keywords, binning: number): number | null {
  const stated = positive(keywords, BINNED_SIZE, 0.5, 200);
  const sensor = positive(keywords, UNBINNED_SIZE, 0.5, 100);
  if (stated === null) return sensor === null ? null : sensor.value * binning;
  if (binning === 1) return stated.value;
  if (sensor !== null && Math.abs(stated.value - sensor.value) < 0.01) return stated.value * binning;
  const comment = keywords.comment(stated.name);
  if (/un-?binned|before binning|without binning|not including/i.test(comment)) return stated.value * binning;
  if (/binn|binned|inc/i.test(comment)) return stated.value;
  return isSensorPixel(stated.value) && !isSensorPixel(stated.value / binning) ? stated.value * binning : stated.value;
}

const FOCAL_LENGTH = ["FOCALLEN", "FOCAL", "FOCLEN", "FOCALLENGTH", "FOCLENG", "TELFOCAL", "TELFL"];

/** mm. FLENGTH is metres in the observatories' convention; a value that would be a skyscraper's is mm after all. */
export function focalLengthFromKeywords(keywords: Keywords): number | null {
  const direct = positive(keywords, FOCAL_LENGTH, 0.5, 200_000);
  if (direct !== null) return direct.value;
  const other = positive(keywords, ["FLENGTH"], 0.01, 200_000);
  if (other === null) return null;
  return other.value < 50 ? other.value * 1000 : other.value;
}

/** arcsec per stored pixel: the WCS, else what the file states, else 206.265 x pixel size / focal length. */
export function pixelScaleFromKeywords(keywords: Keywords, pixelSize: number | null, focalLength: number | null): number | null {
  const solved = pixelScaleFromWcs(keywords);
  if (solved !== null) return solved;
  const computed = pixelSize === null || focalLength === null ? null : plausibleScale((206.264806 * pixelSize) / focalLength);
  for (const name of SCALE) {
    const stated = plausibleScale(keywords.number(name));
    // SCALE is also a stretch factor, and some write it unbinned: where both are known they must roughly agree.
    if (stated !== null && (computed === null || Math.abs(stated / computed - 1) < 0.25)) return stated;
  }
  return computed;
}
