import { expect, test } from "vitest";
import type { ReportFrame } from "../../shared/domain.ts";
import type { LabelTruth } from "../../shared/evaluation.ts";
import type { Label } from "./labels.ts";
import { matchLabels } from "./matching.ts";

const frame = (path: string): ReportFrame => ({
  path,
  verdict: "clean",
  probability: 0.001,
  basis: "absolute",
  comparedWith: 0,
  group: null,
  reasons: [],
  measurements: null,
  metadata: null,
  notLight: null,
  warnings: [],
  error: null,
  sortedTo: null,
});
const label = (path: string, truth: LabelTruth = "clean"): Label => ({ path, truth, causes: [], present: [], severity: null });

function match(
  frames: string[],
  labels: Label[],
): { pairs: [string, string][]; withoutLabel: number; withoutFrame: number; ambiguous: number } {
  const { pairs, ...counts } = matchLabels(frames.map(frame), labels);
  return { pairs: pairs.map((pair) => [pair.frame.path, pair.label.path]), ...counts };
}

test("the same path, a bare name, an absolute path, a path from a folder further up or down", () => {
  for (const path of ["lights/a.fits", "a.fits", "/home/me/night/lights/a.fits", "night/lights/a.fits", "./lights/a.fits"])
    expect(match(["lights/a.fits", "lights/b.fits"], [label(path)])).toMatchObject({ pairs: [["lights/a.fits", path]], withoutLabel: 1 });
});

test("the same name in two folders: the folder decides, a bare name is ambiguous", () => {
  const frames = ["L/1.fits", "R/1.fits"];
  expect(match(frames, [label("R/1.fits"), label("L/1.fits")]).pairs).toEqual([
    ["L/1.fits", "L/1.fits"],
    ["R/1.fits", "R/1.fits"],
  ]);
  expect(match(frames, [label("1.fits")])).toMatchObject({ pairs: [], ambiguous: 1, withoutLabel: 2 });
});

test("a label of another folder is not forced onto a frame of the same name", () => {
  expect(match(["friday/1.fits"], [label("saturday/1.fits")])).toMatchObject({ pairs: [], withoutFrame: 1 });
});

test("another case and a missing extension are forgiven; of two frames that differ by case the exact one is meant", () => {
  expect(match(["Lights/A.FIT"], [label("lights/a.fit")]).pairs).toHaveLength(1);
  expect(match(["a.fits"], [label("a")]).pairs).toHaveLength(1);
  expect(match(["a.fits", "A.fits"], [label("A.fits")]).pairs).toEqual([["A.fits", "A.fits"]]);
});

test("labels that contradict one another are left out; the nearer path wins over a bare name", () => {
  expect(match(["a.fits"], [label("a.fits"), label("a.fits", "contaminated")])).toMatchObject({ pairs: [], ambiguous: 1 });
  const nearer = matchLabels([frame("L/a.fits")], [label("a.fits"), label("L/a.fits", "contaminated")]);
  expect(nearer.pairs.map((pair) => pair.label.truth)).toEqual(["contaminated"]);
});
