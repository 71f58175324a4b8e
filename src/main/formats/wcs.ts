import type { Keywords } from "./keywords.ts";

/** Scales outside this are no camera's: arcsec per pixel, from planetary imaging to all-sky lenses. */
const PLAUSIBLE = [0.01, 2000] as const;

const ARCSEC: Record<string, number> = { deg: 3600, degree: 3600, degrees: 3600, arcmin: 60, arcsec: 1, rad: (180 / Math.PI) * 3600 };

/**
 * Plate scale from a celestial WCS, arcsec per stored pixel: the root of the area of one pixel. CD, or PC with CDELT, or
 * CDELT alone (FITS WCS paper II); distortion terms change it by far less than matters here. Null without such a WCS.
 */
export function pixelScaleFromWcs(keywords: Keywords): number | null {
  if (!/^(?:RA|DEC|GLON|GLAT|ELON|ELAT)/i.test(keywords.text("CTYPE1") ?? "")) return null;
  const area = Math.abs(determinant(keywords)) * unit(keywords, "CUNIT1") * unit(keywords, "CUNIT2");
  return plausibleScale(Math.sqrt(area));
}

export function plausibleScale(scale: number | null): number | null {
  return scale !== null && scale >= PLAUSIBLE[0] && scale <= PLAUSIBLE[1] ? scale : null;
}

/** CRVAL of a celestial WCS in degrees; only near the centre of the frame when CRPIX is, which plate solvers see to. */
export function centreFromWcs(keywords: Keywords): { rightAscension: number; declination: number } | null {
  const [ra, dec] = [keywords.number("CRVAL1"), keywords.number("CRVAL2")];
  if (!/^RA/i.test(keywords.text("CTYPE1") ?? "") || ra === null || dec === null || Math.abs(dec) > 90) return null;
  return { rightAscension: ra >= 0 && ra < 360 ? ra : ((ra % 360) + 360) % 360, declination: dec };
}

function unit(keywords: Keywords, name: string): number {
  return ARCSEC[(keywords.text(name) ?? "deg").toLowerCase()] ?? ARCSEC["deg"];
}

function determinant(keywords: Keywords): number {
  const number = (name: string, otherwise: number) => keywords.number(name) ?? otherwise;
  if (["CD1_1", "CD1_2", "CD2_1", "CD2_2"].some((name) => keywords.has(name))) {
    return number("CD1_1", 0) * number("CD2_2", 0) - number("CD1_2", 0) * number("CD2_1", 0);
  }
  const turned = number("PC1_1", 1) * number("PC2_2", 1) - number("PC1_2", 0) * number("PC2_1", 0);
  return turned * number("CDELT1", 0) * number("CDELT2", 0);
}
