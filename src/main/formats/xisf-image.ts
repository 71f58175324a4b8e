import { NebuliftError } from "../../shared/errors.ts";
import { BYTES_PER_SAMPLE, type SampleCoding } from "../../shared/pixels.ts";
import { childrenNamed, descendants, type XisfElement } from "./xisf-xml.ts";

/** What a XISF Image element says about its pixels. */
export interface XisfImage {
  element: XisfElement;
  width: number;
  height: number;
  /** Channels as stored, and how many of them, the first, are colours: alpha channels follow. */
  channels: number;
  planes: number;
  type: SampleCoding["type"];
  /** Colours of a pixel side by side (`pixelStorage` Normal) rather than plane after plane (Planar). */
  interleaved: boolean;
  /** Sample values that stand for black and white, where stated; floating point images have to. */
  bounds: [black: number, white: number] | null;
  block: XisfBlock;
}

type XisfCodec = "zlib" | "lz4" | "zstd";

interface XisfCompression {
  codec: XisfCodec;
  /** Bytes before compression. */
  size: number;
  /** Item size of byte shuffling, 1 when there is none. */
  shuffle: number;
  /** Sizes of the parts a large block was compressed in, else one part. */
  parts: { packed: number; size: number }[] | null;
}

/** Where a data block lies and how it is coded. */
export interface XisfBlock {
  place: { kind: "attachment"; position: number; length: number } | { kind: "text"; encoding: "base64" | "hex"; text: string };
  littleEndian: boolean;
  compression: XisfCompression | null;
  checksum: { algorithm: string; digest: string } | null;
}

/** XISF 1.0, 11.5.1, table 11: sampleFormat. */
const SAMPLE_TYPES: Record<string, SampleCoding["type"]> = {
  UInt8: "u8",
  UInt16: "u16",
  UInt32: "u32",
  UInt64: "u64",
  Int8: "i8",
  Int16: "i16",
  Int32: "i32",
  Int64: "i64",
  Float32: "f32",
  Float64: "f64",
};

/**
 * Finds the image to grade: the first with two dimensions (thumbnails are elements of their own).
 * Throws `no-image-data`, `bad-header`, `unsupported`, `too-large`.
 */
export function findXisfImage(root: XisfElement, maxSamples: number): XisfImage {
  let dimensions = "";
  for (const element of descendants(root)) {
    if (element.name !== "Image") continue;
    const geometry = element.attributes.get("geometry") ?? "";
    if (geometry.split(":").length === 3) return describe(element, geometry, maxSamples);
    dimensions ||= geometry;
  }
  throw new NebuliftError("no-image-data", dimensions ? `geometry ${dimensions}` : "no Image element");
}

function describe(element: XisfElement, geometry: string, maxSamples: number): XisfImage {
  const [width, height, channels] = geometry.split(":").map((part) => wholeNumber(part, "geometry"));
  if (width === 0 || height === 0 || channels === 0) throw new NebuliftError("no-image-data", `geometry ${geometry}`);
  if (width * height * channels > maxSamples) throw new NebuliftError("too-large", `geometry ${geometry}`);
  const format = element.attributes.get("sampleFormat") ?? "";
  const type = SAMPLE_TYPES[format];
  if (!type) throw new NebuliftError(format.startsWith("Complex") ? "unsupported" : "bad-header", `sample format ${format || "missing"}`);
  const storage = (element.attributes.get("pixelStorage") ?? "Planar").toLowerCase();
  if (storage !== "planar" && storage !== "normal") throw new NebuliftError("bad-header", `pixel storage ${storage}`);
  const block = blockOf(element);
  const planes = Math.min(channels, nominalChannels(element, channels));
  const interleaved = storage === "normal" && channels > 1;
  const image = { element, width, height, channels, planes, type, interleaved, bounds: boundsOf(element), block };
  checkSize(image);
  return image;
}

/** XISF 1.0, 8.5.5: channels of the colour space; one that is not stated goes by the number of channels. */
function nominalChannels(element: XisfElement, channels: number): number {
  const space = element.attributes.get("colorSpace") ?? (channels >= 3 ? "RGB" : "Gray");
  return space === "Gray" ? 1 : 3;
}

/** The bytes that a block declares must be those that the geometry needs: nothing is allocated on a file's word alone. */
function checkSize(image: XisfImage): void {
  const needed = image.width * image.height * image.channels * BYTES_PER_SAMPLE[image.type];
  const { compression, place } = image.block;
  if (compression) {
    if (compression.size !== needed)
      throw new NebuliftError("bad-header", `block of ${compression.size} bytes for ${needed} bytes of pixels`);
    const whole = compression.parts?.reduce((sum, part) => sum + part.size, 0) ?? needed;
    if (whole !== needed) throw new NebuliftError("bad-header", `subblocks of ${whole} bytes for ${needed} bytes of pixels`);
    const packed = compression.parts?.reduce((sum, part) => sum + part.packed, 0) ?? 0;
    if (place.kind === "attachment" && packed > place.length)
      throw new NebuliftError("bad-header", "subblocks are larger than their block");
  } else if (place.kind === "attachment" && place.length < needed) {
    throw new NebuliftError("bad-header", `block of ${place.length} bytes for ${needed} bytes of pixels`);
  }
}

/** XISF 1.0, 10.3 to 10.7: location, byteOrder, compression, subblocks, checksum; on the Data child for embedded blocks. */
function blockOf(element: XisfElement): XisfBlock {
  const location = element.attributes.get("location") ?? "";
  const [kind, ...rest] = location.split(":");
  if (kind === "attachment") {
    const position = wholeNumber(rest[0] ?? "", "location");
    const length = wholeNumber(rest[1] ?? "", "location");
    return { place: { kind: "attachment", position, length }, ...codingOf(element, element) };
  }
  if (kind === "inline") {
    return { place: { kind: "text", encoding: encodingOf(rest[0]), text: element.text }, ...codingOf(element, element) };
  }
  if (kind === "embedded") {
    const data = childrenNamed(element, "Data")[0];
    if (!data) throw new NebuliftError("bad-header", "embedded block without a Data element");
    const encoding = encodingOf(data.attributes.get("encoding"));
    return { place: { kind: "text", encoding, text: data.text }, ...codingOf(data, element) };
  }
  if (/^(url|path)\(/.test(location)) throw new NebuliftError("unsupported", "distributed XISF: the pixels lie in another file");
  throw new NebuliftError("bad-header", `location ${location.slice(0, 60) || "missing"}`);
}

function encodingOf(name: string | undefined): "base64" | "hex" {
  if (name === "base64" || name === "hex") return name;
  throw new NebuliftError("bad-header", `encoding ${name ?? "missing"}`);
}

function codingOf(first: XisfElement, second: XisfElement): Omit<XisfBlock, "place"> {
  const get = (name: string) => first.attributes.get(name) ?? second.attributes.get(name);
  const byteOrder = get("byteOrder") ?? "little";
  if (byteOrder !== "little" && byteOrder !== "big") throw new NebuliftError("bad-header", `byte order ${byteOrder}`);
  const checksum = get("checksum")?.split(":");
  return {
    littleEndian: byteOrder === "little",
    compression: compressionOf(get("compression"), get("subblocks")),
    checksum: checksum && checksum.length === 2 ? { algorithm: checksum[0].toLowerCase(), digest: checksum[1].trim().toLowerCase() } : null,
  };
}

const CODECS: Record<string, XisfCodec> = { zlib: "zlib", lz4: "lz4", lz4hc: "lz4", zstd: "zstd" };

/** `codec[+sh]:size[:itemSize]` and `packed,size:packed,size:...` */
function compressionOf(compression: string | undefined, subblocks: string | undefined): XisfCompression | null {
  if (!compression) return null;
  const [name, size, item] = compression.split(":");
  const shuffled = name.endsWith("+sh");
  const codec = CODECS[shuffled ? name.slice(0, -3) : name];
  if (!codec) throw new NebuliftError("unsupported", `compression ${name.slice(0, 40)}`);
  const shuffle = shuffled ? wholeNumber(item ?? "", "compression") : 1;
  if (shuffle < 1 || shuffle > 16) throw new NebuliftError("bad-header", `shuffled by ${shuffle} bytes`);
  const parts = subblocks?.split(":").map((part) => {
    const [packed, whole] = part.split(",");
    return { packed: wholeNumber(packed, "subblocks"), size: wholeNumber(whole ?? "", "subblocks") };
  });
  return { codec, size: wholeNumber(size ?? "", "compression"), shuffle, parts: parts ?? null };
}

function boundsOf(element: XisfElement): [number, number] | null {
  const [black, white] = (element.attributes.get("bounds") ?? "").split(":").map(Number);
  return Number.isFinite(black) && Number.isFinite(white) && white > black ? [black, white] : null;
}

function wholeNumber(text: string, of: string): number {
  const value = /^\s*\d{1,15}\s*$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isNaN(value)) throw new NebuliftError("bad-header", `${of}: ${text.slice(0, 40) || "empty"} is not a number`);
  return value;
}
