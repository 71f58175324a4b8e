/** Statistics of the counts in every `rowStep`-th row of a u16 plane. Offsets are bytes; count 0 is no data. */
export interface LevelsKernels {
  /** Adds rows 0, rowStep, 2 rowStep... to a histogram of 65536 u32 at `out`, which the caller has cleared. */
  histogramRows(pixels: number, width: number, height: number, rowStep: number, out: number): void;
  /** Sum of |count - centre| over the pixels of those rows that have data. */
  deviationRows(pixels: number, width: number, height: number, rowStep: number, centre: number): number;
}

export function referenceLevels(memory: WebAssembly.Memory): LevelsKernels {
  return {
    histogramRows(pixels, width, height, rowStep, out) {
      const plane = new Uint16Array(memory.buffer, pixels, width * height);
      const bins = new Uint32Array(memory.buffer, out, 65536);
      for (let y = 0; y < height; y += rowStep) {
        for (let x = 0; x < width; x++) {
          const count = plane[y * width + x];
          bins[count] = bins[count] + 1;
        }
      }
    },
    deviationRows(pixels, width, height, rowStep, centre) {
      const plane = new Uint16Array(memory.buffer, pixels, width * height);
      let sum = 0;
      for (let y = 0; y < height; y += rowStep) {
        for (let x = 0; x < width; x++) {
          const count = plane[y * width + x];
          if (count !== 0) sum += Math.abs(count - centre);
        }
      }
      return sum;
    },
  };
}
