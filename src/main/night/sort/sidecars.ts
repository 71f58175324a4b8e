import { splitName } from "./names.ts";

/** What programs write beside a frame about it: notes, plate solutions, edits. */
const SIDECARS = [".json", ".txt", ".wcs", ".xmp"];

/** The names in a folder, to be found whatever their case. */
export function namesByKey(names: readonly string[]): ReadonlyMap<string, readonly string[]> {
  return Map.groupBy(names, (name) => name.toLowerCase());
}

/** What goes along with the frame of this name: `a.wcs` and `a.fits.xmp` with `a.fits`. */
export function sidecarsOf(frame: string, folder: ReadonlyMap<string, readonly string[]>): string[] {
  const stem = splitName(frame).stem.toLowerCase();
  const whole = frame.toLowerCase();
  const keys = new Set(SIDECARS.flatMap((extension) => [stem + extension, whole + extension]));
  keys.delete(whole);
  return [...keys].flatMap((key) => folder.get(key) ?? []);
}
