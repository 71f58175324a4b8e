/** Kernel of the sky mesh. */
export interface BackgroundKernels {
  /**
   * Level and noise (1 sigma), counts, and share of pixels with data of each tile: f32 planes of ceil(width / tile) x
   * ceil(height / tile). `histogram` is scratch of SKY_SCRATCH bytes; `guess`, `spread` are a level and noise to begin with.
   */
  skyTiles(
    plane: number,
    width: number,
    height: number,
    tile: number,
    rowStep: number,
    guess: number,
    spread: number,
    histogram: number,
    level: number,
    noise: number,
    share: number,
  ): void;
}

const BINS = 512;
/** Bytes of scratch: four banks of bins. */
export const SKY_SCRATCH = 4 * BINS * 4;

/** Samples of a tile sorted into 512 bins of 2^shift counts from `base` up; what is below is in bin 0 and never used. */
interface Histogram {
  bins: Uint32Array;
  base: number;
  shift: number;
}

interface Window {
  x0: number;
  x1: number;
  y0: number;
  y1: number;
}

function gather(pixels: Uint16Array, width: number, window: Window, rowStep: number, base: number, shift: number): Histogram {
  const bins = new Uint32Array(BINS);
  for (let y = window.y0; y < window.y1; y += rowStep) {
    for (let x = window.x0; x < window.x1; x++) bins[Math.min(BINS - 1, Math.max(0, pixels[y * width + x] - base) >> shift)]++;
  }
  return { bins, base, shift };
}

function quantile({ bins }: Histogram, target: number): number {
  let below = 0;
  for (let bin = 1; bin < BINS; bin++) {
    if (below + bins[bin] >= target && bins[bin] > 0) return bin + (target - below) / bins[bin];
    below += bins[bin];
  }
  return BINS;
}

function countBelow({ bins }: Histogram, edge: number): number {
  const whole = Math.min(Math.floor(edge), BINS);
  let sum = 0;
  for (let bin = 1; bin < whole; bin++) sum += bins[bin];
  return whole < BINS && whole >= 1 ? sum + bins[whole] * (edge - whole) : sum;
}

function meanBelow({ bins }: Histogram, edge: number): number {
  const whole = Math.min(Math.floor(edge), BINS);
  let sum = 0;
  let moment = 0;
  for (let bin = 1; bin < whole; bin++) {
    sum += bins[bin];
    moment += bins[bin] * bin;
  }
  return sum === 0 ? edge : moment / sum + 0.5;
}

/** The largest bin width (a power of two) of at most an eighth of `spread`. */
function binShift(spread: number): number {
  let shift = 0;
  while (2 << shift <= spread / 8 && shift < 7) shift++;
  return shift;
}

/** A histogram that resolves the sky of the window: about the guess, the lowest counts, else from the whole range inwards. */
function resolve(pixels: Uint16Array, width: number, window: Window, rowStep: number, guess: number, spread: number): Histogram | null {
  const sampled = (window.x1 - window.x0) * Math.floor((window.y1 - window.y0 + rowStep - 1) / rowStep);
  let shift = binShift(spread);
  let base = Math.floor(Math.max(0, guess - (192 << shift)));
  for (let attempt = 0; attempt < 8; attempt++) {
    if (attempt === 1 || attempt === 2) {
      base = 0;
      shift = attempt === 1 ? 0 : 7;
    }
    const histogram = gather(pixels, width, window, rowStep, base, shift);
    const valid = sampled - histogram.bins[0];
    if (valid < 1 && attempt < 2) continue;
    if (valid < 1) return null;
    const q50 = quantile(histogram, 0.5 * valid);
    const s = q50 - quantile(histogram, 0.15866 * valid);
    const resolved = histogram.bins[BINS - 1] < 0.3 * valid && (shift === 0 || s > 3);
    if (attempt === 0 && resolved && histogram.bins[0] < 0.02 * sampled) return histogram;
    if (attempt === 1 && resolved) return histogram;
    if (attempt > 2 && (resolved || shift === 0)) return histogram;
    if (attempt < 2) continue;
    const scale = 1 << shift;
    const centre = base + q50 * scale;
    shift = Math.max(0, Math.min(binShift(Math.max(s, 0.25) * scale), shift - 1));
    base = Math.floor(Math.max(0, centre - (192 << shift)));
  }
  return null;
}

function skyOf(histogram: Histogram, valid: number): [level: number, noise: number] {
  let mid = quantile(histogram, 0.5 * valid);
  let s = Math.max(mid - quantile(histogram, 0.15866 * valid), 0.3);
  let n = countBelow(histogram, mid + 3 * s);
  mid = quantile(histogram, 0.50067 * n);
  s = Math.max(mid - quantile(histogram, 0.15887 * n), 0.3);
  const edge = mid + 2.5 * s;
  n = countBelow(histogram, edge);
  mid = quantile(histogram, 0.50312 * n);
  s = Math.max(mid - quantile(histogram, 0.15965 * n), 0.3);
  const skew = meanBelow(histogram, edge) + 0.01764 * s - mid;
  if (skew > 0.05 * s) {
    mid = Math.max(mid - 1.5 * (skew - 0.05 * s), mid - s);
    s = Math.max(mid - quantile(histogram, 0.31731 * countBelow(histogram, mid)), 0.3);
  }
  const scale = 1 << histogram.shift;
  return [histogram.base + mid * scale - 0.5, s * scale];
}

/** The same in plain TypeScript: what the kernel is tested against, and the fallback without WebAssembly SIMD. */
export function referenceBackground(memory: WebAssembly.Memory): BackgroundKernels {
  return {
    skyTiles(plane, width, height, tile, rowStep, firstGuess, firstSpread, _histogram, level, noise, share) {
      const pixels = new Uint16Array(memory.buffer, plane, width * height);
      const columns = Math.ceil(width / tile);
      const rows = Math.ceil(height / tile);
      const levels = new Float32Array(memory.buffer, level, columns * rows);
      const noises = new Float32Array(memory.buffer, noise, columns * rows);
      const shares = new Float32Array(memory.buffer, share, columns * rows);
      const least = Math.max(tile >> 2, 1);
      let guess = firstGuess;
      let spread = firstSpread;
      for (let index = 0; index < columns * rows; index++) {
        const c = index % columns;
        const r = Math.floor(index / columns);
        const x1 = Math.min((c + 1) * tile, width);
        const y1 = Math.min((r + 1) * tile, height);
        const window = { x0: Math.max(0, Math.min(c * tile, x1 - least)), x1, y0: Math.max(0, Math.min(r * tile, y1 - least)), y1 };
        const histogram = resolve(pixels, width, window, rowStep, guess, spread);
        if (!histogram) {
          levels[index] = noises[index] = shares[index] = 0;
          continue;
        }
        const sampled = (window.x1 - window.x0) * Math.floor((y1 - window.y0 + rowStep - 1) / rowStep);
        const valid = sampled - histogram.bins[0];
        [guess, spread] = skyOf(histogram, valid);
        levels[index] = guess;
        noises[index] = spread;
        shares[index] = valid / sampled;
      }
    },
  };
}
