import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { acrossFrame, type SkyRecipe, type SkyTrail, seeded, trailSky } from "../../../test/fixtures/trail-sky.ts";
import type { Trail } from "../../shared/domain.ts";
import { trailMask } from "../../shared/trail-mask.ts";
import { Kernels } from "./kernels/kernels.ts";
import { prepareFrame } from "./prepare.ts";
import { findTrails } from "./trails.ts";

const kernels = Kernels.load();
const width = 1600;
const height = 1200;

function find(recipe: Partial<SkyRecipe>): Trail[] {
  const frame = prepareFrame(kernels, trailSky({ width, height, seed: 1, stars: 600, ...recipe }), { saturation: null, bitDepth: null });
  return findTrails(frame);
}

/** Largest distance of the found ends from the true ones, px. */
function endError(found: Trail, truth: SkyTrail): number {
  const apart = (a: [number, number], b: [number, number]) => Math.hypot(a[0] - b[0], a[1] - b[1]);
  return Math.min(
    Math.max(apart(found.from, truth.from), apart(found.to, truth.to)),
    Math.max(apart(found.from, truth.to), apart(found.to, truth.from)),
  );
}

function across(degrees: number, x = width / 2, y = height / 2): Pick<SkyTrail, "from" | "to"> {
  const [from, to] = acrossFrame(width, height, degrees, x, y);
  return { from, to };
}

describe("trails across the frame", () => {
  it.each([0.7, 17, 44, 45, 46, 73, 89.2, 91, 118, 135, 152, 179])("are found at %f degrees with both ends", (degrees) => {
    const trail = { ...across(degrees, 700, 500), width: 3, peak: 1 };
    const found = find({ seed: Math.round(degrees), trails: [trail] });
    expect(found).toHaveLength(1);
    expect(endError(found[0], trail)).toBeLessThan(5);
    expect(found[0].width).toBeGreaterThan(2.6);
    expect(found[0].width).toBeLessThan(3.4);
    expect(found[0].peakSigma).toBeGreaterThan(0.85);
    expect(found[0].peakSigma).toBeLessThan(1.15);
  });

  it("are found exactly along rows and columns, unlike hot columns", () => {
    for (const trail of [
      { from: [0, 431] as [number, number], to: [1599, 431] as [number, number], width: 3, peak: 2 },
      { from: [902, 0] as [number, number], to: [902, 1199] as [number, number], width: 3, peak: 2 },
    ]) {
      const found = find({ seed: 3, trails: [trail] });
      expect(found).toHaveLength(1);
      expect(endError(found[0], trail)).toBeLessThan(5);
    }
    expect(find({ seed: 4, badColumns: 6 })).toEqual([]);
  });

  it.each([
    [1.5, 1],
    [6, 0.5],
    [14, 0.5],
    [30, 0.4],
    [4, 10],
    [4, 50],
  ])("are measured at width %f px and %f sigma", (fwhm, peak) => {
    const trail = { ...across(28), width: fwhm, peak };
    const found = find({ seed: 11, trails: [trail] });
    expect(found).toHaveLength(1);
    expect(found[0].width / fwhm).toBeGreaterThan(0.85);
    expect(found[0].width / fwhm).toBeLessThan(1.15);
    expect(found[0].peakSigma / peak).toBeGreaterThan(0.85);
    expect(found[0].peakSigma / peak).toBeLessThan(1.15);
    // 25 ADU of noise is the fixture's default.
    expect(found[0].peak / found[0].peakSigma).toBeGreaterThan(22);
    expect(found[0].peak / found[0].peakSigma).toBeLessThan(28);
    const length = Math.hypot(trail.to[0] - trail.from[0], trail.to[1] - trail.from[1]);
    expect((found[0].area * width * height) / (length * fwhm)).toBeGreaterThan(0.8);
    expect((found[0].area * width * height) / (length * fwhm)).toBeLessThan(1.2);
  });

  it("are found at a fifth of the noise per pixel", () => {
    const seeds = [2, 4, 6, 7];
    const found = seeds.filter((seed) => {
      const trail = { ...across(20 + 9 * seed), width: 4, peak: 0.2 };
      return find({ seed, trails: [trail] }).length === 1;
    });
    expect(found.length).toBeGreaterThanOrEqual(3);
  });
});

describe("faint trails over a third of the frame", () => {
  /** 0.3 sigma over 667 px: 12 to 15 sigma in all for a filter that knew where to look. */
  const third = (seed: number): Pick<SkyTrail, "from" | "to"> => {
    const turn = (37 * seed * Math.PI) / 180;
    const [x, y] = [650 + 40 * seed, 500 + 20 * seed];
    const [dx, dy] = [333 * Math.cos(turn), 333 * Math.sin(turn)];
    return { from: [x - dx, y - dy], to: [x + dx, y + dy] };
  };

  it.each([3.5, 5])("are found at 0.3 sigma and %f px", (fwhm) => {
    const errors: number[] = [];
    for (let seed = 1; seed <= 8; seed++) {
      const trail = { ...third(seed), width: fwhm, peak: 0.3 };
      const found = find({ seed: 300 + seed, trails: [trail] });
      if (found.length === 1) errors.push(endError(found[0], trail));
    }
    expect(errors.length).toBeGreaterThanOrEqual(7);
    // How well ends can be known at all is the test of trailEnds; here, that the path leads to them.
    expect(errors.sort((p, q) => p - q)[errors.length >> 1]).toBeLessThan(80);
  });

  it("reach the border where nothing says that they end", () => {
    const errors = [12, 34, 56, 78, 123, 151].map((degrees) => {
      const trail = { ...across(degrees, 760, 560), width: 3, peak: 0.3 };
      const found = find({ seed: degrees, trails: [trail] });
      return found.length === 1 ? endError(found[0], trail) : Infinity;
    });
    expect(errors.filter((error) => error < 20).length).toBeGreaterThanOrEqual(5);
  });
});

describe("trails that begin, end, flash, bend or come in numbers", () => {
  it.each([
    [
      [400, 300],
      [900, 640],
    ],
    [
      [1599, 200],
      [1050, 700],
    ],
    [
      [200, 1000],
      [560, 480],
    ],
  ] as [[number, number], [number, number]][])("are found from %j to %j", (from, to) => {
    const trail = { from, to, width: 3, peak: 3 };
    const found = find({ seed: 21, trails: [trail] });
    expect(found).toHaveLength(1);
    expect(endError(found[0], trail)).toBeLessThan(20);
  });

  it("are one trail when they flash", () => {
    const trail: SkyTrail = { ...across(33), width: 5, peak: 6, dash: [40, 70] };
    const found = find({ seed: 22, trails: [trail] });
    expect(found).toHaveLength(1);
    // The last dark gap may hide an end.
    expect(endError(found[0], trail)).toBeLessThan(75);
    expect(found[0].peakSigma).toBeGreaterThan(4.5);
  });

  it.each([5, 28, 81, 100])("are found when they flash on a colour sensor, at %f degrees", (degrees) => {
    const trail: SkyTrail = { ...across(degrees, 700, 640), width: 4, peak: 5, dash: [60, 110] };
    const sky = {
      ...trailSky({ width, height, seed: 60 + degrees, stars: 600, trails: [trail] }),
      cfa: { side: 2 as const, colours: "RGGB" },
    };
    const found = findTrails(prepareFrame(kernels, sky, { saturation: null, bitDepth: null }));
    expect(found).toHaveLength(1);
    expect(endError(found[0], trail)).toBeLessThan(130);
  });

  it("are found though slightly bent", () => {
    const trail: SkyTrail = { from: [60, 200], to: [1540, 800], width: 3, peak: 2, sag: 5 };
    const found = find({ seed: 23, trails: [trail] });
    expect(found).toHaveLength(1);
    expect(endError(found[0], trail)).toBeLessThan(20);
    expect(found[0].width).toBeLessThan(4.5);
  });

  it("are all found, crossing and parallel, faint beside bright", () => {
    const trails: SkyTrail[] = [
      { ...across(30, 800, 400), width: 3, peak: 20 },
      { ...across(30, 800, 480), width: 3, peak: 1 },
      { ...across(120, 700, 600), width: 4, peak: 2 },
      { ...across(70, 1100, 600), width: 8, peak: 0.8 },
    ];
    const found = find({ seed: 24, trails });
    expect(found).toHaveLength(4);
    for (const trail of trails) expect(Math.min(...found.map((one) => endError(one, trail)))).toBeLessThan(20);
  });
});

describe("a train of satellites", () => {
  it("is found one by one", () => {
    const trails = Array.from({ length: 9 }, (_, n): SkyTrail => ({ ...across(52, 500 + 70 * n, 600 + 5 * n), width: 3, peak: 3 }));
    const found = find({ seed: 25, trails });
    for (const trail of trails) expect(Math.min(...found.map((one) => endError(one, trail)))).toBeLessThan(20);
    expect(found).toHaveLength(9);
  });
});

describe("spikes of several stars on one line", () => {
  // In the first they looked like flashes; in the second the likeliest ends of them all left out the first;
  // the third lit three quarters of its length.
  it.each([91022, 99012, 120013])("are no trail that flashes (%i)", (seed) => {
    const random = seeded(seed * 7919);
    expect(find({ seed, stars: 1500, spikes: 1 + Math.floor(5 * random()), fwhm: 2 + 3 * random() })).toEqual([]);
  });
});

describe("frames without a trail", () => {
  const skies: [string, (random: () => number) => Partial<SkyRecipe>][] = [
    ["stars", (r) => ({ stars: Math.round(60 * 80 ** r()), fwhm: 1.6 + 5 * r() })],
    ["a dense field", (r) => ({ stars: 6000 + 6000 * r() })],
    ["a gradient", (r) => ({ stars: 900, gradient: [200 * (r() - 0.5), 200 * (r() - 0.5)] })],
    ["a nebula with filaments", (r) => ({ stars: 600, nebula: 3 * 100 ** r() })],
    ["clouds", (r) => ({ stars: 300, cloud: 3 * 60 ** r() })],
    ["diffraction spikes", (r) => ({ stars: 900, spikes: 1 + Math.floor(4 * r()) })],
    ["edge-on galaxies", (r) => ({ stars: 500, galaxies: 1 + Math.floor(3 * r()) })],
    ["bad columns and banding", (r) => ({ stars: 900, badColumns: Math.floor(6 * r()), banding: 0.3 * r() })],
    ["a turned border", (r) => ({ stars: 900, border: 10 + 80 * r(), gradient: [50 * r(), 0] })],
    ["drifting stars", (r) => ({ stars: 200 + 1500 * r(), drift: [6 + 90 * r(), 180 * r()] })],
  ];
  it.each(skies)("show none: %s", (_name, sky) => {
    for (let seed = 101; seed < 104; seed++) expect(find({ seed, ...sky(seeded(seed)) })).toEqual([]);
  });

  it("show none when they are tiny, flat or empty", () => {
    for (const [w, h] of [
      [1, 1],
      [65, 85],
      [40, 3],
      [300, 20],
    ]) {
      expect(find({ width: w, height: h, stars: 5 })).toEqual([]);
    }
    expect(find({ noise: 0, stars: 0 })).toEqual([]);
  });
});

describe("the mask of trails", () => {
  it("covers a trail to its ends and nothing far from it", () => {
    const masked = trailMask([{ from: [100, 100], to: [300, 200], width: 4, peakSigma: 5, peak: 100, significance: 50, area: 0.01 }], 3);
    expect(masked(200, 150)).toBe(true);
    expect(masked(203, 154)).toBe(true);
    expect(masked(200, 165)).toBe(false);
    expect(masked(340, 220)).toBe(false);
    expect(masked(60, 80)).toBe(false);
    expect(trailMask([])(10, 10)).toBe(false);
  });
});

const frames = resolve(process.env["NEBULIFT_FRAMES"] ?? "../shared/frames");
const present = existsSync(join(frames, "labels.csv"));
if (!present) console.info(`real frames are not at ${frames}: their trails are not checked`);

describe.skipIf(!present)("real frames", () => {
  const look = async (path: string) => {
    const { openFrame } = await import("../formats/index.ts");
    const file = await openFrame(join(frames, path));
    try {
      await file.prepare();
      return findTrails(prepareFrame(kernels, file, file.metadata));
    } finally {
      file.close();
    }
  };

  it.each([
    ["astride-streaks/astride/datasets/samples/long.fits", 300, 330],
    ["derived/injected-trails/inj09_Light_M_94_10.0s_IRCUT_20250327-014525.fit", 1050, 1300],
    ["derived/injected-trails/inj10_Light_M_94_10.0s_IRCUT_20250327-014536.fit", 1850, 2050],
    ["derived/injected-trails/inj14_Light_M_94_10.0s_IRCUT_20250326-212300.fit", 1100, 1320],
  ])("show the trail of %s", async (path, shortest, longest) => {
    const trails = await look(path);
    expect(trails).toHaveLength(1);
    const length = Math.hypot(trails[0].to[0] - trails[0].from[0], trails[0].to[1] - trails[0].from[1]);
    expect(length).toBeGreaterThan(shortest);
    expect(length).toBeLessThan(longest);
  });

  it("show none where there is none", async () => {
    const { readFileSync } = await import("node:fs");
    const rows = readFileSync(join(frames, "labels.csv"), "utf8").split("\n").slice(1);
    const bad: string[] = [];
    let seen = 0;
    for (const row of rows) {
      const [path, label = ""] = row.split(",");
      if (!/^(clean|tracked-out|defocused|dimmed|soft)/.test(label) || !/\.fits?$/i.test(path)) continue;
      seen++;
      if ((await look(path)).length > 0) bad.push(path);
    }
    expect(seen).toBeGreaterThan(50);
    expect(bad).toEqual([]);
  });
});
