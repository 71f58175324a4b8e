import { createHash, getHashes, type Hash } from "node:crypto";
import type { FrameWarning } from "../../shared/domain.ts";
import type { XisfBlock } from "./xisf-image.ts";

/** XISF 1.0, 10.5, table 8: names of the algorithms, as files write them and as node:crypto calls them. */
const ALGORITHMS: Record<string, string> = {
  "sha-1": "sha1",
  sha1: "sha1",
  "sha-256": "sha256",
  sha256: "sha256",
  "sha-512": "sha512",
  sha512: "sha512",
  "sha3-256": "sha3-256",
  "sha3-512": "sha3-512",
};

/**
 * Checks a block against its checksum as its bytes go by in order; for compressed blocks those are the compressed bytes.
 * A block that is not read to its end stays unchecked, and so does an algorithm that this runtime lacks (Electron's
 * crypto has no SHA-3): the check is a service, pixels are never withheld for it.
 */
export class RunningChecksum {
  private readonly digest: string;
  private readonly length: number;
  private readonly hash: Hash;
  private readonly warn: (warning: FrameWarning) => void;
  private done = 0;

  private constructor(hash: Hash, digest: string, length: number, warn: (warning: FrameWarning) => void) {
    this.hash = hash;
    this.digest = digest;
    this.length = length;
    this.warn = warn;
  }

  /** Null when the block has no checksum that can be checked. `length`: bytes the checksum covers. */
  static of(block: XisfBlock, length: number, warn: (warning: FrameWarning) => void): RunningChecksum | null {
    if (!block.checksum) return null;
    const name = ALGORITHMS[block.checksum.algorithm];
    if (!name || !getHashes().some((known) => known.toLowerCase() === name)) return null;
    return new RunningChecksum(createHash(name), block.checksum.digest, length, warn);
  }

  /** Bytes at `position` of the block; what does not continue where the last call ended is ignored. */
  add(position: number, bytes: Uint8Array): void {
    if (position !== this.done || this.done === this.length) return;
    this.hash.update(bytes);
    this.done += bytes.length;
    if (this.done < this.length) return;
    const found = this.hash.digest("hex");
    if (found !== this.digest) this.warn({ code: "checksum-mismatch", detail: `stored ${this.digest}, data ${found}` });
  }
}
