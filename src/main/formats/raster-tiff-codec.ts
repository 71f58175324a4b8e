import { NebuliftError } from "../../shared/errors.ts";
import { inflate } from "./inflate.ts";
import type { TiffCompression } from "./raster-tiff-layout.ts";

/** Most decoded bytes per compressed byte: what keeps a small file from asking for gigabytes. */
export const TIFF_MOST_GROWTH: Record<TiffCompression, number> = { none: 1, lzw: 2800, deflate: 1032, packbits: 64, zstd: 131072 };

/** Decodes one strip or tile to at most `length` bytes (the last strip may be declared longer than it is). Throws `bad-data`. */
export function decodeSegment(packed: Uint8Array, compression: TiffCompression, length: number): Uint8Array {
  switch (compression) {
    case "none":
      return packed;
    case "lzw":
      return decodeLzw(packed, length);
    case "packbits":
      return decodePackBits(packed, length);
    default:
      return inflate(packed, compression === "deflate" ? "zlib" : "zstd", length);
  }
}

/** TIFF 6.0, section 9. */
function decodePackBits(packed: Uint8Array, length: number): Uint8Array {
  const out = new Uint8Array(length);
  let to = 0;
  for (let from = 0; from < packed.length && to < length; ) {
    const code = packed[from++];
    if (code === 128) continue;
    const run = code < 128 ? code + 1 : 257 - code;
    const end = Math.min(length, to + run);
    if (code < 128) {
      out.set(packed.subarray(from, from + end - to), to);
      from += run;
    } else {
      out.fill(packed[from++] ?? 0, to, end);
    }
    to = end;
  }
  return out.subarray(0, to);
}

const CLEAR = 256;
const END = 257;

/** TIFF 6.0, section 13: most significant bit first, codes of 9 to 12 bits, the width grows one code early. */
function decodeLzw(packed: Uint8Array, length: number): Uint8Array {
  const out = new Uint8Array(length);
  // Every string of the table is a piece of the output: where it begins, and how long it is.
  const starts = new Uint32Array(4096);
  const lengths = new Uint32Array(4096);
  let next = 258;
  let width = 9;
  let bits = 0;
  let held = 0;
  let to = 0;
  let before = -1;
  let beforeLength = 0;
  for (let from = 0; ; ) {
    while (held < width && from < packed.length) {
      bits = ((bits << 8) | packed[from++]) & 0xffffff;
      held += 8;
    }
    if (held < width) break;
    const code = (bits >> (held - width)) & ((1 << width) - 1);
    held -= width;
    if (code === END) break;
    if (code === CLEAR) {
      next = 258;
      width = 9;
      before = -1;
      continue;
    }
    const start = to;
    if (code < 256) {
      if (to >= length) break;
      out[to++] = code;
    } else {
      if (before < 0 || code > next || (code === next && next === 4096))
        throw new NebuliftError("bad-data", `LZW code ${code} before it is defined`);
      const source = code < next ? starts[code] : before;
      const run = Math.min(length - to, code < next ? lengths[code] : beforeLength + 1);
      for (let i = 0; i < run; i++) out[to + i] = out[source + i];
      to += run;
    }
    if (before >= 0 && next < 4096) {
      starts[next] = before;
      lengths[next] = beforeLength + 1;
      next++;
      if (next >= (1 << width) - 1 && width < 12) width++;
    }
    before = start;
    beforeLength = to - start;
    if (to >= length) break;
  }
  return out.subarray(0, to);
}

/**
 * Undoes differencing within rows (TIFF 6.0, section 14, and Adobe's technical note 3 for floating point), in place, and
 * leaves samples in little-endian order.
 */
export function undoPredictor(
  bytes: Uint8Array,
  predictor: 1 | 2 | 3,
  row: { pixels: number; samples: number; bytes: number },
  littleEndian: boolean,
): void {
  if (predictor === 1) return;
  const size = row.pixels * row.samples * row.bytes;
  for (let start = 0; start + size <= bytes.length; start += size) {
    const line = bytes.subarray(start, start + size);
    if (predictor === 3) undoFloat(line, row.samples, row.bytes);
    else undoDifferences(line, row.samples, row.bytes, littleEndian);
  }
}

function undoDifferences(line: Uint8Array, samples: number, size: number, littleEndian: boolean): void {
  if (!littleEndian) reverseItems(line, size);
  if (size === 1) {
    for (let i = samples; i < line.length; i++) line[i] += line[i - samples];
    return;
  }
  if (size === 2 && line.byteOffset % 2 === 0) {
    const words = new Uint16Array(line.buffer, line.byteOffset, line.length / 2);
    for (let i = samples; i < words.length; i++) words[i] += words[i - samples];
    return;
  }
  const step = samples * size;
  for (let i = step; i < line.length; i += size) {
    let carry = 0;
    for (let j = 0; j < size; j++) {
      const sum = line[i + j] + line[i + j - step] + carry;
      line[i + j] = sum;
      carry = sum >> 8;
    }
  }
}

/** Bytes of equal significance lie together, most significant first, and are differences of their neighbours. */
function undoFloat(line: Uint8Array, samples: number, size: number): void {
  for (let i = samples; i < line.length; i++) line[i] += line[i - samples];
  const shuffled = Uint8Array.from(line);
  const items = line.length / size;
  for (let i = 0; i < items; i++) {
    for (let j = 0; j < size; j++) line[i * size + size - 1 - j] = shuffled[j * items + i];
  }
}

function reverseItems(bytes: Uint8Array, size: number): void {
  for (let i = 0; i + size <= bytes.length; i += size) bytes.subarray(i, i + size).reverse();
}
