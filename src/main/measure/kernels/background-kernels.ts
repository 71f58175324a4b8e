/** Kernel of the sky mesh. */
export interface BackgroundKernels {
  /**
   * Level and noise (1 sigma), counts, and share of pixels with data of each tile: f32 planes of ceil(width / tile) x
   * ceil(height / tile). `histogram` is scratch of SKY_SCRATCH bytes; `guess`, `spread` are a level and noise to begin with;
   * all counts are phase + k * 2^finest.
   */
  skyTiles(
    plane: number,
    width: number,
    height: number,
    tile: number,
    rowStep: number,
    guess: number,
    spread: number,
    finest: number,
    phase: number,
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

/** A bin with more than this share of the samples is coarse: within it they lie as in a Gaussian, not evenly. */
const COARSE = 0.1;

/** Standard normal quantile, |error| < 4.5e-4 (Abramowitz & Stegun 26.2.23). */
function probit(p: number): number {
  const t = Math.sqrt(-2 * Math.log(Math.max(Math.min(p, 1 - p), 1e-7)));
  const z = t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
  return p < 0.5 ? -z : z;
}

/** Spread with the noise that steps themselves make (1/12 of a bin squared), which a Gaussian drawn through them leaves out. */
function withSteps(s: number): number {
  return s < 0.4 / COARSE ? Math.sqrt(s * s + 1 / 12) : s;
}

function quantile({ bins }: Histogram, target: number): number {
  const all = bins.reduce((sum, count) => sum + count, 0) - bins[0];
  let below = 0;
  for (let bin = 1; bin < BINS; bin++) {
    if (below + bins[bin] >= target && bins[bin] > 0) {
      if (bins[bin] < COARSE * all || below < 1 || below + bins[bin] > all - 1) return bin + (target - below) / bins[bin];
      const from = probit(below / all);
      return bin + (probit(target / all) - from) / (probit((below + bins[bin]) / all) - from);
    }
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

/** The largest bin width (a power of two) of at most an eighth of `spread`, but no finer than the counts' own steps. */
function binShift(spread: number, finest: number): number {
  let shift = finest;
  while (2 << shift <= spread / 8 && shift < 7) shift++;
  return shift;
}

/** Steps of the counts: phase + k * 2^finest. */
interface Steps {
  finest: number;
  phase: number;
}

/** A histogram that resolves the sky of the window: about the guess, the lowest counts, else from the whole range inwards. */
function resolve(
  pixels: Uint16Array,
  width: number,
  window: Window,
  rowStep: number,
  guess: number,
  spread: number,
  { finest, phase }: Steps,
): Histogram | null {
  const sampled = (window.x1 - window.x0) * Math.floor((window.y1 - window.y0 + rowStep - 1) / rowStep);
  let shift = binShift(spread, finest);
  let base = Math.floor(Math.max(0, guess - (192 << shift)));
  for (let attempt = 0; attempt < 8; attempt++) {
    if (attempt === 1 || attempt === 2) {
      base = 0;
      shift = attempt === 1 ? finest : 7;
    }
    base = base > phase ? (((base - phase) >> finest) << finest) + phase : phase;
    const histogram = gather(pixels, width, window, rowStep, base, shift);
    const valid = sampled - histogram.bins[0];
    if (valid < 1 && attempt < 2) continue;
    if (valid < 1) return null;
    const q50 = quantile(histogram, 0.5 * valid);
    const s = q50 - quantile(histogram, 0.15866 * valid);
    const resolved = histogram.bins[BINS - 1] < 0.3 * valid && (shift === finest || s > 3);
    if (attempt === 0 && resolved && histogram.bins[0] < 0.02 * sampled) return histogram;
    if (attempt === 1 && resolved) return histogram;
    if (attempt > 2 && (resolved || shift === finest)) return histogram;
    if (attempt < 2) continue;
    const scale = 1 << shift;
    const centre = base + q50 * scale;
    shift = Math.max(finest, Math.min(binShift(Math.max(s, 0.25) * scale, finest), shift - 1));
    base = Math.floor(Math.max(0, centre - (192 << shift)));
  }
  return null;
}

function skyOf(histogram: Histogram, valid: number, finest: number): [level: number, noise: number] {
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
  return [histogram.base + mid * scale - 2 ** finest / 2, withSteps(s) * scale];
}

/** The same in plain TypeScript: what the kernel is tested against, and the fallback without WebAssembly SIMD. */
export function referenceBackground(memory: WebAssembly.Memory): BackgroundKernels {
  return {
    skyTiles(plane, width, height, tile, rowStep, firstGuess, firstSpread, finest, phase, _histogram, level, noise, share) {
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
        const histogram = resolve(pixels, width, window, rowStep, guess, spread, { finest, phase });
        if (!histogram) {
          levels[index] = noises[index] = shares[index] = 0;
          continue;
        }
        const sampled = (window.x1 - window.x0) * Math.floor((y1 - window.y0 + rowStep - 1) / rowStep);
        const valid = sampled - histogram.bins[0];
        [guess, spread] = skyOf(histogram, valid, finest);
        levels[index] = guess;
        noises[index] = spread;
        shares[index] = valid / sampled;
      }
    },
  };
}
