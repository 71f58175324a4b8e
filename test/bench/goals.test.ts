import { describe, expect, it } from "vitest";
import { judgeGoals, ratioTo, type Throughput, type ToolResult } from "./goals.ts";

const result = (tool: string, cpu: number[], more: Partial<ToolResult> = {}): ToolResult => ({
  tool,
  frame: "a",
  judged: true,
  fwhm: 3,
  cpu,
  wall: cpu,
  peakMiB: 100,
  score: null,
  fwhmRatio: null,
  hfrRatio: null,
  ...more,
});
const found = (completenessAbove10: number, falseDetections: number, falseOnHotPixels = 0) => ({
  detections: 1000,
  completeness: [0.9, 0.95, 0.99],
  completenessAbove10,
  stars: [100, 100, 100],
  falseDetections,
  falseOnHotPixels,
  centroid: 0.02,
  origin: null,
});
const GOOD: Throughput = {
  frames: 300,
  failed: 0,
  wall: 18,
  cpuPerFrame: 0.1,
  perMinute: 1000,
  firstResult: 0.4,
  peakMiB: 400,
  early: 390,
  late: 395,
};

describe("judgeGoals", () => {
  const metOf = (results: ToolResult[], throughput: Throughput | null, name: RegExp) =>
    judgeGoals(results, throughput, throughput, null).find((goal) => name.test(goal.name))?.met;

  it("compares the fastest repeats frame by frame and takes the median over the frames", () => {
    const frames = [0.05, 0.06, 0.1].flatMap((own, i) => [
      result("nebulift core", [own, 3 * own], { frame: `f${i}` }),
      result("sep", [5, 0.9], { frame: `f${i}` }),
    ]);
    expect(ratioTo(frames, "sep", "nebulift core")).toBeCloseTo(15, 6);
    expect(ratioTo(frames, "siril", "nebulift core")).toBeNull();
  });

  it("says met, missed and not run apart", () => {
    const own = [result("nebulift core", [0.05]), result("nebulift measure", [0.06], { score: found(0.95, 20), fwhmRatio: 1.01 })];
    const peers = [result("sep", [0.8]), result("source-extractor", [0.7], { score: found(0.953, 110) })];
    const all = [...own, ...peers];
    expect(metOf(all, GOOD, /than sep/)).toBe(true);
    expect(metOf(all, GOOD, /than source-extractor/)).toBe(false);
    expect(metOf(all, GOOD, /than siril/)).toBeNull();
    expect(metOf(all, GOOD, /completeness/)).toBe(true);
    expect(metOf(all, GOOD, /false detections/)).toBe(true);
    expect(metOf(all, GOOD, /bias/)).toBe(true);
    expect(metOf(all, GOOD, /900/)).toBe(true);
    expect(metOf(all, { ...GOOD, failed: 1 }, /900/)).toBe(false);
    expect(metOf(all, { ...GOOD, late: 480 }, /flat/)).toBe(false);
    expect(metOf(all, null, /900/)).toBeNull();
    const worse = [own[0], { ...own[1], score: found(0.94, 30) }, ...peers];
    expect(metOf(worse, GOOD, /completeness/)).toBe(false);
    expect(metOf(worse, GOOD, /false detections/)).toBe(false);
  });

  it("holds the pace of judging against JSON of the same numbers", () => {
    const met = (first: number, again: number) =>
      judgeGoals([], null, null, { frames: 1000, first, again, json: 2 })
        .filter(({ name }) => name.startsWith("judging"))
        .map((goal) => goal.met);
    expect(met(1.9, 0.4)).toEqual([true, true]);
    expect(met(2.1, 0.6)).toEqual([false, false]);
    const unknown = judgeGoals([], null, null, null).filter(({ name }) => name.startsWith("judging"));
    expect(unknown.map((goal) => goal.met)).toEqual([null, null]);
  });
});
