import type { CfaPattern } from "../../shared/domain.ts";
import type { TiffDirectory } from "./tiff-directory.ts";

const COLOURS = "RGB";

/** TIFF/EP and DNG: CFARepeatPatternDim (33421) and CFAPattern (33422), from the first stored pixel; null for other colours or sizes. */
export function cfaOfTiff(page: TiffDirectory): CfaPattern | null {
  const [rows, columns] = page.numbers(33421, 2);
  const pattern = page.bytes(33422, 36);
  const side = rows === 2 ? 2 : rows === 6 ? 6 : null;
  if (!pattern || side === null || columns !== side || pattern.length < side * side) return null;
  return cfaOf(side, Array.from(pattern.subarray(0, side * side), (index) => COLOURS[index] ?? "?").join(""));
}

/** Null when `colours` is not a mosaic of red, green and blue. */
export function cfaOf(side: 2 | 6, colours: string): CfaPattern | null {
  if (colours.length !== side * side || !/^[RGB]+$/.test(colours)) return null;
  return COLOURS.split("").every((colour) => colours.includes(colour)) ? { side, colours } : null;
}

/** The pattern as seen from `dx` columns and `dy` rows further on. */
export function shiftCfa(cfa: CfaPattern, dx: number, dy: number): CfaPattern {
  const { side, colours } = cfa;
  const at = (x: number, y: number) => colours[((((y + dy) % side) + side) % side) * side + ((((x + dx) % side) + side) % side)];
  const shifted = Array.from({ length: side * side }, (_, i) => at(i % side, Math.floor(i / side)));
  return { side, colours: shifted.join("") };
}
