import { PEAK_RECORD } from "./peaks-kernels.ts";

/** Kernel that places faint peaks. */
export interface CentreKernels {
  /**
   * Moves the listed peaks (`list`: i32 indices of records) to the centroid of the light above their local sky under a Gaussian
   * of `sigma` pixels of the plane, by two steps of twice the windowed offset (Bertin, SExtractor XWIN); one that would go
   * farther than `leash` stays. `scratch`: centreScratchBytes.
   */
  centrePeaks(
    plane: number,
    width: number,
    height: number,
    records: number,
    list: number,
    count: number,
    sigma: number,
    leash: number,
    scratch: number,
  ): void;
}

/** Bytes of scratch for windows of this width. */
export function centreScratchBytes(sigma: number): number {
  return 16 * Math.ceil(2 * sigma) + 96;
}

const WORDS = PEAK_RECORD / 4;
const STEPS = 2;

/** The same in plain TypeScript: what the kernel is tested against, and the fallback without WebAssembly SIMD. */
export function referenceCentre(memory: WebAssembly.Memory): CentreKernels {
  return {
    centrePeaks(plane, width, height, records, list, count, sigma, leash, _scratch) {
      const pixels = new Uint16Array(memory.buffer, plane, width * height);
      const reach = Math.ceil(2 * sigma);
      /** Light and its offset from (x, y) under the window. */
      const windowSums = (x: number, y: number, sky: number) => {
        const [cx, cy] = [Math.trunc(x + 0.5), Math.trunc(y + 0.5)];
        const sums = { light: 0, x: 0, y: 0 };
        for (let py = Math.max(cy - reach, 0); py <= Math.min(cy + reach, height - 1); py++) {
          for (let px = Math.max(cx - reach, 0); px <= Math.min(cx + reach, width - 1); px++) {
            const v = (pixels[py * width + px] - sky) * Math.exp(-((px - x) ** 2 + (py - y) ** 2) / (2 * sigma * sigma));
            sums.light += v;
            sums.x += v * (px - x);
            sums.y += v * (py - y);
          }
        }
        return sums;
      };
      const clamp = (v: number) => Math.max(-sigma, Math.min(sigma, v));
      for (const index of new Int32Array(memory.buffer, list, count)) {
        const record = new Float32Array(memory.buffer, records + index * PEAK_RECORD, WORDS);
        let [x, y] = record;
        let near = true;
        for (let step = 0; step < STEPS && near; step++) {
          const sums = windowSums(x, y, record[3]);
          near = sums.light > 0;
          if (!near) break;
          x += clamp((2 * sums.x) / sums.light);
          y += clamp((2 * sums.y) / sums.light);
          near = Math.abs(x - record[0]) <= leash && Math.abs(y - record[1]) <= leash;
        }
        if (near) record.set([x, y]);
      }
    },
  };
}
