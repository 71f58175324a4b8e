import { describe, expect, it } from "vitest";
import { aduOfDisplay, autoStretch, displayOf, fullRange, inverseMtf, linkedStretch, mtf } from "./stretch.ts";

describe("the midtones transfer function", () => {
  it("keeps 0 and 1 and brings m to one half", () => {
    for (const m of [0.001, 0.25, 0.5, 0.9]) {
      expect(mtf(m, 0)).toBe(0);
      expect(mtf(m, 1)).toBe(1);
      expect(mtf(m, m)).toBeCloseTo(0.5, 12);
    }
  });

  it("has the published values", () => {
    // (m - 1) x / ((2m - 1) x - m): m = 1/4, x = 1/2 -> -0.375 / -0.5; m = 1/4, x = 0.02 -> -0.015 / -0.26.
    expect(mtf(0.25, 0.5)).toBeCloseTo(0.75, 12);
    expect(mtf(0.25, 0.02)).toBeCloseTo(0.0576923077, 10);
    expect(mtf(0.5, 0.3)).toBeCloseTo(0.3, 12);
  });

  it("is undone by its inverse", () => {
    for (const m of [0.01, 0.3, 0.8]) for (const x of [0.001, 0.2, 0.7, 0.999]) expect(inverseMtf(m, mtf(m, x))).toBeCloseTo(x, 12);
  });
});

describe("the automatic stretch", () => {
  it("follows STFAutoStretch for a dark image", () => {
    // median 0.05, MAD 0.01: s = 0.014826, c0 = 0.05 - 2.8 s = 0.0084872, d = 0.0415128,
    // m = MTF(1/4, d) = -0.75 d / (-0.5 d - 0.25) = 0.0311346 / 0.2707564.
    const stretch = autoStretch({ median: 0.05, mad: 0.01 });
    expect(stretch.shadows).toBeCloseTo(0.0084872, 10);
    expect(stretch.midtones).toBeCloseTo(0.1149911877, 8);
    expect(stretch.highlights).toBe(1);
  });

  it("follows STFAutoStretch for a bright image", () => {
    // median 0.7, MAD 0.02: c1 = 0.7 + 2.8 x 0.029652 = 0.7830256, m = MTF(0.0830256, 0.25) = 0.2292436 / 0.2915128.
    const stretch = autoStretch({ median: 0.7, mad: 0.02 });
    expect(stretch).toMatchObject({ shadows: 0 });
    expect(stretch.highlights).toBeCloseTo(0.7830256, 10);
    expect(stretch.midtones).toBeCloseTo(0.7863929, 6);
  });

  it("brings the median of a dark sky close to a quarter of the display", () => {
    const stretch = autoStretch({ median: 0.0125, mad: 0.0002 }, [0, 65535]);
    expect(displayOf(stretch, 0.0125 * 65535)).toBeCloseTo(0.25, 1);
    expect(aduOfDisplay(stretch, displayOf(stretch, 900))).toBeCloseTo(900, 6);
  });

  it("stays defined for an image without any spread", () => {
    const stretch = autoStretch({ median: 0.1, mad: 0 });
    expect(stretch).toMatchObject({ shadows: 0, highlights: 1 });
    expect(displayOf(stretch, 0.1)).toBeCloseTo(0.25, 12);
    expect(displayOf(autoStretch({ median: 0, mad: 0 }), 0)).toBe(0);
  });
});

describe("the linked stretch", () => {
  const red = { median: 0.05, mad: 0.01 };
  const green = { median: 0.08, mad: 0.012 };
  const blue = { median: 0.03, mad: 0.006 };

  it("is the published rule on the channels' means", () => {
    const linked = linkedStretch([red, green, blue].map((levels) => autoStretch(levels)));
    // c0 = mean(med - 2.8 x 1.4826 MAD) = 0.16/3 - 4.15128 x 0.028/3; m = MTF(1/4, mean med - c0).
    const shadows = (0.16 - 4.15128 * 0.028) / 3;
    expect(linked.shadows).toBeCloseTo(shadows, 10);
    expect(linked.midtones).toBeCloseTo(mtf(0.25, 0.16 / 3 - shadows), 10);
  });

  it("of equal stretches is that stretch, dark or bright", () => {
    for (const levels of [red, { median: 0.7, mad: 0.02 }]) {
      const one = autoStretch(levels, [0, 65535]);
      const linked = linkedStretch([one, one, one]);
      expect(linked.shadows).toBeCloseTo(one.shadows, 12);
      expect(linked.midtones).toBeCloseTo(one.midtones, 12);
      expect(linked.highlights).toBeCloseTo(one.highlights, 12);
      expect(linked.range).toEqual([0, 65535]);
    }
  });

  it("lets the majority decide and converts ranges", () => {
    const dark = autoStretch(red);
    expect(linkedStretch([dark, autoStretch({ median: 0.7, mad: 0.02 }), dark]).highlights).toBe(1);
    const asAdu = autoStretch(red, [0, 65535]);
    const mixed = linkedStretch([asAdu, dark, { ...dark, range: [0, 65535] }]);
    // The second frame is 0..1: next to frames in ADU its sky is all but black.
    expect(mixed.shadows).toBeCloseTo((2 * asAdu.shadows + dark.shadows / 65535) / 3, 9);
  });

  it("refuses an empty night", () => {
    expect(() => linkedStretch([])).toThrow(expect.objectContaining({ code: "internal" }));
  });
});

describe("the range of the data", () => {
  it("is that of the coding, as PixInsight normalises", () => {
    const coding = { littleEndian: true, scale: 1, blank: null };
    expect(fullRange({ ...coding, type: "i16", zero: 32768 }, 4000)).toEqual([0, 65535]);
    expect(fullRange({ ...coding, type: "u8", zero: 0 }, 4)).toEqual([0, 255]);
    expect(fullRange({ ...coding, type: "i16", zero: 0 }, 4000)).toEqual([0, 32767]);
    expect(fullRange({ ...coding, type: "f32", zero: 0 }, 0.9)).toEqual([0, 1]);
    expect(fullRange({ ...coding, type: "f32", zero: 0 }, 41_000)).toEqual([0, 65535]);
    expect(fullRange({ ...coding, type: "f64", zero: 0 }, 3e6)).toEqual([0, 3e6]);
  });
});
