import { NebuliftError } from "../../shared/errors.ts";
import { freshBytes } from "./fits-source.ts";

/** Words of the line list's own header that are needed: length and where the instructions begin. */
const HEADER_WORDS = 5;

/**
 * PLIO_1, the run-length code of IRAF's pixel masks (FITS standard 4.0, 10.4.3, table 39): 16-bit big-endian instructions
 * over a current high value. Pixels that no instruction names are 0. Throws `bad-data`.
 */
export function decodePlio(bytes: Uint8Array, pixels: number): Int32Array {
  const words = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const available = bytes.byteLength >> 1;
  if (available < HEADER_WORDS) throw new NebuliftError("bad-data", "a PLIO list without its header");
  const word = (index: number) => words.getInt16(index * 2);
  // The older form keeps its length in the third word; in the newer one that is negative and the length has two words.
  const old = word(2) > 0;
  const length = old ? word(2) : word(4) * 32768 + word(3);
  const start = old ? 3 : word(1);
  if (length < 0 || length > available || start < 0) throw new NebuliftError("bad-data", `a PLIO list of ${length} words in ${available}`);

  const out = new Int32Array(freshBytes(pixels * 4).buffer);
  let high = 1;
  let at = 0;
  for (let index = start; index < length && at < pixels; index++) {
    const instruction = word(index);
    const operation = instruction >> 12;
    const value = instruction & 4095;
    if (operation === 0) {
      at += value;
    } else if (operation === 1) {
      if (index + 1 >= available) throw new NebuliftError("bad-data", "a PLIO list ends inside an instruction");
      high = word(++index) * 4096 + value;
    } else if (operation === 2 || operation === 6) {
      high += value;
    } else if (operation === 3 || operation === 7) {
      high -= value;
    } else if (operation === 4) {
      out.fill(high, at, Math.min(at + value, pixels));
      at += value;
    } else if (operation === 5) {
      at += value;
      if (at <= pixels) out[at - 1] = high;
    }
    if (operation === 6 || operation === 7) out[at++] = high;
  }
  return out;
}
