/**
 * The inverse H-transform (White 1992): every level makes 2 x 2 pixels of a mean h0 and the differences hx (between rows),
 * hy (between columns) and hc (diagonal). Coefficients are exact integers in doubles; rounding restores the bits that
 * the forward transform drops, so that it is lossless at scale 1.
 */
export class InverseH {
  private readonly a: Float64Array;
  private readonly width: number;
  private readonly height: number;
  /** Largest change that smoothing may make to a coefficient; 0 does not smooth. */
  private readonly reach: number;

  constructor(a: Float64Array, width: number, height: number, reach: number) {
    this.a = a;
    this.width = width;
    this.height = height;
    this.reach = reach;
  }

  run(): void {
    const levels = 32 - Math.clz32(Math.max(this.width, this.height) - 1);
    this.a[0] = roundTo(this.a[0], 2 ** (levels + 1));
    for (let level = levels - 1; level >= 0; level--) {
      const rows = Math.ceil(this.height / 2 ** level);
      const columns = Math.ceil(this.width / 2 ** level);
      const b = this.interleave(rows, columns);
      if (this.reach > 0) smooth(b, rows, columns, this.reach);
      expand(b, rows, columns, 2 ** level, level === 0 ? 4 : 2);
      for (let y = 0; y < rows; y++) this.a.set(b.subarray(y * columns, (y + 1) * columns), y * this.width);
    }
  }

  /** Puts the four coefficients of each 2 x 2 block together; they lie in the four quadrants of the level. */
  private interleave(rows: number, columns: number): Float64Array {
    const b = new Float64Array(rows * columns);
    const high = (rows + 1) >> 1;
    const wide = (columns + 1) >> 1;
    for (let y = 0; y < rows; y++) {
      const from = ((y >> 1) + (y & 1) * high) * this.width;
      for (let x = 0; x < columns; x++) b[y * columns + x] = this.a[from + (x >> 1) + (x & 1) * wide];
    }
    return b;
  }
}

/** To a multiple of `unit`, a power of two; halves away from zero. */
function roundTo(value: number, unit: number): number {
  const half = Math.floor(unit / 2);
  return Math.floor((value + (value >= 0 ? half : Math.max(half - 1, 0))) / unit) * unit;
}

/** Whether the bit of weight `bit` is set in the two's complement of `value`. */
function bit(value: number, weight: number): number {
  return Math.floor(value / weight) % 2 === 0 ? 0 : weight;
}

function towardsZero(value: number, by: number): number {
  return value >= 0 ? value - by : value + by;
}

function expand(b: Float64Array, rows: number, columns: number, unit: number, divisor: number): void {
  for (let y = 0; y < rows; y += 2) {
    for (let x = 0; x < columns; x += 2) {
      const at = y * columns + x;
      const below = y + 1 < rows;
      const right = x + 1 < columns;
      const h0 = b[at];
      if (below && right) {
        expandBlock(b, at, at + columns, unit, divisor);
      } else if (below || right) {
        const other = below ? at + columns : at + 1;
        const h = roundTo(b[other], 2 * unit);
        const mean = towardsZero(h0, bit(h, 2 * unit));
        b[other] = Math.floor((mean + h) / divisor);
        b[at] = Math.floor((mean - h) / divisor);
      } else {
        b[at] = Math.floor(h0 / divisor);
      }
    }
  }
}

function expandBlock(b: Float64Array, top: number, bottom: number, unit: number, divisor: number): void {
  const hc = roundTo(b[bottom + 1], unit);
  const low = bit(hc, unit);
  const hx = towardsZero(roundTo(b[bottom], 2 * unit), low);
  const hy = towardsZero(roundTo(b[top + 1], 2 * unit), low);
  const odd = (bit(hc, 2 * unit) + bit(hx, 2 * unit) + bit(hy, 2 * unit)) % (4 * unit);
  let h0 = b[top];
  if (h0 >= 0) h0 += low - odd;
  else h0 += low === 0 ? odd : low - odd;
  b[bottom + 1] = Math.floor((h0 + hx + hy + hc) / divisor);
  b[bottom] = Math.floor((h0 + hx - hy - hc) / divisor);
  b[top + 1] = Math.floor((h0 - hx + hy - hc) / divisor);
  b[top] = Math.floor((h0 - hx - hy + hc) / divisor);
}

function clamp(value: number, low: number, high: number): number {
  return Math.max(Math.min(value, high), low);
}

/** Moves the differences towards those that the neighbouring means suggest, by `reach` at most, keeping slopes monotonic. */
function smooth(b: Float64Array, rows: number, columns: number, reach: number): void {
  for (let y = 2; y < rows - 2; y += 2) {
    for (let x = 0; x < columns; x += 2) smoothSlope(b, y * columns + x, 2 * columns, columns, reach);
  }
  for (let y = 0; y < rows; y += 2) {
    for (let x = 2; x < columns - 2; x += 2) smoothSlope(b, y * columns + x, 2, 1, reach);
  }
  for (let y = 2; y < rows - 2; y += 2) {
    for (let x = 2; x < columns - 2; x += 2) smoothCurvature(b, y * columns + x, columns, reach);
  }
}

/** `step` to the next mean, `slope` to the coefficient, which is 8 times finer than the difference of the means. */
function smoothSlope(b: Float64Array, at: number, step: number, slope: number, reach: number): void {
  const before = b[at] - b[at - step];
  const after = b[at + step] - b[at];
  const most = Math.max(Math.min(after, before), 0) * 4;
  const least = Math.min(Math.max(after, before), 0) * 4;
  if (least >= most) return;
  const wanted = clamp(before + after, least, most) - b[at + slope] * 8;
  b[at + slope] += clamp(Math.trunc(wanted / 8), -reach, reach);
}

function smoothCurvature(b: Float64Array, at: number, columns: number, reach: number): void {
  const h0 = b[at];
  const mm = b[at - 2 * columns - 2];
  const pm = b[at + 2 * columns - 2];
  const mp = b[at - 2 * columns + 2];
  const pp = b[at + 2 * columns + 2];
  const sx = 2 * b[at + columns];
  const sy = 2 * b[at + 1];
  const most =
    16 *
    Math.min(
      Math.max(pp - h0, 0) - sx - sy,
      Math.max(h0 - pm, 0) + sx - sy,
      Math.max(h0 - mp, 0) - sx + sy,
      Math.max(mm - h0, 0) + sx + sy,
    );
  const least =
    16 *
    Math.max(
      Math.min(pp - h0, 0) - sx - sy,
      Math.min(h0 - pm, 0) + sx - sy,
      Math.min(h0 - mp, 0) - sx + sy,
      Math.min(mm - h0, 0) + sx + sy,
    );
  if (least >= most) return;
  const wanted = clamp(pp + mm - mp - pm, least, most) - b[at + columns + 1] * 64;
  b[at + columns + 1] += clamp(Math.trunc(wanted / 64), -reach, reach);
}
