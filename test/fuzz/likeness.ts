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

const BRIGHTEST = 60;
/** As far as pixels are looked for, in pixels along the rows: as many bytes as the fuzzer inserts or takes out at most. */
const FARTHEST = 66_000;

/** How many pixels further on the rows `from` to `to` are now: where their brightest pixels are brightest together. */
function movedBy(before: Picture, after: Picture, from: number, to: number): number {
  const start = from * before.width;
  const places = Array.from({ length: to * before.width - start }, (_, i) => start + i)
    .sort((a, b) => before.values[b] - before.values[a])
    .slice(0, BRIGHTEST);
  const ranks = [...after.values].sort((a, b) => a - b);
  const bright = ranks[Math.floor(0.98 * ranks.length)];
  let best = 0;
  let most = -1;
  for (let by = -FARTHEST; by <= FARTHEST; by++) {
    let hits = 0;
    for (const place of places) if (after.values[place + by] > bright) hits++;
    if (hits > most) {
      most = hits;
      best = by;
    }
  }
  return refined(before, after, from, to, best);
}

/** Stars are wide: the noise between them says which of the neighbouring places it is. */
function refined(before: Picture, after: Picture, from: number, to: number, near: number): number {
  const was = scaled(cellOf(before, 0, before.width, from, to, 0));
  const likeness = (by: number) => correlation(was, scaled(cellOf(after, 0, before.width, from, to, by)));
  const around = [-1, 0, 1].flatMap((dy) => [-3, -2, -1, 0, 1, 2, 3].map((dx) => near + dy * before.width + dx));
  return around.map((by) => ({ by, like: likeness(by) })).sort((a, b) => b.like - a.like)[0].by;
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
function scaled(values: number[]): number[] {
  const sorted = values.filter(Number.isFinite).sort((a, b) => a - b);
  const middle = sorted[sorted.length >> 1] ?? 0;
  const spread = sorted.map((value) => Math.abs(value - middle)).sort((a, b) => a - b);
  const sigma = 1.4826 * (spread[spread.length >> 1] || 1);
  return values.map((value) => (Number.isFinite(value) ? Math.max(-MOST_SIGMA, Math.min(MOST_SIGMA, (value - middle) / sigma)) : 0));
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
