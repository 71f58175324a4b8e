import type { StarList } from "../../shared/domain.ts";

/** Maps a position of one frame into another: rotation about the origin, then shift; `mirror` flips y first. */
export interface Transform {
  /** cos and sin of the rotation, times the scale. */
  a: number;
  b: number;
  dx: number;
  dy: number;
  mirror: 1 | -1;
}

export interface Registration {
  /** From the frame to the reference. */
  transform: Transform;
  /** Matched stars: index in the reference and index in the frame, as pairs. */
  pairs: [reference: number, frame: number][];
  /** RMS of matched positions, px. */
  rms: number;
}

export interface Positions {
  x: ArrayLike<number>;
  y: ArrayLike<number>;
  length: number;
}

export function positionsOf(list: StarList): Positions {
  return { x: list.x, y: list.y, length: list.x.length };
}

export function apply(t: Transform, x: number, y: number): [x: number, y: number] {
  const v = y * t.mirror;
  return [t.a * x - t.b * v + t.dx, t.b * x + t.a * v + t.dy];
}

/** From the reference back to the frame. */
export function invert(t: Transform, x: number, y: number): [x: number, y: number] {
  const norm = t.a * t.a + t.b * t.b;
  const u = x - t.dx;
  const v = y - t.dy;
  return [(t.a * u + t.b * v) / norm, ((t.a * v - t.b * u) / norm) * t.mirror];
}

/**
 * Finds the shift and rotation between two star lists, both brightest first. Cheap hypotheses first: same orientation and
 * turned by 180 degrees (meridian flip) by voting for a common shift; then any rotation, mirrored or not, by triangles of
 * equal side lengths (after Groth 1986, AJ 91:1244; lengths instead of ratios, because one camera has one scale).
 *
 * Returns null when the lists do not match better than chance.
 */
export function register(reference: Positions, frame: Positions, tolerance = 4): Registration | null {
  if (reference.length < 3 || frame.length < 3) return null;
  const finder = new NeighbourGrid(reference);
  let best: Registration | null = null;
  for (const half of [1, -1] as const) {
    const start = shiftByVotes(reference, frame, half);
    if (!start) continue;
    const found = refine(finder, reference, frame, start, tolerance);
    if (found && (!best || found.pairs.length > best.pairs.length)) best = found;
    if (best && best.pairs.length >= 0.5 * Math.min(reference.length, frame.length)) return best;
  }
  for (const mirror of [1, -1] as const) {
    for (const start of turnsByTriangles(reference, frame, mirror, tolerance)) {
      const found = refine(finder, reference, frame, start, tolerance);
      if (found && (!best || found.pairs.length > best.pairs.length)) best = found;
    }
    if (best && best.pairs.length >= 0.3 * Math.min(reference.length, frame.length)) return best;
  }
  return best;
}

const VOTERS = 40;

/** Most common shift between the brightest stars, in bins that overlap by half. */
function shiftByVotes(reference: Positions, frame: Positions, half: 1 | -1): Transform | null {
  const bin = 24;
  const votes = new Map<number, { n: number; dx: number; dy: number }>();
  const n = Math.min(VOTERS, reference.length);
  const m = Math.min(VOTERS, frame.length);
  let best: { n: number; dx: number; dy: number } | null = null;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < m; j++) {
      const dx = reference.x[i] - half * frame.x[j];
      const dy = reference.y[i] - half * frame.y[j];
      const cx = Math.floor(dx / bin);
      const cy = Math.floor(dy / bin);
      for (let k = 0; k < 4; k++) {
        const key = (cx + (k & 1)) * 1_000_003 + cy + (k >> 1);
        let vote = votes.get(key);
        if (!vote) {
          vote = { n: 0, dx: 0, dy: 0 };
          votes.set(key, vote);
        }
        vote.n++;
        vote.dx += dx;
        vote.dy += dy;
        if (!best || vote.n > best.n) best = vote;
      }
    }
  }
  if (!best || best.n < 3) return null;
  return { a: half, b: 0, dx: best.dx / best.n, dy: best.dy / best.n, mirror: 1 };
}

interface Triangle {
  sides: [long: number, middle: number, short: number];
  /** Vertices opposite the long, middle and short side. */
  stars: [number, number, number];
}

const TRIANGLE_STARS = 18;

function trianglesOf(list: Positions, mirror: 1 | -1): Triangle[] {
  const n = Math.min(TRIANGLE_STARS, list.length);
  const out: Triangle[] = [];
  const length = (i: number, j: number): number => Math.hypot(list.x[i] - list.x[j], list.y[i] - list.y[j]);
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) {
      for (let k = j + 1; k < n; k++) {
        const parts: [side: number, star: number][] = [
          [length(j, k), i],
          [length(i, k), j],
          [length(i, j), k],
        ];
        parts.sort((p, q) => q[0] - p[0]);
        // Small or nearly isosceles triangles say little or match the wrong corner.
        if (parts[2][0] < 30 || parts[0][0] - parts[1][0] < 8 || parts[1][0] - parts[2][0] < 8) continue;
        const [a, b, c] = [parts[0][1], parts[1][1], parts[2][1]];
        const turn = (list.x[b] - list.x[a]) * (list.y[c] - list.y[a]) - (list.x[c] - list.x[a]) * (list.y[b] - list.y[a]);
        out.push({ sides: [parts[0][0], parts[1][0], parts[2][0] * Math.sign(turn * mirror)], stars: [a, b, c] });
      }
    }
  }
  return out.sort((p, q) => p.sides[0] - q.sides[0]);
}

/** The few rotations that most triangle pairs agree on. */
function turnsByTriangles(reference: Positions, frame: Positions, mirror: 1 | -1, tolerance: number): Transform[] {
  const ours = trianglesOf(reference, 1);
  const theirs = trianglesOf(frame, mirror);
  const steps = 360;
  const votes = Array.from({ length: steps }, () => ({ n: 0, transforms: [] as Transform[] }));
  let from = 0;
  for (const mine of ours) {
    while (from < theirs.length && theirs[from].sides[0] < mine.sides[0] - tolerance) from++;
    for (let k = from; k < theirs.length && theirs[k].sides[0] <= mine.sides[0] + tolerance; k++) {
      const other = theirs[k];
      if (Math.abs(other.sides[1] - mine.sides[1]) > tolerance || Math.abs(other.sides[2] - mine.sides[2]) > tolerance) continue;
      const t = throughTwoPoints(reference, frame, mine.stars[1], mine.stars[2], other.stars[1], other.stars[2], mirror);
      if (!t) continue;
      const angle = (Math.atan2(t.b, t.a) / (2 * Math.PI)) * steps;
      const slot = votes[((Math.round(angle) % steps) + steps) % steps];
      slot.n++;
      if (slot.transforms.length < 6) slot.transforms.push(t);
    }
  }
  return votes
    .filter((slot) => slot.n >= 2)
    .sort((p, q) => q.n - p.n)
    .slice(0, 3)
    .flatMap((slot) => slot.transforms.slice(0, 3));
}

function throughTwoPoints(
  reference: Positions,
  frame: Positions,
  r1: number,
  r2: number,
  f1: number,
  f2: number,
  mirror: 1 | -1,
): Transform | null {
  const ux = frame.x[f2] - frame.x[f1];
  const uy = (frame.y[f2] - frame.y[f1]) * mirror;
  const vx = reference.x[r2] - reference.x[r1];
  const vy = reference.y[r2] - reference.y[r1];
  const norm = Math.hypot(ux, uy) * Math.hypot(vx, vy);
  if (norm === 0) return null;
  const a = (ux * vx + uy * vy) / norm;
  const b = (ux * vy - uy * vx) / norm;
  const fx = frame.x[f1];
  const fy = frame.y[f1] * mirror;
  return { a, b, dx: reference.x[r1] - (a * fx - b * fy), dy: reference.y[r1] - (b * fx + a * fy), mirror };
}

/** Alternates matching and least squares, the radius shrinking; accepts only what chance does not explain. */
function refine(finder: NeighbourGrid, reference: Positions, frame: Positions, start: Transform, tolerance: number): Registration | null {
  let transform = start;
  let pairs: [number, number][] = [];
  for (const radius of [24, 10, tolerance, tolerance]) {
    pairs = finder.match(frame, transform, radius);
    if (pairs.length < 3) return null;
    transform = leastSquares(reference, frame, pairs, transform);
  }
  pairs = finder.match(frame, transform, tolerance);
  const scale = Math.hypot(transform.a, transform.b);
  if (pairs.length < 3 || Math.abs(scale - 1) > 0.03) return null;
  const chance = frame.length * finder.density * Math.PI * tolerance * tolerance;
  const few = Math.min(reference.length, frame.length);
  if (pairs.length < Math.max(3, 3 * chance, Math.min(8, 0.3 * few), 0.12 * few)) return null;
  let sum = 0;
  for (const [i, j] of pairs) {
    const [x, y] = apply(transform, frame.x[j], frame.y[j]);
    sum += (x - reference.x[i]) ** 2 + (y - reference.y[i]) ** 2;
  }
  return { transform, pairs, rms: Math.sqrt(sum / pairs.length) };
}

/** Similarity transform by least squares (Umeyama 1991, two dimensions in closed form). */
function leastSquares(reference: Positions, frame: Positions, pairs: [number, number][], from: Transform): Transform {
  const n = pairs.length;
  let mx = 0;
  let my = 0;
  let rx = 0;
  let ry = 0;
  for (const [i, j] of pairs) {
    mx += frame.x[j] / n;
    my += (frame.y[j] * from.mirror) / n;
    rx += reference.x[i] / n;
    ry += reference.y[i] / n;
  }
  let dot = 0;
  let cross = 0;
  let norm = 0;
  for (const [i, j] of pairs) {
    const ux = frame.x[j] - mx;
    const uy = frame.y[j] * from.mirror - my;
    const vx = reference.x[i] - rx;
    const vy = reference.y[i] - ry;
    dot += ux * vx + uy * vy;
    cross += ux * vy - uy * vx;
    norm += ux * ux + uy * uy;
  }
  if (norm < 1) return from;
  const a = dot / norm;
  const b = cross / norm;
  return { a, b, dx: rx - (a * mx - b * my), dy: ry - (b * mx + a * my), mirror: from.mirror };
}

/** Reference stars in square cells, for nearest neighbours within a radius. */
class NeighbourGrid {
  readonly density: number;
  private readonly cells = new Map<number, number[]>();
  private readonly reference: Positions;
  private static readonly SIDE = 24;

  constructor(reference: Positions) {
    this.reference = reference;
    let [x0, x1, y0, y1] = [Infinity, -Infinity, Infinity, -Infinity];
    for (let i = 0; i < reference.length; i++) {
      x0 = Math.min(x0, reference.x[i]);
      x1 = Math.max(x1, reference.x[i]);
      y0 = Math.min(y0, reference.y[i]);
      y1 = Math.max(y1, reference.y[i]);
      const key = this.key(Math.floor(reference.x[i] / NeighbourGrid.SIDE), Math.floor(reference.y[i] / NeighbourGrid.SIDE));
      const list = this.cells.get(key);
      if (list) list.push(i);
      else this.cells.set(key, [i]);
    }
    this.density = reference.length / Math.max(1, (x1 - x0) * (y1 - y0));
  }

  private key(cx: number, cy: number): number {
    return cx * 1_000_003 + cy;
  }

  /** One-to-one matches, nearest first come: a reference star taken by a closer frame star is not given again. */
  match(frame: Positions, transform: Transform, radius: number): [reference: number, frame: number][] {
    const found: { i: number; j: number; d: number }[] = [];
    for (let j = 0; j < frame.length; j++) {
      const [x, y] = apply(transform, frame.x[j], frame.y[j]);
      const cx = Math.floor(x / NeighbourGrid.SIDE);
      const cy = Math.floor(y / NeighbourGrid.SIDE);
      let best = -1;
      let least = radius * radius;
      for (let u = cx - 1; u <= cx + 1; u++) {
        for (let v = cy - 1; v <= cy + 1; v++) {
          for (const i of this.cells.get(this.key(u, v)) ?? []) {
            const d = (this.reference.x[i] - x) ** 2 + (this.reference.y[i] - y) ** 2;
            if (d <= least) {
              least = d;
              best = i;
            }
          }
        }
      }
      if (best >= 0) found.push({ i: best, j, d: least });
    }
    found.sort((p, q) => p.d - q.d);
    const taken = new Set<number>();
    const pairs: [number, number][] = [];
    for (const { i, j } of found) {
      if (taken.has(i)) continue;
      taken.add(i);
      pairs.push([i, j]);
    }
    return pairs;
  }
}
