import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import sharp from "sharp";
import { encodeFits } from "../../src/main/formats/fits-write.ts";
import { encodeDng } from "../fixtures/dng-writer.ts";
import { encodePng } from "../fixtures/png-writer.ts";
import { cfitsioTools, fitsReferences } from "../fixtures/references.ts";
import { ascii, byte, encodeTiff, short, type TiffSpec } from "../fixtures/tiff-writer.ts";
import { encodeTiles } from "../fixtures/tiles-writer.ts";
import { encodeXisf, type XisfSpec } from "../fixtures/xisf-writer.ts";
import type { Keyword, SkyFrame } from "./sky.ts";

export type Family = "fits" | "fits.gz" | "fits.fz" | "xisf" | "tiff" | "png" | "jpeg" | "raw";

/** A valid file that mutants are made of. */
export interface Seed {
  name: string;
  family: Family;
  bytes: Uint8Array;
  /** It shows the clean night's first frame: what comes of it can be judged. */
  sky: boolean;
}

/** Valid files of every format and coding that is read; `missing` says which could not be made on this machine. */
export async function makeSeeds(mono: SkyFrame, bayer: SkyFrame): Promise<{ seeds: Seed[]; missing: string[] }> {
  const missing: string[] = [];
  const seeds = [
    ...fitsSeeds(mono, bayer),
    ...tileSeeds(mono, missing),
    ...xisfSeeds(mono, bayer),
    ...tiffSeeds(mono, bayer),
    ...(await pngSeeds(mono)),
    ...(await jpegSeeds(mono)),
    ...rawSeeds(bayer),
  ];
  return { seeds, missing };
}

const littleEndian = (pixels: Uint16Array): Uint8Array => new Uint8Array(Uint16Array.from(pixels).buffer);
const floats = (pixels: Uint16Array, white: number): Float32Array<ArrayBuffer> => Float32Array.from(pixels, (value) => value / white);
/** Three planes side by side. */
const colours = (pixels: Uint16Array): Uint16Array<ArrayBuffer> =>
  Uint16Array.from({ length: pixels.length * 3 }, (_, i) => pixels[Math.floor(i / 3)]);
/** As a camera's own picture shows it: 8 bits, background dark grey. */
const shown = (pixels: Uint16Array): Uint8Array => {
  const sky = Float64Array.from(pixels).sort()[pixels.length >> 1];
  return Uint8Array.from(pixels, (value) => Math.max(0, Math.min(255, 60 + (value - sky) * 0.1)));
};

// ---------------------------------------------------------------- FITS

function fitsSeeds(mono: SkyFrame, bayer: SkyFrame): Seed[] {
  const { width, height, pixels, keywords } = mono;
  const plain = encodeFits({ width, height, bitpix: 16, data: pixels, keywords });
  const planes = Uint16Array.from({ length: 3 * pixels.length }, (_, i) => pixels[i % pixels.length]);
  const extension = Buffer.from(plain);
  extension.write("XTENSION= 'IMAGE   '".padEnd(80), 0, "latin1");
  const primary = ["SIMPLE  =                    T", "BITPIX  =                    8", "NAXIS   =                    0", "END"];
  const empty = Buffer.from(
    primary
      .map((card) => card.padEnd(80))
      .join("")
      .padEnd(2880),
    "latin1",
  );
  const files: [string, Uint8Array][] = [
    ["u16", plain],
    ["bayer", encodeFits({ width, height, bitpix: 16, data: bayer.pixels, keywords: bayer.keywords })],
    ["f32 0..1", encodeFits({ width, height, bitpix: -32, data: floats(pixels, 65535), keywords })],
    ["f32 ADU", encodeFits({ width, height, bitpix: -32, data: floats(pixels, 1), keywords })],
    ["rgb", encodeFits({ width, height, planes: 3, bitpix: 16, data: planes, keywords })],
    ["extension", Buffer.concat([empty, extension])],
  ];
  return [
    ...files.map(([name, bytes]): Seed => ({ name: `fits ${name}`, family: "fits", bytes, sky: true })),
    ...files.slice(0, 2).map(([name, bytes]): Seed => ({ name: `fits.gz ${name}`, family: "fits.gz", bytes: gzipSync(bytes), sky: true })),
  ];
}

/** One of each codec and table layout among the files that astropy and fpack wrote. */
const REFERENCES =
  /^(?:RICE_1-(?:u2|i4|u1|tile-odd|cube-2x5x7|quantised-f4-1-42|heavy-9)|GZIP_[12]-(?:u2|quantised-f8-2-1)|HCOMPRESS_1-(?:u2-16-1|size-33x47-0)|PLIO_1-(?:mask|noise)|NOCOMPRESS-i2|table-.*|fpack-h-i4|plain-(?:rgb|cube|nan))$/;

function tileSeeds(mono: SkyFrame, missing: string[]): Seed[] {
  const { width, height, pixels, keywords } = mono;
  const base = { width, height, pixels, keywords };
  const own: Seed[] = (["RICE_1", "GZIP_1", "GZIP_2", "PLIO_1", "NOCOMPRESS"] as const).map((codec) => ({
    name: `fits.fz ${codec}`,
    family: "fits.fz",
    bytes: encodeTiles({ ...base, codec, rows: codec === "GZIP_1" ? 16 : 1, wide: codec === "GZIP_2" }),
    sky: true,
  }));
  const references = fitsReferences();
  if (references.missing !== null) missing.push(`files that astropy wrote: ${references.missing}`);
  const others = (references.value?.manifest ?? [])
    .filter((entry) => REFERENCES.test(entry.name))
    .map((entry): Seed => {
      const bytes = readFileSync(join(references.value?.folder ?? "", entry.file));
      return { name: `astropy ${entry.name}`, family: entry.name.startsWith("plain") ? "fits" : "fits.fz", bytes, sky: false };
    });
  return [...own, ...packedSeeds(mono, missing), ...others];
}

function packedSeeds({ width, height, pixels, keywords }: SkyFrame, missing: string[]): Seed[] {
  const tools = cfitsioTools();
  if (tools.value === null) {
    missing.push(`files packed by fpack: ${tools.missing}`);
    return [];
  }
  const [packer = ""] = tools.value;
  const integers = encodeFits({ width, height, bitpix: 16, data: pixels, keywords });
  const reals = encodeFits({ width, height, bitpix: -32, data: floats(pixels, 1), keywords });
  const folder = mkdtempSync(join(tmpdir(), "nebulift-seeds-"));
  const cases: [string, Uint8Array, string[]][] = [
    ["-r", integers, ["-r"]],
    ["-h", integers, ["-h"]],
    ["-h lossy", integers, ["-h", "-s", "4"]],
    ["-g2 whole", integers, ["-g2", "-w"]],
    ["-r quantised", reals, ["-r", "-q", "8"]],
    ["-g quantised", reals, ["-g", "-qz", "8"]],
  ];
  const seeds = cases.map(([name, bytes, args]): Seed => {
    const file = join(folder, "frame.fits");
    writeFileSync(file, bytes);
    const done = spawnSync(packer, [...args, "-O", `${file}.fz`, file], { encoding: "utf8" });
    if (done.status !== 0) throw new Error(`fpack ${args.join(" ")}: ${done.stderr}${done.stdout}`);
    const packed = readFileSync(`${file}.fz`);
    rmSync(`${file}.fz`);
    return { name: `fits.fz fpack ${name}`, family: "fits.fz", bytes: packed, sky: true };
  });
  rmSync(folder, { recursive: true });
  return seeds;
}

// ---------------------------------------------------------------- XISF

function fitsKeywords(keywords: readonly Keyword[]): string {
  const quoted = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
  return keywords
    .map(([name, value, comment]) => {
      const text = typeof value === "string" ? `'${value}'` : value === true ? "T" : value === false ? "F" : `${value ?? ""}`;
      return `<FITSKeyword name="${name}" value="${quoted(text)}" comment="${quoted(comment ?? "")}"/>`;
    })
    .join("");
}

function xisfSeeds(mono: SkyFrame, bayer: SkyFrame): Seed[] {
  const { width, height } = mono;
  const pixels = littleEndian(mono.pixels);
  const base = { width, height, sampleFormat: "UInt16", sampleBytes: 2, pixels, inside: fitsKeywords(mono.keywords) };
  const property = '<Property id="Instrument:ExposureTime" type="Float32" value="300"/>';
  const planes = littleEndian(Uint16Array.from({ length: 3 * mono.pixels.length }, (_, i) => mono.pixels[i % mono.pixels.length]));
  const files: [string, XisfSpec][] = [
    ["plain", { ...base, checksum: "sha-1", before: `<Metadata>${property}</Metadata>` }],
    ["bayer", { ...base, pixels: littleEndian(bayer.pixels), inside: fitsKeywords(bayer.keywords) }],
    ["zlib+sh", { ...base, codec: "zlib", shuffle: 2, checksum: "sha-256" }],
    ["zlib parts", { ...base, codec: "zlib", parts: 5 }],
    ["lz4+sh", { ...base, codec: "lz4", shuffle: 2 }],
    ["lz4hc parts", { ...base, codec: "lz4hc", parts: 3 }],
    ["zstd+sh", { ...base, codec: "zstd", shuffle: 2 }],
    ["inline", { ...base, place: "inline:base64" }],
    ["embedded lz4", { ...base, place: "embedded", codec: "lz4" }],
    ["big endian", { ...base, bigEndian: true }],
    ["interleaved", { ...base, pixels: planes, planes: 3, interleaved: true, attributes: 'colorSpace="RGB"' }],
    [
      "f32 zlib",
      {
        ...base,
        sampleFormat: "Float32",
        sampleBytes: 4,
        pixels: new Uint8Array(floats(mono.pixels, 65535).buffer),
        attributes: 'bounds="0:1"',
        codec: "zlib",
        shuffle: 4,
      },
    ],
  ];
  return files.map(([name, spec]) => ({ name: `xisf ${name}`, family: "xisf", bytes: encodeXisf(spec), sky: true }));
}

// ---------------------------------------------------------------- pictures

/** A FITS header as Siril keeps it in a picture's description. */
function headerText(keywords: readonly Keyword[]): string {
  return keywords
    .map(([name, value]) => `${name.padEnd(8)}= ${typeof value === "string" ? `'${value}'` : value === true ? "T" : `${value}`}`)
    .join("\n");
}

function tiffSeeds(mono: SkyFrame, bayer: SkyFrame): Seed[] {
  const { width, height } = mono;
  const tags = { 270: ascii(headerText(mono.keywords)), 271: ascii("Maker"), 305: ascii("Program") };
  const grey = { width, height, samples: 1, bytes: 2, pixels: littleEndian(mono.pixels), tags } as const;
  const rgb = { ...grey, samples: 3, pixels: littleEndian(colours(mono.pixels)) } as const;
  const real = { ...grey, bytes: 4, format: 3, pixels: new Uint8Array(floats(mono.pixels, 65535).buffer) } as const;
  const files: [string, TiffSpec][] = [
    ["strips", { ...grey, rowsPerStrip: 16 }],
    ["big endian", { ...grey, bigEndian: true, exif: { 33434: { type: 5, values: [300, 1] } } }],
    ["lzw", { ...grey, compression: "lzw", rowsPerStrip: 40, predictor: 2 }],
    ["deflate tiles", { ...grey, compression: "deflate", tile: [64, 48], predictor: 2, bigTiff: true }],
    ["packbits", { ...grey, compression: "packbits", rowsPerStrip: 20 }],
    ["zstd", { ...grey, compression: "zstd", rowsPerStrip: 60 }],
    ["rgb planar", { ...rgb, planar: true, compression: "deflate" }],
    ["rgb", { ...rgb, rowsPerStrip: 30 }],
    ["f32", { ...real, predictor: 3, compression: "deflate", rowsPerStrip: 24 }],
    [
      "mosaic",
      {
        ...grey,
        pixels: littleEndian(bayer.pixels),
        photometric: 32803,
        tags: { ...tags, 33421: short(2, 2), 33422: byte(0, 1, 1, 2) },
      },
    ],
  ];
  return files.map(([name, spec]) => ({ name: `tiff ${name}`, family: "tiff", bytes: encodeTiff(spec), sky: true }));
}

async function pngSeeds({ width, height, pixels, keywords }: SkyFrame): Promise<Seed[]> {
  const deep = Buffer.from(littleEndian(pixels)).swap16();
  const rgb = Buffer.from(littleEndian(colours(pixels))).swap16();
  const text = headerText(keywords);
  const files: [string, Uint8Array][] = [
    ["grey 16", encodePng({ width, height, samples: 1, bytes: 2, pixels: deep, filter: 2, text })],
    ["rgb 16", encodePng({ width, height, samples: 3, bytes: 2, pixels: rgb, filter: 1, parts: 4, text })],
    ["grey 8", encodePng({ width, height, samples: 1, bytes: 1, pixels: shown(pixels) })],
    [
      "interlaced",
      await sharp(shown(pixels), { raw: { width, height, channels: 1 } })
        .png({ progressive: true })
        .toBuffer(),
    ],
    [
      "palette",
      await sharp(shown(pixels), { raw: { width, height, channels: 1 } })
        .png({ palette: true })
        .toBuffer(),
    ],
  ];
  return files.map(([name, bytes]) => ({ name: `png ${name}`, family: "png", bytes, sky: true }));
}

async function jpegSeeds({ width, height, pixels }: SkyFrame): Promise<Seed[]> {
  const picture = shown(pixels);
  const grey = sharp(picture, { raw: { width, height, channels: 1 } }).toColourspace("b-w");
  const rgb = sharp(Uint8Array.from(colours(Uint16Array.from(picture))), { raw: { width, height, channels: 3 } }).withExif({
    IFD0: { Make: "Canon", Model: "EOS" },
    IFD2: { ExposureTime: "30/1" },
  });
  const files: [string, Uint8Array][] = [
    ["grey", await grey.clone().jpeg({ quality: 98 }).toBuffer()],
    ["progressive", await grey.clone().jpeg({ quality: 98, progressive: true }).toBuffer()],
    ["colour", await rgb.jpeg({ quality: 95 }).toBuffer()],
  ];
  return files.map(([name, bytes]) => ({ name: `jpeg ${name}`, family: "jpeg", bytes, sky: true }));
}

// ---------------------------------------------------------------- RAW

const X_TRANS = "GGRGGBGGBGGRBRGRBGGGBGGRGGRGGBRBGBRG";

function rawSeeds(bayer: SkyFrame): Seed[] {
  const { width, height } = bayer;
  const pixels = littleEndian(Uint16Array.from(bayer.pixels, (value) => Math.min(4095, value >> 1)));
  const base = { width, height, pixels, cfa: "RGGB", white: 4095 };
  const exif = { 33434: { type: 5 as const, values: [300, 1] }, 34855: short(800), 36867: ascii("2026:09:14 23:32:48") };
  const dng = encodeDng({ ...base, exif, black: [256] });
  const seeds: Seed[] = [
    { name: "raw dng", family: "raw", bytes: dng, sky: true },
    { name: "raw dng packed", family: "raw", bytes: encodeDng({ ...base, packed: true }), sky: true },
    { name: "raw dng strips", family: "raw", bytes: encodeDng({ ...base, layout: { rowsPerStrip: 32, bigEndian: true } }), sky: true },
    { name: "raw dng x-trans", family: "raw", bytes: encodeDng({ ...base, cfa: X_TRANS }), sky: true },
  ];
  // No writer of these exists: what cameras' parsers meet is a TIFF that claims to be of their maker.
  const claims: [string, string, number][] = [
    ["NIKON CORPORATION", "NIKON D850", 34713],
    ["SONY", "ILCE-7M3", 32767],
    ["PENTAX", "PENTAX K-1", 65535],
    ["SAMSUNG", "NX500", 32770],
    ["Canon", "Canon EOS R6", 6],
    ["Panasonic", "DC-GH5", 1],
  ];
  for (const [make, model, compression] of claims) {
    const bytes = encodeTiff({
      width,
      height,
      samples: 1,
      bytes: 2,
      pixels,
      photometric: 32803,
      exif,
      tags: { 259: short(compression), 271: ascii(make), 272: ascii(model), 33421: short(2, 2), 33422: byte(0, 1, 1, 2) },
    });
    seeds.push({ name: `raw as ${make}`, family: "raw", bytes, sky: true });
  }
  const dressed: [string, number, string][] = [
    ["cr2", 8, "CR\x02\0"],
    ["orf", 0, "IIRO"],
    ["rw2", 0, "IIU\0"],
  ];
  for (const [name, at, mark] of dressed) {
    const bytes = Buffer.from(dng);
    bytes.write(mark, at, "latin1");
    seeds.push({ name: `raw as ${name}`, family: "raw", bytes, sky: true });
  }
  return [...seeds, { name: "raw raf", family: "raw", bytes: encodeRaf(width, height, pixels), sky: true }, ...stubs()];
}

/** The frame of a Fujifilm RAF: directory of the sensor's tags, then the mosaic. */
function encodeRaf(width: number, height: number, pixels: Uint8Array): Buffer {
  const table = Buffer.alloc(4 + 8 + 8 + 40 + 8);
  let at = table.writeUInt32BE(4);
  const tag = (id: number, bytes: number[]) => {
    at = table.writeUInt16BE(id, at);
    at = table.writeUInt16BE(bytes.length, at);
    for (const value of bytes) at = table.writeUInt8(value, at);
  };
  tag(0x100, [height >> 8, height & 255, width >> 8, width & 255]);
  tag(0x121, [height >> 8, height & 255, width >> 8, width & 255]);
  tag(
    0x131,
    Array.from(X_TRANS, (colour) => "RGB".indexOf(colour)),
  );
  tag(0x130, [0, 0, 0, 0]);
  const head = Buffer.alloc(160);
  head.write("FUJIFILMCCD-RAW 0201FF159501X-T2", 0, "latin1");
  head.writeUInt32BE(160, 92);
  head.writeUInt32BE(table.length, 96);
  head.writeUInt32BE(160 + table.length, 100);
  head.writeUInt32BE(pixels.length, 104);
  return Buffer.concat([head, table, pixels]);
}

/** Beginnings of files whose insides cannot be written here. */
function stubs(): Seed[] {
  const box = (name: string, ...inside: Buffer[]): Buffer => {
    const body = Buffer.concat(inside);
    const head = Buffer.alloc(8);
    head.writeUInt32BE(body.length + 8);
    head.write(name, 4, "latin1");
    return Buffer.concat([head, body]);
  };
  const noise = Buffer.from(Uint8Array.from({ length: 4096 }, (_, i) => (i * i * 31 + i * 7) & 255));
  const cr3 = Buffer.concat([
    box("ftyp", Buffer.from("crx \0\0\0\x01crx isom", "latin1")),
    box("moov", box("uuid", noise.subarray(0, 64)), box("trak", box("mdia", box("minf", box("stbl", noise.subarray(0, 200)))))),
    box("mdat", noise),
  ]);
  const files: [string, Buffer][] = [
    ["cr3", cr3],
    ["x3f", Buffer.concat([Buffer.from("FOVb\0\0\x02\0", "latin1"), noise])],
    ["mrw", Buffer.concat([Buffer.from("\0MRM\0\0\x02\0\0PRD\0\0\0\x18", "latin1"), noise])],
    ["crw", Buffer.concat([Buffer.from("II\x1a\0\0\0HEAPCCDR", "latin1"), noise])],
  ];
  return files.map(([name, bytes]) => ({ name: `raw header ${name}`, family: "raw", bytes, sky: false }));
}
