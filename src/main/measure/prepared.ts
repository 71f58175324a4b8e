import type { Kernels } from "./kernels/kernels.ts";

/**
 * A frame laid out for measuring in the kernels' memory. All sizes are in measured pixels: sensor pixels for mono
 * frames, 2x2 superpixels for Bayer (the sum of the four, so that luminance noise is not rounded away), 3x3 for X-Trans.
 * Stored counts are 16-bit: ADU = black + step * count, chosen so that the noise spans several counts. 0 means no data.
 */
export interface PreparedFrame {
  kernels: Kernels;
  width: number;
  height: number;
  /** Sensor pixels per measured pixel along one axis. */
  sampling: 1 | 2 | 3;
  /** Byte offset of the u16 plane, width x height, in kernels.memory. */
  pixels: number;
  black: number;
  step: number;
  /** Counts at or above this are saturated. */
  ceilingCount: number;
  /** Byte offset of the u16 plane binned 2x2, floor(width/2) x floor(height/2): per-pixel mean ADU = binnedBlack + binnedStep * count. */
  binned: number;
  binnedWidth: number;
  binnedHeight: number;
  binnedBlack: number;
  binnedStep: number;
  /** Whether any pixel has no data. */
  hasHoles: boolean;
  mesh: SkyMesh;
}

/** Sky on a mesh of square tiles; the last column and row of tiles may be narrower. Values in ADU. */
export interface SkyMesh {
  /** Side of a tile, measured pixels. */
  tile: number;
  columns: number;
  rows: number;
  /** Sky level after clipping and a 3x3 median over the mesh. */
  level: Float32Array;
  /** Sky noise per measured pixel, 1 sigma. */
  noise: Float32Array;
  /** Medians over the mesh. */
  medianLevel: number;
  medianNoise: number;
}
