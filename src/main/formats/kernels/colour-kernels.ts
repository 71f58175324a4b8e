/** Adding up 16-bit rows and their columns for small colour pictures; byte offsets into the kernels' memory, sums modulo 2^32. */
export interface ColourKernels {
  /**
   * Adds `count` 16-bit samples at `src` to as many u32 at `dst`. `swap` not 0: the bytes of a sample are the other way
   * round; `flip`: what to exclusive-or a sample with afterwards (0x8000 makes signed ones unsigned).
   */
  addLine16(src: number, count: number, swap: number, flip: number, dst: number): void;
  /**
   * For `columns` blocks of `block` u32, each beginning `stride` u32 after the one before, the first at `line`: adds every
   * `step`-th from `first` on to the block's u32 at `dst`.
   */
  addBlocks(line: number, columns: number, stride: number, block: number, first: number, step: number, dst: number): void;
}

/** The same in plain TypeScript: the truth for the kernels' test, and what runs where WASM SIMD is missing. */
export function referenceColour(memory: WebAssembly.Memory): ColourKernels {
  return {
    addLine16(src, count, swap, flip, dst) {
      const view = new DataView(memory.buffer);
      for (let i = 0; i < count; i++) {
        const value = view.getUint16(src + 2 * i, swap === 0) ^ flip;
        view.setUint32(dst + 4 * i, view.getUint32(dst + 4 * i, true) + value, true);
      }
    },
    addBlocks(line, columns, stride, block, first, step, dst) {
      const view = new DataView(memory.buffer);
      for (let x = 0; x < columns; x++) {
        let sum = view.getUint32(dst + 4 * x, true);
        for (let i = first; i < block; i += step) sum += view.getUint32(line + 4 * (x * stride + i), true);
        view.setUint32(dst + 4 * x, sum, true);
      }
    },
  };
}
