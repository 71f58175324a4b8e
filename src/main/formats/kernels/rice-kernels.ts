/**
 * Decoding of RICE_1 tiles (FITS standard 4.0, 10.4.1; Rice, Yeh & Miller 1993): differences of neighbouring pixels,
 * folded to unsigned, in blocks with a common number of low bits.
 */
export interface RiceKernels {
  /**
   * Decodes `pixels` samples of `bytes` (1, 2 or 4) bytes each from `length` bytes at `source` into native order at
   * `target`. `block` is the samples per block. Up to 16 bytes after the source are read (and ignored).
   * Returns 0, or -1 when the input ends before the pixels do.
   */
  riceDecode(source: number, length: number, target: number, pixels: number, block: number, bytes: 1 | 2 | 4): number;
}

/** By bytes per sample: bits that hold 1 + a block's count of low bits, the count that means plain samples, bits of those. */
export const RICE_CODES: Record<1 | 2 | 4, { selector: number; escape: number; plain: number }> = {
  1: { selector: 3, escape: 6, plain: 8 },
  2: { selector: 4, escape: 14, plain: 16 },
  4: { selector: 5, escape: 25, plain: 32 },
};

/** Most significant bit first; reading past the end gives zeros and `over` tells. */
class BitReader {
  private readonly bytes: Uint8Array;
  private position = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  get over(): boolean {
    return this.position > this.bytes.length * 8;
  }

  bit(): number {
    const byte = this.bytes[this.position >> 3] ?? 0;
    const bit = (byte >> (7 - (this.position & 7))) & 1;
    this.position++;
    return bit;
  }

  bits(count: number): number {
    let value = 0;
    for (let i = 0; i < count; i++) value = value * 2 + this.bit();
    return value;
  }

  /** Zeros before the next one; null when the input has no further one. */
  zeros(): number | null {
    let count = 0;
    while (!this.over) {
      if (this.bit() === 1) return count;
      count++;
    }
    return null;
  }
}

/** The same in plain TypeScript: the truth for the kernel's test, and what runs where WASM SIMD is missing. */
export function referenceRice(memory: WebAssembly.Memory): RiceKernels {
  return {
    riceDecode(source, length, target, pixels, block, bytes) {
      const code = RICE_CODES[bytes];
      const reader = new BitReader(new Uint8Array(memory.buffer, source, length));
      const store = sampleStore(memory, target, bytes);
      let last = reader.bits(code.plain);
      for (let start = 0; start < pixels; start += block) {
        const low = reader.bits(code.selector) - 1;
        const end = Math.min(start + block, pixels);
        for (let i = start; i < end; i++) {
          let folded = 0;
          if (low > code.escape) return -1;
          if (low === code.escape) {
            folded = reader.bits(code.plain);
          } else if (low >= 0) {
            const high = reader.zeros();
            if (high === null) return -1;
            folded = high * 2 ** low + reader.bits(low);
          }
          last = (last + unfold(folded)) | 0;
          store[i] = last;
        }
        if (reader.over) return -1;
      }
      return 0;
    },
  };
}

function sampleStore(memory: WebAssembly.Memory, target: number, bytes: number): Uint8Array | Int16Array | Int32Array {
  const room = memory.buffer;
  if (bytes === 1) return new Uint8Array(room, target);
  return bytes === 2
    ? new Int16Array(room, target, (room.byteLength - target) >> 1)
    : new Int32Array(room, target, (room.byteLength - target) >> 2);
}

/** 0, -1, 1, -2, 2 ... from 0, 1, 2, 3, 4 ... */
function unfold(folded: number): number {
  return folded % 2 === 0 ? folded / 2 : -(folded + 1) / 2;
}
