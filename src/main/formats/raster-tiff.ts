import type { FrameWarning } from "../../shared/domain.ts";
import { NebuliftError } from "../../shared/errors.ts";
import { BYTES_PER_SAMPLE, type SampleCoding } from "../../shared/pixels.ts";
import { DecodedFrame } from "./decoded-frame.ts";
import type { FileBytes } from "./file-bytes.ts";
import type { FrameFile } from "./frame-file.ts";
import { pickPlane } from "./interleaved.ts";
import { describeRaster } from "./raster-metadata.ts";
import { decodeSegment, TIFF_MOST_GROWTH, undoPredictor } from "./raster-tiff-codec.ts";
import { type TiffLayout, tiffLayout } from "./raster-tiff-layout.ts";
import { type TiffDirectory, TiffFile } from "./tiff-directory.ts";

/**
 * Opens the first full-size page of a TIFF with samples exactly as stored: 8 to 64 bits, integral or floating point,
 * either byte order, strips or tiles, uncompressed, LZW, deflate, PackBits or zstd. Null when the page needs libvips
 * instead. The frame takes over `file`. Throws as `tiffLayout` does.
 */
export function openTiff(file: FileBytes, maxSamples: number): FrameFile | null {
  const tiff = TiffFile.open(file);
  const page = fullSizePage(tiff);
  const layout = tiffLayout(tiff, page, maxSamples);
  if (!layout) return null;
  const warnings: FrameWarning[] = [];
  const { width, height, planes } = layout;
  const rowOrder = layout.bottomUp ? "bottom-up" : "top-down";
  const { metadata, cfa } = describeRaster(tiff, page, { cfa: layout.cfa, rowOrder, height }, warnings);
  const summary = { format: "tiff" as const, width, height, planes, cfa: planes === 1 ? cfa : null, rowOrder, metadata, warnings } as const;
  const coding = codingOf(layout, tiff.littleEndian);
  if (isPlain(layout)) return new PlainTiff({ summary, coding, decode: async () => [], release: () => file.close() }, file, layout);
  return new DecodedFrame({
    summary,
    coding,
    decode: async () => decodeTiff(file, layout, tiff.littleEndian),
    release: () => file.close(),
  });
}

/** Tag 254 (NewSubfileType) marks reduced copies by bit 0; a file of nothing else gives its first page. */
function fullSizePage(tiff: TiffFile): TiffDirectory {
  const pages = tiff.directories();
  const page = pages.find((candidate) => ((candidate.integer(254) ?? 0) & 1) === 0 && candidate.has(256)) ?? pages[0];
  if (!page) throw new NebuliftError("no-image-data", "a TIFF without pages");
  return page;
}

function codingOf(layout: TiffLayout, littleEndian: boolean): SampleCoding {
  const { type } = layout;
  const white = type === "u8" ? 255 : type === "u16" ? 65535 : type === "u32" ? 4294967295 : 1;
  const inverted = layout.inverted && type.startsWith("u") ? { zero: white, scale: -1 } : { zero: 0, scale: 1 };
  return { type, littleEndian: littleEndian || layout.predictor !== 1, ...inverted, blank: null };
}

function isPlain(layout: TiffLayout): boolean {
  const separate = !layout.interleaved || layout.samples === 1;
  return layout.compression === "none" && layout.predictor === 1 && layout.segmentWidth === layout.width && layout.across === 1 && separate;
}

/** Uncompressed strips of single samples: rows come straight from the drive. */
class PlainTiff extends DecodedFrame {
  private readonly file: FileBytes;
  private readonly layout: TiffLayout;

  constructor(parts: ConstructorParameters<typeof DecodedFrame>[0], file: FileBytes, layout: TiffLayout) {
    super(parts);
    this.file = file;
    this.layout = layout;
  }

  override readRows(plane: number, firstRow: number, rows: number, into: Uint8Array): void {
    const { segmentHeight, down, offsets, lengths } = this.layout;
    const rowBytes = this.width * BYTES_PER_SAMPLE[this.coding.type];
    for (let row = firstRow; row < firstRow + rows; ) {
      const strip = Math.floor(row / segmentHeight);
      const until = Math.min(firstRow + rows, (strip + 1) * segmentHeight);
      const index = plane * down + strip;
      const from = (row - strip * segmentHeight) * rowBytes;
      const length = (until - row) * rowBytes;
      if (from + length > lengths[index]) throw new NebuliftError("truncated", `strip ${index} has ${lengths[index]} bytes`);
      this.file.read(offsets[index] + from, into.subarray((row - firstRow) * rowBytes, (until - firstRow) * rowBytes));
      row = until;
    }
  }
}

function decodeTiff(file: FileBytes, layout: TiffLayout, littleEndian: boolean): Uint8Array[] {
  const size = BYTES_PER_SAMPLE[layout.type];
  const packed = layout.lengths.reduce((sum, length) => sum + length, 0);
  const planeBytes = layout.width * layout.height * size;
  if (planeBytes > TIFF_MOST_GROWTH[layout.compression] * (packed + 64)) {
    throw new NebuliftError("truncated", `${planeBytes} bytes cannot come from ${packed} stored ones`);
  }
  const planes = Array.from({ length: layout.planes }, () => new Uint8Array(planeBytes));
  const perPlane = layout.across * layout.down;
  const segments = layout.interleaved ? perPlane : perPlane * layout.planes;
  for (let index = 0; index < segments; index++) {
    const bytes = readSegment(file, layout, index, littleEndian);
    if (layout.interleaved)
      planes.forEach((plane, p) => {
        placeSegment(layout, index, bytes, p, plane);
      });
    else placeSegment(layout, index % perPlane, bytes, null, planes[Math.floor(index / perPlane)]);
  }
  return planes;
}

function readSegment(file: FileBytes, layout: TiffLayout, index: number, littleEndian: boolean): Uint8Array {
  const { segmentWidth, segmentHeight, across, height, compression, lengths, offsets } = layout;
  const size = BYTES_PER_SAMPLE[layout.type];
  const samples = layout.interleaved ? layout.samples : 1;
  const rowBytes = segmentWidth * samples * size;
  const down = Math.floor(index / across) % layout.down;
  const used = Math.min(segmentHeight, height - down * segmentHeight);
  const whole = segmentHeight * rowBytes;
  const stored = compression === "none" ? Math.min(lengths[index], whole) : lengths[index];
  const decoded = decodeSegment(file.slice(offsets[index], stored), compression, whole);
  if (decoded.length < used * rowBytes) {
    throw new NebuliftError(
      compression === "none" ? "truncated" : "bad-data",
      `segment ${index} has ${decoded.length} of ${used * rowBytes} bytes`,
    );
  }
  const bytes = decoded.subarray(0, used * rowBytes);
  undoPredictor(bytes, layout.predictor, { pixels: segmentWidth, samples, bytes: size }, littleEndian);
  return bytes;
}

/** Copies one segment into its place of a plane; `sample` is which of its interleaved samples, null when it holds one. */
function placeSegment(layout: TiffLayout, index: number, bytes: Uint8Array, sample: number | null, plane: Uint8Array): void {
  const { width, height, segmentWidth, segmentHeight, across } = layout;
  const size = BYTES_PER_SAMPLE[layout.type];
  const samples = sample === null ? 1 : layout.samples;
  const left = (index % across) * segmentWidth;
  const top = Math.floor(index / across) * segmentHeight;
  const columns = Math.min(segmentWidth, width - left);
  const rows = Math.min(segmentHeight, height - top);
  for (let row = 0; row < rows; row++) {
    const from = row * segmentWidth * samples * size;
    const into = plane.subarray(((top + row) * width + left) * size, ((top + row) * width + left + columns) * size);
    if (samples === 1) into.set(bytes.subarray(from, from + into.length));
    else pickPlane(bytes.subarray(from, from + columns * samples * size), samples, sample ?? 0, size, into);
  }
}
