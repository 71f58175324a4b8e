import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Measurement, StarList } from "../../shared/domain.ts";
import { NebuliftError } from "../../shared/errors.ts";
import { flatMeasurements } from "../../shared/flat-measurements.ts";
import { METRIC_NAMES, METRICS, metricOf } from "../../shared/metrics.ts";
import { decodeMeasurement, encodeMeasurement } from "./measurement-codec.ts";

function starList(count: number): StarList {
  const column = (offset: number) => Float32Array.from({ length: count }, (_, i) => Math.fround(i * 1.37 + offset + 1 / 3));
  return {
    x: column(0),
    y: column(10),
    flux: column(1e6),
    snr: column(5),
    fwhm: column(2),
    hfr: column(1),
    eccentricity: column(0.1),
    angle: column(90),
    flags: Uint8Array.from({ length: count }, (_, i) => i & 15),
  };
}

function measurement(stars: number): Measurement {
  const cells = Array.from({ length: 48 }, (_, i) => (i % 7 === 3 ? null : 800 + i / 3));
  return {
    version: "7",
    width: 6248,
    height: 4176,
    sampling: 1,
    background: {
      level: 812.1,
      noise: 11.3,
      noiseMrs: 11.28,
      cells,
      cellNoise: cells,
      slope: [3.5, -1e-7],
      radial: -20.25,
      residual: 0.1,
      cornerRatio: 0.93,
    },
    stars: { count: 1200, counted: 900, saturated: 3, blended: 40, cells, totalFlux: 1.23456789e9 },
    shape: {
      fitted: 280,
      fwhm: 3.25,
      fwhmScatter: 0.2,
      fwhmArcsec: null,
      moffatBeta: 3.1,
      hfr: 1.9,
      eccentricity: 0.41,
      eccentricityCentre: 0.38,
      angle: 12.5,
      angleCoherence: 0.2,
      radialCoherence: -0.1,
      halo: 0.07,
      donuts: 0,
      doubled: 0,
      doubledOffset: null,
      cells,
    },
    trails: [
      { from: [0, 12.5], to: [6247, 4000.25], width: 3.5, peakSigma: 2.2, peak: 25, significance: 40, area: 0.001 },
      { from: [5, 0], to: [5, 4175], width: 9.5, peakSigma: 1.1, peak: 12, significance: 20, area: 0.002 },
    ],
    sensor: {
      ceiling: 65535,
      ceilingFrom: "data",
      saturatedFraction: 1e-5,
      hotPixels: 31,
      deadColumns: 0,
      lostRows: 0,
      emptyEdge: 0,
      rowBanding: 1.02,
      columnBanding: 0.98,
    },
    weights: { psfSignalWeight: 0.00123456789012345, psfSnr: 1e-12, snrWeight: 4.2 },
    stretch: { shadows: 0.01, midtones: 0.002, highlights: 1, range: [0, 65535] },
    list: starList(stars),
  };
}

describe("a measurement in the store", () => {
  it.each([0, 1, 500])("comes back exactly with %i stars", (stars) => {
    const before = measurement(stars);
    const after = decodeMeasurement(encodeMeasurement(before));
    expect(after).toEqual(before);
    expect(after.list.x).toBeInstanceOf(Float32Array);
  });

  it("is small: 500 stars take 33 bytes each", () => {
    expect(encodeMeasurement(measurement(500)).list.length).toBe(8 + 500 * 33);
  });

  it("reads a list that lies unaligned in a larger buffer, as SQLite hands it out", () => {
    const encoded = encodeMeasurement(measurement(3));
    const shifted = new Uint8Array(encoded.list.length + 1);
    shifted.set(encoded.list, 1);
    expect(decodeMeasurement({ json: encoded.json, list: shifted.subarray(1) }).list).toEqual(starList(3));
  });

  it("refuses cut, stretched and otherwise garbled bytes with bad-data, whatever they are", () => {
    const encoded = encodeMeasurement(measurement(20));
    const bad = expect.objectContaining({ code: "bad-data" });
    for (const length of [0, 1, 7, 8, 100, encoded.list.length - 1]) {
      expect(() => decodeMeasurement({ json: encoded.json, list: encoded.list.subarray(0, length) })).toThrow(bad);
    }
    const huge = encoded.list.slice();
    new DataView(huge.buffer).setUint32(4, 0xffffffff, true);
    expect(() => decodeMeasurement({ json: encoded.json, list: huge })).toThrow(bad);
    expect(() => decodeMeasurement({ json: encoded.json.slice(0, -5), list: encoded.list })).toThrow(bad);
    expect(() => decodeMeasurement({ json: encoded.json.replace('"fwhm":3.25', '"fwhm":"3.25"'), list: encoded.list })).toThrow(bad);
    expect(() => decodeMeasurement({ json: encoded.json.replace('"radial":', '"radical":'), list: encoded.list })).toThrow(bad);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.string(), (list, json) => {
        try {
          decodeMeasurement({ json, list });
          return false;
        } catch (error) {
          return error instanceof NebuliftError && error.code === "bad-data";
        }
      }),
    );
  });
});

describe("flat measurements", () => {
  const flat = flatMeasurements(measurement(2), 1.5);

  it("have exactly the names of METRICS, each finite or null", () => {
    expect(Object.keys(flat).sort()).toEqual([...METRIC_NAMES].sort());
    for (const value of Object.values(flat)) expect(value === null || Number.isFinite(value)).toBe(true);
  });

  it("take arcseconds from the given scale, the strongest trail and the total trail area", () => {
    expect(flat.fwhmArcsec).toBeCloseTo(4.875, 12);
    expect(flat).toMatchObject({
      fwhm: 3.25,
      slopeX: 3.5,
      slopeY: -1e-7,
      trails: 2,
      trailPeakSigma: 2.2,
      trailWidth: 9.5,
      trailArea: 0.003,
    });
    expect(flat.skyFill).toBeCloseTo(812.1 / 65535, 12);
  });

  it("say null where nothing is known, and never NaN", () => {
    const bare = measurement(0);
    bare.trails = [];
    bare.background.residual = Number.NaN;
    bare.weights.psfSnr = Number.POSITIVE_INFINITY;
    expect(flatMeasurements(bare, null)).toMatchObject({ fwhmArcsec: null, trailPeakSigma: null, trails: 0, residual: null, psfSnr: null });
  });
});

describe("the table of metrics", () => {
  it("has a label and one plain sentence for each", () => {
    for (const name of METRIC_NAMES) {
      expect(METRICS[name].label.length).toBeGreaterThan(1);
      expect(METRICS[name].what).toMatch(/^[A-Z].*\.$/);
    }
  });

  it("knows nothing but its own names", () => {
    expect(metricOf("fwhm")?.unit).toBe("px");
    expect(metricOf("toString")).toBeNull();
  });
});
