import type { PixelSource } from "../../shared/pixels.ts";
import { measureSky } from "./background.ts";
import type { CountHints } from "./count-coding.ts";
import type { Kernels } from "./kernels/kernels.ts";
import { loadFrame } from "./load.ts";
import type { PreparedFrame } from "./prepared.ts";

/**
 * Reads a frame and its sky mesh into the kernels' memory; whatever was there before is given up, so one Kernels holds one
 * frame at a time. Throws what reading throws, `bad-header`, `too-large`, `out-of-memory`.
 */
export function prepareFrame(kernels: Kernels, source: PixelSource, hints: CountHints): PreparedFrame {
  const frame = loadFrame(kernels, source, hints);
  return { kernels, ...frame, mesh: measureSky(kernels, frame) };
}
