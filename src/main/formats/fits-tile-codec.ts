import { gunzipSync } from "node:zlib";
import { NebuliftError } from "../../shared/errors.ts";
import type { HeapPart } from "./fits-tile-table.ts";
import type { FormatKernels } from "./kernels/kernels.ts";
import { RICE_CODES } from "./kernels/rice-kernels.ts";
import type { Keywords } from "./keywords.ts";
import { decodePlio } from "./plio.ts";

/** Samples of a decoded tile in native order; valid until the next tile is decoded. */
export type Samples = Uint8Array | Int16Array | Int32Array | BigInt64Array | Float32Array | Float64Array;

export interface TileCodec {
  /** `height` rows of `width` samples, `pixels` in all (more than height x width where a tile is a cube). Throws `bad-data`. */
  decode(part: HeapPart, pixels: number, width: number): Samples;
}

/** Reading beyond the compressed bytes is harmless to this many. */
const SLACK = 64;

/** The codec that ZCMPTYPE names, with its ZNAMEn parameters. Throws `unsupported`. `floats`: lossless ones hold floats. */
export function tileCodec(keywords: Keywords, kernels: FormatKernels, floats: boolean): TileCodec {
  const name = (keywords.text("ZCMPTYPE") ?? "").toUpperCase();
  switch (name) {
    case "RICE_1":
    case "RICE_ONE":
      return riceCodec(kernels, parameter(keywords, "BLOCKSIZE", 32), parameter(keywords, "BYTEPIX", 4));
    case "HCOMPRESS_1":
      return hcompressCodec(kernels, parameter(keywords, "SMOOTH", 0));
    case "PLIO_1":
      return { decode: (part, pixels) => decodePlio(part.bytes, pixels) };
    case "GZIP_1":
      return { decode: (part, pixels) => fromBigEndian(inflate(part.bytes, pixels), pixels, floats) };
    case "GZIP_2":
      return { decode: (part, pixels) => fromBigEndian(unshuffle(inflate(part.bytes, pixels), pixels), pixels, floats) };
    case "NOCOMPRESS":
      return { decode: (part, pixels) => fromBigEndian(Uint8Array.from(part.bytes), pixels, floats) };
    default:
      throw new NebuliftError("unsupported", `ZCMPTYPE is ${name === "" ? "missing" : name}`);
  }
}

/** Tiles that would not compress: GZIP_COMPRESSED_DATA and UNCOMPRESSED_DATA hold the pixels themselves. */
export function decodeGzipped(part: HeapPart, pixels: number, floats: boolean): Samples {
  return fromBigEndian(inflate(part.bytes, pixels), pixels, floats);
}

export function decodePlain(part: HeapPart, pixels: number): Samples {
  return fromBigEndian(Uint8Array.from(part.bytes), pixels, part.code === "E" || part.code === "D");
}

function parameter(keywords: Keywords, name: string, otherwise: number): number {
  for (let index = 1; keywords.has(`ZNAME${index}`) && index < 1000; index++) {
    if ((keywords.text(`ZNAME${index}`) ?? "").toUpperCase() === name) return keywords.integer(`ZVAL${index}`) ?? otherwise;
  }
  return otherwise;
}

function riceCodec(kernels: FormatKernels, block: number, bytes: number): TileCodec {
  if (bytes !== 1 && bytes !== 2 && bytes !== 4) throw new NebuliftError("unsupported", `RICE_1 with BYTEPIX ${bytes}`);
  if (block < 1 || block > 65536) throw new NebuliftError("unsupported", `RICE_1 with BLOCKSIZE ${block}`);
  return {
    decode(part, pixels) {
      const length = part.bytes.length;
      // Every block takes its selector at least: memory is only taken for what can be there.
      if (Math.ceil(pixels / block) * RICE_CODES[bytes].selector > length * 8 || length >= 2 ** 28) {
        throw new NebuliftError("bad-data", "a RICE_1 tile is too short for its pixels");
      }
      const mark = kernels.mark();
      const source = kernels.take(length + SLACK);
      const target = kernels.take(pixels * bytes);
      kernels.release(mark);
      kernels.u8(source, length).set(part.bytes);
      if (kernels.call.riceDecode(source, length, target, pixels, block, bytes) !== 0) {
        throw new NebuliftError("bad-data", "a RICE_1 tile ends before its last pixel");
      }
      const memory = kernels.memory.buffer;
      if (bytes === 1) return new Uint8Array(memory, target, pixels);
      return bytes === 2 ? new Int16Array(memory, target, pixels) : new Int32Array(memory, target, pixels);
    },
  };
}

const HCOMPRESS_ERRORS: Record<number, string> = { [-1]: "bad code", [-2]: "another size than its tile's", [-3]: "too short" };

function hcompressCodec(kernels: FormatKernels, smooth: number): TileCodec {
  return {
    decode(part, pixels, width) {
      const length = part.bytes.length;
      if (pixels > 2 ** 27) throw new NebuliftError("too-large", `an HCOMPRESS_1 tile of ${pixels} pixels`);
      const mark = kernels.mark();
      const source = kernels.take(length + SLACK);
      const target = kernels.take(pixels * 8);
      const scratch = kernels.take(pixels * 8 + SLACK);
      kernels.release(mark);
      kernels.u8(source, length).set(part.bytes);
      const result = kernels.call.hcompressDecode(source, length, target, scratch, width, pixels / width, smooth === 0 ? 0 : 1);
      if (result !== 0) throw new NebuliftError("bad-data", `HCOMPRESS_1: ${HCOMPRESS_ERRORS[result] ?? "bad"}`);
      return kernels.i32(target, pixels);
    },
  };
}

function inflate(bytes: Uint8Array, pixels: number): Uint8Array {
  try {
    // One piece of about the right size spares joining many.
    const chunkSize = Math.min(Math.max(pixels * 4, 1 << 14), 1 << 28);
    return gunzipSync(bytes, { maxOutputLength: Math.max(pixels * 8, 1), chunkSize });
  } catch (error) {
    throw new NebuliftError("bad-data", "a gzip tile cannot be inflated", error);
  }
}

/** GZIP_2: the first bytes of all samples, then all the second ones (standard 4.0, 10.4.2). */
function unshuffle(bytes: Uint8Array, pixels: number): Uint8Array {
  const size = bytes.length / pixels;
  if (size === 1 || !Number.isInteger(size)) return bytes;
  const out = new Uint8Array(bytes.length);
  for (let byte = 0; byte < size; byte++) {
    const plane = byte * pixels;
    for (let i = 0, to = byte; i < pixels; i++, to += size) out[to] = bytes[plane + i];
  }
  return out;
}

/** The number of bytes tells the size of a sample. The bytes must be the caller's own: they are turned over in place. */
function fromBigEndian(bytes: Uint8Array, pixels: number, floats: boolean): Samples {
  const size = bytes.length / pixels;
  if (size !== 1 && size !== 2 && size !== 4 && size !== 8) {
    throw new NebuliftError("bad-data", `${bytes.length} bytes for a tile of ${pixels} pixels`);
  }
  const aligned = bytes.byteOffset % size === 0 ? bytes : Uint8Array.from(bytes);
  const { buffer, byteOffset } = aligned;
  const swapped = Buffer.from(buffer, byteOffset, aligned.length);
  if (size === 1) return aligned;
  if (size === 2) {
    swapped.swap16();
    return new Int16Array(buffer, byteOffset, pixels);
  }
  if (size === 4) {
    swapped.swap32();
    return floats ? new Float32Array(buffer, byteOffset, pixels) : new Int32Array(buffer, byteOffset, pixels);
  }
  swapped.swap64();
  return floats ? new Float64Array(buffer, byteOffset, pixels) : new BigInt64Array(buffer, byteOffset, pixels);
}
