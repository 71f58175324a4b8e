import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { encodeFits } from "../../src/main/formats/fits-write.ts";
import { Random } from "../../src/main/simulate/random.ts";
import { cleanNight, type SkyFrame } from "./sky.ts";
import { Grader } from "./subject.ts";

/**
 * Files that are valid from end to end and show no sky, or only a part of it: what a cable, a driver or a drive makes of a
 * frame without anybody noticing. None may come out clean, among good frames or alone.
 */
const folder = mkdtempSync(join(tmpdir(), "nebulift-garbage-"));
afterAll(() => rmSync(folder, { recursive: true }));

type Destroy = (pixels: Uint16Array, width: number, height: number, random: Random) => Uint16Array;

const everyPixel = (make: (i: number, pixels: Uint16Array, random: Random) => number): Destroy => {
  return (pixels, _width, _height, random) => Uint16Array.from(pixels, (_, i) => make(i, pixels, random));
};
/** From this share of the rows on. */
const rowsFrom = (share: number, make: (value: number, random: Random) => number): Destroy => {
  return (pixels, width, height, random) =>
    pixels.map((value, i) => (i >= Math.floor(share * height) * width ? make(value, random) : value));
};
const shuffled = (count: number, random: Random): number[] => {
  const order = Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const other = random.integer(i + 1);
    [order[i], order[other]] = [order[other], order[i]];
  }
  return order;
};

const WAYS: [string, Destroy][] = [
  ["noise over the whole range", everyPixel((_i, _pixels, random) => random.integer(65536))],
  ["noise like the sky's, and no star", everyPixel((_i, _pixels, random) => Math.round(1000 + 25 * random.normal()))],
  ["one value", everyPixel(() => 1000)],
  ["nothing", everyPixel(() => 0)],
  ["a ramp", everyPixel((i) => i % 65536)],
  ["pixels in any order", (pixels, _w, _h, random) => Uint16Array.from(shuffled(pixels.length, random), (from) => pixels[from])],
  [
    "rows in any order",
    (pixels, width, height, random) => {
      const order = shuffled(height, random);
      return pixels.map((_, i) => pixels[order[Math.floor(i / width)] * width + (i % width)]);
    },
  ],
  [
    "columns in any order",
    (pixels, width, _height, random) => {
      const order = shuffled(width, random);
      return pixels.map((_, i) => pixels[i - (i % width) + order[i % width]]);
    },
  ],
  ["rows that lean by a pixel each", (pixels, width) => pixels.map((_, i) => pixels[(i + 7 * Math.floor(i / width)) % pixels.length])],
  ["its bytes the other way round", (pixels) => pixels.map((value) => ((value << 8) | (value >> 8)) & 65535)],
  ["a byte lost at the beginning", (pixels) => pixels.map((value, i) => ((value << 8) | ((pixels[i + 1] ?? 0) >> 8)) & 65535)],
  ["nothing in the lower half", rowsFrom(0.5, () => 0)],
  ["nothing in the lower third", rowsFrom(0.67, () => 0)],
  ["white in the lower half", rowsFrom(0.5, () => 65535)],
  ["one value in the lower half", rowsFrom(0.5, () => 1000)],
  ["noise in the lower half", rowsFrom(0.5, (_value, random) => random.integer(65536))],
  ["noise in the lower third", rowsFrom(0.67, (_value, random) => random.integer(65536))],
  ["a sky cut off at black", everyPixel((i, pixels) => Math.max(0, pixels[i] - 2500))],
  ["every second row lost", (pixels, width) => pixels.map((value, i) => (Math.floor(i / width) % 2 === 0 ? value : 0))],
  ["one row over and over", (pixels, width) => pixels.map((_, i) => pixels[100 * width + (i % width)])],
];

let night: SkyFrame[];
const grader = new Grader();

beforeAll(async () => {
  night = cleanNight(false, 9, [1024, 768]);
  const paths = night.slice(1).map(({ width, height, pixels, keywords }, i) => {
    const path = join(folder, `${i}.fits`);
    writeFileSync(path, encodeFits({ width, height, bitpix: 16, data: pixels, keywords }));
    return path;
  });
  await grader.prepare(paths, []);
});

describe.each([
  ["among good frames", false],
  ["alone", true],
])("%s", (_, alone) => {
  const gradeAs = async (pixels: Uint16Array): Promise<string> => {
    const { width, height, keywords } = night[0];
    const own = alone ? keywords.map((card) => (card[0] === "OBJECT" ? (["OBJECT", "another"] as const) : card)) : keywords;
    const path = join(folder, "garbage.fits");
    writeFileSync(path, encodeFits({ width, height, bitpix: 16, data: Uint16Array.from(pixels), keywords: own }));
    const { result, fault } = await grader.grade(path);
    expect(fault).toBeNull();
    return result;
  };

  it("the frame itself is clean", async () => {
    expect(await gradeAs(night[0].pixels)).toBe("clean");
  });

  it.each(WAYS)("%s is not", async (_name, destroy) => {
    const { width, height, pixels } = night[0];
    const result = await gradeAs(destroy(pixels, width, height, new Random(3)));
    expect(result).not.toBe("clean");
  });
});
