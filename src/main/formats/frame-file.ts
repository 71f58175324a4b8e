import type { FrameSummary } from "../../shared/domain.ts";

/** How one stored sample becomes a number: physical = zero + scale * stored; a stored integer equal to `blank` is no data. */
export interface SampleCoding {
  type: "u8" | "i8" | "u16" | "i16" | "u32" | "i32" | "u64" | "i64" | "f32" | "f64";
  littleEndian: boolean;
  zero: number;
  scale: number;
  blank: number | null;
}

export const BYTES_PER_SAMPLE: Record<SampleCoding["type"], number> = {
  u8: 1,
  i8: 1,
  u16: 2,
  i16: 2,
  u32: 4,
  i32: 4,
  u64: 8,
  i64: 8,
  f32: 4,
  f64: 8,
};

/**
 * An opened frame: the header has been read and checked, no pixels yet. Planes are numbered from 0; an image with
 * interleaved colours is handed out plane by plane all the same.
 */
export interface FrameFile extends FrameSummary {
  readonly coding: SampleCoding;
  /**
   * Decodes what cannot be read row by row (compressed, RAW, raster); for plain files it does nothing. Idempotent.
   * Throws NebuliftError `truncated`, `bad-data`, `unsupported`, `out-of-memory`.
   */
  prepare(): Promise<void>;
  /**
   * Copies `rows` rows of a plane, beginning at `firstRow` in stored order, into `into` as stored samples in the
   * byte order that `coding` names (rows x width x bytes per sample). Plain files are read straight from the disk into it.
   * Throws `truncated` when the file ends first, `file-io` when the drive fails.
   */
  readRows(plane: number, firstRow: number, rows: number, into: Uint8Array): void;
  /** Releases the file and decoded data. Idempotent. */
  close(): void;
}

export interface OpenOptions {
  signal?: AbortSignal;
  /** Reject images with more pixels (all planes) than this; default 400 million. */
  maxSamples?: number;
}

/** All pixels of a frame as physical values: exact integers where the coding is integral, else f32 or f64. */
export interface Image {
  width: number;
  height: number;
  planes: number;
  data:
    | Uint8Array
    | Int8Array
    | Uint16Array
    | Int16Array
    | Uint32Array
    | Int32Array
    | BigUint64Array
    | BigInt64Array
    | Float32Array
    | Float64Array;
  frame: FrameSummary;
}
