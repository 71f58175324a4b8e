import type { FrameWarning } from "../../shared/domain.ts";
import { NebuliftError } from "../../shared/errors.ts";
import type { FileBytes } from "./file-bytes.ts";
import { inflate } from "./inflate.ts";
import { type KernelLease, leaseKernels } from "./kernel-lease.ts";
import { RunningChecksum } from "./xisf-checksum.ts";
import type { XisfBlock } from "./xisf-image.ts";

/** The decoded bytes of a data block, readable at any position in any order. */
export interface BlockBytes {
  read(position: number, into: Uint8Array): void;
  close(): void;
}

/** An uncompressed attachment, read from the drive as it is asked for. */
export function attachedBytes(file: FileBytes, block: XisfBlock, length: number, warn: (warning: FrameWarning) => void): BlockBytes {
  if (block.place.kind !== "attachment") throw new NebuliftError("internal", "not an attachment");
  const { position } = block.place;
  const checksum = RunningChecksum.of(block, block.place.length, warn);
  if (position + length > file.size) throw truncated(position + length - file.size);
  return {
    read(at, into) {
      file.read(position + at, into);
      checksum?.add(at, into);
    },
    close() {},
  };
}

/**
 * Loads a block of `length` decoded bytes whole: compressed, inline and interleaved ones. Throws `truncated`, `bad-data`.
 */
export function loadBlock(file: FileBytes, block: XisfBlock, length: number, warn: (warning: FrameWarning) => void): BlockBytes {
  const { compression } = block;
  const stored = storedBytes(file, block, warn);
  if (!compression) {
    if (stored.length < length) throw new NebuliftError("bad-data", `${stored.length} bytes for ${length} bytes of pixels`);
    return memoryBytes(fetched(stored));
  }
  if (length > MOST_GROWTH[compression.codec] * (stored.length + 64)) {
    throw new NebuliftError("bad-data", `${length} bytes cannot come from ${stored.length} compressed ones`);
  }
  const parts = compression.parts ?? [{ packed: stored.length, size: length }];
  if (parts.reduce((sum, part) => sum + part.packed, 0) > stored.length) {
    throw new NebuliftError("bad-data", "a subblock reaches past its block");
  }
  if (compression.codec === "lz4") return decodeLz4(stored, parts, compression.shuffle, length);
  const decoded = inflateParts(fetched(stored), compression.codec, parts, length);
  return compression.shuffle > 1 ? new ShuffledBytes(leaseKernels(), decoded, null, length, compression.shuffle) : memoryBytes(decoded);
}

/** A block as it is stored, to be fetched into the place where it is decoded. */
interface StoredBytes {
  length: number;
  fetch(into: Uint8Array): void;
}

function storedBytes(file: FileBytes, block: XisfBlock, warn: (warning: FrameWarning) => void): StoredBytes {
  const { place } = block;
  if (place.kind === "attachment") {
    const beyond = place.position + place.length - file.size;
    if (beyond > 0) throw truncated(beyond);
    return {
      length: place.length,
      fetch(into) {
        file.read(place.position, into);
        RunningChecksum.of(block, place.length, warn)?.add(0, into);
      },
    };
  }
  const bytes = Buffer.from(place.text.replace(/\s+/g, ""), place.encoding);
  return {
    length: bytes.length,
    fetch(into) {
      into.set(bytes);
      RunningChecksum.of(block, bytes.length, warn)?.add(0, into);
    },
  };
}

function fetched(stored: StoredBytes): Uint8Array {
  const bytes = new Uint8Array(stored.length);
  stored.fetch(bytes);
  return bytes;
}

/** Most decoded bytes per compressed byte: by the formats of deflate and LZ4; zstd repeats a byte for next to nothing. */
const MOST_GROWTH = { zlib: 1032, lz4: 255, zstd: 131072 } as const;

function memoryBytes(bytes: Uint8Array): BlockBytes {
  return {
    read(position, into) {
      into.set(bytes.subarray(position, position + into.length));
    },
    close() {},
  };
}

function truncated(missing: number): NebuliftError {
  return new NebuliftError("truncated", `${missing} bytes of the image are missing`);
}

// ---------------------------------------------------------------- zlib and zstd

interface Part {
  packed: number;
  size: number;
}

function inflateParts(stored: Uint8Array, codec: "zlib" | "zstd", parts: Part[], length: number): Uint8Array {
  if (parts.length === 1) return inflateTo(stored.subarray(0, parts[0].packed), codec, length);
  const decoded = new Uint8Array(length);
  let from = 0;
  let to = 0;
  for (const part of parts) {
    decoded.set(inflateTo(stored.subarray(from, from + part.packed), codec, part.size), to);
    from += part.packed;
    to += part.size;
  }
  return decoded;
}

function inflateTo(packed: Uint8Array, codec: "zlib" | "zstd", length: number): Uint8Array {
  const decoded = inflate(packed, codec, length);
  if (decoded.length !== length) throw new NebuliftError("bad-data", `${codec}: ${decoded.length} bytes instead of ${length}`);
  return decoded;
}

// ---------------------------------------------------------------- lz4, decoded in the kernels' memory

/**
 * Decodes in place: the packed bytes lie at the end of the memory that the decoded ones fill from its start. LZ4 grows
 * incompressible data by at most 1/255 + 16 bytes, so that with this margin the output never overtakes the input.
 */
function decodeLz4(stored: StoredBytes, parts: Part[], shuffle: number, length: number): BlockBytes {
  const packed = stored.length;
  const lease = leaseKernels();
  const { kernels } = lease;
  try {
    const room = Math.max(length, packed) + (packed >> 7) + 64 * parts.length;
    const start = kernels.take(room);
    let from = start + room - packed;
    stored.fetch(kernels.u8(from, packed));
    let to = start;
    for (const part of parts) {
      const got = kernels.call.lz4Decode(from, part.packed, to, part.size);
      if (got !== part.size) throw new NebuliftError("bad-data", `lz4: ${LZ4_FAULTS[-got] ?? `${got} bytes instead of ${part.size}`}`);
      from += part.packed;
      to += part.size;
    }
    return new ShuffledBytes(lease, null, start, length, shuffle);
  } catch (error) {
    lease.giveBack();
    throw error;
  }
}

const LZ4_FAULTS = [undefined, "the data end early", "more data than declared", "a match before the start"];

/** Items put back together at a time: their bytes stay in the processor's cache. */
const STRIP = 32768;

/** Byte-shuffled data, put back together where they are read. They lie in the kernels' memory or outside of it. */
class ShuffledBytes implements BlockBytes {
  private readonly lease: KernelLease;
  private readonly outside: Uint8Array | null;
  private readonly start: number;
  private readonly length: number;
  private readonly size: number;
  private readonly scratch: number;

  constructor(lease: KernelLease, outside: Uint8Array | null, start: number | null, length: number, size: number) {
    this.lease = lease;
    this.outside = outside;
    this.length = length;
    this.size = size;
    this.scratch = lease.kernels.take(2 * STRIP * size);
    this.start = start ?? this.scratch + STRIP * size;
  }

  read(position: number, into: Uint8Array): void {
    const { size, start, outside, length } = this;
    const { kernels } = this.lease;
    if (size === 1) {
      into.set(outside ? outside.subarray(position, position + into.length) : kernels.u8(start + position, into.length));
      return;
    }
    const items = Math.floor(length / size);
    let at = position;
    const end = position + into.length;
    while (at < end) {
      const first = Math.floor(at / size);
      const last = Math.min(items, first + STRIP, Math.ceil(end / size));
      if (first >= items) {
        // What does not fill an item is left as it is at the end of the block.
        into.set(outside ? outside.subarray(at, end) : kernels.u8(start + at, end - at), at - position);
        return;
      }
      const count = last - first;
      if (outside) this.gather(outside, items, first, count);
      kernels.call.unshuffle(start, outside ? STRIP : items, outside ? 0 : first, count, size, this.scratch);
      const until = Math.min(end, last * size);
      into.set(kernels.u8(this.scratch + at - first * size, until - at), at - position);
      at = until;
    }
  }

  private gather(outside: Uint8Array, items: number, first: number, count: number): void {
    const { kernels } = this.lease;
    for (let j = 0; j < this.size; j++) {
      const from = j * items + first;
      kernels.u8(this.start + j * STRIP, count).set(outside.subarray(from, from + count));
    }
  }

  close(): void {
    this.lease.giveBack();
  }
}
