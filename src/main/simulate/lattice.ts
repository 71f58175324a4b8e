/**
 * A smooth quantity over the frame, held every `step` px and interpolated between: sky, clouds, vignetting. Its edges
 * are wider than the step by nature.
 */
export class Lattice {
  readonly step: number;
  readonly columns: number;
  readonly rows: number;
  readonly values: Float32Array;

  /** `at` gives the value at pixel (x, y). */
  constructor(width: number, height: number, step: number, at: (x: number, y: number) => number) {
    this.step = step;
    this.columns = Math.floor((width - 1) / step) + 2;
    this.rows = Math.floor((height - 1) / step) + 2;
    this.values = new Float32Array(this.columns * this.rows);
    for (let row = 0; row < this.rows; row++) {
      for (let column = 0; column < this.columns; column++) this.values[row * this.columns + column] = at(column * step, row * step);
    }
  }

  /** Value at a pixel position; outside the frame that of its border. */
  sample(x: number, y: number): number {
    const u = Math.max(0, Math.min(this.columns - 1.001, x / this.step));
    const v = Math.max(0, Math.min(this.rows - 1.001, y / this.step));
    const column = Math.floor(u);
    const row = Math.floor(v);
    const i = row * this.columns + column;
    const top = this.values[i] + (this.values[i + 1] - this.values[i]) * (u - column);
    const bottom = this.values[i + this.columns] + (this.values[i + this.columns + 1] - this.values[i + this.columns]) * (u - column);
    return top + (bottom - top) * (v - row);
  }

  /** Writes the values along row `y` for x = start, start + stride, ... into `line` at the same places. */
  fillRow(line: Float32Array, width: number, y: number, start: number, stride: number): void {
    const v = y / this.step;
    const row = Math.min(this.rows - 2, Math.floor(v));
    const share = v - row;
    const top = row * this.columns;
    const bottom = top + this.columns;
    for (let column = 0; column < this.columns - 1; column++) {
      const left = this.values[top + column] * (1 - share) + this.values[bottom + column] * share;
      const right = this.values[top + column + 1] * (1 - share) + this.values[bottom + column + 1] * share;
      const slope = (right - left) / this.step;
      const from = column * this.step;
      const end = Math.min(width, from + this.step);
      for (let x = from + ((((start - from) % stride) + stride) % stride); x < end; x += stride) line[x] = left + slope * (x - from);
    }
  }
}
