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
  const seen = Math.sqrt(fwhm * fwhm + pixel * undersampling(fwhm / measurement.sampling));
  if (eccentricity === null) return { fwhm: seen, eccentricity: null };
  const ratio = Math.sqrt(Math.max(0, 1 - eccentricity * eccentricity));
  const major2 = (fwhm * fwhm) / Math.max(ratio, 1e-3) + pixel;
  const minor2 = fwhm * fwhm * ratio + pixel;
  return { fwhm: seen, eccentricity: Math.sqrt(Math.max(0, 1 - minor2 / major2)) };
}

/** How much of the pixel adds to the width: nothing from two measured pixels on, where ratios of widths are those of the light. */
function undersampling(width: number): number {
  return Math.min(1, Math.max(0, 2 - width));
}
