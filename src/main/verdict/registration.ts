import type { StarList } from "../../shared/domain.ts";
import { NeighbourGrid, type Pairs, type Positions, type Transform } from "./neighbour-grid.ts";
import { shiftByVotes } from "./shift-votes.ts";

export interface Registration {
  /** From the frame to the reference. */
  transform: Transform;
  /** Matched stars, in the reference's order. */
  pairs: Pairs;
  /** RMS of matched positions, px. */
  rms: number;
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

/** A star list that many others are matched with: what does not depend on them is found once. */
export class ReferenceField {
  readonly stars: Positions;
  readonly grid: NeighbourGrid;
  #triangles: Triangle[] | null = null;

  constructor(stars: Positions) {
    this.stars = stars;
    this.grid = new NeighbourGrid(stars);
  }

  get triangles(): readonly Triangle[] {
    this.#triangles ??= trianglesOf(this.stars, 1);
    return this.#triangles;
  }
}

/**
 * Finds the shift and rotation between two star lists, both brightest first. Cheap hypotheses first: same orientation and
 * turned by 180 degrees (meridian flip) by voting for a common shift; then any rotation, mirrored or not, by triangles of
 * equal side lengths (after Groth 1986, AJ 91:1244; lengths instead of ratios, because one camera has one scale).
 *
 * Returns null when the lists do not match better than chance.
 */
export function register(reference: ReferenceField, frame: Positions, tolerance = 4): Registration | null {
  const few = Math.min(reference.stars.length, frame.length);
  if (few < 3) return null;
  let best: Registration | null = null;
  for (const half of [1, -1] as const) {
    const start = shiftByVotes(reference.stars, frame, half);
    if (!start) continue;
    const found = refine(reference, frame, start, tolerance);
    if (found && (!best || found.pairs.count > best.pairs.count)) best = found;
    if (best && best.pairs.count >= 0.5 * few) return best;
  }
  for (const mirror of [1, -1] as const) {
    for (const start of turnsByTriangles(reference, frame, mirror, tolerance)) {
      const found = refine(reference, frame, start, tolerance);
      if (found && (!best || found.pairs.count > best.pairs.count)) best = found;
    }
    if (best && best.pairs.count >= 0.3 * few) return best;
  }
  return best;
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
function turnsByTriangles(reference: ReferenceField, frame: Positions, mirror: 1 | -1, tolerance: number): Transform[] {
  const ours = reference.triangles;
  const theirs = trianglesOf(frame, mirror);
  const steps = 360;
  const votes = Array.from({ length: steps }, () => ({ n: 0, transforms: [] as Transform[] }));
  let from = 0;
  for (const mine of ours) {
    while (from < theirs.length && theirs[from].sides[0] < mine.sides[0] - tolerance) from++;
    for (let k = from; k < theirs.length && theirs[k].sides[0] <= mine.sides[0] + tolerance; k++) {
      const other = theirs[k];
      if (Math.abs(other.sides[1] - mine.sides[1]) > tolerance || Math.abs(other.sides[2] - mine.sides[2]) > tolerance) continue;
      const t = throughTwoPoints(reference.stars, frame, mine.stars[1], mine.stars[2], other.stars[1], other.stars[2], mirror);
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
function refine({ stars, grid }: ReferenceField, frame: Positions, start: Transform, tolerance: number): Registration | null {
  let transform = start;
  for (const radius of [24, 10, tolerance, tolerance]) {
    const pairs = grid.match(frame, transform, radius);
    if (pairs.count < 3) return null;
    transform = leastSquares(stars, frame, pairs, transform);
  }
  const { reference, frame: matched, count } = grid.match(frame, transform, tolerance);
  const scale = Math.hypot(transform.a, transform.b);
  if (count < 3 || Math.abs(scale - 1) > 0.03) return null;
  const chance = frame.length * grid.density * Math.PI * tolerance * tolerance;
  const few = Math.min(stars.length, frame.length);
  if (count < Math.max(3, 3 * chance, Math.min(8, 0.3 * few), 0.12 * few)) return null;
  let sum = 0;
  for (let k = 0; k < count; k++) {
    const [x, y] = apply(transform, frame.x[matched[k]], frame.y[matched[k]]);
    sum += (x - stars.x[reference[k]]) ** 2 + (y - stars.y[reference[k]]) ** 2;
  }
  const pairs = { reference: reference.slice(0, count), frame: matched.slice(0, count), count };
  return { transform, pairs, rms: Math.sqrt(sum / count) };
}

/** Similarity transform by least squares (Umeyama 1991, two dimensions in closed form). */
function leastSquares(reference: Positions, frame: Positions, pairs: Pairs, from: Transform): Transform {
  const n = pairs.count;
  let mx = 0;
  let my = 0;
  let rx = 0;
  let ry = 0;
  for (let k = 0; k < n; k++) {
    mx += frame.x[pairs.frame[k]];
    my += frame.y[pairs.frame[k]];
    rx += reference.x[pairs.reference[k]];
    ry += reference.y[pairs.reference[k]];
  }
  mx /= n;
  my *= from.mirror / n;
  rx /= n;
  ry /= n;
  let dot = 0;
  let cross = 0;
  let norm = 0;
  for (let k = 0; k < n; k++) {
    const ux = frame.x[pairs.frame[k]] - mx;
    const uy = frame.y[pairs.frame[k]] * from.mirror - my;
    const vx = reference.x[pairs.reference[k]] - rx;
    const vy = reference.y[pairs.reference[k]] - ry;
    dot += ux * vx + uy * vy;
    cross += ux * vy - uy * vx;
    norm += ux * ux + uy * uy;
  }
  if (norm < 1) return from;
  const a = dot / norm;
  const b = cross / norm;
  return { a, b, dx: rx - (a * mx - b * my), dy: ry - (b * mx + a * my), mirror: from.mirror };
}
