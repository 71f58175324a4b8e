import type { CfaPattern, FrameWarning } from "../../shared/domain.ts";
import { NebuliftError } from "../../shared/errors.ts";
import { BYTES_PER_SAMPLE, type SampleCoding } from "../../shared/pixels.ts";
import { FileBytes } from "./file-bytes.ts";
import type { FrameFile, OpenOptions } from "./frame-file.ts";
import { pickPlane } from "./interleaved.ts";
import { attachedBytes, type BlockBytes, loadBlock } from "./xisf-block.ts";
import { findXisfImage, type XisfImage } from "./xisf-image.ts";
import { describeXisf } from "./xisf-metadata.ts";
import { parseXisfXml } from "./xisf-xml.ts";

const XISF_SIGNATURE = "XISF0100";
/** Headers with pixels inline are the largest; far beyond any that a camera's frame has. */
const LARGEST_HEADER = 64 << 20;
const DEFAULT_MAX_SAMPLES = 400e6;

/**
 * Opens a monolithic XISF 1.0 file (pixinsight.com/doc/docs/XISF-1.0-spec). Samples are handed out as stored, rows top
 * down: nothing is rescaled. Floating point images state what black and white are (`bounds`, usually 0:1); white becomes
 * the metadata's saturation level, which is how measuring knows the scale. Throws `truncated`, `bad-header`,
 * `no-image-data`, `unsupported`, `too-large` and what opening a file throws.
 */
export function openXisf(path: string, options: OpenOptions = {}): FrameFile {
  const file = FileBytes.open(path);
  try {
    const root = parseXisfXml(readHeader(file));
    const image = findXisfImage(root, options.maxSamples ?? DEFAULT_MAX_SAMPLES);
    return new XisfFrame(file, image, describeXisf(root, image));
  } catch (error) {
    file.close();
    throw error;
  }
}

/** XISF 1.0, 9.2: signature, header length (u32, little endian), 4 reserved bytes, header. */
function readHeader(file: FileBytes): string {
  const start = Buffer.from(file.slice(0, Math.min(16, file.size)));
  if (start.toString("latin1", 0, 8) !== XISF_SIGNATURE) throw new NebuliftError("not-an-image", "no XISF signature");
  if (start.length < 16) throw new NebuliftError("truncated", "the file ends within its first 16 bytes");
  const length = start.readUInt32LE(8);
  if (length === 0 || length > LARGEST_HEADER) throw new NebuliftError("bad-header", `header of ${length} bytes`);
  const bytes = Buffer.from(file.slice(16, length).buffer);
  const end = bytes.indexOf(0);
  return bytes.toString("utf8", 0, end < 0 ? length : end).replace(/^\ufeff/, "");
}

class XisfFrame implements FrameFile {
  readonly format = "xisf";
  readonly rowOrder = "top-down";
  readonly width: number;
  readonly height: number;
  readonly planes: number;
  readonly cfa: CfaPattern | null;
  readonly metadata: FrameFile["metadata"];
  readonly warnings: FrameWarning[];
  readonly coding: SampleCoding;
  private readonly file: FileBytes;
  private readonly image: XisfImage;
  private bytes: BlockBytes | null = null;
  private closed = false;

  constructor(file: FileBytes, image: XisfImage, described: Pick<FrameFile, "cfa" | "metadata" | "warnings">) {
    this.file = file;
    this.image = image;
    this.width = image.width;
    this.height = image.height;
    this.planes = image.planes;
    this.cfa = described.cfa;
    this.metadata = described.metadata;
    this.warnings = described.warnings;
    this.coding = { type: image.type, littleEndian: image.block.littleEndian, zero: 0, scale: 1, blank: null };
  }

  async prepare(): Promise<void> {
    this.opened();
  }

  readRows(plane: number, firstRow: number, rows: number, into: Uint8Array): void {
    const bytes = this.opened();
    const size = BYTES_PER_SAMPLE[this.coding.type];
    const samples = rows * this.width;
    if (!this.image.interleaved) {
      bytes.read((plane * this.height + firstRow) * this.width * size, into.subarray(0, samples * size));
      return;
    }
    const { channels } = this.image;
    const pixels = new Uint8Array(samples * channels * size);
    bytes.read(firstRow * this.width * channels * size, pixels);
    pickPlane(pixels, channels, plane, size, into.subarray(0, samples * size));
  }

  private opened(): BlockBytes {
    if (this.closed) throw new NebuliftError("internal", "reading a closed frame");
    this.bytes ??= this.openBlock();
    return this.bytes;
  }

  private openBlock(): BlockBytes {
    const { block, interleaved } = this.image;
    const length = this.width * this.height * this.image.channels * BYTES_PER_SAMPLE[this.coding.type];
    const warn = (warning: FrameWarning) => this.warnings.push(warning);
    const straight = block.place.kind === "attachment" && !block.compression && !interleaved;
    return straight ? attachedBytes(this.file, block, length, warn) : loadBlock(this.file, block, length, warn);
  }

  close(): void {
    this.closed = true;
    this.bytes?.close();
    this.bytes = null;
    this.file.close();
  }
}
