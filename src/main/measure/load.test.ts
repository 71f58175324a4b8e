import { describe, expect, it } from "vitest";
import { bytesSource, NO_HINTS, randomStars, renderField, u16Source, uniform } from "../../../test/fixtures/star-field.ts";
import type { PixelSource, SampleCoding } from "../../shared/pixels.ts";
import { noiseAt, skyAt } from "./background.ts";
import { Kernels } from "./kernels/kernels.ts";
import { measureField } from "./measure.ts";
import { prepareFrame } from "./prepare.ts";
import { measureShape } from "./shape.ts";

const kernels = Kernels.load();
const [width, height] = [700, 520];
const stars = randomStars(250, width, height, 3000, 5, 1e5);
const truth = renderField({ width, height, stars, fwhm: 3, sky: 1500, readNoise: 12, gain: 2 });

type Writer = (view: DataView, index: number, value: number) => void;

function encode(coding: SampleCoding, bytes: number, values: Float64Array, write: Writer): PixelSource {
  const buffer = new Uint8Array(values.length * bytes);
  const view = new DataView(buffer.buffer);
  values.forEach((value, i) => {
    write(view, i, (value - coding.zero) / coding.scale);
  });
  return bytesSource(width, height, coding, [buffer]);
}

const coding = (type: SampleCoding["type"], zero = 0, scale = 1, littleEndian = false): SampleCoding => ({
  type,
  littleEndian,
  zero,
  scale,
  blank: null,
});

const variants: Record<string, PixelSource> = {
  "u16 little-endian": u16Source(width, height, truth),
  "FITS unsigned 16-bit": encode(coding("i16", 32768), 2, truth, (v, i, x) => v.setInt16(2 * i, Math.round(x))),
  "signed 16-bit": encode(
    coding("i16"),
    2,
    truth.map((x) => Math.min(x, 32767)),
    (v, i, x) => v.setInt16(2 * i, Math.round(x)),
  ),
  "32-bit integers": encode(coding("i32"), 4, truth, (v, i, x) => v.setInt32(4 * i, Math.round(x))),
  "unsigned 32-bit, scaled": encode(coding("u32", 0, 1 / 65536), 4, truth, (v, i, x) => v.setUint32(4 * i, Math.round(x))),
  floats: encode(coding("f32"), 4, truth, (v, i, x) => v.setFloat32(4 * i, x)),
  "floats, little-endian": encode(coding("f32", 0, 1, true), 4, truth, (v, i, x) => v.setFloat32(4 * i, x, true)),
  doubles: encode(coding("f64"), 8, truth, (v, i, x) => v.setFloat64(8 * i, x)),
};

function measured(source: PixelSource) {
  const frame = prepareFrame(kernels, source, NO_HINTS);
  const field = measureField(frame, NO_HINTS, null);
  return { frame, field, shape: measureShape(frame, field.stars, field.fits, null) };
}

describe("one sky in every coding", () => {
  const expected = measured(variants["floats"]);
  const expectedNoise = Math.hypot(12, Math.sqrt(1500 / 2));

  for (const [name, source] of Object.entries(variants)) {
    it(`measures the same from ${name}`, () => {
      const { frame, field, shape } = measured(source);
      expect(Math.abs(frame.mesh.medianLevel - 1500)).toBeLessThan(1.5);
      expect(Math.abs(frame.mesh.medianNoise / expectedNoise - 1)).toBeLessThan(0.03);
      expect(Math.abs(field.detections.count - expected.field.detections.count)).toBeLessThanOrEqual(4);
      expect(Math.abs((shape.fwhm ?? 0) - (expected.shape.fwhm ?? 0))).toBeLessThan(0.02);
      expect(Math.abs((shape.hfr ?? 0) - (expected.shape.hfr ?? 0))).toBeLessThan(0.03);
    });
  }

  it("measures the same from floats of 0..1, in their own unit", () => {
    const source = encode(
      coding("f32"),
      4,
      truth.map((x) => x / 65535),
      (v, i, x) => v.setFloat32(4 * i, x),
    );
    const { frame, field, shape } = measured(source);
    expect(frame.mesh.medianLevel * 65535).toBeCloseTo(1500, -1);
    expect(Math.abs(field.detections.count - expected.field.detections.count)).toBeLessThanOrEqual(4);
    expect(Math.abs((shape.fwhm ?? 0) - (expected.shape.fwhm ?? 0))).toBeLessThan(0.02);
  });

  it("measures widths from 8 bits", () => {
    const source = encode(
      coding("u8"),
      1,
      truth.map((x) => Math.min(255, x / 30)),
      (v, i, x) => v.setUint8(i, Math.round(x)),
    );
    const { frame, shape } = measured(source);
    expect(Math.abs(frame.mesh.medianLevel - 50)).toBeLessThan(0.3);
    expect(Math.abs((shape.fwhm ?? 0) - 3)).toBeLessThan(0.12);
  });

  it("averages three colour planes", () => {
    const plane = (factor: number) => new Uint8Array(Uint16Array.from(truth, (x) => Math.round(x * factor)).buffer);
    const source = bytesSource(width, height, { ...coding("u16"), littleEndian: true }, [plane(0.5), plane(1), plane(1.5)]);
    const { frame, shape } = measured(source);
    expect(Math.abs(frame.mesh.medianLevel - 1500)).toBeLessThan(2);
    expect(Math.abs((shape.fwhm ?? 0) - (expected.shape.fwhm ?? 0))).toBeLessThan(0.02);
  });
});

describe("mosaics", () => {
  it("measures superpixels, lengths in sensor pixels", () => {
    const source = u16Source(width, height, renderField({ width, height, stars, fwhm: 5, sky: 1500, readNoise: 12 }), {
      cfa: { side: 2, colours: "RGGB" },
    });
    const { frame, shape } = measured(source);
    expect([frame.width, frame.height, frame.sampling]).toEqual([350, 260, 2]);
    expect(Math.abs(frame.mesh.medianLevel - 1500)).toBeLessThan(1);
    // The mean of four pixels scatters half as much as one.
    expect(Math.abs(frame.mesh.medianNoise / 6 - 1)).toBeLessThan(0.05);
    expect(Math.abs((shape.fwhm ?? 0) / 5 - 1)).toBeLessThan(0.03);
  });

  it("calls a superpixel saturated when one of its pixels is", () => {
    const values = new Float64Array(64 * 64).fill(500);
    const random = uniform(4);
    values.forEach((v, i) => {
      values[i] = v + 30 * random();
    });
    values[20 * 64 + 20] = 4095;
    const source = u16Source(64, 64, values, { cfa: { side: 2, colours: "GRBG" } });
    const frame = prepareFrame(kernels, source, { saturation: 4095, bitDepth: 12 });
    const pixels = kernels.u16(frame.pixels, 32 * 32);
    expect(pixels[10 * 32 + 10]).toBeGreaterThanOrEqual(frame.ceilingCount);
    expect(pixels.filter((count) => count >= frame.ceilingCount).length).toBe(1);
  });

  it("measures X-Trans in threes", () => {
    const source = u16Source(600, 451, renderField({ width: 600, height: 451, stars: [], fwhm: 3 }), {
      cfa: { side: 6, colours: "G".repeat(36) },
    });
    const frame = prepareFrame(kernels, source, NO_HINTS);
    expect([frame.width, frame.height, frame.sampling]).toEqual([200, 150, 3]);
    expect(Math.abs(frame.mesh.medianLevel - 1000)).toBeLessThan(2);
    expect(Math.abs(frame.mesh.medianNoise / (20 / 3) - 1)).toBeLessThan(0.06);
  });
});

describe("the sky mesh", () => {
  it("follows a gradient and a change of noise, whatever the stars", () => {
    const crowd = randomStars(500, 1000, 800, 1500, 31);
    const plain = renderField({ width: 1000, height: 800, stars: crowd, fwhm: 3, sky: 0, readNoise: 0 });
    const flat = renderField({ width: 1000, height: 800, stars: [], fwhm: 3, sky: 0, readNoise: 1, seed: 9 });
    const sky = (x: number, y: number) => 2000 + 0.8 * x - 0.3 * y;
    const noise = (x: number) => 20 + x / 50;
    const values = plain.map((light, i) => light + sky(i % 1000, Math.floor(i / 1000)) + noise(i % 1000) * flat[i]);
    const { mesh } = prepareFrame(kernels, u16Source(1000, 800, values), NO_HINTS);
    for (const [x, y] of [
      [5, 5],
      [500, 400],
      [990, 790],
      [120, 700],
      [880, 60],
    ]) {
      expect(Math.abs(skyAt(mesh, x, y) - sky(x, y))).toBeLessThan(0.35 * noise(x));
      expect(Math.abs(noiseAt(mesh, x, y) / noise(x) - 1)).toBeLessThan(0.15);
    }
  });

  it("fills tiles without data from their neighbours and reports holes", () => {
    const values = renderField({ width: 600, height: 600, stars: [], fwhm: 3 });
    for (let y = 0; y < 600; y++) for (let x = 0; x < 200; x++) values[y * 600 + x] = 0;
    const frame = prepareFrame(kernels, u16Source(600, 600, values), NO_HINTS);
    expect(frame.hasHoles).toBe(true);
    expect(Math.abs(frame.mesh.medianLevel - 1000)).toBeLessThan(1);
    expect(Array.from(frame.mesh.level).every((level) => Math.abs(level - 1000) < 5)).toBe(true);
  });

  it("takes zeros for values where the sky is near zero", () => {
    const values = renderField({ width: 400, height: 400, stars: [], fwhm: 3, sky: 3, readNoise: 5 });
    const frame = prepareFrame(kernels, u16Source(400, 400, values), NO_HINTS);
    expect(frame.hasHoles).toBe(false);
    expect(frame.black).toBe(0);
    expect(frame.step).toBe(1);
  });

  it("takes NaN and blank samples for holes", () => {
    const blank = encode({ ...coding("i16", 32768), blank: -32768 + 7 }, 2, truth, (v, i, x) =>
      v.setInt16(2 * i, i % 50 === 0 ? -32768 + 7 : Math.round(x)),
    );
    const nan = encode(coding("f32"), 4, truth, (v, i, x) => v.setFloat32(4 * i, i % 50 === 0 ? Number.NaN : x));
    for (const source of [blank, nan]) {
      const frame = prepareFrame(kernels, source, NO_HINTS);
      expect(frame.hasHoles).toBe(true);
      expect(kernels.u16(frame.pixels, width * height).filter((count) => count === 0).length).toBe(Math.ceil((width * height) / 50));
    }
  });
});

describe("the ceiling", () => {
  it("is found where bright stars are cut off below the coding's", () => {
    const bright = randomStars(200, 500, 400, 3000, 44).map((star) => ({ ...star, flux: star.flux * 20 }));
    const values = renderField({ width: 500, height: 400, stars: bright, fwhm: 3 }).map((v) => Math.min(v, 16383));
    const frame = prepareFrame(kernels, u16Source(500, 400, values), NO_HINTS);
    expect(frame.ceilingCount).toBeGreaterThan(16000);
    expect(frame.ceilingCount).toBeLessThanOrEqual(16383);
  });

  it("is the header's when it gives one", () => {
    const frame = prepareFrame(kernels, variants["u16 little-endian"], { saturation: 30000, bitDepth: null });
    expect(Math.abs(frame.ceilingCount - 30000)).toBeLessThan(30);
  });
});

it("refuses sizes that no camera has", () => {
  const source = u16Source(4, 4, new Float64Array(16));
  expect(() => prepareFrame(kernels, { ...source, width: 0 }, NO_HINTS)).toThrow(expect.objectContaining({ code: "bad-header" }));
  expect(() => prepareFrame(kernels, { ...source, width: 1e6, height: 1e6 }, NO_HINTS)).toThrow(
    expect.objectContaining({ code: "too-large" }),
  );
});
