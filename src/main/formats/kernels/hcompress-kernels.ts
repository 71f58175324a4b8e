import { InverseH } from "./hcompress-inverse.ts";
import { QuadtreeBits } from "./hcompress-quadtree.ts";

/**
 * Decoding of HCOMPRESS_1 tiles (White 1992, "High-performance compression of astronomical images"; FITS standard 4.0,
 * 10.4.4): the H-transform's coefficients, quantised by `scale`, their magnitudes as quadtree-coded bit planes.
 */
export interface HcompressKernels {
  /**
   * Decodes a tile of width x height pixels from `length` bytes at `source` into i32 in native order at `target`, which
   * must have room for 8 bytes a pixel; `scratch` for 8 bytes a pixel and 64 more. `smooth` 1 smooths while inverting.
   * Returns 0, -1 bad code, -2 another size than asked for, -3 the input ends early.
   */
  hcompressDecode(source: number, length: number, target: number, scratch: number, width: number, height: number, smooth: number): number;
}

const HEADER = 25;

/** The same in plain TypeScript: the truth for the kernel's test, and what runs where WASM SIMD is missing. */
export function referenceHcompress(memory: WebAssembly.Memory): HcompressKernels {
  return {
    hcompressDecode(source, length, target, _scratch, width, height, smooth) {
      if (length < HEADER) return -3;
      const header = new DataView(memory.buffer, source, length);
      if (header.getUint16(0) !== 0xdd99) return -1;
      if (header.getInt32(2) !== height || header.getInt32(6) !== width) return -2;
      const scale = header.getInt32(10);
      const planes = [header.getUint8(22), header.getUint8(23), header.getUint8(24)];
      if (Math.max(width, height) < 2 || planes.some((count) => count > 62)) return -1;

      const coefficients = new Float64Array(width * height);
      const bits = new QuadtreeBits(new Uint8Array(memory.buffer, source + HEADER, length - HEADER));
      const wide = (width + 1) >> 1;
      const high = (height + 1) >> 1;
      const quadrants = [
        [0, high, wide, planes[0]],
        [wide, high, width - wide, planes[1]],
        [width * high, height - high, wide, planes[1]],
        [width * high + wide, height - high, width - wide, planes[2]],
      ];
      for (const [at, rows, columns, count] of quadrants) {
        if (!bits.readQuadrant(coefficients, at, width, rows, columns, count)) return -1;
      }
      if (bits.read(4) !== 0) return -1;
      bits.readSigns(coefficients);
      if (bits.over) return -3;

      coefficients[0] = Number(header.getBigInt64(14));
      if (scale > 1) for (let i = 0; i < coefficients.length; i++) coefficients[i] *= scale;
      new InverseH(coefficients, width, height, smooth === 1 ? scale >> 1 : 0).run();
      new Int32Array(memory.buffer, target, width * height).set(coefficients);
      return 0;
    },
  };
}
