/** Flags of a peak's record. */
export const PEAK = { sharp: 1, line: 2, second: 4, kept: 8, blended: 16 } as const;
/** Bytes of a peak's record: f32 x, y, height above its local sky, local sky, sky of the mesh, noise of the filtered plane; i32 flags, parent. */
export const PEAK_RECORD = 32;

/** Kernels that look at coarse peaks in a finer plane. */
export interface PeaksKernels {
  /** See assembly/peaks.ts. Returns how many records were written. */
  refinePeaks(
    plane: number,
    width: number,
    height: number,
    peaks: number,
    count: number,
    ratio: number,
    noise: number,
    significance: number,
    sharpness: number,
    offsets: number,
    scratch: number,
    records: number,
    capacity: number,
  ): number;
  /** See assembly/peaks.ts. Returns how many records are kept. */
  judgePeaks(
    plane: number,
    width: number,
    height: number,
    records: number,
    order: number,
    count: number,
    significance: number,
    slope: number,
    lump: number,
    alpha: number,
    beta: number,
    ceiling: number,
    heads: number,
    nodes: number,
    capacity: number,
  ): number;
}
