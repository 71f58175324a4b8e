import { NebuliftError, toNebuliftError } from "../../shared/errors.ts";
import { FileBytes } from "./file-bytes.ts";
import { openFits } from "./fits.ts";
import type { FrameFile, OpenOptions } from "./frame-file.ts";
import { frameKind, HEAD_BYTES } from "./frame-kind.ts";
import { openGzip } from "./gzip.ts";
import { openWithLibvips } from "./raster-libvips.ts";
import { openPng } from "./raster-png.ts";
import { openTiff } from "./raster-tiff.ts";
import { openRaw, type RawFile } from "./raw.ts";
import { rawDirectory } from "./raw-kind.ts";
import { TiffFile } from "./tiff-directory.ts";
import { openXisf } from "./xisf.ts";

export { debayer } from "./bayer.ts";
export { type ColourPicture, colourPreview } from "./colour-preview.ts";
export { decodeImage } from "./decode-image.ts";
export type { FrameFile, Image, OpenOptions } from "./frame-file.ts";
export { isFrameContent } from "./frame-kind.ts";
export { FRAME_ENDINGS, isFrameName } from "./frame-name.ts";
export { keywordEdit, keywordValue } from "./header-edit.ts";
export { decodeJpeg, type ScreenPicture } from "./raster-picture.ts";
export { waitUntilSettled } from "./settle.ts";

const DEFAULT_MAX_SAMPLES = 400e6;

/**
 * Opens a frame: the header is read and checked, pixels follow on `prepare` and `readRows`. What the file is, its content
 * says; its name has no part in it. Throws NebuliftError: `file-missing`, `file-permission`, `file-io`, `file-empty`,
 * `not-an-image`, `no-image-data`, `truncated`, `bad-header`, `bad-data`, `unsupported`, `too-large`, `cancelled`.
 */
export async function openFrame(path: string, options: OpenOptions = {}): Promise<FrameFile> {
  checkCancelled(options);
  const file = FileBytes.open(path);
  let frame: FrameFile | null = null;
  try {
    frame = await openByContent(file, options);
    checkCancelled(options);
    return frame;
  } catch (error) {
    frame?.close();
    file.close();
    throw toNebuliftError(error, "bad-data");
  }
}

function checkCancelled(options: OpenOptions): void {
  if (options.signal?.aborted) throw new NebuliftError("cancelled", "opening a frame");
}

async function openByContent(file: FileBytes, options: OpenOptions): Promise<FrameFile> {
  const head = new Uint8Array(Math.min(HEAD_BYTES, file.size));
  file.read(0, head);
  const maxSamples = options.maxSamples ?? DEFAULT_MAX_SAMPLES;
  const kind = frameKind(head);
  switch (kind?.name) {
    case "fits":
      return elsewhere(file, () => openFits(file.path, options));
    case "gzip":
      return elsewhere(file, () => openGzip(file.path, options));
    case "xisf":
      return elsewhere(file, () => openXisf(file.path, options));
    case "png":
      return openPng(file, maxSamples) ?? openWithLibvips(file, "png", maxSamples);
    case "jpeg":
      return openWithLibvips(file, "jpeg", maxSamples);
    case "tiff":
      return openTiffOrRaw(file, head, maxSamples);
    case "raw":
      return openRaw({ file, kind: kind.signature, tiff: tiffWithin(file, kind.signature) }, maxSamples);
    case "xisf-distributed":
      throw new NebuliftError("unsupported", "distributed XISF: header and pixels lie in separate files");
    default:
      throw new NebuliftError("not-an-image", describeHead(head));
  }
}

/** Readers that open the file themselves get it closed. */
async function elsewhere(file: FileBytes, open: () => FrameFile | Promise<FrameFile>): Promise<FrameFile> {
  file.close();
  return open();
}

function openTiffOrRaw(file: FileBytes, head: Uint8Array, maxSamples: number): FrameFile | Promise<FrameFile> {
  const tiff = TiffFile.open(file);
  const directory = rawDirectory(tiff, head);
  if (!directory) return openTiff(file, maxSamples) ?? openWithLibvips(file, "tiff", maxSamples);
  return openRaw({ file, kind: "TIFF", tiff: { file: tiff, directory } }, maxSamples);
}

/** ORF and RW2 are TIFF under other magic numbers; what is in their directories helps with metadata only. */
function tiffWithin(file: FileBytes, kind: string): RawFile["tiff"] {
  if (kind !== "ORF" && kind !== "RW2") return null;
  const tiff = TiffFile.open(file, [0x4f52, 0x5352, 0x55]);
  const directory = tiff.directories()[0];
  return directory ? { file: tiff, directory } : null;
}

function describeHead(head: Uint8Array): string {
  return `begins with ${Array.from(head.subarray(0, 8), (byte) => byte.toString(16).padStart(2, "0")).join(" ")}`;
}
