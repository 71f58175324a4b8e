/** Side of a survey tile, measured pixels. */
export const TILE = 64;
/** Largest held value: 64 of them fit the 16-bit sums over a column of a tile, 64 x 64 of their squares 32 bits. */
export const LARGEST_SPAN = 1022;

/** What a tile is judged by, in the order of the i32 in its parameters: eight, the last two unused. */
export const TILE_PARAMETERS = { low: 0, shift: 1, span: 2, bright: 3, sky: 4, hot: 5, length: 8 } as const;
/** What is counted in a tile, in the order of the i32 in its tallies. */
export const TILE_TALLIES = { squares: 0, holes: 1, saturated: 2, hot: 3, length: 4 } as const;

/** A band of tiles of the sensor survey (see sensor.ts). Offsets are bytes. */
export interface SensorKernels {
  /**
   * Looks at a band of `tiles` tiles, 64 counts wide and `height` (at most 64) high each, side by side from `pixels` on in
   * rows of `rowPixels`. In each tile d = min(max(count - low, 0) >> shift, span), with low, shift, span (even, at most
   * 1022), bright, sky and hot from its parameters (i32, see TILE_PARAMETERS) at `parameters`; a hole (0) and a star (above
   * bright) take d = span / 2, so that they say nothing. Writes, i32 each: at `rows` for each tile `height` sums over its
   * rows, at `columns` 64 sums over its columns, at `tallies` (see TILE_TALLIES) the sum of d^2, the holes, the counts at or
   * above `ceiling`, and the hot pixels: not on the tile's rim, above hot, no neighbour higher, and the four beside it
   * together less than 0.35 of its own height over sky. All offsets are multiples of 16.
   */
  sensorBand(
    pixels: number,
    rowPixels: number,
    tiles: number,
    height: number,
    ceiling: number,
    parameters: number,
    rows: number,
    columns: number,
    tallies: number,
  ): void;
}

export function referenceSensor(memory: WebAssembly.Memory): SensorKernels {
  return {
    sensorBand(pixels, rowPixels, tiles, height, ceiling, parameters, rows, columns, tallies) {
      const counts = new Uint16Array(memory.buffer, pixels, rowPixels * (height - 1) + tiles * TILE);
      const rowSums = new Int32Array(memory.buffer, rows, tiles * height).fill(0);
      const columnSums = new Int32Array(memory.buffer, columns, tiles * TILE).fill(0);
      const tally = new Int32Array(memory.buffer, tallies, tiles * TILE_TALLIES.length).fill(0);
      for (let tile = 0; tile < tiles; tile++) {
        const [low, shift, span, bright, sky, hot] = new Int32Array(memory.buffer, parameters + tile * 32, TILE_PARAMETERS.length);
        const at = tile * TILE_TALLIES.length;
        for (let y = 0; y < height; y++) {
          for (let x = 0; x < TILE; x++) {
            const index = y * rowPixels + tile * TILE + x;
            const count = counts[index];
            const silent = count === 0 || count > bright;
            const d = silent ? span >> 1 : Math.min(Math.max(count - low, 0) >> shift, span);
            rowSums[tile * height + y] += d;
            columnSums[tile * TILE + x] += d;
            tally[at + TILE_TALLIES.squares] += d * d;
            if (count === 0) tally[at + TILE_TALLIES.holes]++;
            if (count > bright && count >= ceiling) tally[at + TILE_TALLIES.saturated]++;
            const rim = x === 0 || y === 0 || x === TILE - 1 || y === height - 1;
            if (!rim && count > hot && isHot(counts, index, rowPixels, sky)) tally[at + TILE_TALLIES.hot]++;
          }
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
