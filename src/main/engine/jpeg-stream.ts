import type { HuffmanTable } from "./jpeg-tables.ts";

/** Codes by symbol: the code in the low 16 bits, its length above them. */
export type Codes = Int32Array;

/** ITU-T T.81, Annex C: codes of one length count up, and go on twice as large at the next. */
export function codesOf({ lengths, symbols }: HuffmanTable): Codes {
  const codes = new Int32Array(256);
  let code = 0;
  let at = 0;
  for (let length = 1; length <= 16; length++) {
    for (let i = 0; i < (lengths[length - 1] ?? 0); i++) codes[symbols[at++] ?? 0] = (length << 16) | code++;
    code <<= 1;
  }
  return codes;
}

/** How many bits a value needs (its JPEG category), for -2047..2047. */
const CATEGORY = Uint8Array.from({ length: 4096 }, (_, i) => 32 - Math.clz32(Math.abs(i - 2048)));
const END_OF_BLOCK = 0x00;
const SIXTEEN_ZEROS = 0xf0;
/** The most bytes that a block of 64 coefficients can take, every byte stuffed. */
const MOST_BLOCK_BYTES = 512;

/** The entropy-coded part of a JPEG file, and what is around it. */
export class JpegStream {
  private bytes: Uint8Array;
  private at = 0;
  private bits = 0;
  private pending = 0;

  constructor(expected: number) {
    this.bytes = new Uint8Array(expected);
  }

  marker(code: number, body: readonly number[] | Uint8Array = []): void {
    this.room(body.length + 4);
    this.bytes[this.at++] = 0xff;
    this.bytes[this.at++] = code;
    if (body.length === 0) return;
    this.bytes[this.at++] = (body.length + 2) >> 8;
    this.bytes[this.at++] = (body.length + 2) & 255;
    this.bytes.set(body, this.at);
    this.at += body.length;
  }

  /** Quantised coefficients in the order of the stream; returns the DC value, from which the next block's is counted. */
  block(coefficients: Int16Array, last: number, dc: Codes, ac: Codes): number {
    this.room(MOST_BLOCK_BYTES);
    const level = coefficients[0];
    this.value(dc, 0, level - last);
    let end = 63;
    while (end > 0 && coefficients[end] === 0) end--;
    let zeros = 0;
    for (let k = 1; k <= end; k++) {
      const coefficient = coefficients[k];
      if (coefficient === 0) {
        zeros++;
        continue;
      }
      for (; zeros > 15; zeros -= 16) this.put(ac[SIXTEEN_ZEROS]);
      this.value(ac, zeros << 4, coefficient);
      zeros = 0;
    }
    if (end < 63) this.put(ac[END_OF_BLOCK]);
    return level;
  }

  /** Fills the last byte with ones, as the standard wants it. */
  finish(): Uint8Array {
    this.room(8);
    if (this.pending > 0) this.put((7 << 16) | 0x7f);
    this.pending = 0;
    this.marker(0xd9);
    return this.bytes.slice(0, this.at);
  }

  private value(codes: Codes, run: number, value: number): void {
    const category = CATEGORY[value + 2048];
    const code = codes[run | category];
    const length = code >> 16;
    const extra = (value < 0 ? value - 1 : value) & ((1 << category) - 1);
    // Code and value together have at most 16 + 11 bits.
    this.write(((code & 0xffff) << category) | extra, length + category);
  }

  private put(code: number): void {
    this.write(code & 0xffff, code >> 16);
  }

  private write(value: number, length: number): void {
    // At most 7 bits are pending: the upper part goes first where both do not fit into 32.
    if (length > 16) {
      this.write(value >>> 16, length - 16);
      this.write(value & 0xffff, 16);
      return;
    }
    let pending = this.pending + length;
    const bits = (this.bits << length) | value;
    while (pending >= 8) {
      pending -= 8;
      const byte = (bits >> pending) & 255;
      this.bytes[this.at++] = byte;
      if (byte === 255) this.bytes[this.at++] = 0;
    }
    this.bits = bits & 255;
    this.pending = pending;
  }

  private room(bytes: number): void {
    if (this.at + bytes <= this.bytes.length) return;
    const larger = new Uint8Array(2 * this.bytes.length + bytes);
    larger.set(this.bytes.subarray(0, this.at));
    this.bytes = larger;
  }
}
