/** Decoding of LZ4 blocks and of byte-shuffled samples; byte offsets into the kernels' memory. */
export interface Lz4Kernels {
  /**
   * Decodes one LZ4 block (lz4/doc/lz4_Block_format.md) of `srcLength` bytes at `src` into at most `dstLength` bytes at
   * `dst`; the two regions must not overlap. Returns the bytes written, or -1 the input ends early, -2 the output is too
   * small, -3 a match reaches before the output.
   */
  lz4Decode(src: number, srcLength: number, dst: number, dstLength: number): number;
  /** Byte j of item i lies at src + j * stride + i; puts items [first, first + count) together at `dst`, `size` bytes each. */
  unshuffle(src: number, stride: number, first: number, count: number, size: number, dst: number): void;
}

/** The same in plain TypeScript: the truth for the kernels' test, and what runs where WASM SIMD is missing. */
export function referenceLz4(memory: WebAssembly.Memory): Lz4Kernels {
  return {
    lz4Decode: (src, srcLength, dst, dstLength) => decodeBlock(new Uint8Array(memory.buffer), src, src + srcLength, dst, dst + dstLength),
    unshuffle(src, stride, first, count, size, dst) {
      const bytes = new Uint8Array(memory.buffer);
      for (let i = 0; i < count; i++) {
        for (let j = 0; j < size; j++) bytes[dst + i * size + j] = bytes[src + j * stride + first + i];
      }
    },
  };
}

function decodeBlock(bytes: Uint8Array, src: number, srcEnd: number, dst: number, dstEnd: number): number {
  let ip = src;
  let op = dst;
  while (ip < srcEnd) {
    const token = bytes[ip++];
    const literals = runLength(bytes, ip, srcEnd, token >> 4);
    if (literals === null) return -1;
    ip = literals.next;
    if (literals.length > srcEnd - ip) return -1;
    if (literals.length > dstEnd - op) return -2;
    bytes.copyWithin(op, ip, ip + literals.length);
    ip += literals.length;
    op += literals.length;
    if (ip === srcEnd) return op - dst;

    if (srcEnd - ip < 2) return -1;
    const offset = bytes[ip] | (bytes[ip + 1] << 8);
    ip += 2;
    if (offset === 0 || offset > op - dst) return -3;
    const match = runLength(bytes, ip, srcEnd, token & 15);
    if (match === null) return -1;
    ip = match.next;
    const length = match.length + 4;
    if (length > dstEnd - op) return -2;
    for (let i = 0; i < length; i++, op++) bytes[op] = bytes[op - offset];
  }
  return -1;
}

/** A length of 15 goes on in further bytes until one is below 255. */
function runLength(bytes: Uint8Array, at: number, end: number, nibble: number): { length: number; next: number } | null {
  let length = nibble;
  let next = at;
  if (nibble === 15) {
    let more = 255;
    while (more === 255) {
      if (next >= end) return null;
      more = bytes[next++];
      length += more;
    }
  }
  return { length, next };
}
