/** Kernels that flatten planes and find peaks in them. Offsets are bytes, sizes pixels of the plane at hand. */
export interface DetectKernels {
  /**
   * Sky of each group of 16 pixels and band of 8 rows, from `mesh` (f32 counts, columns x rows, tiles of `tile` pixels):
   * pairs of u16, whole counts and the rest times 2^amplify.
   */
  skyTable(mesh: number, columns: number, rows: number, tile: number, width: number, height: number, amplify: number, table: number): void;
  /** Twice the mean of 2x2 pixels, at most 65535. */
  halve(plane: number, width: number, height: number, out: number): void;
  /**
   * Local maxima at or above `threshold` of the plane filtered with [1 2 1]^2 / 16, as four u16: x, y, value, 0. With a
   * `table` rows are flattened first: ((count - whole) << amplify) - rest, and kept at `flat` unless it is 0. `scratch` holds
   * 9 rows of width + 40 u16. Returns how many there are; those beyond `capacity` are not written.
   */
  scanPeaks(
    plane: number,
    width: number,
    height: number,
    table: number,
    amplify: number,
    flat: number,
    threshold: number,
    peaks: number,
    capacity: number,
    scratch: number,
  ): number;
  /** Rows first..last - 1 of the plane filtered as above; `column` is scratch of width + 40 u16, `out` has 16 bytes to spare. */
  smoothRows(plane: number, width: number, height: number, first: number, last: number, column: number, out: number): void;
}
