import { createHash } from "node:crypto";
import { NebuliftError } from "../../../shared/errors.ts";
import type { OpenFile, SortFiles } from "./sort-files.ts";

/** Small enough to stop within a moment on the slowest card, large enough that calls cost nothing. */
const BLOCK = 4 << 20;
/** One block for the whole process: files go through one after the other, and memory stays flat. */
let block: Uint8Array | null = null;

/**
 * Calls `each` with every block of a file, and returns the SHA-256 of all of them. (Of the hashes that every Node has,
 * SHA-256 is the fastest on processors with instructions for it: 1.6 GB/s against 0.7 GB/s of BLAKE2b.)
 */
export async function eachBlock(
  file: OpenFile,
  signal: AbortSignal | undefined,
  each: (bytes: Uint8Array) => Promise<void>,
): Promise<{ sha256: string; size: number }> {
  const mine = block ?? new Uint8Array(BLOCK);
  block = null;
  const hash = createHash("sha256");
  let size = 0;
  try {
    for (;;) {
      if (signal?.aborted) throw new NebuliftError("cancelled", "");
      const read = await file.read(mine);
      if (read === 0) return { sha256: hash.digest("hex"), size };
      const bytes = mine.subarray(0, read);
      hash.update(bytes);
      size += read;
      await each(bytes);
    }
  } finally {
    block = mine;
  }
}

/** SHA-256 and size of the file at `path`; a link is not followed. Throws the system's errors, and `cancelled`. */
export async function digestOf(files: SortFiles, path: string, signal?: AbortSignal): Promise<{ sha256: string; size: number }> {
  const file = await files.read(path);
  try {
    return await eachBlock(file, signal, async () => {});
  } finally {
    await file.close();
  }
}
