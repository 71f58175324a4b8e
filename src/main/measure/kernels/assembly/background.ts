// Sky level and noise of each tile of the mesh, from histograms of sampled rows.

const BINS: i32 = 512;

/** Adds the counts of a tile's sampled rows to the histogram: bin = clamp((count - base) >> shift); what is below base is in bin 0. */
function gather(plane: usize, width: i32, x0: i32, x1: i32, y0: i32, y1: i32, rowStep: i32, base: i32, shift: i32, histogram: usize): void {
  memory.fill(histogram, 0, BINS << 2);
  const bases = i16x8.splat(<i16>base);
  const last = i16x8.splat(<i16>(BINS - 1));
  const end8 = x0 + ((x1 - x0) & ~7);
  for (let y = y0; y < y1; y += rowStep) {
    const row = plane + (<usize>y) * (<usize>width) * 2;
    for (let x = x0; x < end8; x += 8) {
      const v = v128.load(row + ((<usize>x) << 1));
      // min first: a shift of the saturated difference keeps the order.
      const bin = i16x8.min_u(i16x8.shr_u(i16x8.sub_sat_u(v, bases), shift), last);
      const lo = i64x2.extract_lane(bin, 0);
      const hi = i64x2.extract_lane(bin, 1);
      bump(histogram, lo & 0xffff);
      bump(histogram, hi & 0xffff);
      bump(histogram, (lo >> 16) & 0xffff);
      bump(histogram, (hi >> 16) & 0xffff);
      bump(histogram, (lo >> 32) & 0xffff);
      bump(histogram, (hi >> 32) & 0xffff);
      bump(histogram, (lo >> 48) & 0xffff);
      bump(histogram, (hi >> 48) & 0xffff);
    }
    for (let x = end8; x < x1; x++) {
      const v = <i32>load<u16>(row + ((<usize>x) << 1));
      bump(histogram, <i64>min(max(v - base, 0) >> shift, BINS - 1));
    }
  }
}

// @ts-ignore: decorator
@inline
function bump(histogram: usize, bin: i64): void {
  const at = histogram + ((<usize>bin) << 2);
  store<u32>(at, load<u32>(at) + 1);
}

/** Bins of an eighth of a sigma at most, so that quantiles interpolate well. */
function binShift(spread: f32): i32 {
  let shift: i32 = 0;
  while (<f32>(2 << shift) <= spread * 0.125 && shift < 7) shift++;
  return shift;
}

/** Position, in bins, below which `target` of the samples from bin 1 up lie; linear within a bin. */
function quantile(histogram: usize, target: f32): f32 {
  let below: f32 = 0;
  for (let bin = 1; bin < BINS; bin++) {
    const n = <f32>load<u32>(histogram + ((<usize>bin) << 2));
    if (below + n >= target && n > 0) return <f32>bin + (target - below) / n;
    below += n;
  }
  return <f32>BINS;
}

/** Samples below the position `edge`, in bins. */
function below(histogram: usize, edge: f32): f32 {
  const whole = min(<i32>edge, BINS);
  let sum: u32 = 0;
  for (let bin = 1; bin < whole; bin++) sum += load<u32>(histogram + ((<usize>bin) << 2));
  let result = <f32>sum;
  if (whole < BINS && whole >= 1) result += <f32>load<u32>(histogram + ((<usize>whole) << 2)) * (edge - <f32>whole);
  return result;
}

/** Mean position of the samples below `edge`. */
function meanBelow(histogram: usize, edge: f32): f32 {
  const whole = min(<i32>edge, BINS);
  let sum: u32 = 0;
  let moment: u32 = 0;
  for (let bin = 1; bin < whole; bin++) {
    const n = load<u32>(histogram + ((<usize>bin) << 2));
    sum += n;
    moment += n * bin;
  }
  return sum == 0 ? edge : <f32>moment / <f32>sum + 0.5;
}

/**
 * Level and noise (1 sigma) in counts, and the share of pixels with data, of each tile; three f32 planes of columns x rows.
 * Estimator: median and q50 - q16 of what is below two successive upper clips (3 and 2.5 sigma; quantiles corrected for
 * what the clip takes from a Gaussian), then the mode by Pearson's rule 2.5 median - 1.5 mean where stars skew the tile
 * (Bertin & Arnouts 1996), noise from the half below it. `guess` and `spread` are level and noise to begin with.
 */
export function skyTiles(
  plane: usize,
  width: i32,
  height: i32,
  tile: i32,
  rowStep: i32,
  guess: f32,
  spread: f32,
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
          shift = binShift(spread);
          base = <i32>max(<f32>0, guess - <f32>(192 << shift));
        } else if (attempt <= 2) {
          base = 0;
          shift = attempt == 1 ? 0 : 7;
        }
        gather(plane, width, x0, x1, y0, y1, rowStep, base, shift, histogram);
        const low = <f32>load<u32>(histogram);
        const high = <f32>load<u32>(histogram + ((BINS - 1) << 2));
        valid = sampled - low;
        if (valid < 1) {
          if (attempt < 2) continue;
          break;
        }
        const q50 = quantile(histogram, 0.5 * valid);
        const s = q50 - quantile(histogram, 0.15866 * valid);
        const resolved = high < 0.3 * valid && (shift == 0 || s > 3);
        if (attempt == 0 ? resolved && low < 0.02 * sampled : attempt == 1 ? resolved : attempt > 2 && (resolved || shift == 0)) {
          good = true;
          break;
        }
        if (attempt >= 2) {
          const scale = <f32>(1 << shift);
          const centre = <f32>base + q50 * scale;
          shift = min(binShift(max(s, <f32>0.25) * scale), shift - 1);
          if (shift < 0) shift = 0;
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
      // A count stands for the interval half a count about it: the left edge of bin b is base + b * scale - 1/2.
      guess = <f32>base + mode * scale - 0.5;
      spread = s * scale;
      store<f32>(level + at, guess);
      store<f32>(noise + at, spread);
    }
  }
}
