import { NebuliftError } from "../../shared/errors.ts";
import { type Dither, dequantise } from "./dither.ts";
import type { Bitpix, ImageHdu } from "./fits-image.ts";
import type { ByteSource } from "./fits-source.ts";
import { decodeGzipped, decodePlain, type Samples, type TileCodec, tileCodec } from "./fits-tile-codec.ts";
import { TileTable } from "./fits-tile-table.ts";
import { type FormatKernels, formatKernels } from "./kernels/kernels.ts";
import type { Keywords } from "./keywords.ts";

/** The largest tile that is decoded at once; a 150-megapixel camera's whole frame is smaller. */
const MAXIMUM_TILE = 2 ** 28;

/** Decodes tiles one by one into the image's own sample type, native order. */
export class TileReader {
  private readonly table: TileTable;
  private readonly codec: TileCodec;
  private readonly kernels: FormatKernels;
  private readonly bitpix: Bitpix;
  private readonly own: Keywords;
  private readonly blank: number | null;
  private readonly quantised: boolean;
  private readonly dither: Dither;
  private readonly seed: number;

  constructor(source: ByteSource, hdu: ImageHdu, blank: number | null, tiles: number) {
    this.table = new TileTable(source, hdu);
    if (tiles > this.table.rows) throw new NebuliftError("bad-header", `${tiles} tiles in a table of ${this.table.rows} rows`);
    this.own = hdu.own;
    this.bitpix = hdu.bitpix;
    const scaled = this.table.has("ZSCALE") || this.own.has("ZSCALE");
    this.quantised = this.bitpix < 0 && scaled && (this.own.text("ZQUANTIZ") ?? "").toUpperCase() !== "NONE";
    this.kernels = formatKernels();
    this.codec = tileCodec(hdu.own, this.kernels, this.bitpix < 0 && !this.quantised);
    this.blank = blank ?? this.own.integer("ZBLANK") ?? this.own.integer("BLANK");
    this.dither = ditherOf(this.own);
    this.seed = this.own.integer("ZDITHER0") ?? 1;
  }

  /** Tile `index` of `pixels` samples in rows of `width`, as bytes in native order; valid until the next call. */
  read(index: number, pixels: number, width: number): Uint8Array {
    if (pixels > MAXIMUM_TILE) throw new NebuliftError("too-large", `a tile of ${pixels} pixels`);
    try {
      return bytesOf(this.samples(index, pixels, width));
    } catch (error) {
      if (error instanceof NebuliftError && error.code === "bad-data")
        throw new NebuliftError("bad-data", `tile ${index + 1}: ${error.detail}`, error);
      throw error;
    }
  }

  private samples(index: number, pixels: number, width: number): Samples {
    const floats = this.bitpix < 0;
    const coded = this.table.part("COMPRESSED_DATA", index);
    if (coded !== null) {
      const samples = this.codec.decode(coded, pixels, width);
      return this.quantised ? this.dequantised(samples, index) : this.withOneBlank(asType(samples, this.bitpix), index);
    }
    const gzipped = this.table.part("GZIP_COMPRESSED_DATA", index);
    if (gzipped !== null) return asType(decodeGzipped(gzipped, pixels, floats), this.bitpix);
    const plain = this.table.part("UNCOMPRESSED_DATA", index);
    if (plain !== null) return asType(decodePlain(plain, pixels), this.bitpix);
    throw new NebuliftError("bad-data", "it has no data");
  }

  /** A tile may have a blank value of its own; the image has one for all. */
  private withOneBlank(samples: Samples, index: number): Samples {
    const own = this.bitpix > 0 ? this.table.value("ZBLANK", index) : null;
    const { blank } = this;
    if (own === null || blank === null || own === blank || samples instanceof BigInt64Array) return samples;
    return samples.map((value) => (value === own ? blank : value));
  }

  private dequantised(samples: Samples, index: number): Samples {
    return dequantise(this.kernels, samples, this.bitpix === -32 ? -32 : -64, index, {
      scale: this.table.value("ZSCALE", index) ?? this.own.number("ZSCALE") ?? 1,
      zero: this.table.value("ZZERO", index) ?? this.own.number("ZZERO") ?? 0,
      dither: this.dither,
      seed: this.seed,
      blank: this.table.value("ZBLANK", index) ?? this.blank,
    });
  }
}

function ditherOf(own: Keywords): Dither {
  const name = (own.text("ZQUANTIZ") ?? "NO_DITHER").toUpperCase();
  if (name === "SUBTRACTIVE_DITHER_1") return "dither-1";
  if (name === "SUBTRACTIVE_DITHER_2") return "dither-2";
  if (name === "NO_DITHER" || name === "NONE") return "none";
  throw new NebuliftError("unsupported", `ZQUANTIZ is ${name}`);
}

function bytesOf(samples: Samples): Uint8Array {
  return new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
}

/** Codecs hand out what they hold: RICE_1 with BYTEPIX 4 or PLIO_1 may hold an image of 16 bits. */
function asType(samples: Samples, bitpix: Bitpix): Samples {
  if (samples.BYTES_PER_ELEMENT * 8 === Math.abs(bitpix)) return samples;
  const values = samples instanceof BigInt64Array ? Float64Array.from(samples, Number) : samples;
  switch (bitpix) {
    case 8:
      return Uint8Array.from(values);
    case 16:
      return Int16Array.from(values);
    case 32:
      return Int32Array.from(values);
    case 64:
      return BigInt64Array.from(values, (value) => BigInt(Math.trunc(value)));
    case -32:
      return Float32Array.from(values);
    case -64:
      return Float64Array.from(values);
  }
}
