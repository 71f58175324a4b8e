import type { CfaPattern } from "../../shared/domain.ts";
import { NebuliftError } from "../../shared/errors.ts";
import type { FileBytes } from "./file-bytes.ts";
import { cfaOf, shiftCfa } from "./raw-cfa.ts";
import type { TiffDirectory } from "./tiff-directory.ts";

/** What counts as black and as saturated in a RAW mosaic, ADU. */
export interface RawLevels {
  /** Per place of the colour filter array's 2 x 2 block, row by row. */
  black: [number, number, number, number];
  white: number;
}

/** LibRaw's `filters`: 2 bits a place, 2 columns by 8 rows, naming a letter of `colours` (libraw_datastream, FC()). */
export function bayerOf(filters: number, colours: string): CfaPattern | null {
  if (filters < 1000) return null;
  const at = (row: number, column: number) => colours[(filters >>> ((((row << 1) & 14) + (column & 1)) << 1)) & 3] ?? "?";
  const block = (row: number) => at(row, 0) + at(row, 1) + at(row + 1, 0) + at(row + 1, 1);
  return [2, 4, 6].every((row) => block(row) === block(0)) ? cfaOf(2, block(0)) : null;
}

/**
 * X-Trans of a Fujifilm RAF: entry 0x131 of the table at the place that byte 92 names holds the 36 colours of the whole
 * sensor in reverse; `left` and `top` lead to the first visible pixel. Null when there is none.
 */
export function xTransOfRaf(file: FileBytes, left: number, top: number): CfaPattern | null {
  const head = Buffer.from(file.slice(0, Math.min(file.size, 108)));
  if (head.length < 108) throw new NebuliftError("truncated", "the file ends within its header");
  const start = head.readUInt32BE(92);
  const length = Math.min(head.readUInt32BE(96), 1 << 20, Math.max(0, file.size - start));
  const table = Buffer.from(file.slice(start, length));
  let at = 4;
  while (at + 4 <= table.length) {
    const tag = table.readUInt16BE(at);
    const size = table.readUInt16BE(at + 2);
    if (tag === 0x131 && size === 36 && at + 40 <= table.length) {
      const colours = Array.from(table.subarray(at + 4, at + 40), (index) => "RGB"[index & 3] ?? "?").reverse();
      const cfa = cfaOf(6, colours.join(""));
      return cfa && shiftCfa(cfa, left, top);
    }
    at += 4 + size;
  }
  return null;
}

/** The mosaic of a Fujifilm RAF lies where bytes 100 to 107 say. */
export function checkRafComplete(file: FileBytes): void {
  if (file.size < 108) throw new NebuliftError("truncated", "the file ends within its header");
  const head = new DataView(file.slice(0, 108).buffer);
  checkWithin(file, head.getUint32(100), head.getUint32(104));
}

/** Every strip or tile of a TIFF-based RAW must lie within the file: LibRaw makes up what is missing. */
export function checkSegmentsComplete(file: FileBytes, directory: TiffDirectory): void {
  const [offsetTag, lengthTag] = directory.has(324) ? [324, 325] : [273, 279];
  const count = Math.min(directory.count(offsetTag), directory.count(lengthTag), file.size);
  const offsets = directory.integers(offsetTag, count);
  const lengths = directory.integers(lengthTag, count);
  offsets.forEach((offset, i) => {
    checkWithin(file, offset, lengths[i]);
  });
}

/** ISO base media (CR3): the boxes at the top follow one another to the end of the file. */
export function checkBoxesComplete(file: FileBytes): void {
  const head = Buffer.alloc(16);
  for (let at = 0, boxes = 0; at < file.size && boxes < 10_000; boxes++) {
    if (file.readUpTo(at, head) < 8) throw new NebuliftError("truncated", "the file ends within a box");
    const short = head.readUInt32BE(0);
    const length = short === 1 ? Number(head.readBigUInt64BE(8)) : short;
    if (length === 0) return;
    if (length < 8) throw new NebuliftError("bad-header", `box of ${length} bytes at ${at}`);
    checkWithin(file, at, length);
    at += length;
  }
}

function checkWithin(file: FileBytes, offset: number, length: number): void {
  const missing = offset + length - file.size;
  if (missing > 0) throw new NebuliftError("truncated", `${missing} bytes of the image are missing`);
}

/** DNG 1.7: BlackLevel repeats over BlackLevelRepeatDim, WhiteLevel; null where the file does not state them. */
export function dngLevels(directory: TiffDirectory): { black: RawLevels["black"] | null; white: number | null } {
  const white = directory.number(50717);
  const [rows, columns] = directory.has(50713) ? directory.integers(50713, 2) : [1, 1];
  const levels = directory.numbers(50714, 64);
  const known = rows >= 1 && columns >= 1 && rows * columns <= levels.length;
  const at = (row: number, column: number) => levels[(row % rows) * columns + (column % columns)];
  return { white, black: known ? [at(0, 0), at(0, 1), at(1, 0), at(1, 1)] : null };
}
