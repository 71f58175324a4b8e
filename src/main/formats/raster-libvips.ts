import type { Sharp } from "sharp";
import type { FrameWarning } from "../../shared/domain.ts";
import { NebuliftError } from "../../shared/errors.ts";
import { DecodedFrame } from "./decoded-frame.ts";
import { addExifBlock } from "./exif.ts";
import type { FileBytes } from "./file-bytes.ts";
import type { FrameFile } from "./frame-file.ts";
import { pickPlane } from "./interleaved.ts";
import { Keywords } from "./keywords.ts";
import { metadataFromKeywords } from "./metadata.ts";

const LARGEST_FILE = 1 << 30;

/** What libvips calls a picture's colours, and what it is asked for so that samples come out as they are. */
const GREY = new Set(["b-w", "grey16"]);

/**
 * Opens a JPEG, or what the own readers of TIFF and PNG leave over, through libvips: no colour management, no rotation,
 * alpha dropped. The frame takes over `file`. Throws `bad-header`, `too-large`, `unsupported`, `feature-missing`.
 */
export async function openWithLibvips(file: FileBytes, format: "jpeg" | "png" | "tiff", maxSamples: number): Promise<FrameFile> {
  if (file.size > LARGEST_FILE) throw new NebuliftError("too-large", `${file.size} bytes of ${format}`);
  const bytes = file.slice(0, file.size);
  const picture = await pictureOf(bytes, maxSamples, "error");
  const about = await picture.metadata().catch((error: unknown) => {
    throw vipsError(error, "bad-header");
  });
  if (about.width * about.height > maxSamples) throw new NebuliftError("too-large", `${about.width} x ${about.height}`);
  if (about.depth !== "uchar" && about.depth !== "ushort") throw new NebuliftError("unsupported", `${format} of ${about.depth} samples`);
  const grey = GREY.has(about.space);
  const planes = grey ? 1 : 3;
  const deep = about.depth === "ushort";
  const warnings: FrameWarning[] = [];
  const keywords = new Keywords();
  if (about.exif) addExifBlock(about.exif, keywords, warnings);
  return new DecodedFrame({
    summary: {
      format,
      width: about.width,
      height: about.height,
      planes,
      cfa: null,
      rowOrder: "top-down",
      metadata: metadataFromKeywords(keywords),
      warnings,
    },
    coding: { type: deep ? "u16" : "u8", littleEndian: true, zero: 0, scale: 1, blank: null },
    decode: () => decode(bytes, { maxSamples, planes, deep, format }, warnings),
    release: () => file.close(),
  });
}

interface Wanted {
  maxSamples: number;
  planes: number;
  deep: boolean;
  format: string;
}

/**
 * A JPEG decoder makes something up for the pixels that it cannot decode, and only warns: there every warning counts. Other
 * formats' warnings (odd colour profiles, unknown tags) say nothing of the pixels.
 */
async function decode(bytes: Uint8Array, wanted: Wanted, warnings: FrameWarning[]): Promise<Uint8Array[]> {
  if (wanted.format !== "jpeg") return decodeOnce(bytes, wanted, "error");
  try {
    return await decodeOnce(bytes, wanted, "warning");
  } catch (error) {
    const shorter = withoutPadding(bytes);
    if (!(error instanceof NebuliftError && PADDED.test(error.detail)) || shorter === null) throw error;
    warnings.push({ code: "odd-header", detail: error.detail });
    return decodeOnce(shorter, wanted, "warning");
  }
}

/** What libjpeg says of bytes that belong to no segment: some cameras fill up with zeros before the end, and no pixel is lost. */
const PADDED = /extraneous bytes before marker/i;

/** The same picture without zeros before its end marker; null when there are none. */
function withoutPadding(bytes: Uint8Array): Uint8Array | null {
  const end = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).lastIndexOf(Buffer.from([0xff, 0xd9]));
  let last = end;
  // A zero after 0xff is part of a coded 0xff.
  while (last > 1 && bytes[last - 1] === 0 && bytes[last - 2] !== 0xff) last--;
  return last === end ? null : Buffer.concat([bytes.subarray(0, last), bytes.subarray(end)]);
}

async function decodeOnce(bytes: Uint8Array, wanted: Wanted, failOn: "warning" | "error"): Promise<Uint8Array[]> {
  const { planes, deep } = wanted;
  const picture = await pictureOf(bytes, wanted.maxSamples, failOn);
  const space = planes === 1 ? (deep ? "grey16" : "b-w") : deep ? "rgb16" : "srgb";
  const { data, info } = await picture
    .removeAlpha()
    .toColourspace(space)
    .raw({ depth: deep ? "ushort" : "uchar" })
    .toBuffer({ resolveWithObject: true })
    .catch((error: unknown) => {
      throw vipsError(error, "bad-data");
    });
  if (info.channels !== planes) throw new NebuliftError("unsupported", `${info.channels} colours in this ${wanted.format}`);
  if (planes === 1) return [data];
  const size = deep ? 2 : 1;
  return Array.from({ length: planes }, (_, plane) => {
    const into = new Uint8Array(info.width * info.height * size);
    pickPlane(data, planes, plane, size, into);
    return into;
  });
}

/** Loaded when first needed: its native library must not be in processes that never read such files. */
async function pictureOf(bytes: Uint8Array, maxSamples: number, failOn: "warning" | "error"): Promise<Sharp> {
  const { default: sharp } = await import("sharp").catch((error: unknown) => {
    throw new NebuliftError("feature-missing", "the reader of JPEG pictures could not be loaded", error);
  });
  sharp.concurrency(1);
  sharp.cache(false);
  return sharp(bytes, { limitInputPixels: maxSamples, failOn, ignoreIcc: true, pages: 1 });
}

function vipsError(error: unknown, otherwise: "bad-header" | "bad-data"): NebuliftError {
  const detail = (error instanceof Error ? error.message : String(error)).split("\n")[0].slice(0, 200);
  if (/exceeds pixel limit/i.test(detail)) return new NebuliftError("too-large", detail, error);
  if (/premature end|truncated|end of (?:file|stream)|unable to read|not enough data/i.test(detail))
    return new NebuliftError("truncated", detail, error);
  return new NebuliftError(otherwise, detail, error);
}
