import { NebuliftError } from "../../shared/errors.ts";

/** Bytes at any position: a file on the disk, or one that is already in memory. `FileBytes` is one, too. */
export interface ByteSource {
  readonly size: number;
  /** Fills `into` from `position`. Throws `truncated` when the bytes end first, `file-io` when the drive fails. */
  read(position: number, into: Uint8Array): void;
  /** Fills as much of `into` as there is; returns how much. */
  readUpTo(position: number, into: Uint8Array): number;
  close(): void;
}

export class MemoryBytes implements ByteSource {
  private bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  get size(): number {
    return this.bytes.length;
  }

  read(position: number, into: Uint8Array): void {
    const got = this.readUpTo(position, into);
    if (got < into.length) throw new NebuliftError("truncated", `${into.length - got} bytes are missing at ${position + got}`);
  }

  readUpTo(position: number, into: Uint8Array): number {
    const part = this.bytes.subarray(position, position + into.length);
    into.set(part);
    return part.length;
  }

  close(): void {
    this.bytes = new Uint8Array(0);
  }
}

/** Zeroed memory for decoded pixels. Throws `out-of-memory` instead of ending the program. */
export function freshBytes(length: number): Uint8Array<ArrayBuffer> {
  try {
    return new Uint8Array(length);
  } catch (error) {
    throw new NebuliftError("out-of-memory", `${length} bytes for decoded pixels`, error);
  }
}
