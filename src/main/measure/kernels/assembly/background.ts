// Sky level and noise of each tile of the mesh, from histograms of sampled rows.

const BINS: i32 = 512;

/** Neighbouring pixels are counted in banks of their own: one bin counted up twice at once would wait for itself. */
const BANKS: usize = 4;
const BANK: usize = (<usize>BINS) << 2;

/**
 * Counts of a tile's sampled rows sorted into bins: bin = clamp((count - base) >> shift); what is below base is in bin 0.
 * Afterwards the first bank holds how many samples lie in bins 0..b, the second what is in bin b.
 */
function gather(plane: usize, width: i32, x0: i32, x1: i32, y0: i32, y1: i32, rowStep: i32, base: i32, shift: i32, histogram: usize): void {
  memory.fill(histogram, 0, BANKS * BANK);
  const bases = i16x8.splat(<i16>base);
  const last = i16x8.splat(<i16>(BINS - 1));
  const end8 = x0 + ((x1 - x0) & ~7);
  const second = histogram + BANK;
  const third = second + BANK;
  const fourth = third + BANK;
  for (let y = y0; y < y1; y += rowStep) {
    const row = plane + (<usize>y) * (<usize>width) * 2;
    for (let x = x0; x < end8; x += 8) {
      const v = v128.load(row + ((<usize>x) << 1));
      // min first: a shift of the saturated difference keeps the order. Times four: an offset in bytes.
      const bin = i16x8.shl(i16x8.min_u(i16x8.shr_u(i16x8.sub_sat_u(v, bases), shift), last), 2);
      const lo = i64x2.extract_lane(bin, 0);
      const hi = i64x2.extract_lane(bin, 1);
      bump(histogram, <usize>(lo & 0xffff));
      bump(second, <usize>((lo >> 16) & 0xffff));
      bump(third, <usize>((lo >> 32) & 0xffff));
      bump(fourth, <usize>(lo >>> 48));
      bump(histogram, <usize>(hi & 0xffff));
      bump(second, <usize>((hi >> 16) & 0xffff));
      bump(third, <usize>((hi >> 32) & 0xffff));
      bump(fourth, <usize>(hi >>> 48));
    }
    for (let x = end8; x < x1; x++) {
      const v = <i32>load<u16>(row + ((<usize>x) << 1));
      bump(histogram, (<usize>min(max(v - base, 0) >> shift, BINS - 1)) << 2);
    }
  }
  let sum = i32x4.splat(0);
  for (let b: usize = 0; b < BANK; b += 16) {
    const n = i32x4.add(
      i32x4.add(v128.load(histogram + b), v128.load(second + b)),
      i32x4.add(v128.load(third + b), v128.load(fourth + b)),
    );
    v128.store(second + b, n);
    // Running sum within the four, then on from the last of the four before.
    const two = i32x4.add(n, v128.shuffle<u32>(i32x4.splat(0), n, 3, 4, 5, 6));
    const four = i32x4.add(two, v128.shuffle<u32>(i32x4.splat(0), two, 2, 3, 4, 5));
    sum = i32x4.add(four, v128.shuffle<u32>(sum, sum, 3, 3, 3, 3));
    v128.store(histogram + b, sum);
  }
}

// @ts-ignore: decorator
@inline
function bump(bank: usize, offset: usize): void {
  const at = bank + offset;
  store<u32>(at, load<u32>(at) + 1);
}

// @ts-ignore: decorator
@inline
function upTo(histogram: usize, bin: i32): u32 {
  return load<u32>(histogram + ((<usize>bin) << 2));
}

// @ts-ignore: decorator
@inline
function inBin(histogram: usize, bin: i32): u32 {
  return load<u32>(histogram + ((<usize>bin) << 2), BANK);
}

/** Bins of an eighth of a sigma at most, so that quantiles interpolate well; no finer than the counts themselves (2^finest). */
function binShift(spread: f32, finest: i32): i32 {
  let shift: i32 = finest;
  while (<f32>(2 << shift) <= spread * 0.125 && shift < 7) shift++;
  return shift;
}

/** A bin with more than this share of the samples is coarse: within it they lie as in a Gaussian, not evenly. */
const COARSE: f32 = 0.1;

/** Standard normal quantile, |error| < 4.5e-4 (Abramowitz & Stegun 26.2.23). */
function probit(p: f32): f32 {
  const q = min(p, 1 - p);
  const t = <f32>Math.sqrt(-2 * Math.log(<f64>max(q, <f32>1e-7)));
  const z = t - (2.515517 + t * (0.802853 + t * <f32>0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * <f32>0.001308)));
  return p < 0.5 ? -z : z;
}

/** Position, in bins, below which `target` > 0 of the samples from bin 1 up lie; linear within a bin that is not coarse. */
function quantile(histogram: usize, target: f32): f32 {
  const left = upTo(histogram, 0);
  if (<f32>(upTo(histogram, BINS - 1) - left) < target) return <f32>BINS;
  // The first bin up to which that many lie.
  let low = 0;
  let high = BINS - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (<f32>(upTo(histogram, middle) - left) >= target) high = middle;
    else low = middle;
  }
  const before = <f32>(upTo(histogram, high - 1) - left);
  const here = <f32>inBin(histogram, high);
  const all = <f32>(upTo(histogram, BINS - 1) - left);
  if (here < COARSE * all || before < 1 || before + here > all - 1) return <f32>high + (target - before) / here;
  const from = probit(before / all);
  return <f32>high + (probit(target / all) - from) / (probit((before + here) / all) - from);
}

/** Spread with the noise that steps themselves make (1/12 of a bin squared), which a Gaussian drawn through them leaves out. */
function withSteps(s: f32): f32 {
  // A Gaussian narrower than this has a bin of more than the coarse share.
  return s < <f32>0.4 / COARSE ? <f32>Math.sqrt(s * s + <f32>(1 / 12.0)) : s;
}

/** Samples below the position `edge`, in bins. */
function below(histogram: usize, edge: f32): f32 {
  const whole = min(<i32>edge, BINS);
  if (whole < 1) return 0;
  const result = <f32>(upTo(histogram, whole - 1) - upTo(histogram, 0));
  return whole < BINS ? result + <f32>inBin(histogram, whole) * (edge - <f32>whole) : result;
}

/** Mean position of the samples below `edge`: bin w - 1 less, for each bin before it, the samples up to there. */
function meanBelow(histogram: usize, edge: f32): f32 {
  const whole = min(<i32>edge, BINS);
  if (whole < 2) return edge;
  const left = upTo(histogram, 0);
  const sum = upTo(histogram, whole - 1) - left;
  if (sum == 0) return edge;
  let steps = i32x4.splat(0);
  const last = whole - 1;
  const vectors = last & ~3;
  for (let bin = 0; bin < vectors; bin += 4) steps = i32x4.add(steps, v128.load(histogram + ((<usize>bin) << 2)));
  let before = <u32>(
    (i32x4.extract_lane(steps, 0) + i32x4.extract_lane(steps, 1) + i32x4.extract_lane(steps, 2) + i32x4.extract_lane(steps, 3))
  );
  for (let bin = vectors; bin < last; bin++) before += upTo(histogram, bin);
  return <f32>(sum * last - (before - left * last)) / <f32>sum + 0.5;
}

/**
 * Level and noise (1 sigma) in counts, and the share of pixels with data, of each tile; three f32 planes of columns x rows.
 * Estimator: median and q50 - q16 of what is below two successive upper clips (3 and 2.5 sigma; quantiles corrected for
 * what the clip takes from a Gaussian), then the mode by Pearson's rule 2.5 median - 1.5 mean where stars skew the tile
 * (Bertin & Arnouts 1996), noise from the half below it. `guess` and `spread` are level and noise to begin with; all counts
 * are phase + k * 2^finest, as a 12-bit converter leaves them in 16 bits, and each stands for the interval about it.
 */
export function skyTiles(
  plane: usize,
  width: i32,
  height: i32,
  tile: i32,
  rowStep: i32,
  guess: f32,
  spread: f32,
  finest: i32,
  phase: i32,
  histogram: usize,
  level: usize,
  noise: usize,
  share: usize,
): void {
  const columns = (width + tile - 1) / tile;
  const rows = (height + tile - 1) / tile;
  const least = max(tile >> 2, 1);
  let base: i32 = 0;
  let shift: i32 = 0;
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      const x1 = min((c + 1) * tile, width);
      const y1 = min((r + 1) * tile, height);
      const x0 = max(0, min(c * tile, x1 - least));
      const y0 = max(0, min(r * tile, y1 - least));
      const sampled = <f32>(x1 - x0) * <f32>((y1 - y0 + rowStep - 1) / rowStep);
      const at = (<usize>(r * columns + c)) << 2;
      let valid: f32 = 0;
      let good = false;
      // 0: about the guess; 1: the lowest counts; 2: the whole range, coarsely; then ever finer about its median.
      for (let attempt = 0; attempt < 8; attempt++) {
        if (attempt == 0) {
          shift = binShift(spread, finest);
          base = <i32>max(<f32>0, guess - <f32>(192 << shift));
        } else if (attempt <= 2) {
          base = 0;
          shift = attempt == 1 ? finest : 7;
        }
        base = base > phase ? (((base - phase) >> finest) << finest) + phase : phase;
        gather(plane, width, x0, x1, y0, y1, rowStep, base, shift, histogram);
        const low = <f32>upTo(histogram, 0);
        const high = <f32>inBin(histogram, BINS - 1);
        valid = sampled - low;
        if (valid < 1) {
          if (attempt < 2) continue;
          break;
        }
        const q50 = quantile(histogram, 0.5 * valid);
        const s = q50 - quantile(histogram, 0.15866 * valid);
        const resolved = high < 0.3 * valid && (shift == finest || s > 3);
        if (attempt == 0 ? resolved && low < 0.02 * sampled : attempt == 1 ? resolved : attempt > 2 && (resolved || shift == finest)) {
          good = true;
          break;
        }
        if (attempt >= 2) {
          const scale = <f32>(1 << shift);
          const centre = <f32>base + q50 * scale;
          shift = max(min(binShift(max(s, <f32>0.25) * scale, finest), shift - 1), finest);
          base = <i32>max(<f32>0, centre - <f32>(192 << shift));
        }
      }
      store<f32>(share + at, valid / sampled);
      if (valid < 1 || !good) {
        // A tile that no histogram resolves (all holes) is filled in from its neighbours afterwards.
        store<f32>(share + at, 0);
        store<f32>(level + at, 0);
        store<f32>(noise + at, 0);
        continue;
      }
      let mid = quantile(histogram, 0.5 * valid);
      let s = max(mid - quantile(histogram, 0.15866 * valid), <f32>0.3);
      let n = below(histogram, mid + 3 * s);
      mid = quantile(histogram, 0.50067 * n);
      s = max(mid - quantile(histogram, 0.15887 * n), <f32>0.3);
      const edge = mid + 2.5 * s;
      n = below(histogram, edge);
      mid = quantile(histogram, 0.50312 * n);
      s = max(mid - quantile(histogram, 0.15965 * n), <f32>0.3);
      const skew = meanBelow(histogram, edge) + 0.01764 * s - mid;
      let mode = mid;
      if (skew > 0.05 * s) {
        mode = max(mid - 1.5 * (skew - 0.05 * s), mid - s);
        s = max(mode - quantile(histogram, 0.31731 * below(histogram, mode)), <f32>0.3);
      }
      const scale = <f32>(1 << shift);
      // A count stands for the interval half a step about it: the left edge of bin b is base + b * scale - step/2.
      guess = <f32>base + mode * scale - 0.5 * <f32>(1 << finest);
      spread = withSteps(s) * scale;
      store<f32>(level + at, guess);
      store<f32>(noise + at, spread);
    }
  }
}
