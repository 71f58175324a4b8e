import type { Measurement } from "../../shared/domain.ts";

/** FWHM of the Gaussian with a square pixel's variance (1/12), px. */
const PIXEL_FWHM = 2.3548 / Math.sqrt(12);

export interface SeenShape {
  /** FWHM as it stands in the pixels, sensor px; null when no star could be fitted. */
  fwhm: number | null;
  eccentricity: number | null;
}

/**
 * Stars as the stack will see them: the fitted profile, which is that of the light before it fell on pixels, broadened by the
 * pixel (superpixel for colour cameras). On undersampled frames the light's own shape hardly matters: at 5 arcsec per pixel a
 * guiding error of one arcsec makes an eccentric profile, but round dots of one pixel.
 */
export function seenShape(measurement: Measurement): SeenShape {
  const { fwhm, eccentricity } = measurement.shape;
  if (fwhm === null) return { fwhm: null, eccentricity };
  const pixel = (PIXEL_FWHM * measurement.sampling) ** 2;
  if (eccentricity === null) return { fwhm: Math.sqrt(fwhm * fwhm + pixel), eccentricity: null };
  const ratio = Math.sqrt(Math.max(0, 1 - eccentricity * eccentricity));
  const major = fwhm / Math.sqrt(Math.max(ratio, 1e-3));
  const minor = fwhm * Math.sqrt(ratio);
  const a2 = major * major + pixel;
  const b2 = minor * minor + pixel;
  return { fwhm: Math.sqrt(Math.sqrt(a2 * b2)), eccentricity: Math.sqrt(Math.max(0, 1 - b2 / a2)) };
}
