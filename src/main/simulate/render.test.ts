import { describe, expect, it } from "vitest";
import { channelsOf, instrumentOf, surfaceElectrons } from "./instrument.ts";
import { planNight } from "./plan.ts";
import { nightSpec } from "./presets.ts";
import { expectedElectrons, renderFrame } from "./render.ts";
import type { NightSpec } from "./spec.ts";
import { placeStars, sceneOf } from "./star-field.ts";

/** A plain night to vary: perfect flat optics, a quiet sensor without hot pixels, one empty field. */
function plainNight(change: (spec: NightSpec) => void = () => {}): NightSpec {
  const spec = nightSpec("demo", { frames: 3, width: 512, height: 384, defects: [] }, 3);
  spec.telescope = { ...spec.telescope, coma: 0, tilt: [0, 0], vignetting: 0, dust: 0 };
  spec.sensor = { ...spec.sensor, hotPixels: 0, prnu: 0, darkCurrent: 0 };
  spec.mount = { ...spec.mount, periodicError: 0 };
  spec.targets = [{ ...spec.targets[0], starDensity: 0.001, nebula: null, brightStars: [] }];
  change(spec);
  return spec;
}

const meanOf = (values: ArrayLike<number>) => Array.from(values).reduce((sum, v) => sum + v, 0) / values.length;

describe("renderFrame", () => {
  it("makes an empty sky whose mean and variance are photon noise plus read noise", () => {
    const plan = planNight(plainNight(), 8);
    const { sensor } = plan.spec;
    const { data } = renderFrame(plan, 0);
    const electrons = expectedElectrons(plan, 0).electrons;
    // A patch small enough for the sky to be flat, away from cosmic rays by taking the median of many patches.
    const ratios: number[] = [];
    for (let patch = 0; patch < 40; patch++) {
      const x0 = (patch % 8) * 60 + 8;
      const y0 = Math.floor(patch / 8) * 70 + 8;
      const values: number[] = [];
      const means: number[] = [];
      for (let i = 0; i < 1600; i++) {
        const pixel = (y0 + Math.floor(i / 40)) * sensor.width + x0 + (i % 40);
        values.push((data[pixel] - sensor.pedestal) * sensor.electronsPerAdu);
        means.push(electrons[pixel]);
      }
      const mean = meanOf(values);
      const variance = meanOf(values.map((v) => (v - mean) ** 2));
      ratios.push(variance / (meanOf(means) + sensor.readNoise ** 2));
      expect(Math.abs(mean - meanOf(means))).toBeLessThan(5 * Math.sqrt(variance / 1600) + 2);
    }
    ratios.sort((a, b) => a - b);
    expect(ratios[20]).toBeGreaterThan(0.97);
    expect(ratios[20]).toBeLessThan(1.03);
  });

  it("has the sky that truth states", () => {
    const plan = planNight(plainNight(), 8);
    const frame = plan.frames[1];
    const { data } = renderFrame(plan, 1);
    const sorted = Uint16Array.from(data).sort();
    const middle = sorted[sorted.length >> 1] - plan.spec.sensor.pedestal;
    expect(middle / frame.truth.sky).toBeCloseTo(1, 2);
    const expected = surfaceElectrons(instrumentOf(plan.spec), frame.sky[0].level, frame.exposure) / plan.spec.sensor.electronsPerAdu;
    expect(frame.truth.sky / expected).toBeCloseTo(1, 2);
  });

  it.each([null, "GRBG" as const])("puts into the image the flux that truth states (mosaic %s)", (cfa) => {
    // The frames differ by one bright star only; the difference is its light.
    const withStar = plainNight((spec) => {
      spec.sensor = { ...spec.sensor, cfa };
      spec.targets[0].brightStars = [11];
    });
    const without = structuredClone(withStar);
    without.targets[0].brightStars = [];
    const plan = planNight(withStar, 8);
    const lit = expectedElectrons(plan, 0).electrons;
    const dark = expectedElectrons(planNight(without, 8), 0).electrons;
    const stars = placeStars(plan, sceneOf(plan, 0));
    const { bands } = channelsOf(withStar, "L");
    expect(stars.channels).toBe(bands.length);
    const { width, height, mosaic } = expectedElectrons(plan, 0);
    const seen = new Array(bands.length).fill(0);
    let x = 0;
    let y = 0;
    let total = 0;
    for (let i = 0; i < lit.length; i++) {
      const value = lit[i] - dark[i];
      seen[mosaic[(Math.floor(i / width) & 1) * 2 + ((i % width) & 1)]] += value;
      x += value * (i % width);
      y += value * Math.floor(i / width);
      total += value;
    }
    // A mosaic shows each channel on its share of the pixels; a well-sampled star loses little to that.
    const share = bands.map((_, channel) => mosaic.filter((c) => c === channel).length / 4);
    bands.forEach((_, channel) => {
      expect(seen[channel] / share[channel] / stars.perChannel[channel]).toBeCloseTo(1, 1);
    });
    expect(total / stars.electrons[0]).toBeGreaterThan(0.97);
    expect(total / stars.electrons[0]).toBeLessThan(1.01);
    if (cfa === null) {
      expect(Math.abs(x / total - stars.x[0])).toBeLessThan(0.15 + 2 / width);
      expect(Math.abs(y / total - stars.y[0])).toBeLessThan(0.15 + 2 / height);
    }
  });

  it("draws a star as wide as truth says", () => {
    const spec = plainNight((s) => {
      s.weather = { ...s.weather, seeing: 6 };
      s.targets[0].brightStars = [9];
    });
    const plan = planNight(spec, 4);
    const { electrons, width } = expectedElectrons(plan, 0);
    const stars = placeStars(plan, sceneOf(plan, 0));
    const column = Math.round(stars.x[0]);
    const row = Math.round(stars.y[0]);
    const sky = electrons[(row - 60) * width + column];
    let peak = 0;
    for (let y = row - 3; y <= row + 3; y++)
      for (let x = column - 3; x <= column + 3; x++) peak = Math.max(peak, electrons[y * width + x] - sky);
    let area = 0;
    for (let y = row - 30; y <= row + 30; y++) {
      for (let x = column - 30; x <= column + 30; x++) {
        // Soft counting across the contour instead of whole pixels.
        const value = (electrons[y * width + x] - sky) / peak;
        area += Math.max(0, Math.min(1, (value - 0.5) / 0.16 + 0.5));
      }
    }
    const fwhm = 2 * Math.sqrt(area / Math.PI);
    // Pixels widen a star a little: sigma^2 + 1/12.
    const widened = Math.sqrt(plan.frames[0].truth.fwhm ** 2 + 2.3548 ** 2 / 12);
    expect(fwhm / widened).toBeGreaterThan(0.97);
    expect(fwhm / widened).toBeLessThan(1.03);
  });

  it("gives the same bytes for the same seed and others for another", () => {
    const spec = nightSpec("demo", { frames: 6, width: 320, height: 240 }, 7);
    const first = renderFrame(planNight(spec, 7), 3);
    const again = renderFrame(planNight(nightSpec("demo", { frames: 6, width: 320, height: 240 }, 7), 7), 3);
    expect(Buffer.compare(Buffer.from(first.data.buffer), Buffer.from(again.data.buffer))).toBe(0);
    expect(again.keywords).toEqual(first.keywords);
    const other = renderFrame(planNight(nightSpec("demo", { frames: 6, width: 320, height: 240 }, 8), 8), 3);
    expect(Buffer.compare(Buffer.from(first.data.buffer), Buffer.from(other.data.buffer))).not.toBe(0);
  });

  it("darkens stars by what truth calls transparency and leaves nothing behind a closed shutter", () => {
    const spec = plainNight((s) => {
      s.targets[0].starDensity = 500;
      s.defects = [
        { kind: "veil", from: 1, to: 1, strength: 0.9 },
        { kind: "shutter", from: 2, to: 2, strength: 1 },
      ];
    });
    const plan = planNight(spec, 21);
    const clear = placeStars(plan, sceneOf(plan, 0));
    const veiled = placeStars(plan, sceneOf(plan, 1));
    const flux = (stars: typeof clear) => meanOf(stars.electrons.subarray(0, Math.min(20, stars.count)));
    const ratio = flux(veiled) / plan.frames[1].clearAir / (flux(clear) / plan.frames[0].clearAir);
    // The veil is a little thicker on one side, and the brightest stars stand where they stand.
    expect(Math.abs(ratio / plan.frames[1].truth.transparency - 1)).toBeLessThan(0.12);
    expect(plan.frames[1].truth.transparency).toBeLessThan(0.6);
    const closed = renderFrame(plan, 2).data;
    expect(meanOf(closed) - spec.sensor.pedestal).toBeLessThan(3);
    expect(plan.frames[2].truth).toMatchObject({ label: "contaminated", cause: "no-stars" });
  });
});
