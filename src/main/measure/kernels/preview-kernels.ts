/** Area means of a u16 plane as grey values of the screen (see preview.ts). Offsets are bytes. */
export interface PreviewKernels {
  /**
   * Shows the pixels from (left, top) to (left + columns * scale, top + rows * scale) of a plane `width` x `height` as
   * `columns` x `rows` grey bytes at `out`: each the mean over its square of `scale` pixels' side (below 1: enlarged),
   * brought to x = factor * mean + offset, clipped to 0..1, through the midtones transfer function to round(255 y).
   * `flip` shows the last row first. Squares must lie within the plane. scratch: `previewScratchBytes(columns, scale)`.
   */
  greyMeans(
    plane: number,
    width: number,
    height: number,
    left: number,
    top: number,
    scale: number,
    columns: number,
    rows: number,
    factor: number,
    offset: number,
    midtones: number,
    flip: boolean,
    scratch: number,
    out: number,
  ): void;
}

/** One f32 sum per source column that is seen, and where each output column begins. */
export function previewScratchBytes(columns: number, scale: number): number {
  return (Math.ceil(columns * scale) + 24) * 4 + columns * 16 + 64;
}

export function referencePreview(memory: WebAssembly.Memory): PreviewKernels {
  return {
    greyMeans(plane, width, height, left, top, scale, columns, rows, factor, offset, midtones, flip, _scratch, out) {
      const counts = new Uint16Array(memory.buffer, plane, width * height);
      const grey = new Uint8Array(memory.buffer, out, columns * rows);
      for (let row = 0; row < rows; row++) {
        const spansY = spansOf(top + row * scale, scale, height);
        for (let column = 0; column < columns; column++) {
          let sum = 0;
          for (const [y, wy] of spansY) {
            for (const [x, wx] of spansOf(left + column * scale, scale, width)) sum += wy * wx * counts[y * width + x];
          }
          const x = Math.min(1, Math.max(0, (factor * sum) / (scale * scale) + offset));
          const y = midtones <= 0 ? Number(x > 0) : ((midtones - 1) * x) / ((2 * midtones - 1) * x - midtones);
          grey[(flip ? rows - 1 - row : row) * columns + column] = Math.floor(255 * y + 0.5);
        }
      }
    },
  };
}

/** The pixels that [from, from + length) touches along one axis, and how much of each. */
function spansOf(from: number, length: number, size: number): [index: number, share: number][] {
  const spans: [number, number][] = [];
  for (let i = Math.floor(from); i < Math.min(size, from + length); i++) {
    const share = Math.min(i + 1, from + length) - Math.max(i, from);
    if (share > 0) spans.push([i, share]);
  }
  return spans;
}
