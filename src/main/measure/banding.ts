import { median } from "./grid.ts";
import { selectRank } from "./scan-samples.ts";

/** Deviations above this many times their own RMS are single faults (a trail along a row, a dead column), not banding. */
const OUTLIER = 4;
/** A defective column is off by at least this share of the way to where its counts are held, over its whole height, */
const DEFECT_SHARE = 0.35;
/** by at least this many times the noise expected, */
const DEFECT_SIGMA = 10;
/** and the columns from 3 to 6 beside it agree with one another within this share: real light is not one column wide. */
const AGREEMENT = 0.2;
const BESIDE = [-6, -5, -4, -3, 3, 4, 5, 6];
/** Median of the square of a standard normal number. */
const CHI_SQUARE_MEDIAN = 0.4549364;

/**
 * Sums over the lines (rows or columns) of the sensor, collected from tiles, to find stripes in. In every tile the straight
 * trend of its lines is removed, so that neither sky gradients nor the choice of tiles show; then what the tiles say about
 * one line is added up. Noise alone would give that a variance that follows from the spread of the counts within the
 * tiles, whatever their rounding. Noise that is correlated between neighbours (interpolated colours) reads as banding
 * along both directions, and so does, a little, the uneven share of stars.
 */
export class LineSums {
  private readonly sum: Float64Array;
  /** The same about the sky of the mesh, trends and all. */
  private readonly raw: Float64Array;
  private readonly variance: Float64Array;
  /** Largest deviation a line's sum could have: every pixel held at one end. */
  private readonly reach: Float64Array;

  constructor(lines: number) {
    this.sum = new Float64Array(lines);
    this.raw = new Float64Array(lines);
    this.variance = new Float64Array(lines);
    this.reach = new Float64Array(lines);
  }

  /** Adds a tile: sums of `perLine` held counts (0..span) over its lines from `first` on, and the sum of their squares. */
  add(first: number, sums: Int32Array, perLine: number, squares: number, span: number): void {
    const n = sums.length;
    const middle = (n - 1) / 2;
    let total = 0;
    let moment = 0;
    for (let i = 0; i < n; i++) {
      total += sums[i];
      moment += (i - middle) * sums[i];
    }
    const mean = total / n;
    // Sum of (i - middle)^2 over n lines.
    const slope = n > 1 ? moment / ((n * (n * n - 1)) / 12) : 0;
    const pixels = n * perLine;
    const perPixel = Math.max(0, squares / pixels - (total / pixels) ** 2);
    // Mean and slope taken from the same lines remove two of their n degrees of freedom.
    const expected = perPixel * perLine * Math.max(0, 1 - 2 / n);
    const half = (span / 2) * perLine;
    for (let i = 0; i < n; i++) {
      const line = first + i;
      this.sum[line] += sums[i] - mean - slope * (i - middle);
      this.raw[line] += sums[i] - half;
      this.variance[line] += expected;
      this.reach[line] += half;
    }
  }

  /** Root mean square of deviation over noise expected, outliers left out: 1 = no stripes. 1 when there is nothing to say. */
  ratio(): number {
    const squares = new Float64Array(this.sum.length);
    let count = 0;
    for (let i = 0; i < squares.length; i++) if (this.variance[i] > 0) squares[count++] = this.sum[i] ** 2 / this.variance[i];
    if (count < 8) return 1;
    // The median is a start that single faults cannot move.
    let mean = selectRank(squares, count, count >> 1) / CHI_SQUARE_MEDIAN;
    let limit = Number.POSITIVE_INFINITY;
    for (let round = 0; round < 3; round++) {
      limit = Math.min(limit, OUTLIER ** 2 * mean);
      let [sum, kept] = [0, 0];
      for (let i = 0; i < count; i++) {
        if (squares[i] > limit) continue;
        sum += squares[i];
        kept++;
      }
      mean = sum / Math.max(1, kept);
    }
    return mean > 0 ? Math.sqrt(mean) : 1;
  }

  /** Lines that stand apart from those beside them over their whole length. */
  defects(): number {
    const off = this.raw.map((sum, i) => (this.reach[i] > 0 ? sum / this.reach[i] : 0));
    let found = 0;
    for (let i = 6; i < off.length - 6; i++) {
      // Nearly all lines end here: next to sound ones, these could not be a third of the way off.
      if (Math.abs(off[i]) < DEFECT_SHARE - AGREEMENT) continue;
      const beside = BESIDE.map((by) => off[i + by]);
      const typical = median([...beside]);
      const noise = Math.sqrt(this.variance[i]) / this.reach[i];
      if (Math.abs(off[i] - typical) < Math.max(DEFECT_SHARE, DEFECT_SIGMA * noise)) continue;
      if (beside.every((value) => Math.abs(value - typical) < AGREEMENT)) found++;
    }
    return found;
  }
}
