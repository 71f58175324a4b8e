/** The fixed Huffman code of 4-bit groups, by code length: [code, value] pairs (White 1992). */
const HUFFMAN: Record<number, Record<number, number>> = {
  3: { 0: 1, 1: 2, 2: 4, 3: 8 },
  4: { 8: 3, 9: 5, 10: 10, 11: 12, 12: 15 },
  5: { 26: 6, 27: 7, 28: 9, 29: 11, 30: 13 },
  6: { 62: 0, 63: 14 },
};

/** Cells of a side of `size` pixels after `times` halvings, never none. */
function halved(size: number, times: number): number {
  return Math.max(1, Math.ceil(size / 2 ** times));
}

/** The bit stream of one HCOMPRESS tile: bit planes of the quadrants, most significant first, then the signs. */
export class QuadtreeBits {
  private readonly bytes: Uint8Array;
  private position = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  get over(): boolean {
    return this.position > this.bytes.length * 8;
  }

  read(count: number): number {
    let value = 0;
    for (let i = 0; i < count; i++, this.position++) {
      value = (value << 1) | (((this.bytes[this.position >> 3] ?? 0) >> (7 - (this.position & 7))) & 1);
    }
    return value;
  }

  /** Adds the magnitudes of a quadrant whose first coefficient is `at` in rows of `stride`; false on a bad code. */
  readQuadrant(into: Float64Array, at: number, stride: number, rows: number, columns: number, planes: number): boolean {
    for (let plane = planes - 1; plane >= 0; plane--) {
      if (this.over) return true;
      const format = this.read(4);
      let codes: Uint8Array;
      if (format === 0) codes = this.readPlain(rows, columns);
      else if (format === 15) codes = this.readTree(rows, columns);
      else return false;
      this.insert(codes, into, at, stride, rows, columns, 2 ** plane);
    }
    return true;
  }

  /** A bit follows for every coefficient that is not zero: its sign. They begin at a whole byte. */
  readSigns(into: Float64Array): void {
    this.position = Math.ceil(this.position / 8) * 8;
    for (let i = 0; i < into.length; i++) if (into[i] !== 0 && this.read(1) === 1) into[i] = -into[i];
  }

  private readPlain(rows: number, columns: number): Uint8Array {
    const codes = new Uint8Array(((rows + 1) >> 1) * ((columns + 1) >> 1));
    for (let i = 0; i < codes.length; i++) codes[i] = this.read(4);
    return codes;
  }

  /** One code for the whole quadrant; then, level by level, one for every quarter that has a bit set, in reverse order. */
  private readTree(rows: number, columns: number): Uint8Array {
    const levels = 32 - Math.clz32(Math.max(rows, columns, 1) - 1);
    let codes = Uint8Array.of(this.readCode());
    for (let level = levels - 1; level >= 1; level--) {
      const height = halved(rows, level);
      const width = halved(columns, level);
      const parents = halved(columns, level + 1);
      const finer = new Uint8Array(height * width);
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) finer[y * width + x] = bitOf(codes[(y >> 1) * parents + (x >> 1)], y, x);
      }
      for (let i = finer.length - 1; i >= 0; i--) if (finer[i]) finer[i] = this.readCode();
      codes = finer;
    }
    return codes;
  }

  private readCode(): number {
    let code = this.read(3);
    for (let length = 3; length < 6; length++) {
      const value = HUFFMAN[length][code];
      if (value !== undefined) return value;
      code = (code << 1) | this.read(1);
    }
    return HUFFMAN[6][code];
  }

  private insert(codes: Uint8Array, into: Float64Array, at: number, stride: number, rows: number, columns: number, weight: number): void {
    const parents = (columns + 1) >> 1;
    for (let y = 0; y < rows; y++) {
      for (let x = 0; x < columns; x++) into[at + y * stride + x] += weight * bitOf(codes[(y >> 1) * parents + (x >> 1)], y, x);
    }
  }
}

/** The bit that a group of 2 x 2 cells has for the cell at row y, column x: 8 4 / 2 1. */
function bitOf(code: number, y: number, x: number): number {
  return (code >> (3 - 2 * (y & 1) - (x & 1))) & 1;
}
