import type { FrameWarning } from "../../shared/domain.ts";
import { NebuliftError } from "../../shared/errors.ts";
import type { SampleCoding } from "../../shared/pixels.ts";
import { BLOCK, readHeader } from "./fits-header.ts";
import type { ByteSource } from "./fits-source.ts";
import { Keywords } from "./keywords.ts";

const MAXIMUM_HDUS = 1000;
const MAXIMUM_AXES = 999;
const DEFAULT_MAXIMUM_SAMPLES = 400_000_000;

export type Bitpix = 8 | 16 | 32 | 64 | -32 | -64;

/** How an image's axes are taken: columns, rows, colour planes; `interleaved` when the colours of a pixel lie side by side. */
interface Shape {
  width: number;
  height: number;
  planes: number;
  interleaved: boolean;
  /** There is more in the array than is taken. */
  partly: boolean;
}

/** The image to read of a FITS file: where it is and what its header says. */
export interface ImageHdu {
  kind: "plain" | "tiles";
  /** The keywords of its own header: structure and coding. */
  own: Keywords;
  /** With those of the primary header where it is an extension: what the frame says about itself. */
  keywords: Keywords;
  dataOffset: number;
  /** Without padding; for tiles the table and its heap. */
  dataBytes: number;
  bitpix: Bitpix;
  axes: number[];
  shape: Shape;
  warnings: FrameWarning[];
}

interface Hdu {
  own: Keywords;
  dataOffset: number;
  dataBytes: number;
  next: number;
  oddities: string[];
}

/**
 * The first image of two dimensions (or of three colour planes) in the primary array, an IMAGE extension or a
 * tile-compressed table. Reads headers only: whether the data are all there is for the reader to check.
 * Throws `not-an-image`, `no-image-data`, `bad-header`, `truncated`, `too-large`.
 */
export function findImage(source: ByteSource, maxSamples = DEFAULT_MAXIMUM_SAMPLES): ImageHdu {
  let primary = new Keywords();
  let start = 0;
  for (let index = 0; index < MAXIMUM_HDUS; index++) {
    const hdu = readHdu(source, start);
    if (hdu === null) {
      if (index === 0) throw new NebuliftError("not-an-image", "no FITS header");
      break;
    }
    if (index === 0) primary = hdu.own;
    const image = imageOf(hdu, primary, maxSamples);
    if (image !== null) return image;
    if (hdu.dataOffset + hdu.dataBytes > source.size) throw new NebuliftError("truncated", `the file ends inside header unit ${index + 1}`);
    start = hdu.next;
  }
  throw new NebuliftError("no-image-data", "no header unit holds an image");
}

function readHdu(source: ByteSource, start: number): Hdu | null {
  const header = readHeader(source, start);
  if (header === null) return null;
  const dataBytes = dataSize(header.keywords);
  const next = header.end + Math.ceil(dataBytes / BLOCK) * BLOCK;
  return { own: header.keywords, dataOffset: header.end, dataBytes, next, oddities: header.oddities };
}

/** Bytes of data by the standard's formula (4.0, 4.4.1.1): |BITPIX|/8 x GCOUNT x (PCOUNT + product of the axes). */
function dataSize(keywords: Keywords): number {
  const axes = readAxes(keywords, "NAXIS");
  const grouped = keywords.get("GROUPS") === true && axes[0] === 0;
  const counted = grouped ? axes.slice(1) : axes;
  const samples = counted.length === 0 ? 0 : counted.reduce((product, side) => product * side, 1);
  const parameters = count(keywords, "PCOUNT", 0);
  const groups = count(keywords, "GCOUNT", 1);
  const bytes = (Math.abs(readBitpix(keywords, "BITPIX")) / 8) * groups * (parameters + samples);
  if (!Number.isSafeInteger(bytes)) throw new NebuliftError("bad-header", "its data would be larger than any disk");
  return bytes;
}

function count(keywords: Keywords, name: string, otherwise: number): number {
  if (!keywords.has(name)) return otherwise;
  const value = keywords.integer(name);
  if (value === null || value < 0) throw new NebuliftError("bad-header", `${name} is ${keywords.text(name) ?? "empty"}`);
  return value;
}

function readBitpix(keywords: Keywords, name: string): Bitpix {
  const value = keywords.integer(name);
  for (const known of [8, 16, 32, 64, -32, -64] as const) if (value === known) return known;
  throw new NebuliftError("bad-header", `${name} is ${keywords.text(name) ?? "missing"}`);
}

/** Axis lengths by `NAXIS` or `ZNAXIS`. */
function readAxes(keywords: Keywords, name: string): number[] {
  const dimensions = keywords.integer(name);
  if (dimensions === null || dimensions < 0 || dimensions > MAXIMUM_AXES) {
    throw new NebuliftError("bad-header", `${name} is ${keywords.text(name) ?? "missing"}`);
  }
  const axes: number[] = [];
  for (let axis = 1; axis <= dimensions; axis++) {
    const side = keywords.integer(`${name}${axis}`);
    if (side === null || side < 0)
      throw new NebuliftError("bad-header", `${name}${axis} is ${keywords.text(`${name}${axis}`) ?? "missing"}`);
    axes.push(side);
  }
  return axes;
}

function imageOf(hdu: Hdu, primary: Keywords, maxSamples: number): ImageHdu | null {
  const extension = (hdu.own.text("XTENSION") ?? "").toUpperCase();
  const compressed = hdu.own.get("ZIMAGE") === true && (extension === "BINTABLE" || extension === "A3DTABLE");
  if (!compressed && extension !== "" && extension !== "IMAGE" && extension !== "IUEIMAGE") return null;
  const prefix = compressed ? "Z" : "";
  const axes = readAxes(hdu.own, `${prefix}NAXIS`);
  const shape = shapeOf(axes);
  if (shape === null) return null;
  const samples = shape.width * shape.height * shape.planes;
  if (samples > maxSamples) throw new NebuliftError("too-large", `${shape.width} x ${shape.height} x ${shape.planes} pixels`);
  const warnings: FrameWarning[] = hdu.oddities.length === 0 ? [] : [{ code: "odd-header", detail: hdu.oddities.slice(0, 3).join(", ") }];
  if (shape.partly) warnings.push({ code: "odd-header", detail: `only the first of the planes of ${axes.join(" x ")} is graded` });
  return {
    kind: compressed ? "tiles" : "plain",
    own: hdu.own,
    keywords: hdu.own === primary ? primary : hdu.own.over(primary),
    dataOffset: hdu.dataOffset,
    dataBytes: compressed ? hdu.dataBytes : samples * (Math.abs(readBitpix(hdu.own, "BITPIX")) / 8),
    bitpix: readBitpix(hdu.own, `${prefix}BITPIX`),
    axes,
    shape,
    warnings,
  };
}

/** Axes of length 1 do not count. Three planes are colours; of any other number the first plane is taken. */
function shapeOf(axes: number[]): Shape | null {
  const sides = axes.filter((side) => side !== 1);
  if (sides.length < 2 || sides.includes(0)) return null;
  const [first, second, third] = sides;
  if (sides.length === 2) return { width: first, height: second, planes: 1, interleaved: false, partly: false };
  if (sides.length === 3 && third === 3) return { width: first, height: second, planes: 3, interleaved: false, partly: false };
  if (sides.length === 3 && first === 3 && second > 8 && third > 8) {
    return { width: second, height: third, planes: 3, interleaved: true, partly: false };
  }
  return { width: first, height: second, planes: 1, interleaved: false, partly: true };
}

const TYPES: Record<Bitpix, SampleCoding["type"]> = { 8: "u8", 16: "i16", 32: "i32", 64: "i64", [-32]: "f32", [-64]: "f64" };

/** BZERO, BSCALE and BLANK; adds to `warnings` what makes no sense and is not used. */
export function codingOf(hdu: ImageHdu, littleEndian: boolean): SampleCoding {
  const { own, bitpix, warnings } = hdu;
  let scale = own.number("BSCALE") ?? 1;
  if (scale === 0) {
    warnings.push({ code: "odd-header", detail: "BSCALE is 0" });
    scale = 1;
  }
  const blank = bitpix > 0 ? (own.integer(own.has("ZBLANK") ? "ZBLANK" : "BLANK") ?? null) : null;
  return { type: TYPES[bitpix], littleEndian, zero: own.number("BZERO") ?? 0, scale, blank };
}
