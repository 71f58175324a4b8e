import { expect, it } from "vitest";
import { seeded } from "../../../test/fixtures/analytic-sky.ts";
import { descendingOrder } from "./descending.ts";

it("is the order that comparing gives, equal values as they came", () => {
  const random = seeded(31);
  const values = Float32Array.from({ length: 5000 }, () => Math.round(10 ** (7 * random() - 2)) / 8);
  const expected = Array.from(values, (_, i) => i).sort((a, b) => values[b] - values[a] || a - b);
  expect([...descendingOrder(values)]).toEqual(expected);
});

it("puts what is not above 0 last, and copes with nothing and with infinity", () => {
  const order = descendingOrder(Float32Array.of(-3, 2, Number.NaN, Number.POSITIVE_INFINITY, 0, 1e-30));
  expect([...order]).toEqual([3, 1, 5, 0, 2, 4]);
  expect(descendingOrder(new Float32Array(0))).toHaveLength(0);
});
