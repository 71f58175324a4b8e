import { describe, expect, it } from "vitest";
import { gridStars, NO_HINTS, randomStars, renderField, u16Source, uniform } from "../../../../test/fixtures/star-field.ts";
import { measureField } from "../measure.ts";
import { prepareFrame } from "../prepare.ts";
import { SKY_SCRATCH } from "./background-kernels.ts";
import { centreScratchBytes } from "./centre-kernels.ts";
import { Kernels } from "./kernels.ts";
import { MOFFAT_INPUTS, MOFFAT_OUTPUTS, MOFFAT_VALUES } from "./moffat-kernels.ts";
import { PEAK_RECORD } from "./peaks-kernels.ts";
import { STAR_INPUTS, STAR_VALUES } from "./stars-kernels.ts";

/** Runs the same on the compiled kernels and on the plain ones, from the same bytes at the same places, and returns both results. */
function both<T>(run: (kernels: Kernels) => T): [compiled: T, plain: T] {
  return [run(Kernels.load()), run(Kernels.reference())];
}

function samples(count: number, seed: number, top = 65536): Uint16Array {
  const random = uniform(seed);
  return Uint16Array.from({ length: count }, () => random() * top);
}

function place(kernels: Kernels, values: Uint16Array): number {
  const at = kernels.take(values.byteLength + 64);
  kernels.u16(at, values.length).set(values);
  return at;
}

describe("loading kernels", () => {
  const [width, rows] = [53, 6];
  const input = samples(width * rows * 4, 1);
  input[5] = 0;

  for (const swap of [false, true]) {
    it(`turn 16-bit samples into the same counts (swap ${swap})`, () => {
      const [a, b] = both((kernels) => {
        const raw = place(kernels, input);
        const out = kernels.take(width * rows * 2);
        const result = [0, 1].map((floor) => kernels.call.countsOf16(raw, out, width * rows, swap, 0x8000, floor));
        return [...result, ...kernels.u16(out, width * rows)];
      });
      expect(a).toEqual(b);
    });

    it(`turn floats into the same counts (swap ${swap})`, () => {
      const random = uniform(3);
      const floats = Float32Array.from({ length: width * rows }, () => random() * 1.4 - 0.2);
      floats.set([Number.NaN, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, 0, -0]);
      const bytes = new Uint8Array(floats.buffer.slice(0));
      if (swap) for (let i = 0; i < bytes.length; i += 4) bytes.subarray(i, i + 4).reverse();
      const [a, b] = both((kernels) => {
        const raw = kernels.take(bytes.length + 64);
        kernels.u8(raw, bytes.length).set(bytes);
        const out = kernels.take(width * rows * 2 + 64);
        const result = kernels.call.countsOfF32(raw, out, width * rows, swap, -0.1, 50000, true);
        return [result, ...kernels.u16(out, width * rows)];
      });
      expect(a).toEqual(b);
      expect(a.slice(1, 6)).toEqual([0, 0, 65535, 0, 0]);
    });
  }

  it("turn every other type into the same counts", () => {
    for (let type = 0; type < 10; type++) {
      const [a, b] = both((kernels) => {
        const raw = place(kernels, samples(width * rows * 4, 9, 60000));
        const out = kernels.take(width * rows * 2);
        const result = kernels.call.countsOfAny(raw, out, width * rows, type, true, 3, 0.37, true, 40, true, 0);
        return [result, ...kernels.u16(out, width * rows)];
      });
      expect(a).toEqual(b);
    }
  });

  it("bin and sum alike, with holes and at the ceiling", () => {
    const [a, b] = both((kernels) => {
      const plane = place(kernels, input);
      const out = kernels.take(width * rows * 2 + 64);
      const parts: number[] = [];
      for (const holes of [false, true]) {
        for (const shift of [0, 1, 2]) {
          kernels.call.bin2(plane, width, rows, shift, holes, out);
          parts.push(...kernels.u16(out, (width >> 1) * (rows / 2)));
        }
      }
      parts.push(kernels.call.superpixels2(plane, width, rows, 64000, 2, out), ...kernels.u16(out, (width >> 1) * (rows / 2)));
      parts.push(kernels.call.superpixels3(plane, width, rows, 64000, 4, out), ...kernels.u16(out, Math.floor(width / 3) * (rows / 3)));
      parts.push(kernels.call.sumPlanes(plane, plane + 200, plane + 400, 200, 60000, 2, out), ...kernels.u16(out, 200));
      for (const floor of [0, 1]) {
        const [counts, binned] = [kernels.take(width * rows * 2 + 64), kernels.take(width * rows * 2 + 64)];
        parts.push(kernels.call.countsOf16Binned(plane, counts, width, rows, true, 0x8000, floor, 2 - floor, binned));
        parts.push(...kernels.u16(counts, width * rows), ...kernels.u16(binned, (width >> 1) * (rows >> 1)));
      }
      parts.push(kernels.call.countFrom(plane, width * rows, 50000), kernels.call.punchHoles(plane, width * rows, input[9]));
      return parts;
    });
    expect(a).toEqual(b);
  });
});

describe("the sky kernel", () => {
  for (const [level, noise, step, finest] of [
    [1000, 30, 1, 0],
    [40000, 400, 1, 0],
    [60, 1.2, 1, 0],
    [300, 5, 0, 0],
    [1000, 30, 1, 4],
    [30, 20, 1, 4],
  ]) {
    it(`agrees with its plain form at level ${level}, noise ${noise}, steps of ${2 ** finest}`, () => {
      const field = renderField({
        width: 150,
        height: 140,
        stars: randomStars(40, 150, 140, 20 * noise, 5),
        fwhm: 3,
        sky: level,
        readNoise: noise,
      });
      const counts = Uint16Array.from(field, (v, i) =>
        step === 0 && i % 150 < 60 ? 0 : Math.max(1, Math.round(v / 2 ** finest)) * 2 ** finest + (finest > 0 ? 3 : 0),
      );
      const [a, b] = both((kernels) => {
        const plane = place(kernels, counts);
        const [histogram, out] = [kernels.take(SKY_SCRATCH), kernels.take(9 * 12)];
        kernels.call.skyTiles(
          plane,
          150,
          140,
          64,
          1,
          level * 0.8,
          noise * 2,
          finest,
          finest > 0 ? 3 : 0,
          histogram,
          out,
          out + 36,
          out + 72,
        );
        return [...kernels.f32(out, 27)];
      });
      a.forEach((value, i) => {
        expect(Math.abs(value - b[i])).toBeLessThan(0.02 * noise + 1e-3 * Math.abs(b[i]));
      });
    });
  }
});

describe("detection kernels", () => {
  const [width, height] = [203, 121];
  const field = renderField({ width, height, stars: randomStars(120, width, height, 1500, 8), fwhm: 3, sky: 900, readNoise: 12 });
  const counts = Uint16Array.from(field, (v) => Math.min(65535, Math.max(0, Math.round(v))));

  for (const amplify of [-1, 0, 2]) {
    it(`find the same peaks (amplify ${amplify})`, () => {
      const [a, b] = both((kernels) => {
        const plane = place(kernels, counts);
        const mesh = kernels.take(16);
        kernels.f32(mesh, 4).set([800, 805, 795, 802]);
        const table = kernels.take(Math.ceil(width / 16) * Math.ceil(height / 8) * 4);
        kernels.call.skyTable(mesh, 2, 2, 128, width, height, amplify, table);
        const flat = kernels.take(width * height * 2 + 64);
        const peaks = kernels.take(8 * 4000);
        const scratch = kernels.take((width * 2 + 80) * 10);
        const [halfway, half] = [kernels.take(width * height + 64), kernels.take(width * height + 64)];
        const found = kernels.call.scanPeaks(plane, width, height, table, amplify, flat, halfway, 180, peaks, 4000, scratch);
        kernels.call.halve(flat, width, height, half);
        const rows = kernels.take(width * 3 * 2 + 64);
        kernels.call.smoothRows(flat, width, height, height - 3, height, kernels.take(width * 2 + 80), rows);
        return {
          table: [...kernels.u16(table, 13 * 16 * 2)],
          flat: [...kernels.u16(flat, width * height)],
          peaks: [found, ...kernels.u16(peaks, found * 4)],
          half: [...kernels.u16(half, (width >> 1) * (height >> 1)), ...kernels.u16(halfway, (width >> 1) * (height >> 1))],
          rows: [...kernels.u16(rows, width * 3)],
        };
      });
      expect(a).toEqual(b);
      expect(a.peaks[0]).toBeGreaterThan(20);
    });
  }
});

describe("star kernels", () => {
  const [width, height] = [180, 160];
  const stars = gridStars(width, height, 36, 30_000, 13);
  const counts = Uint16Array.from(renderField({ width, height, stars, fwhm: 3.1, eccentricity: 0.5, angle: 40, readNoise: 8 }), Math.round);

  it("centre faint peaks alike, towards the stars", () => {
    const sigma = 3 / 2.3548;
    const [a, b] = both((kernels) => {
      const plane = place(kernels, counts);
      const records = kernels.take(stars.length * PEAK_RECORD);
      const list = kernels.take(stars.length * 4);
      stars.forEach((star, i) => {
        kernels.f32(records + i * PEAK_RECORD, 4).set([star.x + 0.8, star.y - 0.6, 100, 1000]);
      });
      kernels.i32(list, stars.length).set(stars.map((_, i) => i));
      const scratch = kernels.take(centreScratchBytes(sigma));
      kernels.call.centrePeaks(plane, width, height, records, list, stars.length, sigma, 2, scratch);
      return stars.map((_, i) => [...kernels.f32(records + i * PEAK_RECORD, 2)]);
    });
    a.forEach(([x, y], i) => {
      expect(x).toBeCloseTo(b[i][0], 2);
      expect(y).toBeCloseTo(b[i][1], 2);
    });
    const off = a.map(([x, y], i) => Math.hypot(x - stars[i].x, y - stars[i].y)).sort((p, q) => p - q);
    expect(off[off.length >> 1]).toBeLessThan(0.3);
  });

  it("measure the same", () => {
    const [a, b] = both((kernels) => {
      const plane = place(kernels, counts);
      const list = kernels.take(stars.length * STAR_INPUTS * 4);
      kernels.f32(list, stars.length * STAR_INPUTS).set(stars.flatMap((star) => [star.x + 0.4, star.y - 0.3, 1000, 8]));
      const circle = kernels.take(256);
      kernels.f32(circle, 64).set(Array.from({ length: 64 }, (_, i) => (i % 2 ? Math.sin : Math.cos)((Math.floor(i / 2) * Math.PI) / 16)));
      const out = kernels.take(stars.length * STAR_VALUES * 4 + 16);
      kernels.call.measureStars(plane, width, height, list, stars.length, 1.35, 7.7, 11, 2.4, 0.5, circle, kernels.take(8192), out);
      return [...kernels.f32(out, stars.length * STAR_VALUES)];
    });
    a.forEach((value, i) => {
      // Column 13 looks at single pixels: a centroid a hair off can fall to the next one.
      if (i % STAR_VALUES !== 13) expect(Math.abs(value - b[i])).toBeLessThan(2e-3 * Math.max(1, Math.abs(b[i])));
    });
  });

  for (const nodes of [1, 4]) {
    for (const free of [false, true]) {
      it(`fit the same profiles (nodes ${nodes}, ${free ? "free" : "fixed"} exponent)`, () => {
        const [a, b] = both((kernels) => {
          const plane = place(kernels, counts);
          const list = kernels.take(stars.length * MOFFAT_INPUTS * 4);
          kernels.f32(list, stars.length * MOFFAT_INPUTS).set(stars.flatMap((star) => [star.x, star.y, 2500, 1000, 3.3]));
          const out = kernels.take(stars.length * MOFFAT_VALUES * 4);
          kernels.call.fitMoffats(plane, width, height, list, stars.length, 7, 3.3, free, nodes, kernels.take(4096), out);
          return [...kernels.f32(out, stars.length * MOFFAT_VALUES)];
        });
        const { amplitude, x, y, a: shapeA, b: shapeB, c: shapeC } = MOFFAT_OUTPUTS;
        for (let n = 0; n < stars.length; n++) {
          for (const column of [amplitude, x, y, shapeA, shapeB, shapeC]) {
            const [mine, plain] = [a[n * MOFFAT_VALUES + column], b[n * MOFFAT_VALUES + column]];
            expect(Math.abs(mine - plain)).toBeLessThan((free ? 0.02 : 0.004) * Math.max(0.3, Math.abs(plain)));
          }
        }
      });
    }
  }
});

describe("the whole field", () => {
  it("is the same by the plain kernels", () => {
    const [width, height] = [420, 360];
    const stars = randomStars(160, width, height, 2500, 17);
    const values = renderField({ width, height, stars, fwhm: 2.9 });
    const [a, b] = both((kernels) => {
      const field = measureField(prepareFrame(kernels, u16Source(width, height, values), NO_HINTS), NO_HINTS, null);
      const { x, y, flags } = field.detections;
      const places = Array.from(x, (px, i) => ({ x: px, y: y[i], flags: flags[i] })).sort((p, q) => p.x - q.x);
      return { places, fwhm: field.fits.map((fit) => fit.fwhm).sort() };
    });
    expect(a.places.length).toBe(b.places.length);
    a.places.forEach((place, i) => {
      expect(place.x).toBeCloseTo(b.places[i].x, 1);
      expect(place.y).toBeCloseTo(b.places[i].y, 1);
      expect(place.flags).toBe(b.places[i].flags);
    });
    expect(a.fwhm.length).toBe(b.fwhm.length);
    a.fwhm.forEach((fwhm, i) => {
      expect(Math.abs(fwhm - b.fwhm[i])).toBeLessThan(0.02);
    });
  });
});
