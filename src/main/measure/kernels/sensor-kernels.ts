/** Indexes into the tallies of `sensorTile`, f64 each. */
export const TILE_TALLIES = { squares: 0, holes: 1, saturated: 2, hot: 3, length: 4 } as const;

/** One tile of the sensor survey (see sensor.ts). Offsets are bytes. */
export interface SensorKernels {
  /**
   * Looks at `width` x `height` counts of a u16 plane with rows of `rowPixels`; width is a multiple of 8, at most 64, and
   * height at most 64. d = min(max(count - low, 0), span); a hole (0) and a star (above
   * `bright`) take d = span / 2, so that they say nothing.
   * Writes `height` sums of d over the rows at `rows` (i32) and `width` sums over the columns at `columns` (i32), and at
   * `tallies` (f64, see TILE_TALLIES) the sum of d^2, the holes, the counts at or above `ceiling`, and the hot pixels:
   * not on the tile's rim, above `hot`, no neighbour higher, and the four beside it together less than 0.35 of its own
   * height over `sky`.
   */
  sensorTile(
    pixels: number,
    rowPixels: number,
    width: number,
    height: number,
    low: number,
    span: number,
    sky: number,
    bright: number,
    hot: number,
    ceiling: number,
    rows: number,
    columns: number,
    tallies: number,
  ): void;
}

export function referenceSensor(memory: WebAssembly.Memory): SensorKernels {
  return {
    sensorTile(pixels, rowPixels, width, height, low, span, sky, bright, hot, ceiling, rows, columns, tallies) {
      const counts = new Uint16Array(memory.buffer, pixels, rowPixels * (height - 1) + width);
      const rowSums = new Int32Array(memory.buffer, rows, height).fill(0);
      const columnSums = new Int32Array(memory.buffer, columns, width).fill(0);
      const out = new Float64Array(memory.buffer, tallies, TILE_TALLIES.length).fill(0);
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          const at = y * rowPixels + x;
          const count = counts[at];
          const d = count === 0 || count > bright ? span >> 1 : Math.min(Math.max(count - low, 0), span);
          rowSums[y] += d;
          columnSums[x] += d;
          out[TILE_TALLIES.squares] += d * d;
          if (count === 0) out[TILE_TALLIES.holes]++;
          if (count >= ceiling) out[TILE_TALLIES.saturated]++;
          const rim = x === 0 || y === 0 || x === width - 1 || y === height - 1;
          if (!rim && count > hot && isHot(counts, at, rowPixels, sky)) out[TILE_TALLIES.hot]++;
        }
      }
    },
  };
}

function isHot(counts: Uint16Array, at: number, rowPixels: number, sky: number): boolean {
  const centre = counts[at];
  for (const dy of [-rowPixels, 0, rowPixels]) {
    for (const dx of [-1, 0, 1]) if (counts[at + dy + dx] > centre) return false;
  }
  const beside = counts[at - 1] + counts[at + 1] + counts[at - rowPixels] + counts[at + rowPixels] - 4 * sky;
  return 20 * beside < 7 * (centre - sky);
}
