import type { CfaPattern } from "./domain.ts";

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

/** Where measuring reads pixels from: what a frame's file offers, without knowing its format. */
export interface PixelSource {
  /** As stored: columns, rows, colour planes. */
  readonly width: number;
  readonly height: number;
  readonly planes: number;
  readonly cfa: CfaPattern | null;
  readonly coding: SampleCoding;
  /**
   * Copies `rows` rows of a plane, beginning at `firstRow` in stored order, into `into` as stored samples in the
   * byte order that `coding` names (rows x width x bytes per sample). Plain files are read straight from the disk into it.
   * Throws `truncated` when the file ends first, `file-io` when the drive fails.
   */
  readRows(plane: number, firstRow: number, rows: number, into: Uint8Array): void;
}
