import { describe, expect, it } from "vitest";
import { rightAscensionAt } from "./almanac.ts";
import type { FramePlan } from "./frame-plan.ts";
import { LIMITS } from "./label.ts";
import { planNight } from "./plan.ts";
import { nightSpec } from "./presets.ts";
import type { DefectKind } from "./spec.ts";

/** Twenty-four frames, of which the last `strengths.length` carry one fault each in growing strength. */
function nightOf(kind: DefectKind, strengths: readonly number[], frames = 24): FramePlan[] {
  const spec = nightSpec("demo", { frames, width: 640, height: 480, defects: [] }, 2);
  spec.weather = { ...spec.weather, seeingScatter: 0.01 };
  spec.mount = { ...spec.mount, periodicError: 0.05 };
  spec.telescope = { ...spec.telescope, tilt: [0, 0], coma: 0 };
  const first = frames - strengths.length;
  spec.defects = strengths.map((strength, i) => ({ kind, from: first + i, to: first + i, strength }));
  return planNight(spec, 5).frames;
}

const LADDER = [0.02, 0.1, 0.2, 0.3, 0.4, 0.5, 0.55, 0.6, 0.65, 0.7, 0.8, 0.9, 1];

describe("labels", () => {
  it.each([
    ["cloud", "clouds"],
    ["veil", "veil"],
    ["dew", "veil"],
    ["obstruction", "obstruction"],
    ["focus", "focus"],
    ["tracking", "tracking"],
    ["wind", "tracking"],
    ["periodic-error", "tracking"],
    ["rotation", "tracking"],
    ["jump", "tracking"],
    ["stray-light", "stray-light"],
    ["overexposed", "overexposed"],
    ["sensor-fault", "sensor-fault"],
    ["off-target", "off-target"],
  ] as const)("go from clean to contaminated as %s grows, and name it %s", (kind, cause) => {
    const frames = nightOf(kind, LADDER).slice(-LADDER.length);
    expect(frames[0].truth.label).toBe("clean");
    // Gusts differ from frame to frame, so the strongest few stand for "gross".
    const gross = frames.slice(-4).map((frame) => frame.truth);
    const worst = gross.reduce((a, b) => (b.severity > a.severity ? b : a));
    expect(worst.label).toBe("contaminated");
    expect(worst.harms.filter((harm) => harm.ratio > 1.1).map((harm) => harm.cause)).toContain(cause);
    expect(worst.cause).toBe(cause);
  });

  it("call a frame without faults clean", () => {
    for (const frame of nightOf("veil", LADDER).slice(0, 24 - LADDER.length)) expect(frame.truth.label).toBe("clean");
  });

  it("follow the limits of transparency, with a border of 10 % on either side", () => {
    const seen = new Set<string>();
    for (let step = 0; step < 4; step++) {
      const strengths = Array.from({ length: 13 }, (_, i) => 0.35 + 0.5 * ((i + step / 4) / 13));
      for (const { truth } of nightOf("veil", strengths).slice(-13)) {
        const cells = truth.cells.toSorted((a, b) => a - b);
        const worst = Math.min(truth.transparency / LIMITS.transparency, cells[4] / LIMITS.cellTransparency, truth.weight / LIMITS.weight);
        seen.add(truth.label);
        if (worst < 0.899) expect(truth.label).toBe("contaminated");
        else if (Math.min(worst, cells[3] / LIMITS.cellTransparency) < 1.099) expect(truth.label).toBe("borderline");
        else expect(truth.label).toBe("clean");
      }
    }
    expect([...seen].sort()).toEqual(["borderline", "clean", "contaminated"]);
  });

  it("follow the limit of FWHM against the group", () => {
    const strengths = Array.from({ length: 12 }, (_, i) => 0.02 + 0.04 * i);
    const frames = nightOf("focus", strengths);
    const good = frames
      .slice(0, 12)
      .map((frame) => frame.truth.fwhm)
      .sort((a, b) => a - b);
    const median = (good[5] + good[6]) / 2;
    for (const { truth } of frames.slice(12)) {
      const ratio = truth.fwhm / median / LIMITS.fwhm;
      if (ratio > 1.13) expect(truth.label).toBe("contaminated");
      if (ratio < 0.87 && truth.weight > 0.6) expect(truth.label).toBe("clean");
    }
  });

  it("leave a trail to the stack where there is one to reject it", () => {
    const many = nightOf("satellite", [0.5]);
    expect(many[23].truth).toMatchObject({ label: "clean", cause: "trail" });
    const few = nightOf("satellite", [0.6], 6);
    expect(few[5].truth).toMatchObject({ label: "contaminated", cause: "trail" });
    const aeroplane = nightOf("aeroplane", [1]);
    expect(aeroplane[23].truth).toMatchObject({ label: "contaminated", cause: "trail" });
  });

  it("leave it open whether a frame among few is worse than its neighbours, and not what needs no neighbours", () => {
    const veiled = nightOf("veil", [0.9], 6)[5].truth;
    expect(veiled.harms[0].ratio).toBeGreaterThan(1.2);
    expect(veiled.label).toBe("borderline");
    expect(nightOf("veil", [0.9], 9)[8].truth.label).toBe("contaminated");
    expect(nightOf("tracking", [1], 6)[5].truth.label).toBe("contaminated");
    expect(nightOf("overexposed", [1], 6)[5].truth.label).toBe("contaminated");
  });

  it("have trails run through the frame between points on or in it", () => {
    const frames = [0.2, 0.5, 0.9].flatMap((strength) =>
      nightOf(
        "satellite",
        Array.from({ length: 12 }, () => strength),
      ),
    );
    const trails = frames.flatMap((frame) => frame.trails);
    expect(trails.length).toBeGreaterThan(30);
    for (const { from, to } of trails) {
      for (const [x, y] of [from, to]) {
        expect(x).toBeGreaterThanOrEqual(-1e-6);
        expect(x).toBeLessThanOrEqual(639 + 1e-6);
        expect(y).toBeGreaterThanOrEqual(-1e-6);
        expect(y).toBeLessThanOrEqual(479 + 1e-6);
      }
      expect(Math.hypot(to[0] - from[0], to[1] - from[1])).toBeGreaterThan(70);
    }
  });
});

describe("random nights", () => {
  it("hold clean and contaminated frames, in all sorts of equipment, with finite truth", () => {
    const labels = { clean: 0, contaminated: 0, borderline: 0 };
    const scales = new Set<number>();
    for (let seed = 100; seed < 112; seed++) {
      const spec = nightSpec("random", { frames: 20, width: 400, height: 300 }, seed);
      scales.add(spec.telescope.focalLength);
      for (const { truth } of planNight(spec, seed).frames) {
        labels[truth.label]++;
        for (const value of [truth.fwhm, truth.eccentricity, truth.sky, truth.weight, truth.severity, truth.gradient, ...truth.cells]) {
          expect(Number.isFinite(value)).toBe(true);
        }
      }
    }
    expect(labels.clean).toBeGreaterThan(60);
    expect(labels.contaminated).toBeGreaterThan(30);
    expect(scales.size).toBeGreaterThan(3);
  });
});

describe("groups", () => {
  /** Frames of 300 s on a target that crosses the meridian `hours` after the first. */
  function night(hours: number, blocks: { filter: "L" | "R"; count: number }[]): FramePlan[] {
    const spec = nightSpec("demo", { frames: 10, width: 320, height: 240, defects: [] }, 3);
    spec.targets[0].rightAscension = rightAscensionAt(spec.site, spec.start, -hours);
    spec.sequence = blocks.map(({ filter, count }) => ({ target: 0, filter, exposure: 300, count }));
    return planNight(spec, 3).frames;
  }

  it("go on through a meridian flip", () => {
    const frames = night(0.5, [{ filter: "L", count: 12 }]);
    expect(new Set(frames.map((frame) => frame.pierSide)).size).toBe(2);
    expect(new Set(frames.map((frame) => frame.group)).size).toBe(1);
  });

  it("end with a pause of over an hour when the telescope has changed sides", () => {
    const blocks = [
      { filter: "L", count: 3 },
      { filter: "R", count: 14 },
      { filter: "L", count: 3 },
    ] as const;
    const groupsOfL = (frames: FramePlan[]) => new Set(frames.filter((frame) => frame.filter === "L").map((frame) => frame.group)).size;
    expect(groupsOfL(night(0.8, [...blocks]))).toBe(2);
    expect(groupsOfL(night(4, [...blocks]))).toBe(1);
  });
});
