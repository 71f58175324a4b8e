import { describe, expect, test } from "vitest";
import { randomOf } from "../../../test/fixtures/measured-night.ts";
import { NeighbourGrid, type Positions, type Transform } from "./neighbour-grid.ts";

function scattered(count: number, seed: number, width: number, height: number): Positions {
  const { uniform } = randomOf(seed);
  const x = Float32Array.from({ length: count }, () => width * uniform() - width / 3);
  const y = Float32Array.from({ length: count }, () => height * uniform() + 50);
  return { x, y, length: count };
}

/** Every star with every other. */
function byAllPairs(reference: Positions, frame: Positions, t: Transform, radius: number): [number, number][] {
  const taker = new Map<number, { j: number; d: number }>();
  for (let j = 0; j < frame.length; j++) {
    const v = frame.y[j] * t.mirror;
    const [x, y] = [t.a * frame.x[j] - t.b * v + t.dx, t.b * frame.x[j] + t.a * v + t.dy];
    let [best, least] = [-1, radius];
    for (let i = 0; i < reference.length; i++) {
      const d = Math.hypot(reference.x[i] - x, reference.y[i] - y);
      if (d <= least) [best, least] = [i, d];
    }
    const other = taker.get(best);
    if (best >= 0 && (!other || least < other.d)) taker.set(best, { j, d: least });
  }
  return [...taker].map(([i, { j }]): [number, number] => [i, j]).sort((p, q) => p[0] - q[0]);
}

const turned: Transform = { a: Math.cos(2), b: Math.sin(2), dx: 300, dy: -120, mirror: -1 };
const shifted: Transform = { a: 1, b: 0, dx: 11, dy: -7, mirror: 1 };

describe.each([
  ["a sparse field", 7, 3000, 2000],
  ["a crowded field", 600, 400, 300],
  ["a strip", 400, 5000, 3],
  ["a point", 20, 0, 0],
])("%s", (_, count, width, height) => {
  const reference = scattered(count, 1, width, height);
  const grid = new NeighbourGrid(reference);
  test.each([0.5, 4, 24, 200])("matches within %d px as all pairs do", (radius) => {
    for (const [frame, transform] of [
      [reference, shifted],
      [scattered(count, 2, width, height), shifted],
      [scattered(count, 3, width, height), turned],
    ] as const) {
      const { reference: i, frame: j, count: pairs } = grid.match(frame, transform, radius);
      const found = Array.from({ length: pairs }, (_, k): [number, number] => [i[k], j[k]]);
      expect(found).toEqual(byAllPairs(reference, frame, transform, radius));
    }
  });
});

test("positions that are none match nothing and break nothing", () => {
  const wild = [Number.NaN, Number.POSITIVE_INFINITY, 3.4e38, -3.4e38, 10, 12];
  const stars: Positions = { x: Float32Array.from(wild), y: Float32Array.from([1, 2, 3, 4, 10, Number.NaN]), length: wild.length };
  const { reference, frame, count } = new NeighbourGrid(stars).match(stars, { ...shifted, dx: 0, dy: 0 }, 4);
  expect(Array.from({ length: count }, (_, k) => [reference[k], frame[k]])).toContainEqual([4, 4]);
  for (let k = 0; k < count; k++) expect(Number.isFinite(stars.x[reference[k]] + stars.y[frame[k]])).toBe(true);
  const nowhere: Positions = { x: [Number.NaN], y: [0], length: 1 };
  expect(new NeighbourGrid(nowhere).match(stars, shifted, 4).count).toBe(0);
  expect(new NeighbourGrid({ x: [], y: [], length: 0 }).match(stars, shifted, 4).count).toBe(0);
});
