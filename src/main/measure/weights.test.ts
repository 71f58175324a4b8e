import { describe, expect, it } from "vitest";
import { F32, normals, preparedSky, type Sky, starField } from "../../../test/fixtures/analytic-sky.ts";
import { Kernels } from "./kernels/kernels.ts";
import { measureLevels } from "./levels.ts";
import { measureNoise } from "./noise.ts";
import { chauvenetKeeps, fluxSums, localSky, measureWeights, psfSignalWeight, psfSnr, snrWeight, winsorised } from "./weights.ts";

const kernels = Kernels.load();

describe("the published formulas", () => {
  it("give what they give by hand", () => {
    // 5.326e-6 x 12.5 x 0.8 / (9.0e6 x 1e-4 x 5e-5) = 5.326e-5 / 4.5e-2.
    expect(psfSignalWeight({ totalFlux: 12.5, totalMeanFlux: 0.8 }, 1e-4, 5e-5)).toBeCloseTo(1.183555556e-3, 12);
    // 1.316e-7 x 156.25 / (4.987e6 x 1e-8) = 2.05625e-5 / 4.987e-2.
    expect(psfSnr({ totalFlux: 12.5, totalMeanFlux: 0.8 }, 1e-4)).toBeCloseTo(4.123220373e-4, 12);
    expect(snrWeight(30, 20)).toBeCloseTo(2.25, 12);
  });

  it("are null, not infinite, without noise or sky", () => {
    expect(psfSignalWeight({ totalFlux: 1, totalMeanFlux: 1 }, 0, 1)).toBeNull();
    expect(psfSnr({ totalFlux: 1, totalMeanFlux: 1 }, 0)).toBeNull();
    expect(snrWeight(0, 0)).toBeNull();
  });
});

describe("the sums over stars", () => {
  it("take the light and the area within a tenth of a Moffat's maximum", () => {
    // beta 4: FWTM = FWHM sqrt((10^.25 - 1) / (2^.25 - 1)) = 2.0279653 FWHM, light within 1 - 10^-.75 = 0.8221721.
    const sums = fluxSums({ flux: [65535], fwhm: [3], beta: 4 }, 65535);
    expect(sums?.totalFlux).toBeCloseTo(0.822172059, 8);
    const tenth = 3 * Math.sqrt((10 ** 0.25 - 1) / (2 ** 0.25 - 1));
    expect(sums?.totalMeanFlux).toBeCloseTo(0.822172059 / ((Math.PI / 4) * tenth ** 2), 8);
  });

  it("agree with the profile summed numerically", () => {
    const [beta, fwhm] = [2.7, 4];
    const alpha = fwhm / (2 * Math.sqrt(2 ** (1 / beta) - 1));
    const profile = (r2: number) => (1 + r2 / alpha ** 2) ** -beta;
    let within = 0;
    let area = 0;
    const step = 0.02;
    for (let y = -20; y <= 20; y += step) {
      for (let x = -20; x <= 20; x += step) {
        const p = profile(x * x + y * y);
        if (p >= 0.1) within += p * step * step;
        if (p >= 0.1) area += step * step;
      }
    }
    const total = (Math.PI * alpha ** 2) / (beta - 1);
    const sums = fluxSums({ flux: [total], fwhm: [fwhm], beta }, 1);
    expect((sums?.totalFlux ?? 0) / within).toBeCloseTo(1, 2);
    expect((sums?.totalMeanFlux ?? 0) / (within / area)).toBeCloseTo(1, 2);
  });

  it("leave out what is no star and are null without stars", () => {
    const good = fluxSums({ flux: [1000, 500], fwhm: [3, 3], beta: 4 }, 1);
    expect(fluxSums({ flux: [1000, -5, 500, 100, 100], fwhm: [3, 3, 3, Number.NaN, 0], beta: 4 }, 1)).toEqual(good);
    expect(fluxSums({ flux: [-1], fwhm: [3], beta: 4 }, 1)).toBeNull();
    expect(fluxSums({ flux: [], fwhm: [], beta: 4 }, 1)).toBeNull();
  });
});

describe("robust Chauvenet rejection", () => {
  const normal = normals(5);
  const clean = Array.from({ length: 500 }, () => 10 + normal());

  it("keeps what belongs together and drops what does not", () => {
    const sorted = Float64Array.from([...clean, 40, 55, 300, -20]).sort();
    const [first, end] = chauvenetKeeps(sorted);
    expect(sorted[first]).toBeGreaterThan(5);
    expect(sorted[end - 1]).toBeLessThan(15);
    expect(end - first).toBeGreaterThan(490);
  });

  it("Winsorises to the outermost values kept", () => {
    const result = winsorised([...clean, 300]);
    expect(result).toHaveLength(501);
    expect(Math.max(...result)).toBeLessThan(15);
    expect([...winsorised([7, 7, 7, 7])]).toEqual([7, 7, 7, 7]);
    expect([...winsorised([3])]).toEqual([3]);
  });
});

describe("M* and N*", () => {
  const sky: Sky = { width: 1400, height: 1000, brightness: (x, y) => 1000 + x / 50 - y / 80, noise: 16, seed: 2 };

  it("are median and spread of normal noise below its sky: 0.6745 sigma and sigma", () => {
    for (const stars of [[], starField(1500, 1400, 1000, 500, 4)]) {
      const found = localSky(preparedSky(kernels, { ...sky, stars }));
      expect((found?.mStar ?? 0) / (0.67449 * 16)).toBeCloseTo(1, 1);
      expect((found?.nStar ?? 0) / 16).toBeCloseTo(1, 1);
    }
  });

  it.each([0.9, 1.2, 3])("hold for noise of %f counts, wherever the sky lies between two counts", (noise) => {
    for (const level of [350, 350.25, 350.5, 350.75]) {
      const found = localSky(preparedSky(kernels, { ...sky, width: 640, height: 480, brightness: () => level, noise }));
      const truth = Math.sqrt(noise ** 2 + 1 / 12);
      expect(Math.abs((found?.nStar ?? 0) / truth - 1)).toBeLessThan(noise < 1 ? 0.15 : 0.06);
      expect(Math.abs((found?.mStar ?? 0) / (0.67449 * truth) - 1)).toBeLessThan(noise < 1 ? 0.15 : 0.06);
    }
  });
});

describe("the weights of a frame", () => {
  const stars = { flux: [200_000, 90_000, 40_000, 30_000], fwhm: [3, 3.1, 2.9, 3], beta: 4 };
  const weigh = (sky: Partial<Sky>, scale = 1) => {
    const full: Sky = { width: 1024, height: 768, brightness: () => 1000 * scale, noise: 20 * scale, seed: 6, ...sky };
    const frame = preparedSky(kernels, full, scale === 1 ? undefined : F32);
    const scaled = { ...stars, flux: stars.flux.map((flux) => flux * scale) };
    return measureWeights(frame, scaled, measureLevels(frame), measureNoise(frame).noise, scale === 1 ? [0, 65535] : [0, 1]);
  };

  it("do not depend on whether the data are ADU or 0..1", () => {
    const adu = weigh({});
    const ones = weigh({}, 1 / 65535);
    expect((adu.psfSignalWeight ?? 0) / (ones.psfSignalWeight ?? 1)).toBeCloseTo(1, 1);
    expect((adu.psfSnr ?? 0) / (ones.psfSnr ?? 1)).toBeCloseTo(1, 1);
    expect((adu.snrWeight ?? 0) / (ones.snrWeight ?? 1)).toBeCloseTo(1, 1);
  });

  it("fall with the square of the noise where the light stays", () => {
    const [quiet, loud] = [weigh({}), weigh({ noise: 40 })];
    expect((quiet.psfSnr ?? 0) / (loud.psfSnr ?? 1)).toBeCloseTo(4, 0);
    expect((quiet.psfSignalWeight ?? 0) / (loud.psfSignalWeight ?? 1)).toBeCloseTo(4, 0);
    // Noise alone: (0.7979 sigma / sigma)^2.
    expect(quiet.snrWeight).toBeCloseTo(2 / Math.PI, 1);
  });
});
