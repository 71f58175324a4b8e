import { median } from "./grid.ts";

/** A tile of the sensor survey: sums of held counts (0..span) over its rows and columns, in counts. */
export interface SurveyTile {
  x: number;
  y: number;
  span: number;
  /** Sum of squares of the held counts over the tile. */
  squares: number;
  rows: Int32Array;
  columns: Int32Array;
}

export interface Banding {
  /** RMS of the row (column) sums about their local trend over what white noise gives them: 1 = none. */
  rows: number;
  columns: number;
  defectiveColumns: number;
}

/** Deviations above this many times their own RMS are single faults (a trail along a row, a dead column), not banding. */
const OUTLIER = 4;
/** A defective column is off by at least this share of the way to where its counts are held, over its whole height, */
const DEFECT_SHARE = 0.35;
/** by at least this many times the noise expected, */
const DEFECT_SIGMA = 10;
/** and the columns from 3 to 6 beside it agree with one another within this share: real light is not one column wide. */
const AGREEMENT = 0.2;
const BESIDE = [-6, -5, -4, -3, 3, 4, 5, 6];

/**
 * Stripes along rows and columns. In every tile the sums of its rows have their straight trend removed, so that neither sky
 * gradients nor the choice of tiles show; then the tiles of one row of the sensor are added up. Noise alone would give
 * them a variance that follows from the spread of the counts within the tiles, whatever their rounding. Noise that is
 * correlated between neighbours (interpolated colours) reads above 1 in both directions.
 */
export function measureBanding(tiles: SurveyTile[], width: number, height: number): Banding {
  const rows = new Deviations(height);
  const columns = new Deviations(width);
  for (const tile of tiles) {
    rows.add(tile, tile.y, tile.rows, tile.columns.length);
    columns.add(tile, tile.x, tile.columns, tile.rows.length);
  }
  return { rows: rows.ratio(), columns: columns.ratio(), defectiveColumns: columns.defects() };
}

/** Sums over the lines (rows or columns) of the sensor, collected from tiles. */
class Deviations {
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

  add(tile: SurveyTile, first: number, sums: Int32Array, perLine: number): void {
    const n = sums.length;
    const total = sums.reduce((a, b) => a + b, 0);
    const mean = total / n;
    let slope = 0;
    let spread = 0;
    const middle = (n - 1) / 2;
    for (let i = 0; i < n; i++) {
      slope += (i - middle) * (sums[i] - mean);
      spread += (i - middle) ** 2;
    }
    slope = spread > 0 ? slope / spread : 0;
    const pixels = n * perLine;
    const perPixel = Math.max(0, tile.squares / pixels - (total / pixels) ** 2);
    // Mean and slope taken from the same lines remove two of their n degrees of freedom.
    const expected = perPixel * perLine * Math.max(0, 1 - 2 / n);
    for (let i = 0; i < n; i++) {
      this.sum[first + i] += sums[i] - mean - slope * (i - middle);
      this.raw[first + i] += sums[i] - (tile.span / 2) * perLine;
      this.variance[first + i] += expected;
      this.reach[first + i] += (tile.span / 2) * perLine;
    }
  }

  /** Root mean square of deviation over noise expected, outliers left out. 1 when there is nothing to say. */
  ratio(): number {
    let squares = Array.from(this.sum, (sum, i) => (this.variance[i] > 0 ? sum ** 2 / this.variance[i] : -1)).filter((s) => s >= 0);
    if (squares.length < 8) return 1;
    // Median of a chi-square of one degree is 0.4549: a start that single faults cannot move.
    let mean = median(squares) / 0.4549;
    for (let round = 0; round < 3; round++) {
      const kept = squares.filter((s) => s <= OUTLIER ** 2 * mean);
      if (kept.length === 0) break;
      squares = kept;
      mean = kept.reduce((a, b) => a + b, 0) / kept.length;
    }
    return mean > 0 ? Math.sqrt(mean) : 1;
  }

  defects(): number {
    const off = Float64Array.from(this.raw, (sum, i) => (this.reach[i] > 0 ? sum / this.reach[i] : 0));
    let found = 0;
    for (let i = 6; i < off.length - 6; i++) {
      // Most columns end here: nothing near could be a third of the way off.
      if (Math.abs(off[i]) < DEFECT_SHARE - AGREEMENT) continue;
      const beside = BESIDE.map((by) => off[i + by]);
      const typical = median([...beside]);
      const noise = Math.sqrt(this.variance[i]) / this.reach[i];
      const apart = Math.abs(off[i] - typical);
      if (apart < Math.max(DEFECT_SHARE, DEFECT_SIGMA * noise)) continue;
      if (beside.every((value) => Math.abs(value - typical) < AGREEMENT)) found++;
    }
    return found;
  }
}
