import type { FrameSummary } from "../../shared/domain.ts";
import { NebuliftError } from "../../shared/errors.ts";
import { BYTES_PER_SAMPLE, type SampleCoding } from "../../shared/pixels.ts";
import type { FrameFile } from "./frame-file.ts";

export interface DecodedFrameParts {
  summary: FrameSummary;
  coding: SampleCoding;
  /** Every colour plane whole, rows x columns samples each; called once, when pixels are first needed. */
  decode(): Promise<Uint8Array[]>;
  /** Lets go of the file and of what `decode` would have needed. */
  release(): void;
}

/** A frame whose pixels have to be decoded as a whole before rows of it can be read. */
export class DecodedFrame implements FrameFile {
  readonly format: FrameSummary["format"];
  readonly width: number;
  readonly height: number;
  readonly planes: number;
  readonly cfa: FrameSummary["cfa"];
  readonly rowOrder: FrameSummary["rowOrder"];
  readonly metadata: FrameSummary["metadata"];
  readonly warnings: FrameSummary["warnings"];
  readonly coding: SampleCoding;
  private readonly parts: DecodedFrameParts;
  private decoding: Promise<Uint8Array[]> | null = null;
  private decoded: Uint8Array[] | null = null;
  private closed = false;

  constructor(parts: DecodedFrameParts) {
    const { summary } = parts;
    this.parts = parts;
    this.coding = parts.coding;
    this.format = summary.format;
    this.width = summary.width;
    this.height = summary.height;
    this.planes = summary.planes;
    this.cfa = summary.cfa;
    this.rowOrder = summary.rowOrder;
    this.metadata = summary.metadata;
    this.warnings = summary.warnings;
  }

  async prepare(): Promise<void> {
    if (this.closed) throw new NebuliftError("internal", "reading a closed frame");
    this.decoding ??= this.parts.decode();
    const decoded = await this.decoding;
    if (!this.closed) this.decoded = decoded;
  }

  readRows(plane: number, firstRow: number, rows: number, into: Uint8Array): void {
    if (!this.decoded) throw new NebuliftError("internal", "reading a frame that was not prepared");
    const rowBytes = this.width * BYTES_PER_SAMPLE[this.coding.type];
    into.set(this.decoded[plane].subarray(firstRow * rowBytes, (firstRow + rows) * rowBytes));
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.decoded = null;
    this.decoding = null;
    this.parts.release();
  }
}
