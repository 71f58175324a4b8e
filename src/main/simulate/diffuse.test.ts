import { describe, expect, it } from "vitest";
import { galaxyDensity, galaxyProfile, visibleReach } from "./diffuse.ts";

const galaxy = (sersic: number, axisRatio: number) => ({
  magnitude: 12,
  radius: 20,
  sersic,
  axisRatio,
  angle: 30,
  offset: [0, 0] as [number, number],
});

describe("galaxies", () => {
  it.each([
    [1, 1],
    [1, 0.3],
    [2.5, 0.6],
    [4, 1],
  ])("of Sersic index %f and axis ratio %f hold the light they are given, and end in nothing", (sersic, axisRatio) => {
    const profile = galaxyProfile(galaxy(sersic, axisRatio), 1, 3);
    let flux = 0;
    const step = 0.5;
    for (let y = -profile.reach; y < profile.reach; y += step) {
      for (let x = -profile.reach; x < profile.reach; x += step) {
        const r = Math.hypot(x, y / axisRatio);
        if (r < profile.reach) flux += galaxyDensity(profile, r) * step * step;
      }
    }
    expect(Math.abs(flux - 1)).toBeLessThan(0.02);
    expect(galaxyDensity(profile, profile.reach)).toBe(0);
  });

  it("have half of their light within their effective radius", () => {
    const profile = galaxyProfile(galaxy(1, 1), 1, 0.1);
    let inside = 0;
    for (let r = 0.05; r < 20; r += 0.1) inside += 2 * Math.PI * r * galaxyDensity(profile, r) * 0.1;
    expect(Math.abs(inside - 0.5)).toBeLessThan(0.02);
  });

  it("are drawn as far as they can be seen", () => {
    const profile = galaxyProfile(galaxy(4, 1), 1, 3);
    const reach = visibleReach(profile, 10_000, 0.5);
    expect(10_000 * galaxyDensity(profile, 0.9 * reach)).toBeGreaterThan(0.5);
    expect(10_000 * galaxyDensity(profile, 1.1 * reach)).toBeLessThan(0.5);
  });
});
