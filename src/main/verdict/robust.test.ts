import { expect, test } from "vitest";
import { randomOf } from "../../../test/fixtures/measured-night.ts";
import { median, quantile, quantileInPlace, spread, spreadInPlace } from "./robust.ts";

/** Type 7 of Hyndman & Fan by sorting everything. */
function bySorting(values: readonly number[], q: number): number {
  const sorted = values.filter(Number.isFinite).sort((a, b) => a - b);
  const position = (sorted.length - 1) * q;
  const low = Math.floor(position);
  return sorted[low] + (sorted[Math.min(sorted.length - 1, low + 1)] - sorted[low]) * (position - low);
}

const { uniform, normal } = randomOf(17);
const inputs: [string, number[]][] = [
  ...[1, 2, 3, 12, 13, 14, 48, 500, 3001].map((n): [string, number[]] => [`${n} random`, Array.from({ length: n }, normal)]),
  ["ascending", Array.from({ length: 777 }, (_, i) => i)],
  ["descending", Array.from({ length: 777 }, (_, i) => 5 - i)],
  ["up and down", Array.from({ length: 778 }, (_, i) => Math.min(i, 777 - i))],
  ["all alike", new Array<number>(900).fill(4)],
  ["few values", Array.from({ length: 1000 }, () => Math.floor(4 * uniform()))],
  ["gaps", Array.from({ length: 300 }, (_, i) => (i % 3 === 0 ? Number.NaN : i % 7 === 0 ? Number.POSITIVE_INFINITY : uniform()))],
];

test.each(inputs)("quantiles of %s are those of the sorted values", (_, values) => {
  const before = [...values];
  for (const q of [0, 0.02, 0.25, 0.5, 0.7, 0.75, 0.999, 1]) expect(quantile(values, q)).toBe(bySorting(values, q));
  expect(values).toEqual(before);
  const centre = median(values) ?? Number.NaN;
  const deviation = bySorting(
    values.map((value) => Math.abs(value - centre)),
    0.5,
  );
  expect(spread(values, centre)).toBe(1.4826 * deviation);
});

test("quantiles in place look at their part only", () => {
  const values = Float64Array.from({ length: 900 }, normal);
  const before = values.slice();
  expect(quantileInPlace(values, 100, 701, 0.3)).toBe(bySorting([...before.subarray(100, 701)], 0.3));
  expect([...values.subarray(0, 100), ...values.subarray(701)]).toEqual([...before.subarray(0, 100), ...before.subarray(701)]);
  expect([...values].sort()).toEqual([...before].sort());
  expect(spreadInPlace(values, 100, 701, 0.1)).toBe(spread(before.subarray(100, 701), 0.1));
});

test("nothing has no median, and no spread", () => {
  expect(median([])).toBeNull();
  expect(quantile([Number.NaN], 0.5)).toBeNull();
  expect(spread([], 0)).toBe(0);
});
