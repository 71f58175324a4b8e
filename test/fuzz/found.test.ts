import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, describe, expect, it } from "vitest";
import { frameWork } from "../../src/main/engine/frame-work.ts";
import type { MeasureOutcome, PreviewSettings } from "../../src/main/engine/protocol.ts";
import { encodeFits, type FitsCard } from "../../src/main/formats/fits-write.ts";
import { openFrame } from "../../src/main/formats/index.ts";
import { Kernels } from "../../src/main/measure/index.ts";
import { toNebuliftError } from "../../src/shared/errors.ts";
import { encodeDng } from "../fixtures/dng-writer.ts";
import { samplePixels } from "../fixtures/sample-pixels.ts";
import { ascii, encodeTiff, long, rational, short } from "../fixtures/tiff-writer.ts";
import { codeOf } from "../fixtures/written-frame.ts";

/** What `npm run fuzz` has found, each as the smallest file that shows it. */
const folder = mkdtempSync(join(tmpdir(), "nebulift-found-"));
afterAll(() => rmSync(folder, { recursive: true }));

const perform = frameWork(Kernels.load(), () => performance.now());
const PREVIEW: PreviewSettings = { width: 200, quality: 70, colour: true, stretch: null, crop: null, mosaic: null, thumb: null };
const NEVER = { signal: new AbortController().signal, check: () => undefined };

/** As a measuring thread does it; the code of what went wrong, or the outcome. */
async function measured(bytes: Uint8Array): Promise<MeasureOutcome | string> {
  const path = join(folder, "frame.bin");
  writeFileSync(path, bytes);
  const skip = { imageTypes: [], stacks: false };
  try {
    const { outcome } = await perform({ kind: "measure", path, skip, preview: PREVIEW, previewFile: null, pack: true }, NEVER);
    return outcome as MeasureOutcome;
  } catch (error) {
    return toNebuliftError(error).code;
  }
}

const WIDTH = 64;
const HEIGHT = 48;
const words = new Uint16Array(samplePixels(WIDTH * HEIGHT, 2).buffer);
const fits = (...keywords: FitsCard[]) => encodeFits({ width: WIDTH, height: HEIGHT, bitpix: 16, data: words, keywords });

describe("numbers that are no numbers", () => {
  it("places of TIFF strips as fractions", async () => {
    const tiff = { width: WIDTH, height: HEIGHT, samples: 1, bytes: 2, pixels: new Uint8Array(words.buffer), rowsPerStrip: 8 } as const;
    const places = rational(...Array.from({ length: 12 }, (_, i) => (i % 2 === 0 ? 1 : 1617)));
    expect(await codeOf(folder, encodeTiff({ ...tiff, tags: { 273: places } }))).toBe("bad-header");
    expect(await codeOf(folder, encodeTiff({ ...tiff, tags: { 256: { type: 10, values: [64, -1] } } }))).toBe("bad-header");
    // A directory that is nowhere costs what would have been in it, not the picture.
    expect(await codeOf(folder, encodeTiff({ ...tiff, tags: { 330: rational(1, 3), 34665: rational(1, 3) } }))).toBe("readable");
    const dng = { width: WIDTH, height: HEIGHT, pixels: new Uint8Array(words.buffer), cfa: "RGGB", white: 65535 };
    expect(await codeOf(folder, encodeDng({ ...dng, tags: { 50713: rational(3, 2, 3, 2), 50714: short(1, 2, 3, 4) } }))).toBe("bad-header");
  });

  it("scales that leave what a computer can count", async () => {
    const scaled = (name: string, value: string): Uint8Array => {
      const bytes = Buffer.from(fits());
      const at = bytes.indexOf(name.padEnd(8), 0, "latin1");
      bytes.write(`${name.padEnd(8)}= ${value.padStart(20)}`.padEnd(80), at, "latin1");
      return bytes;
    };
    for (const value of ["1e308", "-1e300", "1e-308", "9e37"]) expect(await measured(scaled("BSCALE", value)), value).toBe("bad-data");
    expect(await measured(scaled("BZERO", "1e300"))).toBe("bad-data");
  });

  it("floating point pixels whose exponents were hit", async () => {
    const data = Float32Array.from(words, (word, i) => (i % 3 === 0 ? 3e38 : word));
    expect(await measured(encodeFits({ width: WIDTH, height: HEIGHT, bitpix: -32, data }))).toBe("bad-data");
  });
});

describe("pictures of one line", () => {
  it.each([
    [4000, 2, 1],
    [4000, 1, 3],
    [2, 4000, 1],
    [3000, 1, 1],
    [1, 1, 3],
  ])("%i x %i x %i can be shown", async (width, height, planes) => {
    for (const cfa of planes === 1 ? [null, "RGGB"] : [null]) {
      const data = Uint16Array.from({ length: width * height * planes }, (_, i) => 1000 + ((i * 7919) % 97));
      const keywords: FitsCard[] = cfa ? [["BAYERPAT", cfa]] : [];
      const outcome = await measured(encodeFits({ width, height, planes, bitpix: 16, data, keywords }));
      if (typeof outcome === "string") expect(["no-image-data", "bad-data"]).toContain(outcome);
      else expect(outcome.preview.error).toBeNull();
    }
  });
});

describe("JPEG pixels that cannot be decoded", () => {
  const sky = Uint8Array.from({ length: 320 * 240 }, (_, i) => 60 + ((i * 7919) % 23) + (i % 997 === 0 ? 150 : 0));
  const whole = sharp(sky, { raw: { width: 320, height: 240, channels: 1 } })
    .toColourspace("b-w")
    .jpeg({ quality: 98 })
    .toBuffer();

  it("are not made up", async () => {
    const bytes = await whole;
    const scan = bytes.indexOf(Buffer.from([0xff, 0xda]));
    const torn = Buffer.concat([bytes.subarray(0, scan + 2000), Buffer.from([0xff, 0xd9])]);
    expect(["truncated", "bad-data"]).toContain(await codeOf(folder, torn));
    const taller = Buffer.from(bytes);
    taller.writeUInt16BE(30_000, bytes.indexOf(Buffer.from([0xff, 0xc0])) + 5);
    expect(["truncated", "bad-data"]).toContain(await codeOf(folder, taller));
  });

  it("bytes that no pixel needs are no reason to refuse a picture", async () => {
    const bytes = await whole;
    const padded = Buffer.concat([bytes.subarray(0, bytes.length - 2), Buffer.alloc(7), bytes.subarray(bytes.length - 2)]);
    mkdirSync(join(folder, "padded"), { recursive: true });
    const path = join(folder, "padded", "a.jpg");
    writeFileSync(path, padded);
    const frame = await openFrame(path);
    await frame.prepare();
    expect(frame.width).toBe(320);
    frame.close();
    const wider = Buffer.from(padded);
    wider.writeUInt16BE(30_000, wider.indexOf(Buffer.from([0xff, 0xc0])) + 7);
    expect(["truncated", "bad-data"]).toContain(await codeOf(folder, wider));
  });
});

describe("a RAW file that claims more pixels than can be in it", () => {
  it("is not given memory for them", async () => {
    const dng = { width: WIDTH, height: HEIGHT, pixels: new Uint8Array(words.buffer), cfa: "RGGB", white: 65535 };
    const nikon = { 257: long(48_650), 259: short(34713), 271: ascii("NIKON CORPORATION") };
    expect(["truncated", "unsupported"]).toContain(await codeOf(folder, encodeDng({ ...dng, tags: nikon })));
  });
});

describe("a FITS header that ends too early", () => {
  it("is read, and told", async () => {
    const bytes = Buffer.from(fits(["OBJECT", "M 31"], ["EXPTIME", 60], ["FILTER", "L"]));
    bytes.write("END".padEnd(80), bytes.indexOf("OBJECT  =", 0, "latin1"), "latin1");
    const outcome = await measured(bytes);
    if (typeof outcome === "string") throw new Error(outcome);
    expect(outcome.summary.warnings).toContainEqual({ code: "odd-header", detail: "text after END" });
  });
});
