import { noiseScratchBytes } from "./kernels/noise-kernels.ts";
import type { PreparedFrame } from "./prepared.ts";

export interface NoiseMeasurement {
  /** Standard deviation of one measured pixel's noise, ADU. */
  noise: number;
  /** Share of the pixels looked at that hold nothing but noise, 0..1. */
  support: number;
  from: "support" | "k-sigma" | "mesh";
}

/** Side of a block and the rim of it that is transformed but not used: there the mirrored border would show. */
const BLOCK = 128;
const RIM = 16;
/** Blocks over the frame: 12 x 96 x 96 pixels put the sampling error of the noise at 0.25 %. */
const MOST_ACROSS = 4;
const MOST_DOWN = 3;
/** The widest wavelet's taps must find pixels to mirror. */
const SMALLEST_BLOCK = 17;

/** Pixels within this many sigma in every layer are noise (Starck & Murtagh 1998). */
const K = 3;
/**
 * Share of noise pixels up to which the support is not to be trusted (peers.md 4.4 says 0.01), and from which it is: stars
 * may crowd a frame down to a twentieth. In between both estimates are mixed, because the frames of a night lie on both
 * sides of any sharp limit.
 */
const DOUBTFUL_SUPPORT = 0.02;
const SURE_SUPPORT = 0.05;
const CONVERGED = 1e-4;
const MOST_ROUNDS = 20;
/**
 * What cutting at 3 sigma leaves of the standard deviation of pure noise. One layer: of a normal distribution,
 * sqrt(1 - 6 phi(3) / (2 Phi(3) - 1)). All four: of the pixel less its smooth remainder, over the blocks used here, by
 * simulation of 3 10^7 pixels; without the cut 0.9988 remain. (PCL corrects the same effect by 0.974, once at the end.)
 */
const LEFT_BY_ONE_CUT = 0.986578;
const LEFT_BY_FOUR_CUTS = 0.9817;

/**
 * Noise from the multiresolution support (Starck & Murtagh 1998, PASP 110, 193): the frame is split into wavelet layers
 * (à trous, B3 spline, 4 layers), a pixel that is within 3 sigma in all of them shows nothing but noise, and the spread of
 * those about the smooth remainder is the noise; repeated until it settles. It is measured on blocks spread evenly over
 * the frame. Where few pixels are noise only, 3-sigma clipping of the finest layer decides; frames too small for the
 * wavelets get the noise of the sky mesh.
 */
export function measureNoise(frame: PreparedFrame): NoiseMeasurement {
  const { kernels, step, mesh } = frame;
  const mark = kernels.mark();
  try {
    const sample = sampleWavelets(frame);
    if (sample === null || sample.count < 64) return { noise: mesh.medianNoise, support: 0, from: "mesh" };
    const out = kernels.take(24);
    const spread = (gate: number, value: number, limit: number): { sigma: number; share: number } => {
      kernels.call.gatedSums(gate, value, sample.count, limit, out);
      const [n = 0, sum = 0, squares = 0] = new Float64Array(kernels.memory.buffer, out, 3);
      const sigma = n > 1 ? Math.sqrt(Math.max(0, (squares - (sum * sum) / n) / (n - 1))) : 0;
      return { sigma, share: n / sample.count };
    };
    const first = settle(Number.MAX_VALUE, (limit) => spread(sample.finest, sample.finest, limit), LEFT_BY_ONE_CUT);
    const clipped = { noise: step * first.sigma, support: first.share, from: "k-sigma" } as const;
    if (first.sigma === 0) return clipped;
    const last = settle(first.sigma, (limit) => spread(sample.significance, sample.residue, limit), LEFT_BY_FOUR_CUTS);
    const trust = Math.min(1, (last.share - DOUBTFUL_SUPPORT) / (SURE_SUPPORT - DOUBTFUL_SUPPORT));
    if (!last.settled || last.sigma === 0 || trust <= 0) return { ...clipped, support: last.share };
    const noise = step * last.sigma ** trust * first.sigma ** (1 - trust);
    return { noise, support: last.share, from: trust >= 0.5 ? "support" : "k-sigma" };
  } finally {
    kernels.release(mark);
  }
}

/** Repeats sigma -> spread of what lies within K sigma, until it changes by less than 1e-4 of itself. */
function settle(start: number, spread: (limit: number) => { sigma: number; share: number }, left: number) {
  let sigma = start;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const next = spread(Math.min(K * sigma, 3.4e38));
    const corrected = next.sigma / left;
    const change = Math.abs(corrected - sigma);
    sigma = corrected;
    if (change <= CONVERGED * sigma) return { sigma, share: next.share, settled: true };
  }
  return { sigma, share: 0, settled: false };
}

interface WaveletSample {
  count: number;
  /** Byte offsets of f32 lists. */
  significance: number;
  residue: number;
  finest: number;
}

function sampleWavelets(frame: PreparedFrame): WaveletSample | null {
  const { kernels, width, height } = frame;
  const blockWidth = Math.min(BLOCK, width);
  const blockHeight = Math.min(BLOCK, height);
  if (blockWidth < SMALLEST_BLOCK || blockHeight < SMALLEST_BLOCK) return null;
  const across = Math.min(MOST_ACROSS, Math.max(1, Math.floor(width / BLOCK)));
  const down = Math.min(MOST_DOWN, Math.max(1, Math.floor(height / BLOCK)));
  // Small frames need their rim: there a little bias at the border is better than few pixels.
  const rim = Math.min(blockWidth, blockHeight) >= BLOCK ? RIM : 0;
  const inside = across * down * (blockWidth - 2 * rim) * (blockHeight - 2 * rim);
  const scratch = kernels.take(noiseScratchBytes(blockWidth, blockHeight));
  const significance = kernels.take(inside * 4);
  const residue = kernels.take(inside * 4);
  const finest = kernels.take(inside * 4);
  let count = 0;
  for (let row = 0; row < down; row++) {
    const y = Math.round(((row + 0.5) * height) / down - blockHeight / 2);
    for (let column = 0; column < across; column++) {
      const x = Math.round(((column + 0.5) * width) / across - blockWidth / 2);
      count = kernels.call.waveletBlock(
        frame.pixels + 2 * (y * width + x),
        width,
        blockWidth,
        blockHeight,
        frame.ceilingCount,
        rim,
        scratch,
        significance,
        residue,
        finest,
        count,
      );
    }
  }
  return { count, significance, residue, finest };
}
