import type { FrameWarning } from "../../shared/domain.ts";
import { toNebuliftError } from "../../shared/errors.ts";
import { MemoryBytes } from "./fits-source.ts";
import { addHeaderText } from "./keyword-text.ts";
import type { Keywords } from "./keywords.ts";
import { latin1 } from "./signature.ts";
import { type TiffDirectory, TiffFile } from "./tiff-directory.ts";

/**
 * Adds what a TIFF page and its EXIF directory (CIPA DC-008) say, under the names FITS has for it. A FITS header kept in
 * the description comes first, because it says more. Damaged tags cost a warning, never the image.
 */
export function addExif(tiff: TiffFile, page: TiffDirectory, keywords: Keywords, warnings: FrameWarning[]): void {
  try {
    const description = page.text(270);
    if (description) addHeaderText(description, keywords);
    const exif = tiff.below(page, 34665)[0] ?? page;
    addExposure(exif, keywords);
    const camera = cameraName(page.text(271), page.text(272));
    if (camera) keywords.add("INSTRUME", camera);
    const software = page.text(305);
    if (software) keywords.add("SWCREATE", software);
    const time = exifTime(exif, page);
    if (time) keywords.add("DATE-OBS", time);
  } catch (error) {
    warnings.push({ code: "bad-metadata", detail: toNebuliftError(error).detail });
  }
}

/** Many models repeat their maker's name. */
export function cameraName(make: string | null, model: string | null): string | null {
  if (!make || !model) return model ?? make;
  return model.toLowerCase().startsWith(make.split(" ")[0].toLowerCase()) ? model : `${make} ${model}`;
}

function addExposure(exif: TiffDirectory, keywords: Keywords): void {
  const exposure = exif.number(33434);
  if (exposure !== null && exposure > 0 && Number.isFinite(exposure)) keywords.add("EXPTIME", exposure);
  const iso = exif.number(34855);
  if (iso !== null && iso > 0) keywords.add("GAIN", iso);
  const focal = exif.number(37386);
  if (focal !== null && focal > 0 && Number.isFinite(focal)) keywords.add("FOCALLEN", focal);
}

/** `2025:06:30 02:34:20` with fraction and zone where they are given; without a zone it is taken to be UTC. Null when unset. */
function exifTime(exif: TiffDirectory, page: TiffDirectory): string | null {
  const text = exif.text(36867) ?? page.text(36867) ?? page.text(306);
  const match = /^(\d{4})[:-](\d\d)[:-](\d\d)[ T](\d\d):(\d\d):(\d\d)/.exec(text ?? "");
  if (!match || match[1] === "0000") return null;
  const [, year, month, day, hour, minute, second] = match;
  const fraction = /^\d{1,9}/.exec(exif.text(37521) ?? "")?.[0] ?? "0";
  const zone = /^[+-]\d\d:\d\d$/.exec(exif.text(36881) ?? exif.text(36880) ?? "")?.[0] ?? "Z";
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${fraction.slice(0, 3)}${zone}`);
  return Number.isNaN(time) ? null : new Date(time).toISOString();
}

/** The same for an EXIF block of another format: a small TIFF, in JPEG with `Exif` before it. */
export function addExifBlock(block: Uint8Array, keywords: Keywords, warnings: FrameWarning[]): void {
  const start = latin1(block.subarray(0, 6)) === "Exif\0\0" ? 6 : 0;
  try {
    const tiff = TiffFile.open(new MemoryBytes(block.subarray(start)));
    for (const page of tiff.directories().slice(0, 1)) addExif(tiff, page, keywords, warnings);
  } catch (error) {
    warnings.push({ code: "bad-metadata", detail: toNebuliftError(error).detail });
  }
}
