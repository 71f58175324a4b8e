import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { floatPixels, samplePixels } from "../fixtures/sample-pixels.ts";
import { codeOf, openBytes, readBytes, readFrame, scratchFolder } from "../fixtures/written-frame.ts";
import { encodeXisf, type XisfSpec } from "../fixtures/xisf-writer.ts";

const folder = scratchFolder();
afterAll(() => folder[Symbol.dispose]());

const WIDTH = 67;
const HEIGHT = 41;

function spec(sampleFormat: string, sampleBytes: number, planes: number, more: Partial<XisfSpec> = {}): XisfSpec {
  const length = WIDTH * HEIGHT * planes;
  const pixels = sampleFormat === "Float32" ? floatPixels(length) : samplePixels(length, sampleBytes);
  return { width: WIDTH, height: HEIGHT, planes, sampleFormat, sampleBytes, pixels, ...more };
}

/** Number of samples of each type, and the array that holds it exactly. */
const TYPES: [string, number, string][] = [
  ["UInt8", 1, "Uint8Array"],
  ["UInt16", 2, "Uint16Array"],
  ["UInt32", 4, "Uint32Array"],
  ["UInt64", 8, "BigUint64Array"],
  ["Float32", 4, "Float32Array"],
  ["Float64", 8, "Float64Array"],
];

describe("samples of every kind come out as they were put in", () => {
  for (const [format, size, array] of TYPES) {
    for (const planes of [1, 3]) {
      it(`${format}, ${planes} planes, planar and interleaved, either byte order`, async () => {
        for (const interleaved of [false, true]) {
          for (const bigEndian of [false, true]) {
            const written = spec(format, size, planes, { interleaved, bigEndian });
            const { image, frame, bytes } = await readBytes(folder.path, encodeXisf(written));
            expect([image.width, image.height, image.planes]).toEqual([WIDTH, HEIGHT, planes]);
            expect(image.data.constructor.name).toBe(array);
            expect(frame.rowOrder).toBe("top-down");
            expect(Buffer.compare(bytes, written.pixels)).toBe(0);
          }
        }
      });
    }
  }
});

describe("every codec, shuffled or not, whole or in parts, checked by every checksum", () => {
  const checksums = ["sha-1", "sha-256", "sha-512", "sha3-256", "sha3-512", undefined] as const;
  let turn = 0;
  for (const codec of ["zlib", "lz4", "lz4hc", "zstd", undefined] as const) {
    for (const shuffle of codec ? [undefined, 2, 4, 3, 8] : [undefined]) {
      for (const parts of codec ? [undefined, 1, 5] : [undefined]) {
        it(`${codec ?? "uncompressed"}${shuffle ? ` shuffled by ${shuffle}` : ""}, ${parts ?? "no"} parts`, async () => {
          for (const [format, size] of [
            ["UInt16", 2],
            ["Float32", 4],
          ] as const) {
            const checksum = checksums[turn++ % checksums.length];
            const interleaved = turn % 2 === 0;
            const written = spec(format, size, 3, { codec, shuffle, parts, checksum, interleaved } as Partial<XisfSpec>);
            const { bytes, frame } = await readBytes(folder.path, encodeXisf(written));
            expect(Buffer.compare(bytes, written.pixels)).toBe(0);
            expect(frame.warnings).toEqual([]);
          }
        });
      }
    }
  }

  it("alpha channels are left out", async () => {
    for (const [space, channels, planes] of [
      ["Gray", 2, 1],
      ["RGB", 4, 3],
    ] as const) {
      for (const interleaved of [false, true]) {
        const written = spec("UInt16", 2, channels, { interleaved, attributes: `colorSpace="${space}"` });
        const { image, bytes } = await readBytes(folder.path, encodeXisf(written));
        expect(image.planes).toBe(planes);
        expect(Buffer.compare(bytes, written.pixels.subarray(0, WIDTH * HEIGHT * planes * 2))).toBe(0);
      }
    }
  });

  it("rows can be read in any order and any number", async () => {
    for (const more of [
      {},
      { codec: "lz4", shuffle: 2 },
      { codec: "zstd", shuffle: 4 },
      { codec: "zlib" },
      { interleaved: true },
    ] as const) {
      const written = spec("UInt16", 2, 3, more);
      const frame = await openBytes(folder.path, encodeXisf(written));
      await frame.prepare();
      for (const [plane, row, rows] of [
        [2, 40, 1],
        [0, 0, 41],
        [1, 7, 13],
        [0, 39, 2],
      ]) {
        const into = new Uint8Array(rows * WIDTH * 2);
        frame.readRows(plane, row, rows, into);
        const from = (plane * HEIGHT + row) * WIDTH * 2;
        expect(Buffer.compare(into, written.pixels.subarray(from, from + into.length))).toBe(0);
      }
      frame.close();
    }
  });

  it("blocks may lie in the header, as base64 and hexadecimal, compressed too", async () => {
    for (const place of ["inline:base64", "inline:hex", "embedded"] as const) {
      for (const codec of [undefined, "lz4", "zlib"] as const) {
        const written = spec("UInt16", 2, 1, { place, checksum: "sha-1", ...(codec ? { codec, shuffle: 2 } : {}) });
        const { bytes, frame } = await readBytes(folder.path, encodeXisf(written));
        expect(Buffer.compare(bytes, written.pixels)).toBe(0);
        expect(frame.warnings).toEqual([]);
      }
    }
  });

  it("a checksum that does not match costs a warning, not the image", async () => {
    for (const codec of [undefined, "zlib", "lz4"] as const) {
      const written = spec("UInt16", 2, 1, {
        checksum: "sha-256",
        ...(codec ? { codec } : {}),
        alter: (xml) => xml.replace(/sha-256:..../, "sha-256:0000"),
      });
      const { bytes, frame } = await readBytes(folder.path, encodeXisf(written));
      expect(Buffer.compare(bytes, written.pixels)).toBe(0);
      expect(frame.warnings.map((warning) => warning.code)).toEqual(["checksum-mismatch"]);
    }
  });
});

describe("what the header says about the frame", () => {
  const keyword = (name: string, value: string, comment = "") => `<FITSKeyword name="${name}" value="${value}" comment="${comment}"/>`;
  const property = (id: string, type: string, value: string) => `<Property id="${id}" type="${type}" value="${value}"/>`;

  it("comes from keywords first and from properties where they are silent", async () => {
    const inside = [
      keyword("EXPTIME", "300.5", "s"),
      keyword("OBJECT", "'Barnard&apos;&apos;s &amp; co'"),
      keyword("GAIN", "100"),
      property("Instrument:ExposureTime", "Float32", "60"),
      property("Instrument:Filter:Name", "String", "Ha"),
      property("Instrument:Telescope:FocalLength", "Float32", "0.53"),
      property("Instrument:Sensor:XPixelSize", "Float32", "3.76"),
      property("Instrument:Camera:Gain", "Float32", "0.25"),
      property("Instrument:Sensor:Temperature", "Float32", "-10"),
      `<Property id="Observation:Time:Start" type="TimePoint">2025-03-01T20:15:30.5Z</Property>`,
      property("Observation:Center:RA", "Float64", "83.82"),
      property("Observation:Center:Dec", "Float64", "-5.39"),
    ].join("");
    const frame = await openBytes(folder.path, encodeXisf(spec("UInt16", 2, 1, { inside, attributes: 'imageType="Light"' })));
    frame.close();
    expect(frame.metadata).toMatchObject({
      imageType: "light",
      object: "Barnard's & co",
      exposure: 300.5,
      gain: 100,
      filter: "Ha",
      electronsPerAdu: 0.25,
      pixelSize: 3.76,
      temperature: -10,
      time: Date.UTC(2025, 2, 1, 20, 15, 30, 500),
      rightAscension: 83.82,
      declination: -5.39,
    });
    expect(frame.metadata.focalLength).toBeCloseTo(530, 6);
  });

  it("the image type tells frames that are not lights", async () => {
    for (const [written, read] of [
      ["Dark", "dark"],
      ["Flat", "flat"],
      ["Bias", "bias"],
      ["MasterLight", "master"],
      ["MasterDark", "master"],
    ]) {
      const frame = await openBytes(folder.path, encodeXisf(spec("UInt16", 2, 1, { attributes: `imageType="${written}"` })));
      frame.close();
      expect(frame.metadata.imageType).toBe(read);
    }
  });

  it("white of floating point data is the saturation level", async () => {
    const frame = await openBytes(folder.path, encodeXisf(spec("Float32", 4, 1, { attributes: 'bounds="0:65535"' })));
    frame.close();
    expect(frame.metadata.saturation).toBe(65535);
    expect(frame.coding).toMatchObject({ zero: 0, scale: 1 });
  });

  it("the colour filter array comes from its element, keywords or PixInsight's property", async () => {
    const xtrans = "GBGGRGRGRBGBGBGGRGGRGGBGBGBRGRGRGGBG";
    const cases: [string, string | null][] = [
      ['<ColorFilterArray pattern="GBRG" width="2" height="2"/>', "GBRG"],
      [`<ColorFilterArray pattern="GBRG" width="2" height="2"/>${keyword("BAYERPAT", "'RGGB'")}`, "GBRG"],
      [`<ColorFilterArray pattern="${xtrans}" width="6" height="6"/>`, xtrans],
      [keyword("BAYERPAT", "'RGGB'"), "RGGB"],
      [keyword("BAYERPAT", "'RGGB'") + keyword("XBAYROFF", "1"), "GRBG"],
      [keyword("BAYERPAT", "'RGGB'") + keyword("YBAYROFF", "1") + keyword("ROWORDER", "'TOP-DOWN'"), "GBRG"],
      [property("PCL:CFASourcePattern", "String", "BGGR"), "BGGR"],
      ['<ColorFilterArray pattern="CMYG" width="2" height="2"/>', null],
      ["", null],
    ];
    for (const [inside, colours] of cases) {
      const frame = await openBytes(folder.path, encodeXisf(spec("UInt16", 2, 1, { inside })));
      frame.close();
      expect(frame.cfa?.colours ?? null).toBe(colours);
    }
    const colour = await openBytes(
      folder.path,
      encodeXisf(spec("UInt16", 2, 3, { inside: property("PCL:CFASourcePattern", "String", "BGGR") })),
    );
    colour.close();
    expect(colour.cfa).toBeNull();
  });

  it("references stand for elements elsewhere, and the first two-dimensional image is the frame", async () => {
    const before = `<Image geometry="9:1" sampleFormat="UInt8" location="inline:base64">AAAA</Image><Property uid="there" id="Instrument:Filter:Name" type="String" value="OIII"/>`;
    const inside = `<Reference ref="there"/><Thumbnail geometry="2:2:1" sampleFormat="UInt8" location="inline:base64">AAAAAA==</Thumbnail>`;
    const written = spec("UInt16", 2, 1, {
      before,
      inside,
      after: `<Image geometry="1:1:1" sampleFormat="UInt8" location="inline:base64">AA==</Image>`,
    });
    const { frame, bytes } = await readBytes(folder.path, encodeXisf(written));
    expect(frame.metadata.filter).toBe("OIII");
    expect(Buffer.compare(bytes, written.pixels)).toBe(0);
  });
});

describe("files that are damaged, hostile or of another kind end with a code", () => {
  const plain = spec("UInt16", 2, 1);
  const cases: [string, () => Uint8Array, string][] = [
    ["cut in the pixels", () => encodeXisf(plain).subarray(0, 9000), "truncated"],
    ["cut in the header", () => encodeXisf(plain).subarray(0, 100), "truncated"],
    ["cut in the first bytes", () => encodeXisf(plain).subarray(0, 10), "truncated"],
    ["complex samples", () => encodeXisf({ ...plain, sampleFormat: "Complex32" }), "unsupported"],
    ["unknown samples", () => encodeXisf({ ...plain, sampleFormat: "UInt12" }), "bad-header"],
    [
      "pixels in another file",
      () => encodeXisf({ ...plain, alter: (xml) => xml.replace(/location="[^"]*"/, 'location="path(/etc/passwd)"') }),
      "unsupported",
    ],
    [
      "pixels on a server",
      () => encodeXisf({ ...plain, alter: (xml) => xml.replace(/location="[^"]*"/, 'location="url(http://x.y/z):7"') }),
      "unsupported",
    ],
    ["no image", () => encodeXisf({ ...plain, alter: (xml) => xml.replaceAll("Image", "Picture") }), "no-image-data"],
    ["one dimension", () => encodeXisf({ ...plain, alter: (xml) => xml.replace("67:41:1", "2747:1") }), "no-image-data"],
    ["nothing wide", () => encodeXisf({ ...plain, alter: (xml) => xml.replace("67:41:1", "0:41:1") }), "no-image-data"],
    ["more than memory", () => encodeXisf({ ...plain, alter: (xml) => xml.replace("67:41:1", "1000000:1000000:3") }), "too-large"],
    ["negative position", () => encodeXisf({ ...plain, alter: (xml) => xml.replace("attachment:8192", "attachment:-8192") }), "bad-header"],
    [
      "position beyond the file",
      () => encodeXisf({ ...plain, alter: (xml) => xml.replace("attachment:8192", "attachment:999999999999999") }),
      "truncated",
    ],
    ["block smaller than its pixels", () => encodeXisf({ ...plain, alter: (xml) => xml.replace("67:41:1", "67:410:1") }), "bad-header"],
    [
      "declared size not that of the pixels",
      () => encodeXisf({ ...plain, codec: "zlib", alter: (xml) => xml.replace(/zlib:\d+/, "zlib:999999999") }),
      "bad-header",
    ],
    ["unknown codec", () => encodeXisf({ ...plain, codec: "zlib", alter: (xml) => xml.replace("zlib:", "brotli:") }), "unsupported"],
    [
      "subblocks that do not add up",
      () => encodeXisf({ ...plain, codec: "lz4", parts: 3, alter: (xml) => xml.replace(/subblocks="(\d+),/, 'subblocks="9$1,') }),
      "bad-header",
    ],
    [
      "a document type",
      () => encodeXisf({ ...plain, alter: (xml) => xml.replace("<!--", '<!DOCTYPE x [<!ENTITY a "b">]><!--') }),
      "bad-header",
    ],
    ["deep nesting", () => encodeXisf({ ...plain, inside: "<a>".repeat(5000) + "</a>".repeat(5000) }), "bad-header"],
    ["no end of the header", () => encodeXisf({ ...plain, alter: (xml) => xml.slice(0, 180) }), "bad-header"],
    ["distributed header", () => Buffer.from('<?xml version="1.0"?><xisf version="1.0"><Image geometry="1:1:1"/></xisf>'), "unsupported"],
    ["distributed blocks", () => Buffer.from("XISB0100 and blocks"), "unsupported"],
  ];
  for (const [name, make, code] of cases) {
    it(`${name}: ${code}`, async () => {
      expect(await codeOf(folder.path, make())).toBe(code);
    });
  }

  it("compressed data that are not what they say", async () => {
    for (const codec of ["zlib", "lz4", "zstd"] as const) {
      const file = encodeXisf({ ...plain, codec });
      const damaged = Buffer.from(file);
      damaged.fill(0xa7, 8192, 8300);
      expect(await codeOf(folder.path, damaged)).toBe("bad-data");
    }
  });

  it("a bomb is refused before it is inflated", async () => {
    const bomb = encodeXisf({
      ...plain,
      codec: "zlib",
      alter: (xml) => xml.replace("67:41:1", "10000:10000:1").replace(/zlib:\d+/, "zlib:200000000"),
    });
    expect(await codeOf(folder.path, bomb)).toBe("bad-data");
  });
});

const FRAMES = process.env["NEBULIFT_FRAMES"] ?? "../shared/frames";
const SOURCE = join(FRAMES, "mit-wallace-asteroid2713/Uncalibrated/20181017p3/a-240.000secs.Light.Open.00000030.fit");
const DERIVED = join(FRAMES, "derived/xisf");

describe.skipIf(!existsSync(DERIVED))(`frames that other programs wrote${existsSync(DERIVED) ? "" : " (no folder of real frames)"}`, () => {
  it("equal the FITS file they come from, turned over", async () => {
    const source = await readFrame(SOURCE);
    const { width, height } = source.image;
    for (const name of ["raw", "lz4_sh", "zlib_sh", "zstd_sh"]) {
      const { image, frame } = await readFrame(join(DERIVED, `mit_u16_${name}.xisf`));
      expect([image.width, image.height, frame.warnings]).toEqual([width, height, []]);
      let different = 0;
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) if (image.data[y * width + x] !== source.image.data[(height - 1 - y) * width + x]) different++;
      }
      expect(different).toBe(0);
      expect(frame.metadata).toMatchObject({ imageType: "light", exposure: 240, object: "2713 Luxembourg", focalLength: 3910 });
    }
  });

  it("PixInsight's embedded block, plain and lz4, hold the same numbers", async () => {
    const plain = await readFrame(join(FRAMES, "libxisf/test/test.xisf"));
    const packed = await readFrame(join(FRAMES, "libxisf/test/test_lz4.xisf"));
    expect([plain.image.width, plain.image.height]).toEqual([8, 10]);
    expect(Array.from(plain.bytes)).toEqual(Array.from(packed.bytes));
    // DATAMIN and DATAMAX of its header.
    const values = Array.from(plain.image.data, Number);
    expect([values.length, Math.min(...values), Math.max(...values)]).toEqual([80, 0, 9]);
  });
});
