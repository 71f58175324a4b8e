/** Star positions, brightest first. */
export interface Positions {
  x: ArrayLike<number>;
  y: ArrayLike<number>;
  length: number;
}

/** Maps a position of one frame into another: rotation about the origin, then shift; `mirror` flips y first. */
export interface Transform {
  /** cos and sin of the rotation, times the scale. */
  a: number;
  b: number;
  dx: number;
  dy: number;
  mirror: 1 | -1;
}

/** Matched stars, by their index: pair k is star reference[k] of the reference and star frame[k] of the frame. */
export interface Pairs {
  reference: Int32Array;
  frame: Int32Array;
  count: number;
}

/** Cells for twice as many stars as there are: at a few pixels' radius hardly more than one cell with one star is looked at. */
const CELLS_PER_STAR = 2;
const MOST_CELLS_A_SIDE = 1024;

/** Reference stars in square cells, to match other frames' stars with the nearest within a radius. */
export class NeighbourGrid {
  /** Stars per square pixel. */
  readonly density: number;
  readonly #stars: Positions;
  readonly #x0: number;
  readonly #y0: number;
  readonly #side: number;
  readonly #columns: number;
  readonly #rows: number;
  /** The stars of cell c are #inCell[#starts[c]] to #inCell[#starts[c + 1] - 1]. */
  readonly #starts: Int32Array;
  readonly #inCell: Int32Array;
  /** Of each reference star the nearest frame star that found it, and its squared distance; -1: none. */
  readonly #nearest: Int32Array;
  readonly #distance: Float64Array;
  readonly #pairs: Pairs;

  constructor(stars: Positions) {
    this.#stars = stars;
    let [x0, x1, y0, y1] = [Infinity, -Infinity, Infinity, -Infinity];
    const placed: number[] = [];
    for (let i = 0; i < stars.length; i++) {
      if (!Number.isFinite(stars.x[i]) || !Number.isFinite(stars.y[i])) continue;
      placed.push(i);
      x0 = Math.min(x0, stars.x[i]);
      x1 = Math.max(x1, stars.x[i]);
      y0 = Math.min(y0, stars.y[i]);
      y1 = Math.max(y1, stars.y[i]);
    }
    const width = Math.max(0, x1 - x0);
    const height = Math.max(0, y1 - y0);
    this.density = stars.length / Math.max(1, width * height);
    this.#x0 = x0;
    this.#y0 = y0;
    this.#side = Math.max(1, Math.sqrt((width * height) / (CELLS_PER_STAR * stars.length)), Math.max(width, height) / MOST_CELLS_A_SIDE);
    this.#columns = placed.length === 0 ? 0 : Math.floor(width / this.#side) + 1;
    this.#rows = placed.length === 0 ? 0 : Math.floor(height / this.#side) + 1;
    this.#starts = new Int32Array(this.#columns * this.#rows + 1);
    this.#inCell = new Int32Array(placed.length);
    this.#fill(placed);
    this.#nearest = new Int32Array(stars.length);
    this.#distance = new Float64Array(stars.length);
    this.#pairs = { reference: new Int32Array(stars.length), frame: new Int32Array(stars.length), count: 0 };
  }

  #fill(placed: readonly number[]): void {
    const cells = placed.map((i) => this.#row(this.#stars.y[i]) * this.#columns + this.#column(this.#stars.x[i]));
    for (const cell of cells) this.#starts[cell + 1]++;
    for (let cell = 1; cell < this.#starts.length; cell++) this.#starts[cell] += this.#starts[cell - 1];
    const next = this.#starts.slice();
    placed.forEach((i, k) => {
      this.#inCell[next[cells[k]]++] = i;
    });
  }

  #column(x: number): number {
    return Math.min(this.#columns - 1, Math.max(0, Math.floor((x - this.#x0) / this.#side)));
  }

  #row(y: number): number {
    return Math.min(this.#rows - 1, Math.max(0, Math.floor((y - this.#y0) / this.#side)));
  }

  /**
   * One-to-one matches: each frame star with the reference star nearest to where `transform` puts it, if within `radius`; of
   * several frame stars the nearest gets it. In the reference's order, and overwritten by the next call.
   */
  match(frame: Positions, transform: Transform, radius: number): Pairs {
    this.#nearest.fill(-1);
    this.#distance.fill(Infinity);
    const { a, b, dx, dy, mirror } = transform;
    for (let j = 0; j < frame.length; j++) {
      const u = frame.x[j];
      const v = frame.y[j] * mirror;
      this.#offer(j, a * u - b * v + dx, b * u + a * v + dy, radius);
    }
    const pairs = this.#pairs;
    pairs.count = 0;
    for (let i = 0; i < this.#nearest.length; i++) {
      if (this.#nearest[i] < 0) continue;
      pairs.reference[pairs.count] = i;
      pairs.frame[pairs.count++] = this.#nearest[i];
    }
    return pairs;
  }

  #offer(j: number, x: number, y: number, radius: number): void {
    const stars = this.#stars;
    let best = -1;
    let least = radius * radius;
    const [left, right] = [this.#column(x - radius), this.#column(x + radius)];
    const bottom = this.#row(y + radius);
    for (let row = this.#row(y - radius); row <= bottom; row++) {
      // Cells of a row lie one after another, and so do their stars.
      const to = this.#starts[row * this.#columns + right + 1];
      for (let k = this.#starts[row * this.#columns + left]; k < to; k++) {
        const i = this.#inCell[k];
        const d = (stars.x[i] - x) ** 2 + (stars.y[i] - y) ** 2;
        if (d <= least) {
          least = d;
          best = i;
        }
      }
    }
    if (best < 0 || least >= this.#distance[best]) return;
    this.#nearest[best] = j;
    this.#distance[best] = least;
  }
}
