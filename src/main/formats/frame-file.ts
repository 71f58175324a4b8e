import type { FrameSummary } from "../../shared/domain.ts";
import type { PixelSource } from "../../shared/pixels.ts";

/**
 * An opened frame: the header has been read and checked, no pixels yet. Planes are numbered from 0; an image with
 * interleaved colours is handed out plane by plane all the same.
 */
export interface FrameFile extends FrameSummary, PixelSource {
  readonly width: number;
  readonly height: number;
  readonly planes: number;
  readonly cfa: FrameSummary["cfa"];
  /**
   * Decodes what cannot be read row by row (compressed, RAW, raster); for plain files it does nothing. Idempotent.
   * Throws NebuliftError `truncated`, `bad-data`, `unsupported`, `out-of-memory`.
   */
  prepare(): Promise<void>;
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
