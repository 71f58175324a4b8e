/** Multiresolution support of sampled blocks (see noise.ts). Offsets are bytes, planes are f32 unless named u16. */
export interface NoiseKernels {
  /**
   * Transforms one block of a u16 plane by the à trous wavelets of the B3 spline, four layers, borders mirrored, and
   * appends three numbers for each pixel of its inside (the block without `border` pixels all round) whose count lies in
   * 1 .. ceiling - 1: `significance` = the largest |w_j| / sigma_j over the layers, `residue` = the pixel less the
   * smooth remainder, `finest` = w_1 / sigma_1, all in counts. Appending begins at index `filled` of the three lists.
   * width and height: at least 17, what the widest wavelet reaches. Returns the new filling.
   * scratch: `noiseScratchBytes(width, height)` bytes.
   */
  waveletBlock(
    pixels: number,
    rowPixels: number,
    width: number,
    height: number,
    ceiling: number,
    border: number,
    scratch: number,
    significance: number,
    residue: number,
    finest: number,
    filled: number,
  ): number;
  /**
   * Number, sum and sum of squares of `value` where |gate| <= limit, as three f64 at `out`. `gate` and `value` may be the
   * same list; both begin 16-byte aligned.
   */
  gatedSums(gate: number, value: number, count: number, limit: number, out: number): void;
}

/**
 * Standard deviation of the layers of the B3 spline à trous transform of white noise with sigma 1
 * (Starck & Murtagh 1998, PASP 110, 193, table 1, with the digits that the convolution itself gives).
 */
const LAYER_SIGMA = [0.890796, 0.200664, 0.0855075, 0.0412179] as const;

const LAYERS = LAYER_SIGMA.length;
const REACH = 16;

/** Two planes to transform between, two to gather in and one mirrored row; rows are padded to whole vectors. */
export function noiseScratchBytes(width: number, height: number): number {
  const columns = (width + 3) & ~3;
  return 5 * columns * height * 4 + (columns + 2 * REACH) * 4;
}

/** Index mirrored at both ends without repeating the end itself. */
function mirrored(index: number, size: number): number {
  if (index < 0) return -index;
  return index >= size ? 2 * (size - 1) - index : index;
}

export function referenceNoise(memory: WebAssembly.Memory): NoiseKernels {
  return {
    waveletBlock(pixels, rowPixels, width, height, ceiling, border, _scratch, significance, residue, finest, filled) {
      const counts = new Uint16Array(memory.buffer, pixels, rowPixels * (height - 1) + width);
      const first = new Float32Array(width * height);
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) first[y * width + x] = counts[y * rowPixels + x];
      }
      const layers: Float32Array[] = [];
      let smooth: Float32Array = first;
      for (let j = 0; j < LAYERS; j++) {
        const next = smoothed(smooth, width, height, 1 << j);
        layers.push(smooth.map((value, i) => value - next[i]));
        smooth = next;
      }
      const room = filled + (width - 2 * border) * (height - 2 * border);
      const lists = [significance, residue, finest].map((offset) => new Float32Array(memory.buffer, offset, room));
      for (let y = border; y < height - border; y++) {
        for (let x = border; x < width - border; x++) {
          const count = counts[y * rowPixels + x];
          if (count === 0 || count >= ceiling) continue;
          const i = y * width + x;
          const steps = layers.map((layer, j) => Math.abs(layer[i]) / LAYER_SIGMA[j]);
          const row = [Math.max(...steps), first[i] - smooth[i], layers[0][i] / LAYER_SIGMA[0]];
          row.forEach((value, k) => {
            const list = lists[k];
            if (list) list[filled] = value;
          });
          filled++;
        }
      }
      return filled;
    },
    gatedSums(gate, value, count, limit, out) {
      const gates = new Float32Array(memory.buffer, gate, count);
      const values = new Float32Array(memory.buffer, value, count);
      let [n, sum, squares] = [0, 0, 0];
      for (let i = 0; i < count; i++) {
        const v = values[i];
        if (Math.abs(gates[i]) > Math.fround(limit)) continue;
        n++;
        sum += v;
        squares += v * v;
      }
      new Float64Array(memory.buffer, out, 3).set([n, sum, squares]);
    },
  };
}

/** One step of the à trous smoothing: [1 4 6 4 1] / 16 along both axes with taps `step` apart. */
function smoothed(plane: Float32Array, width: number, height: number, step: number): Float32Array {
  const along = (from: Float32Array, at: (x: number, y: number, offset: number) => number): Float32Array => {
    const to = new Float32Array(width * height);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const tap = (offset: number) => from[at(x, y, offset * step)];
        to[y * width + x] = (tap(-2) + tap(2) + 4 * (tap(-1) + tap(1)) + 6 * tap(0)) / 16;
      }
    }
    return to;
  };
  const vertical = along(plane, (x, y, offset) => mirrored(y + offset, height) * width + x);
  return along(vertical, (x, y, offset) => y * width + mirrored(x + offset, width));
}
