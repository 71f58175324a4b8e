/** One plane of a frame, in its own units. */
export interface Picture {
  width: number;
  height: number;
  values: Float64Array;
}

const COLUMNS = 8;
const ROWS = 6;
/** Correlation below which a cell shows something else. */
const ALIKE = 0.5;
/** Where noise is to be found again, stars must not drown it. */
const NOISE_SIGMA = 4;
/** Stars are cut off at this many sigma: a single bright one would say "alike" for its whole cell. */
const MOST_SIGMA = 20;

/**
 * Share of a frame's cells (8 x 6) that no longer show what they did: 0 for the same picture in any linear scale, also where
 * pixels are missing or inserted so that all that follows has moved on; 1 for noise, and for a picture of another width, in
 * which each row leans on from the last.
 */
export function destroyedShare(before: Picture, after: Picture): number {
  if (before.width !== after.width) return 1;
  let destroyed = 0;
  for (let row = 0; row < ROWS; row++) {
    const from = Math.floor((row * before.height) / ROWS);
    const to = Math.floor(((row + 1) * before.height) / ROWS);
    // A picture that ends early is cut: what is there may be good, what is missing is not there to be judged.
    if (to > after.height) continue;
    let moved: number | null = null;
    for (let column = 0; column < COLUMNS; column++) {
      const left = Math.floor((column * before.width) / COLUMNS);
      const right = Math.floor(((column + 1) * before.width) / COLUMNS);
      if (unchanged(before, after, left, right, from, to)) continue;
      const was = scaled(cellOf(before, left, right, from, to, 0));
      const alike = (by: number): boolean => correlation(was, scaled(cellOf(after, left, right, from, to, by))) >= ALIKE;
      if (alike(0)) continue;
      moved ??= movedBy(before, after, from, to);
      if (!alike(moved)) destroyed++;
    }
  }
  return destroyed / (COLUMNS * ROWS);
}

/** As far as pixels are looked for, in pixels along the rows: as many bytes as the fuzzer inserts or takes out at most. */
const FARTHEST = 66_000;
/** Pixels of a band that are looked for; mostly noise, which is alike in one place only. */
const SAMPLED = 300;

/** How many pixels further on the rows `from` to `to` are now: where a sample of their pixels is most alike. */
function movedBy(before: Picture, after: Picture, from: number, to: number): number {
  const start = from * before.width;
  const count = to * before.width - start;
  const places = Array.from({ length: SAMPLED }, (_, i) => start + Math.floor(((i + 0.5) * count) / SAMPLED));
  const was = scaled(
    places.map((place) => before.values[place]),
    NOISE_SIGMA,
  );
  const is = Float32Array.from(scaled(Array.from(after.values), NOISE_SIGMA));
  let best = 0;
  let most = 0;
  for (let by = -FARTHEST; by <= FARTHEST; by++) {
    let sum = 0;
    for (let i = 0; i < SAMPLED; i++) sum += was[i] * (is[places[i] + by] ?? 0);
    // White may be zero.
    if (Math.abs(sum) > most) {
      most = Math.abs(sum);
      best = by;
    }
  }
  return best;
}

function unchanged(before: Picture, after: Picture, left: number, right: number, from: number, to: number): boolean {
  for (let y = from; y < to; y++) {
    for (let i = y * before.width + left; i < y * before.width + right; i++) if (before.values[i] !== after.values[i]) return false;
  }
  return true;
}

function cellOf({ width, values }: Picture, left: number, right: number, from: number, to: number, by: number): number[] {
  const out: number[] = [];
  for (let y = from; y < to; y++) for (let x = left; x < right; x++) out.push(values[y * width + x + by] ?? 0);
  return out;
}

/** About the median, in units of 1.4826 MAD, cut off. */
function scaled(values: number[], most = MOST_SIGMA): number[] {
  const sorted = values.filter(Number.isFinite).sort((a, b) => a - b);
  const middle = sorted[sorted.length >> 1] ?? 0;
  const spread = sorted.map((value) => Math.abs(value - middle)).sort((a, b) => a - b);
  const sigma = 1.4826 * (spread[spread.length >> 1] || 1);
  return values.map((value) => (Number.isFinite(value) ? Math.max(-most, Math.min(most, (value - middle) / sigma)) : 0));
}

/** The sign does not matter: white may be zero. */
function correlation(a: number[], b: number[]): number {
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [ma, mb] = [mean(a), mean(b)];
  let ab = 0;
  let aa = 0;
  let bb = 0;
  a.forEach((value, i) => {
    ab += (value - ma) * (b[i] - mb);
    aa += (value - ma) ** 2;
    bb += (b[i] - mb) ** 2;
  });
  return aa === 0 || bb === 0 ? 0 : Math.abs(ab / Math.sqrt(aa * bb));
}
