/**
 * Kernels of the trail search among straight lines: the fast Hough transform (M. L. Brady 1998, SIAM J. Comput. 27, 107) of a grid of
 * cells and the scan of its sums. All pointers are byte offsets into the kernels' memory. Grids are i16, row by row.
 */
export interface TrailLineKernels {
  /**
   * Copies a grid for one quadrant of directions: bit 0 of `turn` mirrors x (after transposing), bit 1 transposes.
   * Rows of `out` are `stride` long (a multiple of 8), filled with zeros.
   */
  trailTurn(source: number, width: number, height: number, turn: number, stride: number, out: number): void;
  /**
   * Sums along all lines that run from the first to the last row while x grows by s = 0 .. height - 1:
   * out[s][x] = sum over the line that ends at column x (x < width + s) in the last row; cells outside count 0. i16 that
   * must not overflow. stride >= width + height, a multiple of 8. `spare` is as large as `out`; `image` is kept.
   * From a height of 3 on, `spare` then holds the same of the upper floor(height / 2) rows, and in its rows below that of the others.
   */
  trailRadon(image: number, width: number, height: number, stride: number, spare: number, out: number): void;
  /**
   * The best line of each block of 8 slopes x 64 columns, of every second slope: z = sum / (perSigma sqrt(rows inside the grid)) for
   * lines with at least about `least` >= 1 rows inside, and the same of the sum of two neighbours over sqrt 2. Eight neighbours share
   * the rows of the middle one, and z is rounded to 1 / (perSigma sqrt(least)). `peaks`: per block f32 z, i32 s, i32 twice the column
   * (odd between two neighbours), written only where z >= threshold and above what stands there. `spreads`: per slope the mean and the
   * standard deviation of single lines' z clipped to +-4, of every fourth slope and then of the next three. Scratch: stride + 64 bytes; 2 bytes behind
   * `sums` are read.
   */
  trailScan(
    sums: number,
    width: number,
    height: number,
    stride: number,
    least: number,
    perSigma: number,
    threshold: number,
    scratch: number,
    spreads: number,
    peaks: number,
  ): void;
}

/** The same in plain TypeScript, for the tests and for engines without WASM SIMD. */
export function referenceTrailLines(memory: WebAssembly.Memory): TrailLineKernels {
  const i16 = (offset: number, length: number) => new Int16Array(memory.buffer, offset, length);
  const f32 = (offset: number, length: number) => new Float32Array(memory.buffer, offset, length);
  /** Sums of `rows` rows from `first`, written to the same rows of `out`. */
  const sumLines = (image: number, first: number, rows: number, width: number, stride: number, out: number) => {
    const source = i16(image + 2 * first * stride, stride * rows);
    const target = i16(out + 2 * first * stride, stride * rows).fill(0);
    for (let s = 0; s < rows; s++) {
      const columns = lineColumns(rows, s);
      for (let x = 0; x < Math.min(width + s, stride); x++) {
        let sum = 0;
        for (let j = 0; j < rows; j++) {
          const u = x - s + columns[j];
          if (u >= 0 && u < width) sum += source[j * stride + u];
        }
        target[s * stride + x] = sum;
      }
    }
  };
  return {
    trailTurn(source, width, height, turn, stride, out) {
      const from = i16(source, width * height);
      const transposed = (turn & 2) !== 0;
      const columns = transposed ? height : width;
      const lines = transposed ? width : height;
      const to = i16(out, stride * lines).fill(0);
      for (let y = 0; y < lines; y++) {
        for (let x = 0; x < columns; x++) {
          const u = (turn & 1) !== 0 ? columns - 1 - x : x;
          to[y * stride + x] = transposed ? from[u * width + y] : from[y * width + u];
        }
      }
    },
    trailRadon(image, width, height, stride, spare, out) {
      sumLines(image, 0, height, width, stride, out);
      const upper = height >> 1;
      if (height < 3) return;
      sumLines(image, 0, upper, width, stride, spare);
      sumLines(image, upper, height - upper, width, stride, spare);
    },
    trailScan(sums, width, height, stride, least, perSigma, threshold, _scratch, spreads, peaks) {
      const source = i16(sums, stride * height + 1);
      const chunks = (stride + 63) >> 6;
      const table = new DataView(memory.buffer, peaks, Math.ceil(height / 8) * chunks * 12);
      const spread = f32(spreads, 2 * height);
      const round = Math.fround;
      const unit = round(perSigma * round(Math.sqrt(least)));
      const most = Math.round(4 * unit);
      for (let s = 0; s < height; s += 2) {
        const slope = round(s / height);
        const reach = Math.min(round(height * slope), width);
        let [total, square, count] = [0, 0, 0];
        const run = round(least * slope);
        const cut = Math.ceil(round(round(least * s) / height));
        for (let x = (cut + 7) & ~7; x + 8 <= width + s - cut; x += 8) {
          const near = Math.min(x + 4, width + s - x - 4);
          const weight = weightOf(s === 0 ? least / height : run / Math.min(reach, near));
          const entry = ((s >> 3) * chunks + (x >> 6)) * 12;
          for (let at = s * stride + x; at < s * stride + x + 8; at++) {
            const single = q15(source[at], weight);
            const pair = q15(Math.max(-0x8000, Math.min(source[at] + source[at + 1], 0x7fff)), (weight * SQRT_HALF) >> 15);
            const clipped = Math.max(-most, Math.min(single, most));
            total += clipped;
            square += clipped * clipped;
            count++;
            const z = Math.max(single, pair) / unit;
            if (z < threshold || z <= table.getFloat32(entry, true)) continue;
            table.setFloat32(entry, z, true);
            table.setInt32(entry + 4, s, true);
            table.setInt32(entry + 8, 2 * (at - s * stride) + (pair > single ? 1 : 0), true);
          }
        }
        const mean = count > 0 ? total / (count * unit) : 0;
        const deviation = count > 0 ? Math.sqrt(Math.max(0, square / (count * unit * unit) - mean * mean)) : 0;
        for (let n = 2 * s; (s & 3) === 0 && n < Math.min(2 * s + 8, spread.length); n += 2) {
          spread[n] = mean;
          spread[n + 1] = deviation;
        }
      }
    },
  };
}

/** sqrt(1/2) in 1/32768. */
const SQRT_HALF = 23170;

/** sqrt(share) in 1/32767, in single precision and rounded as the kernel does. */
function weightOf(share: number): number {
  const weight = Math.fround(32767 * Math.fround(Math.sqrt(Math.min(1, Math.fround(share)))));
  return Math.fround(weight + 12582912) - 12582912;
}

/** a b / 32768, rounded. */
const q15 = (a: number, b: number) => (a * b + 0x4000) >> 15;

/** Column offset in every row of the line that shifts by s over n rows: the halves' lines joined, as Brady's recursion does. */
export function lineColumns(n: number, s: number): number[] {
  if (n === 1) return [0];
  const na = n >> 1;
  const nb = n - na;
  const sa = Math.floor((2 * s * (na - 1) + n - 1) / (2 * (n - 1)));
  const sb = Math.floor((2 * s * (nb - 1) + n - 1) / (2 * (n - 1)));
  return [...lineColumns(na, sa), ...lineColumns(nb, sb).map((column) => column + s - sb)];
}
