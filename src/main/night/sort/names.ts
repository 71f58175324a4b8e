import { createHash } from "node:crypto";

/** The longest name that ext4, NTFS, APFS, exFAT and the usual shares all take: 255 bytes of UTF-8. */
const MOST_NAME_BYTES = 255;

/**
 * Two names with the same key may be one file on some disk: macOS and Windows look past case, and macOS past the two ways
 * to write an accented letter.
 */
export function nameKey(name: string): string {
  return name.normalize("NFC").toLowerCase();
}

/** Name and extension: `a.b.fits` is `a.b` and `.fits`; `.fits.fz` and `.fits.gz` belong together. */
export function splitName(name: string): { stem: string; extension: string } {
  const packed = /\.(fits?|fts)\.(fz|gz)$/i.exec(name);
  const at = packed ? packed.index : name.lastIndexOf(".");
  return at > 0 ? { stem: name.slice(0, at), extension: name.slice(at) } : { stem: name, extension: "" };
}

/**
 * Names for a file that came from `from`: its own, then ones that hold a part of the path's hash. They depend on nothing
 * but the path, so that the same frame gets the same name in every run, whatever else is sorted with it.
 */
export function* candidateNames(name: string, from: string): Generator<string> {
  yield name;
  const hash = createHash("sha256").update(from).digest("hex");
  for (const digits of [6, 12, 24, 64]) yield withSuffix(name, `-${hash.slice(0, digits)}`);
}

/** Puts a suffix between name and extension, and shortens the name where it would get too long. */
function withSuffix(name: string, suffix: string): string {
  const { stem, extension } = splitName(name);
  const room = MOST_NAME_BYTES - Buffer.byteLength(suffix + extension);
  let kept = "";
  let bytes = 0;
  for (const character of stem) {
    bytes += Buffer.byteLength(character);
    if (bytes > room) break;
    kept += character;
  }
  return `${kept}${suffix}${extension}`;
}
