import { expect, test } from "vitest";
import { randomOf } from "../../../test/fixtures/measured-night.ts";
import type { Positions } from "./neighbour-grid.ts";
import { shiftByVotes } from "./shift-votes.ts";

const { uniform } = randomOf(5);
const scattered = (count: number): [number, number][] => Array.from({ length: count }, () => [9000 * uniform(), 6000 * uniform()]);
const listOf = (stars: readonly [number, number][]): Positions => ({
  x: Float32Array.from(stars, ([x]) => x),
  y: Float32Array.from(stars, ([, y]) => y),
  length: stars.length,
});

const common = scattered(15);
const reference = listOf([...common, ...scattered(40)]);

test.each([
  [0, 0],
  [137.5, -2048.25],
  [-4000, 3],
])("finds a shift of %d, %d among stars that are not common", (dx, dy) => {
  const moved = common.map(([x, y]): [number, number] => [x - dx, y - dy]);
  const found = shiftByVotes(reference, listOf([...scattered(20), ...moved, ...scattered(30)]), 1);
  expect(Math.hypot((found?.dx ?? 0) - dx, (found?.dy ?? 0) - dy)).toBeLessThan(6);
  expect(found).toMatchObject({ a: 1, b: 0, mirror: 1 });
});

test("finds a half turn", () => {
  const turned = common.map(([x, y]): [number, number] => [9000 - x, 6000 - y]);
  const found = shiftByVotes(reference, listOf([...scattered(10), ...turned]), -1);
  expect(Math.hypot((found?.dx ?? 0) - 9000, (found?.dy ?? 0) - 6000)).toBeLessThan(6);
});

test("a list serves after another has voted, and in any order", () => {
  const frame = listOf([...common, ...scattered(25)]);
  const before = shiftByVotes(reference, frame, 1);
  shiftByVotes(listOf(scattered(40)), listOf(scattered(40)), -1);
  expect(shiftByVotes(reference, frame, 1)).toEqual(before);
});

test("too few stars, or positions that are none, agree on nothing", () => {
  expect(shiftByVotes(reference, listOf(common.slice(0, 2)), 1)).toBeNull();
  expect(shiftByVotes(listOf([]), reference, 1)).toBeNull();
  const wild = listOf(Array.from({ length: 40 }, (): [number, number] => [Number.NaN, Number.POSITIVE_INFINITY]));
  expect(shiftByVotes(reference, wild, 1)).toBeNull();
  const far = listOf(common.map(([x, y]): [number, number] => [x + 1e30, y]));
  expect(shiftByVotes(reference, far, 1)).toBeNull();
});
