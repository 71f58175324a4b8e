import { createHash } from "node:crypto";
import { type FileHandle, open, stat } from "node:fs/promises";
import { NebuliftError, toNebuliftError } from "../../shared/errors.ts";

const SAMPLE = 64 * 1024;

export interface FileIdentity {
  /** 64 hex digits. Two files with the same identity hold the same frame; renaming or moving a file keeps it. */
  identity: string;
  /** The same without the time of change, which copying may lose: what the user's decisions are kept under. */
  content: string;
  bytes: number;
  /** Last change, milliseconds since 1970. */
  modified: number;
}

/**
 * SHA-256 over size, modification time (ns) and three samples of 64 KiB (start, middle, end): a frame's header and sky
 * noise differ between any two exposures, so that the samples tell them apart without reading 50 MB.
 * Throws `file-missing`, `file-permission`, `file-io`, `file-empty`, `not-an-image` for what is not a regular file.
 */
export async function identifyFile(path: string): Promise<FileIdentity> {
  try {
    // Asked before opening: opening a pipe or a device can block for ever or have effects.
    const before = await stat(path);
    if (!before.isFile()) throw new NebuliftError("not-an-image", "not a regular file");
    const file = await open(path, "r");
    try {
      return await identityOf(file);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw toNebuliftError(error, "file-io");
  }
}

async function identityOf(file: FileHandle): Promise<FileIdentity> {
  const { size, mtimeNs, mtimeMs } = await file.stat({ bigint: true });
  if (size === 0n) throw new NebuliftError("file-empty", "");
  const bytes = Number(size);
  const hash = createHash("sha256").update(`nebulift-1 ${size} ${mtimeNs}\n`);
  const content = createHash("sha256").update(`nebulift-content-1 ${size}\n`);
  const sample = Buffer.allocUnsafe(SAMPLE);
  for (const offset of sampleOffsets(bytes)) {
    const { bytesRead } = await file.read(sample, 0, SAMPLE, offset);
    hash.update(sample.subarray(0, bytesRead));
    content.update(sample.subarray(0, bytesRead));
  }
  return { identity: hash.digest("hex"), content: content.digest("hex"), bytes, modified: Number(mtimeMs) };
}

/** Samples may touch but never overlap; small files are covered whole. */
function sampleOffsets(bytes: number): number[] {
  if (bytes <= SAMPLE) return [0];
  if (bytes <= 2 * SAMPLE) return [0, SAMPLE];
  const last = bytes - SAMPLE;
  return [0, Math.max(SAMPLE, Math.min(last - SAMPLE, Math.floor((bytes - SAMPLE) / 2))), Math.max(2 * SAMPLE, last)];
}
