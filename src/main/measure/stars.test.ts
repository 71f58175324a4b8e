import { beforeAll, describe, expect, it } from "vitest";
import { gridStars, NO_HINTS, randomStars, renderField, type TrueStar, u16Source } from "../../../test/fixtures/star-field.ts";
import { Kernels } from "./kernels/kernels.ts";
import { measureField, measurePrepared, type StarField } from "./measure.ts";
import { prepareFrame } from "./prepare.ts";
import { measureShape } from "./shape.ts";

const kernels = Kernels.load();

function fieldOf(width: number, height: number, values: ArrayLike<number>, electronsPerAdu: number | null = null): StarField {
  const frame = prepareFrame(kernels, u16Source(width, height, values), NO_HINTS);
  return measureField(frame, { electronsPerAdu }, null);
}

/** For each true star the distance to the nearest found one, and how many found ones lie near no true star. */
function matches(truth: readonly TrueStar[], found: { x: ArrayLike<number>; y: ArrayLike<number> }, within: number) {
  const near = new Set<number>();
  const distances = truth.map((star) => {
    let best = Number.POSITIVE_INFINITY;
    for (let i = 0; i < found.x.length; i++) {
      const d = Math.hypot(found.x[i] - star.x, found.y[i] - star.y);
      if (d < within) near.add(i);
      if (d < best) best = d;
    }
    return best;
  });
  return { distances, strangers: found.x.length - near.size };
}

function median(values: number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1];
}

describe("widths of stars", () => {
  for (const fwhm of [1.5, 2, 2.4, 3, 5, 8, 13]) {
    it(`finds FWHM ${fwhm} px within 2 % and scatters less than 1.5 %`, () => {
      const stars = gridStars(900, 700, 40 + 6 * fwhm, 12_000 * fwhm, 3);
      const { fits } = fieldOf(900, 700, renderField({ width: 900, height: 700, stars, fwhm, readNoise: 10, gain: 1 }));
      const widths = fits.map((fit) => fit.fwhm);
      const middle = median(widths);
      expect(fits.length).toBeGreaterThan(0.7 * stars.length);
      expect(middle / fwhm).toBeGreaterThan(0.98);
      expect(middle / fwhm).toBeLessThan(1.02);
      expect((1.4826 * median(widths.map((w) => Math.abs(w - middle)))) / fwhm).toBeLessThan(0.015);
      expect(median(fits.map((fit) => Math.min(...stars.map((s) => Math.hypot(s.x - fit.x, s.y - fit.y)))))).toBeLessThan(
        Math.max(0.03, 0.006 * fwhm),
      );
    });
  }

  it("gives the half flux radius of the profile within the aperture", () => {
    const [fwhm, beta] = [4, 3.5];
    const stars = gridStars(600, 600, 70, 60_000, 5);
    const field = fieldOf(600, 600, renderField({ width: 600, height: 600, stars, fwhm, beta, readNoise: 5 }));
    // sum(v r) / sum(v) of the Moffat profile out to 2.5 times the FWHM that detection saw, by the midpoint rule.
    const radius = 2.5 * field.detections.fwhm;
    const alpha = fwhm / (2 * Math.sqrt(2 ** (1 / beta) - 1));
    let [arm, light] = [0, 0];
    for (let r = 0.005; r < radius; r += 0.01) {
      const v = (1 + (r / alpha) ** 2) ** -beta * r;
      arm += v * r;
      light += v;
    }
    expect(median(Array.from(field.stars.hfr)) / (arm / light)).toBeCloseTo(1, 1);
    expect(Math.abs(median(Array.from(field.stars.hfr)) / (arm / light) - 1)).toBeLessThan(0.03);
  });
});

describe("elongation", () => {
  for (const [eccentricity, angle] of [
    [0, 0],
    [0.4, 30],
    [0.7, 115],
  ]) {
    it(`finds eccentricity ${eccentricity} at ${angle} degrees`, () => {
      const stars = randomStars(400, 1000, 800, 3000, 7);
      const values = renderField({ width: 1000, height: 800, stars, fwhm: 3.2, eccentricity, angle, gain: 1 });
      const frame = prepareFrame(kernels, u16Source(1000, 800, values), NO_HINTS);
      const { stars: measured, fits } = measureField(frame, NO_HINTS, null);
      const shape = measureShape(frame, measured, fits, 2);
      expect(shape.fwhmArcsec).toBeCloseTo(2 * (shape.fwhm ?? 0), 5);
      if (eccentricity === 0) {
        expect(shape.eccentricity).toBeLessThan(0.2);
        expect(shape.angleCoherence).toBeLessThan(0.3);
        return;
      }
      expect(Math.abs((shape.eccentricity ?? 0) - eccentricity)).toBeLessThan(0.04);
      expect(Math.abs((shape.angle ?? 0) - angle)).toBeLessThan(3);
      expect(shape.angleCoherence).toBeGreaterThan(0.8);
    });
  }
});

describe("completeness", () => {
  const fwhm = 3;
  const noise = Math.hypot(20, Math.sqrt(1000));
  const snr = (star: TrueStar) => star.flux / (noise * 2 * Math.sqrt(Math.PI) * (fwhm / 2.3548));
  let stars: TrueStar[];
  let found: StarField;

  beforeAll(() => {
    stars = randomStars(1500, 1600, 1200, 400, 11);
    found = fieldOf(1600, 1200, renderField({ width: 1600, height: 1200, stars, fwhm, gain: 1, seed: 12 }), 1);
  });

  it("finds nearly all stars above 20 sigma and most above 10", () => {
    const { distances, strangers } = matches(stars, found.detections, 2.5);
    const share = (low: number, high: number) => {
      const inside = stars.map((star, i) => [snr(star), distances[i]]).filter(([s]) => s >= low && s < high);
      return inside.filter(([, d]) => d < 2).length / inside.length;
    };
    expect(share(20, 1e9)).toBeGreaterThan(0.98);
    expect(share(12, 20)).toBeGreaterThan(0.95);
    expect(strangers).toBeLessThanOrEqual(2);
  });

  it("places bright stars to a few hundredths of a pixel", () => {
    const bright = stars.filter((star) => snr(star) > 100 && star.x > 20 && star.y > 20 && star.x < 1580 && star.y < 1180);
    const { distances } = matches(bright, found.stars, 2);
    expect(median(distances)).toBeLessThan(0.03);
  });

  it("states a signal-to-noise that is the true one", () => {
    const ratios: number[] = [];
    for (const star of stars) {
      if (snr(star) < 15 || snr(star) > 60) continue;
      for (let i = 0; i < found.stars.count; i++) {
        if (Math.hypot(found.stars.x[i] - star.x, found.stars.y[i] - star.y) < 1) ratios.push(found.stars.snr[i] / snr(star));
      }
    }
    // The Gaussian window takes a little less than all of a Moffat's light; its own photons add noise.
    expect(median(ratios)).toBeGreaterThan(0.75);
    expect(median(ratios)).toBeLessThan(1.05);
  });

  it("finds no star in noise", () => {
    const { detections } = fieldOf(1600, 1200, renderField({ width: 1600, height: 1200, stars: [], fwhm: 3, seed: 77 }));
    expect(detections.count).toBeLessThanOrEqual(1);
  });
});

describe("what is no single star", () => {
  it("keeps saturated stars out of the shapes", () => {
    const stars = [...gridStars(800, 800, 90, 30_000, 21), { x: 203.3, y: 207.1, flux: 4e6 }];
    const field = fieldOf(800, 800, renderField({ width: 800, height: 800, stars, fwhm: 3 }));
    const index = Array.from(field.stars.x).findIndex((x, i) => Math.hypot(x - 203.3, field.stars.y[i] - 207.1) < 2);
    expect(index).toBeGreaterThanOrEqual(0);
    expect(field.stars.flags[index] & 1).toBe(1);
    expect(field.fits.every((fit) => fit.star !== index)).toBe(true);
    expect(median(field.fits.map((fit) => fit.fwhm))).toBeCloseTo(3, 1);
  });

  it("finds a saturated star in the middle of its plateau, once", () => {
    const star = { x: 403.4, y: 397.7, flux: 2.5e7 };
    const values = renderField({ width: 800, height: 800, stars: [...gridStars(800, 800, 130, 30_000, 23), star], fwhm: 3.5 });
    const { x, y } = fieldOf(800, 800, values).detections;
    const near = Array.from(x, (px, i) => Math.hypot(px - star.x, y[i] - star.y)).filter((d) => d < 8);
    expect(near).toHaveLength(1);
    expect(near[0]).toBeLessThan(0.6);
  });

  it("does not take the wing of a star beyond the border for a star", () => {
    const stars = gridStars(800, 800, 100, 30_000, 25);
    const outside = [
      { x: 250, y: -2.5, flux: 2e5 },
      { x: 802, y: 340, flux: 1e5 },
      { x: -2, y: 560, flux: 1e5 },
      { x: 560, y: 801.5, flux: 2e5 },
    ];
    const field = fieldOf(800, 800, renderField({ width: 800, height: 800, stars: [...stars, ...outside], fwhm: 3.2 }));
    expect(matches(stars, field.detections, 3).strangers).toBe(0);
  });

  it("tells tracks of particles from stars by their width", () => {
    const stars = gridStars(800, 800, 100, 20_000, 27);
    const values = renderField({ width: 800, height: 800, stars, fwhm: 4 });
    // Two pixels wide, five long, and the two pixels of a straight hit.
    for (let k = 0; k < 30; k++) {
      const [x, y] = [50 + ((k * 7919) % 700), 50 + ((k * 104729) % 700)];
      for (let i = 0; i < (k % 2 ? 5 : 2); i++) for (let j = 0; j < 2; j++) values[(y + i) * 800 + x + j] += 800;
    }
    const field = fieldOf(800, 800, values);
    const { distances, strangers } = matches(stars, field.detections, 3);
    expect(strangers).toBeLessThanOrEqual(3);
    expect(distances.filter((d) => d < 1).length).toBeGreaterThan(0.95 * stars.length);
  });

  it("places faint soft stars by all of their light", () => {
    const stars = gridStars(1000, 1000, 40, 9000, 29);
    const field = fieldOf(1000, 1000, renderField({ width: 1000, height: 1000, stars, fwhm: 5, readNoise: 40 }));
    const { distances } = matches(stars, field.detections, 4);
    const found = distances.filter((d) => d < 4);
    expect(found.length).toBeGreaterThan(0.9 * stars.length);
    // Noise moves a centroid by FWHM / (2.35 SNR) on each axis at best: 0.14 px at SNR 15.
    expect(median(found)).toBeLessThan(0.4);
  });

  it("leaves hot pixels and hot columns out", () => {
    const stars = gridStars(800, 800, 100, 20_000, 31);
    const values = renderField({ width: 800, height: 800, stars, fwhm: 3 });
    for (let k = 0; k < 200; k++) values[((k * 7919) % 800) * 800 + ((k * 104729) % 800)] += 3000;
    for (let y = 0; y < 800; y++) values[y * 800 + 333] += 400;
    const field = fieldOf(800, 800, values);
    const { distances, strangers } = matches(stars, field.detections, 3);
    expect(strangers).toBeLessThanOrEqual(3);
    expect(distances.filter((d) => d < 1).length).toBeGreaterThan(0.95 * stars.length);
  });

  it("parts pairs that have a saddle between them and marks them", () => {
    const pairs = gridStars(800, 800, 80, 40_000, 41).flatMap((star) => [star, { ...star, x: star.x + 5, flux: star.flux / 3 }]);
    const field = fieldOf(800, 800, renderField({ width: 800, height: 800, stars: pairs, fwhm: 3 }));
    const { distances } = matches(pairs, field.detections, 2);
    expect(distances.filter((d) => d < 1).length / pairs.length).toBeGreaterThan(0.97);
    expect(field.stars.flags.filter((flags) => (flags & 2) !== 0).length).toBeGreaterThan(0.9 * field.stars.count);
  });

  it("finds a donut as one star", () => {
    const [size, outer, inner] = [640, 22, 9];
    const centres = gridStars(size, size, 160, 1, 51);
    const values = renderField({ width: size, height: size, stars: [], fwhm: 3, seed: 52 });
    for (const { x, y } of centres) {
      for (let j = -30; j <= 30; j++) {
        for (let i = -30; i <= 30; i++) {
          const [px, py] = [Math.round(x) + i, Math.round(y) + j];
          const r = Math.hypot(px - x, py - y);
          const edge = (radius: number) => 1 / (1 + Math.exp((r - radius) * 1.5));
          values[py * size + px] += 120 * (edge(outer) - edge(inner));
        }
      }
    }
    const field = fieldOf(size, size, values);
    const { distances, strangers } = matches(centres, field.stars, 8);
    expect(distances.filter((d) => d < 4).length).toBe(centres.length);
    expect(field.detections.count).toBeLessThanOrEqual(centres.length + 1);
    expect(strangers).toBeLessThanOrEqual(1);
    expect(median(Array.from(field.stars.ringRatio))).toBeLessThan(0.9);
  });

  it("drops what lies on a trail", () => {
    const stars = gridStars(600, 600, 60, 20_000, 61);
    const frame = prepareFrame(kernels, u16Source(600, 600, renderField({ width: 600, height: 600, stars, fwhm: 3 })), NO_HINTS);
    const { detections } = measureField(frame, NO_HINTS, (x) => x > 300);
    expect(Array.from(detections.x).every((x) => x <= 300)).toBe(true);
    expect(detections.count).toBeGreaterThan(0.4 * stars.length);
  });
});

describe("a jump of the mount", () => {
  it("is found as an offset that stars have in common", () => {
    const first = randomStars(120, 1000, 1000, 4000, 71, 1e5);
    const both = first.flatMap((star) => [star, { x: star.x + 11, y: star.y - 7, flux: star.flux * 0.6 }]);
    const frame = prepareFrame(kernels, u16Source(1000, 1000, renderField({ width: 1000, height: 1000, stars: both, fwhm: 3 })), NO_HINTS);
    const { stars, fits } = measureField(frame, NO_HINTS, null);
    const shape = measureShape(frame, stars, fits, null);
    expect(shape.doubled).toBeGreaterThan(0.6);
    expect(shape.doubledOffset?.[0]).toBeCloseTo(11, 0);
    expect(shape.doubledOffset?.[1]).toBeCloseTo(-7, 0);
  });

  it("is not seen in a field without one", () => {
    const stars = randomStars(300, 1000, 1000, 4000, 72);
    const frame = prepareFrame(kernels, u16Source(1000, 1000, renderField({ width: 1000, height: 1000, stars, fwhm: 3 })), NO_HINTS);
    const field = measureField(frame, NO_HINTS, null);
    expect(measureShape(frame, field.stars, field.fits, null).doubled).toBeLessThan(0.12);
  });
});

describe("frames without stars to measure", () => {
  for (const [width, height] of [
    [1, 1],
    [3, 900],
    [640, 3],
    [65, 85],
    [17, 16],
  ]) {
    it(`measures ${width} x ${height} without inventing anything`, () => {
      const source = u16Source(width, height, renderField({ width, height, stars: [], fwhm: 3 }));
      const measurement = measurePrepared(prepareFrame(kernels, source, NO_HINTS), source, NO_HINTS);
      expect(measurement.stars.count).toBe(0);
      expect(measurement.shape.fwhm).toBeNull();
      expect(measurement.list.x.length).toBe(0);
      if (width * height > 1000) expect(Math.abs(measurement.background.level - 1000)).toBeLessThan(4);
    });
  }
});
