import { expect, test } from "vitest";
import { minutesOf } from "./plan-minutes.ts";

const summary = {
  clean: 20,
  contaminated: 4,
  review: 1,
  notLight: 3,
  unreadable: 0,
  minutes: { clean: 100, contaminated: 20, review: 5, keptDespiteTrail: 0 },
};

test("a folder that gets all frames of its verdict gets their time", () => {
  expect(minutesOf({ clean: 20, contaminated: 4, review: 1 }, summary)).toEqual({ clean: 100, contaminated: 20, review: 5 });
});

test("no time is told for a folder that gets a part of them", () => {
  expect(minutesOf({ clean: 3, contaminated: 4, review: 0 }, summary)).toEqual({ contaminated: 20 });
  expect(minutesOf({ clean: 20, contaminated: 4, review: 1 }, null)).toEqual({});
});
