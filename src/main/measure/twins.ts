/** Stars that may have twins: parallel columns, any unit of length and flux. */
export interface TwinStars {
  x: ArrayLike<number>;
  y: ArrayLike<number>;
  flux: ArrayLike<number>;
}

/** Share of stars that have a twin at one common offset, and the offset. */
export interface Twins {
  share: number;
  offset: [dx: number, dy: number];
}

/** Of the stars given, the first so many are looked at. */
export const MOST_STARS = 400;
/** Offsets up to this many FWHM are looked at. */
const FARTHEST = 25;
/** Twins differ by the same factor everywhere: the time spent before and after the jump. In natural logarithms. */
const RATIO_BIN = 0.35;
const RATIO_RANGE = 2.5;
const LEAST_PAIRS = 4;
const LEAST_SIGMA = 6;

/**
 * A jump of the mount puts every star twice on the frame, at one offset and one ratio of brightness. The offsets between
 * all pairs of bright stars are counted in bins of about one FWHM and of brightness ratio; a bin far above what chance fills
 * is a jump. Null with fewer than 8 stars; share 0 where there is none.
 */
export function findTwins(stars: TwinStars, fwhm: number): Twins | null {
  const n = Math.min(stars.x.length, MOST_STARS);
  if (n < 8 || !(fwhm > 0)) return null;
  const bin = Math.max(1, 0.8 * fwhm);
  const reach = Math.ceil((FARTHEST * fwhm) / bin);
  const side = 2 * reach + 1;
  const ratios = 2 * Math.ceil(RATIO_RANGE / RATIO_BIN) + 1;
  const counts = new Uint16Array(side * (reach + 1) * ratios);
  const order = Array.from({ length: n }, (_, i) => i).sort((a, b) => stars.x[a] - stars.x[b]);
  let total = 0;
  const pairs: [cell: number, dx: number, dy: number, a: number, b: number][] = [];
  for (let i = 0; i < n; i++) {
    const a = order[i];
    for (let j = i + 1; j < n; j++) {
      const b = order[j];
      const dx = stars.x[b] - stars.x[a];
      if (dx > reach * bin) break;
      const dy = stars.y[b] - stars.y[a];
      if (Math.abs(dy) > reach * bin) continue;
      const ratio = Math.log(stars.flux[b] / stars.flux[a]) / RATIO_BIN;
      const r = Math.round(ratio) + (ratios - 1) / 2;
      if (!(r >= 0 && r < ratios)) continue;
      const cell = (Math.round(dx / bin) * side + Math.round(dy / bin) + reach) * ratios + r;
      counts[cell]++;
      total++;
      pairs.push([cell, dx, dy, a, b]);
    }
  }
  const best = densest(counts, ratios, side, reach + 1);
  const chance = (total / counts.length) * 27;
  if (best.count < LEAST_PAIRS || best.count < chance + LEAST_SIGMA * Math.sqrt(Math.max(chance, 0.5))) return { share: 0, offset: [0, 0] };
  return shareOf(pairs, best.cell, ratios, side, n);
}

/** The bin whose 3x3x3 neighbourhood holds most. */
function densest(counts: Uint16Array, ratios: number, side: number, columns: number): { count: number; cell: number } {
  let best = { count: 0, cell: 0 };
  for (let cell = 0; cell < counts.length; cell++) {
    if (counts[cell] === 0) continue;
    const sum = sumAround(counts, cell, ratios, side, columns);
    if (sum > best.count) best = { count: sum, cell };
  }
  return best;
}

function sumAround(counts: Uint16Array, cell: number, ratios: number, side: number, columns: number): number {
  const r = cell % ratios;
  const y = Math.floor(cell / ratios) % side;
  const x = Math.floor(cell / ratios / side);
  let sum = 0;
  for (let i = Math.max(0, x - 1); i <= Math.min(columns - 1, x + 1); i++) {
    for (let j = Math.max(0, y - 1); j <= Math.min(side - 1, y + 1); j++) {
      for (let k = Math.max(0, r - 1); k <= Math.min(ratios - 1, r + 1); k++) sum += counts[(i * side + j) * ratios + k];
    }
  }
  return sum;
}

function around(cell: number, ratios: number, side: number, columns: number): number[] {
  const r = cell % ratios;
  const y = Math.floor(cell / ratios) % side;
  const x = Math.floor(cell / ratios / side);
  const cells: number[] = [];
  for (let i = Math.max(0, x - 1); i <= Math.min(columns - 1, x + 1); i++) {
    for (let j = Math.max(0, y - 1); j <= Math.min(side - 1, y + 1); j++) {
      for (let k = Math.max(0, r - 1); k <= Math.min(ratios - 1, r + 1); k++) cells.push((i * side + j) * ratios + k);
    }
  }
  return cells;
}

function shareOf(pairs: [number, number, number, number, number][], cell: number, ratios: number, side: number, n: number): Twins {
  const near = new Set(around(cell, ratios, side, Math.ceil(1e9)));
  const twins = pairs.filter(([at]) => near.has(at));
  const involved = new Set<number>();
  let [sx, sy] = [0, 0];
  for (const [, dx, dy, a, b] of twins) {
    involved.add(a);
    involved.add(b);
    sx += dx;
    sy += dy;
  }
  return { share: Math.min(1, involved.size / n), offset: [sx / twins.length, sy / twins.length] };
}
