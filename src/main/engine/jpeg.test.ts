import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { encodeJpeg, type Picture } from "./jpeg.ts";
import { CHROMINANCE_AC, CHROMINANCE_DC, LUMINANCE_AC, LUMINANCE_DC, quantiserSteps, ZIGZAG } from "./jpeg-tables.ts";

/** libjpeg-turbo, through sharp, is the judge: it decodes what is encoded here, and encodes the same picture itself. */

function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Sky with noise and stars, as previews are. */
function sky(width: number, height: number, channels: 1 | 3, noise: number): Picture {
  const next = random(width * 31 + height);
  const data = new Uint8ClampedArray(width * height * channels);
  for (let i = 0; i < data.length; i++) {
    const pixel = Math.floor(i / channels);
    const [x, y] = [pixel % width, Math.floor(pixel / width)];
    const glow = 64 + 30 * Math.sin(x / 90 + (i % channels)) + 20 * Math.cos(y / 70);
    const star = x % 37 < 3 && y % 41 < 3 ? 180 : 0;
    data[i] = glow + star + noise * (next() + next() + next() - 1.5) * 2;
  }
  return { width, height, channels, data: new Uint8Array(data.buffer) };
}

async function decode(jpeg: Uint8Array, channels: 1 | 3) {
  const { data, info } = await sharp(jpeg)
    .toColourspace(channels === 1 ? "b-w" : "srgb")
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height, channels: info.channels };
}

async function byLibjpeg({ width, height, channels, data }: Picture, quality: number): Promise<Uint8Array> {
  return sharp(data, { raw: { width, height, channels } }).jpeg({ quality, optimiseCoding: false }).toBuffer();
}

function rms(a: Uint8Array, b: Uint8Array): number {
  return Math.sqrt(a.reduce((sum, value, i) => sum + (value - b[i]) ** 2, 0) / a.length);
}

/** Bodies of all segments with this marker. */
function segments(jpeg: Uint8Array, marker: number): Uint8Array[] {
  const found: Uint8Array[] = [];
  for (let at = 2; jpeg[at + 1] !== 0xda; at += 2 + ((jpeg[at + 2] << 8) | jpeg[at + 3])) {
    if (jpeg[at + 1] === marker) found.push(jpeg.subarray(at + 4, at + 2 + ((jpeg[at + 2] << 8) | jpeg[at + 3])));
  }
  return found;
}

describe("JPEG", () => {
  it.each<[number, number, 1 | 3, number]>([
    [520, 348, 1, 85],
    [520, 348, 1, 100],
    [520, 348, 1, 20],
    [520, 348, 3, 85],
    [521, 349, 3, 95],
    [33, 17, 1, 85],
    [7, 3, 3, 85],
    [1, 1, 1, 85],
    [1, 1, 3, 85],
  ])("of %i x %i in %i channels at quality %i is as true as libjpeg's own", async (width, height, channels, quality) => {
    const picture = sky(width, height, channels, 8);
    const jpeg = encodeJpeg(picture, quality);
    const decoded = await decode(jpeg, channels);
    expect(decoded).toMatchObject({ width, height, channels });
    const reference = await decode(await byLibjpeg(picture, quality), channels);
    expect(rms(decoded.data, picture.data)).toBeLessThan(1.02 * rms(reference.data, picture.data) + 0.3);
  });

  it("takes hardly more bytes than libjpeg with the same tables", async () => {
    for (const channels of [1, 3] as const) {
      const picture = sky(520, 348, channels, 8);
      const [ours, theirs] = [encodeJpeg(picture, 85), await byLibjpeg(picture, 85)];
      expect(ours.length).toBeLessThan(1.02 * theirs.length);
    }
  });

  it("survives the extremes: noise at full swing, flat black and white, edges", async () => {
    const next = random(5);
    const [width, height] = [64, 64];
    const patterns: ((i: number) => number)[] = [
      () => 255 * next(),
      () => (next() < 0.5 ? 0 : 255),
      () => 0,
      () => 255,
      (i) => ((i + (i >> 6)) & 1) * 255,
      (i) => ((i & 63) < 35 ? 0 : 255),
    ];
    for (const pattern of patterns) {
      const picture: Picture = { width, height, channels: 1, data: Uint8Array.from({ length: width * height }, (_, i) => pattern(i)) };
      for (const quality of [1, 50, 100]) {
        const decoded = await decode(encodeJpeg(picture, quality), 1);
        const reference = await decode(await byLibjpeg(picture, quality), 1);
        expect(rms(decoded.data, reference.data)).toBeLessThan(0.05 * 255);
        expect(rms(decoded.data, picture.data)).toBeLessThan(1.02 * rms(reference.data, picture.data) + 0.3);
      }
    }
  });

  it("uses the tables of the standard, as libjpeg does", async () => {
    const jpeg = await byLibjpeg(sky(64, 64, 3, 8), 85);
    const tables = new Map([
      [0x00, LUMINANCE_DC],
      [0x10, LUMINANCE_AC],
      [0x01, CHROMINANCE_DC],
      [0x11, CHROMINANCE_AC],
    ]);
    const huffman = segments(jpeg, 0xc4);
    expect(huffman.length).toBeGreaterThan(0);
    for (const body of huffman) {
      const table = tables.get(body[0]);
      expect([...body.subarray(1, 17)]).toEqual([...(table?.lengths ?? [])]);
      expect([...body.subarray(17)]).toEqual([...(table?.symbols ?? [])]);
    }
    const quantisers = segments(jpeg, 0xdb);
    expect(quantisers.length).toBe(2);
    for (const body of quantisers) {
      const steps = quantiserSteps(body[0] === 0 ? "luminance" : "chrominance", 85);
      expect([...body.subarray(1)]).toEqual(Array.from(ZIGZAG, (at) => steps[at]));
    }
  });

  it("refuses a picture that is not whole", () => {
    expect(() => encodeJpeg({ width: 10, height: 10, channels: 3, data: new Uint8Array(100) }, 85)).toThrow("10 x 10 x 3");
    expect(() => encodeJpeg({ width: 0, height: 10, channels: 1, data: new Uint8Array(100) }, 85)).toThrow("0 x 10");
  });
});
