import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { deflateSync } from "node:zlib";
import sharp from "sharp";
import { afterAll, describe, expect, it } from "vitest";
import { floatPixels, samplePixels } from "../fixtures/sample-pixels.ts";
import { ascii, byte, encodeTiff, long, rational, short, type TiffSpec } from "../fixtures/tiff-writer.ts";
import { codeOf, openBytes, readBytes, readFrame, scratchFolder } from "../fixtures/written-frame.ts";

const folder = scratchFolder();
afterAll(() => folder[Symbol.dispose]());

const WIDTH = 53;
const HEIGHT = 37;

function tiff(samples: number, bytes: TiffSpec["bytes"], more: Partial<TiffSpec> = {}): TiffSpec {
  const length = WIDTH * HEIGHT * samples;
  const pixels = more.format === 3 && bytes === 4 ? floatPixels(length) : samplePixels(length, bytes);
  return { width: WIDTH, height: HEIGHT, samples, bytes, pixels, ...more };
}

/** Plane after plane, as frames are read; alpha is left out. */
function planes(spec: TiffSpec, colours: number): Uint8Array {
  const { samples, bytes, pixels } = spec;
  const count = WIDTH * HEIGHT;
  const out = new Uint8Array(count * colours * bytes);
  for (let plane = 0; plane < colours; plane++) {
    for (let i = 0; i < count; i++)
      out.set(pixels.subarray((i * samples + plane) * bytes, (i * samples + plane + 1) * bytes), (plane * count + i) * bytes);
  }
  return out;
}

describe("TIFF comes out exactly as it was put in", () => {
  const layouts: Partial<TiffSpec>[] = [{}, { rowsPerStrip: 5 }, { tile: [16, 32] }];
  for (const compression of ["none", "lzw", "deflate", "packbits", "zstd"] as const) {
    it(`${compression}: strips and tiles, grey and RGB, chunky and planar, either byte order`, async () => {
      for (const layout of layouts) {
        for (const samples of [1, 3, 4, 2]) {
          for (const planar of [false, true]) {
            for (const bigEndian of [false, true]) {
              const spec = tiff(samples, 2, { ...layout, compression, planar, bigEndian });
              const colours = samples === 3 || samples === 4 ? 3 : 1;
              const { image, bytes } = await readBytes(folder.path, encodeTiff(spec));
              expect([image.width, image.height, image.planes]).toEqual([WIDTH, HEIGHT, colours]);
              expect(Buffer.compare(bytes, planes(spec, colours))).toBe(0);
            }
          }
        }
      }
    });
  }

  it("8, 16, 32 and 64 bits, unsigned, signed and floating point, with predictors, BigTIFF too", async () => {
    const kinds: [TiffSpec["bytes"], 1 | 2 | 3, string][] = [
      [1, 1, "Uint8Array"],
      [2, 1, "Uint16Array"],
      [2, 2, "Int16Array"],
      [4, 1, "Uint32Array"],
      [4, 2, "Int32Array"],
      [4, 3, "Float32Array"],
      [8, 3, "Float64Array"],
    ];
    for (const [bytes, format, array] of kinds) {
      for (const predictor of format === 3 ? ([1, 3] as const) : ([1, 2] as const)) {
        for (const bigEndian of [false, true]) {
          for (const samples of [1, 3]) {
            const spec = tiff(samples, bytes, {
              format,
              predictor,
              bigEndian,
              compression: "deflate",
              bigTiff: bigEndian,
              rowsPerStrip: 8,
            });
            const { image, bytes: read } = await readBytes(folder.path, encodeTiff(spec));
            expect(image.data.constructor.name).toBe(array);
            expect(Buffer.compare(read, planes(spec, samples)), `${array}, predictor ${predictor}, ${bigEndian}, ${samples}`).toBe(0);
          }
        }
      }
    }
  });

  it("white-is-zero is turned round, bottom-up rows are said to be so", async () => {
    const spec = tiff(1, 2, { photometric: 0, tags: { 274: short(4) } });
    const { image, frame } = await readBytes(folder.path, encodeTiff(spec));
    const words = new Uint16Array(spec.pixels.buffer);
    expect(Array.from(image.data, Number)).toEqual(Array.from(words, (word) => 65535 - word));
    expect(frame.rowOrder).toBe("bottom-up");
  });

  it("says what its tags, EXIF and a FITS header in its description say", async () => {
    const cards =
      "OBJECT  = 'M 31    '           / target\nEXPTIME =                120.0\nBAYERPAT= 'GRBG    '\nGAIN    =                  139\n";
    const tags = { 270: ascii(cards), 271: ascii("Canon"), 272: ascii("Canon EOS 6D"), 306: ascii("2024:01:02 03:04:05") };
    const exif = {
      33434: rational(30, 1),
      34855: short(1600),
      36867: ascii("2024:01:02 20:00:00"),
      36881: ascii("+02:00"),
      37521: ascii("25"),
      37386: rational(135, 1),
    };
    const frame = await openBytes(folder.path, encodeTiff(tiff(1, 2, { tags, exif })));
    frame.close();
    expect(frame.metadata).toMatchObject({ object: "M 31", exposure: 120, gain: 139, camera: "Canon EOS 6D", focalLength: 135 });
    expect(frame.metadata.time).toBe(Date.UTC(2024, 0, 2, 18, 0, 0, 250));
    expect(frame.cfa?.colours).toBe("GRBG");
    const bare = await openBytes(folder.path, encodeTiff(tiff(1, 2, { tags: { ...tags, 270: ascii("a picture") }, exif })));
    bare.close();
    expect(bare.metadata).toMatchObject({ exposure: 30, gain: 1600 });
  });

  it("a mosaic that a program wrote is a TIFF with a colour filter array", async () => {
    const spec = tiff(1, 2, { photometric: 32803, tags: { 33421: short(2, 2), 33422: byte(1, 2, 0, 1) } });
    const { frame, bytes } = await readBytes(folder.path, encodeTiff(spec));
    expect([frame.format, frame.cfa?.colours]).toEqual(["tiff", "GBRG"]);
    expect(Buffer.compare(bytes, spec.pixels)).toBe(0);
  });

  it("what libtiff writes", async () => {
    const spec = tiff(3, 2);
    const raw = { raw: { width: WIDTH, height: HEIGHT, channels: 3 as const } };
    const words = new Uint16Array(spec.pixels.buffer);
    for (const compression of ["none", "lzw", "deflate"] as const) {
      const file = await sharp(words, raw)
        .toColourspace("rgb16")
        .tiff({ compression, predictor: "horizontal", tile: compression === "lzw", bigtiff: compression === "deflate" })
        .toBuffer();
      const { bytes } = await readBytes(folder.path, file);
      expect(Buffer.compare(bytes, planes(spec, 3))).toBe(0);
    }
  });
});

describe("PNG and JPEG", () => {
  it("PNG of 8 and 16 bits, grey and RGB, with and without alpha, comes out exactly, as libpng wrote it", async () => {
    for (const bytes of [1, 2] as const) {
      for (const samples of [1, 2, 3, 4] as const) {
        const spec = tiff(samples, bytes);
        const data = bytes === 2 ? new Uint16Array(spec.pixels.buffer) : spec.pixels;
        const space = samples < 3 ? (bytes === 2 ? "grey16" : "b-w") : bytes === 2 ? "rgb16" : "srgb";
        for (const adaptiveFiltering of [true, false]) {
          const file = await sharp(data, { raw: { width: WIDTH, height: HEIGHT, channels: samples } })
            .toColourspace(space)
            .png({ adaptiveFiltering })
            .toBuffer();
          const colours = samples < 3 ? 1 : 3;
          const { bytes: read, frame } = await readBytes(folder.path, file);
          expect([frame.planes, frame.coding.type]).toEqual([colours, bytes === 2 ? "u16" : "u8"]);
          expect(Buffer.compare(read, planes(spec, colours))).toBe(0);
        }
      }
    }
  });

  it("PNG that the own reader leaves to libvips: palettes and interlacing", async () => {
    const pixels = samplePixels(WIDTH * HEIGHT, 1).map((value) => (value & 3) * 85);
    const picture = sharp(pixels, { raw: { width: WIDTH, height: HEIGHT, channels: 1 } });
    const interlaced = await readBytes(folder.path, await picture.clone().toColourspace("b-w").png({ progressive: true }).toBuffer());
    expect(Buffer.compare(interlaced.bytes, pixels)).toBe(0);
    const palette = await readBytes(folder.path, await picture.clone().png({ palette: true, colours: 4 }).toBuffer());
    expect(palette.frame.planes).toBe(3);
    expect(Buffer.compare(palette.bytes.subarray(0, pixels.length), pixels)).toBe(0);
  });

  it("JPEG, grey and colour, within what JPEG loses", async () => {
    const smooth = Uint8Array.from({ length: WIDTH * HEIGHT }, (_, i) => 40 + 2 * (i % WIDTH) + Math.floor(i / WIDTH));
    const grey = await sharp(smooth, { raw: { width: WIDTH, height: HEIGHT, channels: 1 } })
      .toColourspace("b-w")
      .jpeg({ quality: 100 })
      .toBuffer();
    const { image, frame } = await readBytes(folder.path, grey);
    expect([frame.format, frame.planes, frame.coding.type]).toEqual(["jpeg", 1, "u8"]);
    expect(Math.max(...Array.from(image.data, Number).map((value, i) => Math.abs(value - smooth[i])))).toBeLessThanOrEqual(2);
    const colour = await sharp({ create: { width: WIDTH, height: HEIGHT, channels: 3, background: { r: 10, g: 120, b: 230 } } })
      .withExif({ IFD0: { Make: "Nikon" }, IFD2: { ExposureTime: "15/1" } })
      .jpeg({ quality: 100, chromaSubsampling: "4:4:4" })
      .toBuffer();
    const read = await readBytes(folder.path, colour);
    const middle = (plane: number) => Number(read.image.data[plane * WIDTH * HEIGHT + WIDTH * 10 + 20]);
    expect([10, 120, 230].every((value, plane) => Math.abs(middle(plane) - value) <= 2)).toBe(true);
    expect(read.frame.metadata.exposure).toBe(15);
    expect(read.frame.metadata.camera).toBe("Nikon");
  });
});

describe("pictures that are damaged or hostile end with a code", () => {
  const good = encodeTiff(tiff(1, 2, { rowsPerStrip: 4 }));
  const png = (alter: (header: Buffer) => void, data = deflateSync(Buffer.alloc((WIDTH + 1) * HEIGHT))) => {
    const chunk = (name: string, body: Buffer) => {
      const out = Buffer.alloc(12 + body.length);
      out.writeUInt32BE(body.length, 0);
      out.write(name, 4, "latin1");
      body.copy(out, 8);
      return out;
    };
    const header = Buffer.alloc(13);
    header.writeUInt32BE(WIDTH, 0);
    header.writeUInt32BE(HEIGHT, 4);
    header[8] = 8;
    alter(header);
    return Buffer.concat([
      Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
      chunk("IHDR", header),
      chunk("IDAT", data),
      chunk("IEND", Buffer.alloc(0)),
    ]);
  };
  const cases: [string, () => Uint8Array, string][] = [
    ["TIFF cut in its directory", () => good.subarray(0, good.length - 40), "truncated"],
    ["TIFF strips beyond the end", () => encodeTiff(tiff(1, 2, { tags: { 273: long(99_999_999) } })), "truncated"],
    ["TIFF strips too short", () => encodeTiff(tiff(1, 2, { tags: { 279: long(10) } })), "truncated"],
    ["TIFF with fewer strips than rows need", () => encodeTiff(tiff(1, 2, { tags: { 278: long(1) } })), "bad-header"],
    ["TIFF without a size", () => encodeTiff(tiff(1, 2, { tags: { 256: long(0) } })), "no-image-data"],
    ["TIFF larger than memory", () => encodeTiff(tiff(1, 2, { tags: { 256: long(2_000_000), 257: long(2_000_000) } })), "too-large"],
    ["TIFF tiles of nothing", () => encodeTiff(tiff(1, 2, { tile: [16, 16], tags: { 322: long(0) } })), "bad-header"],
    ["TIFF with broken LZW", () => encodeTiff(tiff(1, 2, { compression: "none", tags: { 259: short(5) } })), "bad-data"],
    ["TIFF with broken deflate", () => encodeTiff(tiff(1, 2, { compression: "none", tags: { 259: short(8) } })), "bad-data"],
    [
      "TIFF bomb",
      () => encodeTiff(tiff(1, 2, { compression: "deflate", tags: { 256: long(20_000), 257: long(19_000), 278: long(19_000) } })),
      "truncated",
    ],
    ["PNG larger than memory", () => png((header) => header.writeUInt32BE(0x7fffffff, 0)), "too-large"],
    ["PNG bomb", () => png((header) => header.writeUInt32BE(1_000_000, 4)), "truncated"],
    ["PNG with broken pixels", () => png(() => {}, Buffer.alloc(300, 7)), "bad-data"],
    ["PNG cut", () => png(() => {}).subarray(0, 60), "truncated"],
    ["PNG cut in its header", () => png(() => {}).subarray(0, 20), "truncated"],
    ["JPEG magic and noise", () => Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), samplePixels(5000, 1)]), "truncated"],
  ];
  for (const [name, make, code] of cases) {
    it(`${name}: ${code}`, async () => {
      expect(await codeOf(folder.path, make())).toBe(code);
    });
  }

  it("a directory chain that runs in a circle ends", async () => {
    const circle = Buffer.from(good);
    circle.writeUInt32LE(good.readUInt32LE(4), good.length - 4);
    writeFileSync(join(folder.path, "circle.tif"), circle);
    expect((await readFrame(join(folder.path, "circle.tif"))).image.width).toBe(WIDTH);
  });
});

const FRAMES = process.env["NEBULIFT_FRAMES"] ?? "../shared/frames";
const SOURCE = join(FRAMES, "mit-wallace-asteroid2713/Uncalibrated/20181017p3/a-240.000secs.Light.Open.00000030.fit");

describe.skipIf(!existsSync(SOURCE))(`real frames as TIFF${existsSync(SOURCE) ? "" : " (no folder of real frames)"}`, () => {
  it("equal the FITS file they come from", async () => {
    const source = await readFrame(SOURCE);
    const { width, height, data } = source.image;
    for (const [name, scale] of [
      ["u16", 1],
      ["u16_be", 1],
      ["f32", 65535],
    ] as const) {
      const { image } = await readFrame(join(FRAMES, `derived/tiff/mit_mono_${name}.tif`));
      let worst = 0;
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          const truth = Number(data[(height - 1 - y) * width + x]);
          worst = Math.max(worst, Math.abs(Number(image.data[y * width + x]) * scale - truth));
        }
      }
      expect(worst).toBeLessThanOrEqual(scale === 1 ? 0 : 0.005);
    }
  });
});
