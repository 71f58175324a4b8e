import { expect, test } from "vitest";
import { gradedFrame, gradedReport } from "../../../test/fixtures/graded-night.ts";
import { titledGroups } from "./group-title.ts";

test("groups are named by what people call them, and told apart by when they began", () => {
  const frames = [
    gradedFrame(3, { group: "a" }),
    gradedFrame(1, { group: "a" }),
    gradedFrame(30, { group: "b" }),
    gradedFrame(2, { group: "c", metadata: { format: "fits", width: 1, height: 1, planes: 1 } }),
    gradedFrame(9, { group: null }),
  ];
  const groups = titledGroups(gradedReport(frames));
  expect(groups.map(({ title }) => title)).toEqual([
    "M31 · L · 300 s · from 2026-09-15 20:05",
    "M31 · L · 300 s · from 2026-09-15 22:35",
    "no object · no filter",
  ]);
  expect(groups[0].frames).toEqual([frames[1], frames[0]]);
});

test("groups that began at the same time are told apart by their ids", () => {
  const titles = titledGroups(gradedReport([gradedFrame(0, { group: "gain 0" }), gradedFrame(0, { group: "gain 100" })])).map(
    ({ title }) => title,
  );
  expect(new Set(titles).size).toBe(2);
});
