import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { FileBytes } from "../../src/main/formats/file-bytes.ts";
import { xTransOfRaf } from "../../src/main/formats/raw-sensor.ts";
import { encodeDng } from "../fixtures/dng-writer.ts";
import { samplePixels } from "../fixtures/sample-pixels.ts";
import { ascii, byte, encodeTiff, long, rational, short } from "../fixtures/tiff-writer.ts";
import { codeOf, openBytes, readBytes, readFrame, scratchFolder } from "../fixtures/written-frame.ts";

const folder = scratchFolder();
afterAll(() => folder[Symbol.dispose]());

const WIDTH = 96;
const HEIGHT = 72;

function sensor(bits: number): Uint8Array {
  const words = new Uint16Array(samplePixels(WIDTH * HEIGHT, 2).buffer);
  return new Uint8Array(words.map((word) => word >> (16 - bits)).buffer);
}

const base = { width: WIDTH, height: HEIGHT, cfa: "RGGB", white: 65535, pixels: sensor(16) };
const X_TRANS = "GBGGRGRGRBGBGBGGRGGRGGBGBGBRGRGRGGBG";

describe("the mosaic of a DNG", () => {
  for (const cfa of ["RGGB", "BGGR", "GRBG", "GBRG", X_TRANS]) {
    it(`${cfa}: every pixel as stored, 16, 14 and 12 bits, packed too`, async () => {
      for (const bits of [16, 14, 12]) {
        const white = 2 ** bits - 1;
        for (const more of bits === 12 ? [{}, { packed: true }] : [{}, { layout: { rowsPerStrip: 10, bigEndian: true } }]) {
          const pixels = sensor(bits);
          const { frame, image, bytes } = await readBytes(folder.path, encodeDng({ ...base, cfa, white, pixels, ...more }));
          expect([frame.format, frame.width, frame.height, frame.cfa?.colours]).toEqual(["raw", WIDTH, HEIGHT, cfa]);
          expect(image.data.constructor.name).toBe("Uint16Array");
          expect(Buffer.compare(bytes, pixels)).toBe(0);
          expect(frame.metadata.saturation).toBe(white);
        }
      }
    });
  }

  it("only the visible area is given, and the pattern begins there", async () => {
    const words = new Uint16Array(base.pixels.buffer);
    for (const cfa of ["GRBG", X_TRANS]) {
      const side = Math.sqrt(cfa.length);
      for (const [top, left] of [
        [6, 8],
        [5, 7],
        [0, 3],
      ]) {
        const { frame, image } = await readBytes(folder.path, encodeDng({ ...base, cfa, activeArea: [top, left, HEIGHT - 2, WIDTH - 10] }));
        // LibRaw leaves out an odd first row or column of a Bayer sensor, so that the pattern stays the same.
        const [firstRow, firstColumn] = side === 2 ? [top + (top % 2), left + (left % 2)] : [top, left];
        expect([frame.width, frame.height]).toEqual([WIDTH - 10 - firstColumn, HEIGHT - 2 - firstRow]);
        const truth = Array.from({ length: image.data.length }, (_, i) => {
          const row = firstRow + Math.floor(i / image.width);
          return words[row * WIDTH + firstColumn + (i % image.width)];
        });
        expect(Array.from(image.data, Number)).toEqual(truth);
        const colours = Array.from({ length: cfa.length }, (_, i) => {
          const row = (Math.floor(i / side) + firstRow - top) % side;
          return cfa[row * side + ((i + firstColumn - left) % side)];
        });
        expect(frame.cfa?.colours).toBe(colours.join(""));
      }
    }
  });

  it("is not turned with the camera", async () => {
    for (const orientation of [3, 6, 8]) {
      const { frame, bytes } = await readBytes(folder.path, encodeDng({ ...base, orientation }));
      expect([frame.width, frame.height, frame.cfa?.colours]).toEqual([WIDTH, HEIGHT, "RGGB"]);
      expect(Buffer.compare(bytes, base.pixels)).toBe(0);
    }
  });

  it("comes with black levels a colour and the white level", async () => {
    const frame = await openBytes(folder.path, encodeDng({ ...base, white: 15000, black: [512, 513, 514, 515] }));
    await frame.prepare();
    frame.close();
    expect(frame).toMatchObject({ levels: { black: [512, 513, 514, 515], white: 15000 } });
    expect(frame.metadata.saturation).toBe(15000);
  });

  it("says what its EXIF says", async () => {
    const exif = {
      33434: rational(180, 1),
      34855: short(1600),
      36867: ascii("2024:08:12 22:15:30"),
      36881: ascii("+02:00"),
      37386: rational(400, 1),
    };
    const frame = await openBytes(folder.path, encodeDng({ ...base, exif, tags: { 305: ascii("Firmware 1.2") } }));
    frame.close();
    expect(frame.metadata).toMatchObject({
      exposure: 180,
      gain: 1600,
      time: Date.UTC(2024, 7, 12, 20, 15, 30),
      camera: "Testmaker One",
      focalLength: 400,
      software: "Firmware 1.2",
      bitDepth: 16,
    });
  });

  it("is found by content, whatever the file is called", async () => {
    for (const name of ["light.fits", "light.jpg", "light", "LIGHT.DNG"]) {
      const frame = await openBytes(folder.path, encodeDng(base), {}, name);
      frame.close();
      expect(frame.format).toBe("raw");
    }
  });

  it("a maker's TIFF without a DNG version is RAW when a directory below it holds a mosaic", async () => {
    const plain = encodeTiff({
      width: 8,
      height: 8,
      samples: 3,
      bytes: 1,
      pixels: samplePixels(192, 1),
      tags: { 271: ascii("NIKON CORPORATION") },
    });
    const frame = await openBytes(folder.path, plain);
    frame.close();
    expect(frame.format).toBe("tiff");
  });
});

describe("X-Trans of a RAF", () => {
  it("is read from entry 0x131, where it stands in reverse, and moved to the first visible pixel", () => {
    const table = Buffer.alloc(4 + 8 + 40);
    table.writeUInt32BE(2, 0);
    table.writeUInt16BE(0x100, 4);
    table.writeUInt16BE(4, 6);
    table.writeUInt16BE(0x131, 12);
    table.writeUInt16BE(36, 14);
    Buffer.from(Array.from(X_TRANS, (colour) => "RGB".indexOf(colour)).reverse()).copy(table, 16);
    const head = Buffer.alloc(160);
    head.write("FUJIFILMCCD-RAW ");
    head.writeUInt32BE(160, 92);
    head.writeUInt32BE(table.length, 96);
    const path = join(folder.path, "head.raf");
    writeFileSync(path, Buffer.concat([head, table]));
    const file = FileBytes.open(path);
    const at = (x: number, y: number) => X_TRANS[(y % 6) * 6 + (x % 6)];
    for (const [left, top] of [
      [0, 0],
      [1, 0],
      [8, 3],
    ]) {
      const truth = Array.from({ length: 36 }, (_, i) => at((i % 6) + left, Math.floor(i / 6) + top)).join("");
      expect(xTransOfRaf(file, left, top)).toEqual({ side: 6, colours: truth });
    }
    file.close();
  });
});

describe("RAW files that are damaged, hostile or unknown end with a code", () => {
  const cases: [string, () => Uint8Array, string][] = [
    ["strips beyond the end", () => encodeDng({ ...base, tags: { 273: long(50_000_000) } }), "truncated"],
    ["larger than memory", () => encodeDng({ ...base, tags: { 256: long(60_000), 257: long(60_000) } }), "too-large"],
    ["cut in its directory", () => encodeDng(base).subarray(0, WIDTH * HEIGHT * 2 + 50), "truncated"],
    ["RAF signature only", () => Buffer.concat([Buffer.from("FUJIFILMCCD-RAW 0201"), Buffer.alloc(500)]), "unsupported"],
    ["RAF cut", () => Buffer.from("FUJIFILMCCD-RAW 0201"), "truncated"],
    ["CR3 cut", () => Buffer.from("\0\0\0\x18ftypcrx \0\0\0\x01crx isom\0\0\x10\0mdat", "latin1"), "truncated"],
    ["CR3 without an image", () => Buffer.from("\0\0\0\x18ftypcrx \0\0\0\x01crx isom", "latin1"), "bad-data"],
    ["ORF without an image", () => Buffer.concat([Buffer.from("IIRO\x08\0\0\0", "latin1"), Buffer.alloc(100)]), "unsupported"],
    ["noise after a signature", () => Buffer.concat([Buffer.from("IIU\0\x08\0\0\0", "latin1"), samplePixels(3000, 1)]), "bad-header"],
  ];
  for (const [name, make, code] of cases) {
    it(`${name}: ${code}`, async () => {
      expect(await codeOf(folder.path, make())).toBe(code);
    });
  }

  it("the next file can be read after a damaged one", async () => {
    expect(await codeOf(folder.path, Buffer.concat([Buffer.from("FUJIFILMCCD-RAW 0201"), Buffer.alloc(500)]))).not.toBe("readable");
    expect(await codeOf(folder.path, encodeDng(base))).toBe("readable");
  });

  it("colours other than red, green and blue have no pattern", async () => {
    const { frame } = await readBytes(folder.path, encodeDng({ ...base, tags: { 33422: byte(3, 4, 5, 1), 50710: byte(3, 4, 5) } }));
    expect(frame.cfa).toBeNull();
  });
});

const FRAMES = process.env["NEBULIFT_FRAMES"] ?? "../shared/frames";
const DNG = join(FRAMES, "derived/dng/Light_NGC_7023_20.0s_IRCUT_20250630-023420.dng");

describe.skipIf(!existsSync(DNG))(`a real frame as DNG${existsSync(DNG) ? "" : " (no folder of real frames)"}`, () => {
  it("equals the FITS file it comes from, turned over, pattern and all", async () => {
    const source = await readFrame(join(FRAMES, "derived/fz/Light_NGC_7023_20.0s_IRCUT_20250630-023420-g.fits.fz"));
    const { image, frame } = await readFrame(DNG);
    const { width, height } = image;
    expect([width, height]).toEqual([source.image.width, source.image.height]);
    let different = 0;
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) if (image.data[y * width + x] !== source.image.data[(height - 1 - y) * width + x]) different++;
    }
    expect(different).toBe(0);
    expect([source.frame.cfa?.colours, frame.cfa?.colours]).toEqual(["GRBG", "BGGR"]);
  });
});
