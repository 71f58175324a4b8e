import { describe, expect, it } from "vitest";
import { planNight } from "./plan.ts";
import { nightSpec } from "./presets.ts";
import { keptScenes, lostScenes, SCENE_NAMES, type SceneName, sceneNight, slowScenes, sweepScenes } from "./scenes.ts";

const small = { width: 600, height: 400 };
const framesOf = (name: SceneName, frames: number | null = null) => planNight(sceneNight(name, { ...small, frames }, 7), 7).frames;

describe("scenes", () => {
  it.each(keptScenes)("%s: has nothing wrong in truth", (name) => {
    // Enough for the two fields of four filters to be groups.
    for (const { truth } of framesOf(name, name === "filters" ? 64 : 10)) expect(truth.label).toBe("clean");
  });

  it.each(lostScenes)("%s: is bad from the first frame to the last", (name) => {
    for (const { truth } of framesOf(name, 12)) expect(truth.label).not.toBe("clean");
  });

  it.each(slowScenes)("%s: begins well and ends with at least 33 bad frames, ever worse", (name) => {
    const truths = framesOf(name).map((frame) => frame.truth);
    const quarter = Math.floor(truths.length / 4);
    for (const truth of truths.slice(0, quarter)) expect(truth.label).toBe("clean");
    expect(truths.filter((truth) => truth.label === "contaminated").length).toBeGreaterThanOrEqual(33);
    const loss = (from: number, to: number) => {
      const part = truths.slice(from, to).map(({ cells }) => 1 - cells.reduce((a, b) => a + b) / cells.length);
      return part.reduce((a, b) => a + b) / part.length;
    };
    const thirds = [0, 1, 2].map((third) => loss(quarter + third * 19, quarter + (third + 1) * 19));
    expect(thirds[0]).toBeLessThan(thirds[1]);
    expect(thirds[1]).toBeLessThan(thirds[2]);
  });

  it.each(sweepScenes)("%s: has its fault in every second frame only, from none to gross", (name) => {
    const frames = framesOf(name);
    const faulty = frames.filter((_, i) => i % 2 === 1);
    for (const frame of frames.filter((_, i) => i % 2 === 0)) expect(frame.defects.filter(({ kind }) => kind !== "moonrise")).toEqual([]);
    for (const frame of faulty) expect(frame.defects.length).toBeGreaterThan(0);
    if (name === "sweep-trail") {
      const peaks = faulty.flatMap((frame) => frame.trails.map((trail) => trail.peakSigma));
      expect(Math.min(...peaks)).toBeLessThan(0.25);
      expect(Math.max(...peaks)).toBeGreaterThan(1.5);
    } else {
      const severities = faulty.map((frame) => frame.truth.severity);
      expect(Math.min(...severities)).toBeLessThan(0.9);
      expect(Math.max(...severities)).toBeGreaterThan(1.2);
    }
  });

  it("stand under a dark sky unless the moon is their subject", () => {
    for (const name of SCENE_NAMES) {
      const [first] = framesOf(name, 8);
      const moon = first.defects.find(({ kind }) => kind === "moonrise")?.strength ?? 0;
      if (name === "moonlit") expect(moon).toBeGreaterThan(0.3);
      else expect(moon, name).toBeLessThan(0.1);
    }
  });

  it("are the same for the same seed and others for another", () => {
    expect(sceneNight("dew", small, 3)).toEqual(sceneNight("dew", small, 3));
    expect(sceneNight("dew", small, 4)).not.toEqual(sceneNight("dew", small, 3));
  });
});

describe("nights of any length", () => {
  it("begin somewhere, even where no night is long enough for what was asked", () => {
    for (const frames of [1, 600]) {
      for (let seed = 200; seed < 212; seed++) {
        expect(Number.isFinite(nightSpec("random", { frames, ...small }, seed).start)).toBe(true);
      }
      const moonrise = [{ kind: "moonrise", strength: 0.5 }] as const;
      expect(Number.isFinite(nightSpec("demo", { frames, ...small, defects: [...moonrise] }, 1).start)).toBe(true);
      for (const name of SCENE_NAMES) expect(Number.isFinite(sceneNight(name, { ...small, frames }, 3).start)).toBe(true);
    }
  });
});
