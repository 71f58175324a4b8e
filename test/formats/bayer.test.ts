import { describe, expect, it } from "vitest";
import { colourPreview, debayer, type Image } from "../../src/main/formats/index.ts";
import type { CfaPattern, FrameSummary } from "../../src/shared/domain.ts";
import type { PixelSource, SampleCoding } from "../../src/shared/pixels.ts";

const X_TRANS = "GBGGRGRGRBGBGBGGRGGRGGBGBGBRGRGRGGBG";
const PATTERNS: CfaPattern[] = [
  { side: 2, colours: "RGGB" },
  { side: 2, colours: "BGGR" },
  { side: 2, colours: "GRBG" },
  { side: 2, colours: "GBRG" },
  { side: 6, colours: X_TRANS },
];
const CODING: SampleCoding = { type: "u16", littleEndian: true, zero: 0, scale: 1, blank: null };

/** A scene of three smooth colours. */
const SCENE = [
  (x: number, y: number) => 5000 + 10 * x + 4 * y,
  (x: number, y: number) => 20000 - 6 * x + 8 * y,
  (x: number, y: number) => 300 + 2 * x + 30 * y,
];

function mosaic(width: number, height: number, cfa: CfaPattern | null, plane = 0): Uint16Array {
  return Uint16Array.from({ length: width * height }, (_, i) => {
    const [x, y] = [i % width, Math.floor(i / width)];
    const colour = cfa ? "RGB".indexOf(cfa.colours[(y % cfa.side) * cfa.side + (x % cfa.side)]) : plane;
    return SCENE[colour](x, y);
  });
}

function source(width: number, height: number, planes: Uint16Array[], cfa: CfaPattern | null, coding = CODING): PixelSource {
  return {
    width,
    height,
    planes: planes.length,
    cfa,
    coding,
    readRows(plane, firstRow, rows, into) {
      const bytes = new Uint8Array(planes[plane].slice(firstRow * width, (firstRow + rows) * width).buffer);
      if (!coding.littleEndian) Buffer.from(bytes.buffer).swap16();
      into.set(bytes);
    },
  };
}

describe("colourPreview", () => {
  for (const cfa of PATTERNS) {
    it(`${cfa.colours}: every pixel is the mean of each colour over its block`, () => {
      const [width, height] = [211, 133];
      for (const target of [30, 60, 1000]) {
        const preview = colourPreview(source(width, height, [mosaic(width, height, cfa)], cfa), target);
        const step = cfa.side === 2 ? 2 : 3;
        const block = step * Math.max(1, Math.floor(width / (step * target)));
        expect([preview.width, preview.height]).toEqual([Math.floor(width / block), Math.floor(height / block)]);
        for (let colour = 0; colour < 3; colour++) {
          for (let i = 0; i < preview.width * preview.height; i++) {
            const [x0, y0] = [(i % preview.width) * block, Math.floor(i / preview.width) * block];
            let sum = 0;
            let count = 0;
            for (let y = y0; y < y0 + block; y++) {
              for (let x = x0; x < x0 + block; x++) {
                if ("RGB"[colour] !== cfa.colours[(y % cfa.side) * cfa.side + (x % cfa.side)]) continue;
                sum += SCENE[colour](x, y);
                count++;
              }
            }
            expect(Math.abs(preview.planes[colour][i] - sum / count)).toBeLessThan(0.01);
          }
        }
      }
    });
  }

  it("colour frames are binned plane by plane, mono ones give three equal planes, in physical units of any byte order", () => {
    const [width, height] = [64, 48];
    const scenes = [0, 1, 2].map((plane) => mosaic(width, height, null, plane));
    const coding = { ...CODING, littleEndian: false, zero: 100, scale: 2 };
    const colour = colourPreview(source(width, height, scenes, null, coding), 16);
    expect([colour.width, colour.height]).toEqual([16, 12]);
    for (let plane = 0; plane < 3; plane++)
      expect(colour.planes[plane][5 * 16 + 7]).toBeCloseTo(100 + 2 * SCENE[plane](7 * 4 + 1.5, 5 * 4 + 1.5), 2);
    const mono = colourPreview(source(width, height, scenes.slice(0, 1), null), 64);
    expect(mono.planes[2][3 * 64 + 9]).toBe(SCENE[0](9, 3));
    expect(mono.planes[0]).toBe(mono.planes[1]);
  });

  it("gives the same for floating point samples, which go another way", () => {
    for (const cfa of PATTERNS) {
      const pixels = mosaic(211, 133, cfa);
      const floats = Float32Array.from(pixels);
      const other: PixelSource = {
        ...source(211, 133, [pixels], cfa),
        coding: { ...CODING, type: "f32" },
        readRows: (_plane, firstRow, rows, into) => into.set(new Uint8Array(floats.buffer, firstRow * 211 * 4, rows * 211 * 4)),
      };
      for (const target of [20, 40, 70]) {
        expect(colourPreview(other, target)).toEqual(colourPreview(source(211, 133, [pixels], cfa), target));
      }
    }
  });

  it("pixels without data do not count", () => {
    const cfa = PATTERNS[0];
    const pixels = mosaic(16, 16, cfa);
    const truth = (SCENE[0](2, 0) + SCENE[0](0, 2) + SCENE[0](2, 2)) / 3;
    pixels[0] = 7;
    const preview = colourPreview(source(16, 16, [pixels], cfa, { ...CODING, blank: 7 }), 4);
    expect(preview.planes[0][0]).toBeCloseTo(truth, 2);
  });
});

describe("debayer", () => {
  const summary = {} as FrameSummary;
  const image = (width: number, height: number, data: Uint16Array): Image => ({ width, height, planes: 1, data, frame: summary });

  for (const cfa of PATTERNS) {
    it(`${cfa.colours}: keeps what was measured and fills in a smooth scene`, () => {
      const [width, height] = [60, 54];
      const data = mosaic(width, height, cfa);
      const { planes } = debayer(image(width, height, data), cfa);
      // Bilinear means are exact on a plane away from the border; X-Trans neighbours are not symmetric.
      const tolerance = cfa.side === 2 ? 0.01 : 30;
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          const own = "RGB".indexOf(cfa.colours[(y % cfa.side) * cfa.side + (x % cfa.side)]);
          expect(planes[own][y * width + x]).toBe(data[y * width + x]);
          const inside = x > 1 && y > 1 && x < width - 2 && y < height - 2;
          for (let colour = 0; colour < 3; colour++) {
            const error = Math.abs(planes[colour][y * width + x] - SCENE[colour](x, y));
            expect(error).toBeLessThanOrEqual(inside ? tolerance : 80);
          }
        }
      }
    });
  }
});
