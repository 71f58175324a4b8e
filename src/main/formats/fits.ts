import type { FrameSummary } from "../../shared/domain.ts";
import { NebuliftError } from "../../shared/errors.ts";
import { BYTES_PER_SAMPLE, type SampleCoding } from "../../shared/pixels.ts";
import { cfaFromKeywords, rowOrderFromKeywords } from "./cfa-keywords.ts";
import { FileBytes } from "./file-bytes.ts";
import { BLOCK } from "./fits-header.ts";
import { codingOf, findImage, type ImageHdu } from "./fits-image.ts";
import { type ByteSource, MemoryBytes } from "./fits-source.ts";
import { TiledFits } from "./fits-tiles.ts";
import type { FrameFile, OpenOptions } from "./frame-file.ts";
import { pickPlane } from "./interleaved.ts";
import { metadataFromKeywords } from "./metadata.ts";

export { isFits } from "./fits-header.ts";

/**
 * Opens a FITS file, plain or tile-compressed: header read, no pixels yet. Throws `file-missing`, `file-permission`,
 * `file-io`, `file-empty`, `not-an-image`, `no-image-data`, `bad-header`, `truncated`, `unsupported`, `too-large`.
 */
export async function openFits(path: string, options: OpenOptions = {}): Promise<FrameFile> {
  return openFitsSource(FileBytes.open(path), options);
}

/** The same for bytes in memory, which must stay unchanged while the frame is open. */
export function openFitsBytes(bytes: Uint8Array, options: OpenOptions = {}): FrameFile {
  return openFitsSource(new MemoryBytes(bytes), options);
}

function openFitsSource(source: ByteSource, options: OpenOptions): FrameFile {
  try {
    return openImage(source, findImage(source, options.maxSamples));
  } catch (error) {
    source.close();
    throw error;
  }
}

/** Opens the image that `findImage` found; the frame closes the source. */
export function openImage(source: ByteSource, hdu: ImageHdu): FrameFile {
  const end = hdu.dataOffset + hdu.dataBytes;
  if (end > source.size) {
    throw new NebuliftError("truncated", `${source.size - hdu.dataOffset} of ${hdu.dataBytes} bytes of image data`);
  }
  if (Math.ceil(end / BLOCK) * BLOCK > source.size) {
    hdu.warnings.push({ code: "short-last-block", detail: `the padding after byte ${end} is missing; the image is complete` });
  }
  if (hdu.kind === "tiles") return new TiledFits(source, hdu, summaryOf(hdu), codingOf(hdu, true));
  return new PlainFits(source, hdu, summaryOf(hdu), codingOf(hdu, false));
}

/** What the header says about the frame. */
export function summaryOf(hdu: ImageHdu): FrameSummary {
  const { width, height, planes } = hdu.shape;
  const rowOrder = rowOrderFromKeywords(hdu.keywords);
  const cfa = planes === 1 ? cfaFromKeywords(hdu.keywords, rowOrder, height) : null;
  if (cfa !== null && rowOrder === null) {
    hdu.warnings.push({ code: "unknown-row-order", detail: "no ROWORDER: the colour pattern is taken to begin at the first stored pixel" });
  }
  return {
    format: hdu.kind === "tiles" ? "fits-tiles" : "fits",
    width,
    height,
    planes,
    cfa,
    // Where nothing is said, FITS draws its first row at the bottom.
    rowOrder: rowOrder ?? "bottom-up",
    metadata: metadataFromKeywords(hdu.keywords),
    warnings: hdu.warnings,
  };
}

/** Uncompressed pixels, read from the file straight into the caller's memory. */
class PlainFits implements FrameFile {
  readonly format: FrameSummary["format"];
  readonly width: number;
  readonly height: number;
  readonly planes: number;
  readonly cfa: FrameSummary["cfa"];
  readonly rowOrder: FrameSummary["rowOrder"];
  readonly metadata: FrameSummary["metadata"];
  readonly warnings: FrameSummary["warnings"];
  readonly coding: SampleCoding;
  private readonly source: ByteSource;
  private readonly dataOffset: number;
  private readonly interleaved: boolean;

  constructor(source: ByteSource, hdu: ImageHdu, summary: FrameSummary, coding: SampleCoding) {
    this.format = summary.format;
    this.width = summary.width;
    this.height = summary.height;
    this.planes = summary.planes;
    this.cfa = summary.cfa;
    this.rowOrder = summary.rowOrder;
    this.metadata = summary.metadata;
    this.warnings = summary.warnings;
    this.coding = coding;
    this.source = source;
    this.dataOffset = hdu.dataOffset;
    this.interleaved = hdu.shape.interleaved;
  }

  async prepare(): Promise<void> {}

  readRows(plane: number, firstRow: number, rows: number, into: Uint8Array): void {
    const size = BYTES_PER_SAMPLE[this.coding.type];
    const bytes = rows * this.width * size;
    if (this.interleaved) {
      this.readInterleaved(plane, firstRow, rows, into, size);
      return;
    }
    const start = this.dataOffset + (plane * this.height + firstRow) * this.width * size;
    this.source.read(start, into.subarray(0, bytes));
  }

  close(): void {
    this.source.close();
  }

  private readInterleaved(plane: number, firstRow: number, rows: number, into: Uint8Array, size: number): void {
    const line = new Uint8Array(this.width * this.planes * size);
    for (let row = 0; row < rows; row++) {
      this.source.read(this.dataOffset + (firstRow + row) * line.length, line);
      const start = row * this.width * size;
      pickPlane(line, this.planes, plane, size, into.subarray(start, start + this.width * size));
    }
  }
}
