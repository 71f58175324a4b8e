import * as zlib from "node:zlib";
import { NebuliftError } from "../../shared/errors.ts";

/** What runtimes before Node 22.15 lack, Electron's among them. */
const { zstdDecompressSync, crc32 } = zlib as Partial<typeof zlib>;

/** One buffer of the whole size spares joining pieces, which costs half as much again as inflating; beyond this it is pieces. */
const LARGEST_CHUNK = 256 << 20;

/**
 * Inflates zlib or zstd data to at most `most` bytes: what would be more is refused as it passes that size, so that small
 * files cannot fill the memory. Throws `bad-data`, and `feature-missing` where the runtime has no zstd.
 */
export function inflate(packed: Uint8Array, codec: "zlib" | "zstd", most: number): Uint8Array {
  const options = { chunkSize: Math.max(64, Math.min(most + 1, LARGEST_CHUNK)), maxOutputLength: Math.max(1, most) };
  if (codec === "zstd" && !zstdDecompressSync) throw new NebuliftError("feature-missing", "zstd needs Node 22.15 or newer");
  try {
    return codec === "zstd" && zstdDecompressSync ? zstdDecompressSync(packed, options) : zlib.inflateSync(packed, options);
  } catch (error) {
    throw new NebuliftError("bad-data", `${codec}: ${error instanceof Error ? error.message : String(error)}`, error);
  }
}

/** CRC-32 of `name` and `bytes` as PNG has it; null where the runtime cannot compute it. */
export function chunkCrc(name: string, bytes: Uint8Array): number | null {
  return crc32 ? crc32(bytes, crc32(name)) : null;
}
