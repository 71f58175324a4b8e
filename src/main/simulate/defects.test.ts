import { describe, expect, it } from "vitest";
import type { FramePlan } from "./frame-plan.ts";
import { planNight } from "./plan.ts";
import { nightSpec } from "./presets.ts";
import { psfTruth } from "./psf-truth.ts";
import { expectedElectrons } from "./render.ts";
import type { DefectSpec, NightSpec } from "./spec.ts";
import { shapeAt } from "./zones.ts";

/** Good frames with one fault over all of them. */
function nightWith(
  fault: Omit<DefectSpec, "from" | "to">,
  change: (spec: NightSpec) => void = () => {},
): { spec: NightSpec; frames: FramePlan[] } {
  const spec = nightSpec("demo", { frames: 12, width: 360, height: 240, defects: [] }, 2);
  spec.telescope = { ...spec.telescope, tilt: [0, 0], coma: 0, curvature: 0 };
  spec.mount = { ...spec.mount, periodicError: 0 };
  spec.defects = [{ ...fault, from: 0, to: 11 }];
  change(spec);
  return { spec, frames: planNight(spec, 5).frames };
}

describe("faults", () => {
  it("of periodic error draw stars out along right ascension, by another length in each frame", () => {
    const { frames } = nightWith({ kind: "periodic-error", strength: 0.7 });
    const lengths = frames.map(({ psf }) => Math.max(...psf.motions[0].map(({ x, y }) => Math.hypot(x, y))));
    expect(Math.max(...lengths)).toBeGreaterThan(1.5 * Math.min(...lengths));
    for (const { truth } of frames.filter((frame) => frame.truth.eccentricity > 0.6)) {
      // The camera stands 12 degrees from east; after the meridian upside down, which a direction does not show.
      const off = Math.abs(((truth.angle - 168 + 270) % 180) - 90);
      expect(off).toBeLessThan(9);
    }
    expect(frames.some((frame) => frame.truth.eccentricity > 0.6)).toBe(true);
  });

  it("of field rotation leave the middle round and draw the corners out around it", () => {
    const { spec, frames } = nightWith({ kind: "rotation", strength: 0.8 });
    const seen = (u: number, v: number) => psfTruth(shapeAt(frames[0].psf, spec.telescope, u, v));
    expect(seen(0, 0).eccentricity).toBeLessThan(0.1);
    const right = seen(0.9, 0);
    const below = seen(0, 0.9);
    expect(right.eccentricity).toBeGreaterThan(0.8);
    expect(Math.abs(right.angle - 90)).toBeLessThan(3);
    expect(Math.min(below.angle, 180 - below.angle)).toBeLessThan(3);
    expect(seen(0.3, 0).eccentricity).toBeLessThan(right.eccentricity);
  });

  it("of cosmic rays put more charge on the sensor and leave the verdict to the stack", () => {
    const many = nightWith({ kind: "cosmic-rays", strength: 1 });
    const usual = nightWith({ kind: "cosmic-rays", strength: 1 }, (spec) => {
      spec.defects = [];
    });
    const charge = ({ spec, frames }: typeof many) =>
      expectedElectrons({ spec, seed: 5, frames, catalogues: planNight(spec, 5).catalogues }, 3).electrons.reduce((a, b) => a + b);
    expect(charge(many)).toBeGreaterThan(charge(usual) + 10_000);
    for (const { truth } of many.frames) expect(truth.label).toBe("clean");
  });

  it("that grow do so evenly from nothing", () => {
    const { frames } = nightWith({ kind: "veil", strength: 0.9, course: "growing" });
    const depths = frames.map(({ truth }) => -2.5 * Math.log10(truth.transparency));
    const full = depths[11];
    depths.forEach((depth, i) => {
      expect(Math.abs(depth - (full * i) / 11)).toBeLessThan(0.2 * full);
    });
  });

  it("that are steady are there from the first frame to the last", () => {
    const { frames } = nightWith({ kind: "focus", strength: 0.6, course: "steady" });
    const blurs = frames.map(({ psf }) => psf.defocus / psf.fwhm);
    expect(Math.max(...blurs) / Math.min(...blurs)).toBeLessThan(1.3);
  });

  it("of an obstruction look as asked", () => {
    const roughness = (look: "tree" | "roof") => {
      const { frames } = nightWith({ kind: "obstruction", strength: 0.8, look });
      return frames[6].effects.map((effect) => (effect.kind === "obstruction" ? effect.roughness : null));
    };
    expect(roughness("roof")).toEqual([0]);
    expect(roughness("tree")[0]).toBeGreaterThan(0.02);
  });
});

describe("usable stars", () => {
  it("become fewer behind a veil and none behind a closed shutter, which is harm by itself", () => {
    const { frames } = nightWith({ kind: "veil", strength: 1, course: "steady" }, (spec) => {
      spec.defects = [
        { kind: "veil", from: 3, to: 5, strength: 1 },
        { kind: "shutter", from: 8, to: 8, strength: 1 },
      ];
    });
    expect(frames[4].truth.stars).toBeLessThan(0.8 * frames[1].truth.stars);
    expect(frames[8].truth.stars).toBe(0);
    const empty = nightWith({ kind: "veil", strength: 0, course: "steady" }, (spec) => {
      spec.defects = [];
      spec.targets[0] = { ...spec.targets[0], starDensity: 0.5, brightStars: [] };
    });
    expect(empty.frames[2].truth.stars).toBeLessThan(4);
    expect(empty.frames[2].truth).toMatchObject({ label: "contaminated", cause: "no-stars" });
  });
});
