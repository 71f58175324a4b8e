// Stars measured one by one: windowed centroid, second moments, aperture flux, half flux radius.

import { touch } from "./touch";

// In: f32 x, y, sky, noise (counts). Out: 16 f32, see stars-kernels.ts.
const IN: usize = 16;
const OUT: usize = 64;
const RING: i32 = 32;

export const STAR_BORDER: i32 = 1;
export const STAR_WANDERED: i32 = 2;
export const STAR_HOLE: i32 = 4;

// @ts-ignore: decorator
@inline
function sample(plane: usize, width: i32, x: i32, y: i32): i32 {
  return <i32>load<u16>(plane + ((<usize>y) * (<usize>width) + (<usize>x)) * 2);
}

// @ts-ignore: decorator
@inline
function four(row: usize, x: i32): v128 {
  return f32x4.convert_i32x4_s(v128.load_ext<u16>(row + ((<usize>x) << 1)));
}

// @ts-ignore: decorator
@inline
function total(v: v128): f32 {
  return f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 1) + (f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3));
}

/** exp(-(k - centre)^2 / (2 sigma^2)) for k = 0..count-1, `scale` = -log2(e) / (2 sigma^2); zeros up to a multiple of 4. */
export function gaussian(centre: f32, scale: f32, count: i32, out: usize): void {
  const scales = f32x4.splat(scale);
  const magic = f32x4.splat(12582912.0);
  let dx = f32x4.sub(f32x4(0, 1, 2, 3), f32x4.splat(centre));
  for (let k = 0; k < count; k += 4) {
    const t = f32x4.pmax(f32x4.mul(f32x4.mul(dx, dx), scales), f32x4.splat(-100));
    const held = f32x4.add(t, magic);
    // 2^(whole + part), the part by its Taylor series: to 2e-7.
    const f = f32x4.sub(t, f32x4.sub(held, magic));
    let p = f32x4.splat(0.00015403530);
    p = f32x4.add(f32x4.mul(p, f), f32x4.splat(0.0013333558));
    p = f32x4.add(f32x4.mul(p, f), f32x4.splat(0.0096181291));
    p = f32x4.add(f32x4.mul(p, f), f32x4.splat(0.0555041087));
    p = f32x4.add(f32x4.mul(p, f), f32x4.splat(0.2402265070));
    p = f32x4.add(f32x4.mul(p, f), f32x4.splat(0.6931471806));
    p = f32x4.add(f32x4.mul(p, f), f32x4.splat(1));
    v128.store(out + ((<usize>k) << 2), i32x4.add(p, i32x4.shl(held, 23)));
    dx = f32x4.add(dx, f32x4.splat(4));
  }
  for (let k = count; k < ((count + 3) & ~3); k++) store<f32>(out + ((<usize>k) << 2), 0);
}

/** Median of 32 means of 2x2 pixels on a circle; `sums`: 128 bytes of scratch. */
function ringMedian(plane: usize, width: i32, height: i32, x: f32, y: f32, radius: f32, circle: usize, sums: usize): f32 {
  let least: i32 = 0x7fffffff;
  let most: i32 = 0;
  for (let k = 0; k < RING; k++) {
    const px = min(max(<i32>floor(x + radius * load<f32>(circle + ((<usize>k) << 3))), 0), width - 2);
    const py = min(max(<i32>floor(y + radius * load<f32>(circle + ((<usize>k) << 3), 4)), 0), height - 2);
    const at = plane + ((<usize>py) * (<usize>width) + (<usize>px)) * 2;
    const a = load<u32>(at);
    const b = load<u32>(at + ((<usize>width) << 1));
    const v = <i32>((a & 0xffff) + (a >>> 16) + (b & 0xffff) + (b >>> 16));
    store<i32>(sums + ((<usize>k) << 2), v);
    least = min(least, v);
    most = max(most, v);
  }
  // Bisection between the extremes: the 16th lowest is the least value that 16 do not exceed.
  let low = least;
  let high = most;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (countUpTo(sums, middle) >= 16) high = middle;
    else low = middle + 1;
  }
  const next = countUpTo(sums, low) > 16 ? low : leastAbove(sums, low);
  return <f32>(low + next) * 0.125;
}

/** How many of 32 sums are at most `limit`. */
function countUpTo(sums: usize, limit: i32): i32 {
  const limits = i32x4.splat(limit);
  let count = i32x4.splat(0);
  for (let k: usize = 0; k < 128; k += 16) count = i32x4.sub(count, i32x4.le_s(v128.load(sums + k), limits));
  return i32x4.extract_lane(count, 0) + i32x4.extract_lane(count, 1) + i32x4.extract_lane(count, 2) + i32x4.extract_lane(count, 3);
}

/** The least of 32 sums above `limit`. */
function leastAbove(sums: usize, limit: i32): i32 {
  const limits = i32x4.splat(limit);
  const none = i32x4.splat(0x7fffffff);
  let least = none;
  for (let k: usize = 0; k < 128; k += 16) {
    const v = v128.load(sums + k);
    least = i32x4.min_s(least, v128.bitselect(v, none, i32x4.gt_s(v, limits)));
  }
  return min(
    min(i32x4.extract_lane(least, 0), i32x4.extract_lane(least, 1)),
    min(i32x4.extract_lane(least, 2), i32x4.extract_lane(least, 3)),
  );
}

/**
 * Measures `count` stars of the plane (at least 4 x 4). Gaussian window of `sigma` pixels, aperture of `radius`, sky ring at
 * `ring`; `slope` is the variance of a count of light. A centroid that wanders farther than `leash` from where it began goes
 * back. `circle`: 32 pairs of f32 on the unit circle; `scratch`: 2 KB + 8 bytes per pixel of the window's side.
 */
export function measureStars(
  plane: usize,
  width: i32,
  height: i32,
  list: usize,
  count: i32,
  sigma: f32,
  radius: f32,
  ring: f32,
  leash: f32,
  slope: f32,
  circle: usize,
  scratch: usize,
  out: usize,
): void {
  const scale: f32 = <f32>-0.72134752 / (sigma * sigma);
  const reach = <i32>ceil(<f32>3 * sigma);
  const sorted = scratch;
  const wx = scratch + 256;
  const wy = wx + ((<usize>(2 * reach + 8)) << 2);
  let touched: i32 = 0;
  for (let n = 0; n < count; n++) {
    const i = list + (<usize>n) * IN;
    const o = out + (<usize>n) * OUT;
    const startX = load<f32>(i);
    const startY = load<f32>(i, 4);
    const mesh = load<f32>(i, 8);
    const noise = load<f32>(i, 12);
    if (n + 1 < count) touched += touch(plane, width, height, <i32>load<f32>(i, IN), <i32>load<f32>(i, IN + 4), <i32>ring + 1);
    // The ring sees what the mesh is too coarse for; within its own error the mesh is better.
    const local = ringMedian(plane, width, height, startX, startY, ring, circle, sorted) - mesh;
    const error: f32 = 0.22 * noise;
    const shrink: f32 = local * local > error * error ? 1 - (error * error) / (local * local) : 0;
    const sky = mesh + local * shrink;
    const skies = f32x4.splat(sky);
    let x = startX;
    let y = startY;
    let flags: i32 = 0;
    let light: f32 = 0;
    let squares: f32 = 0;
    let mxx: f32 = 0;
    let myy: f32 = 0;
    let mxy: f32 = 0;
    let home = false;
    for (let step = 0; step < 8; step++) {
      const x0 = max(<i32>(x + 0.5) - reach, 0);
      const x1 = min(<i32>(x + 0.5) + reach, width - 1);
      const y0 = max(<i32>(y + 0.5) - reach, 0);
      const y1 = min(<i32>(y + 0.5) + reach, height - 1);
      const columns = x1 - x0 + 1;
      const rows = y1 - y0 + 1;
      gaussian(x - <f32>x0, scale, columns, wx);
      gaussian(y - <f32>y0, scale, rows, wy);
      let v0 = f32x4.splat(0);
      let vx = f32x4.splat(0);
      let vy = f32x4.splat(0);
      let vxx = f32x4.splat(0);
      let vyy = f32x4.splat(0);
      let vxy = f32x4.splat(0);
      const lanes = f32x4.sub(f32x4(0, 1, 2, 3), f32x4.splat(x - <f32>x0));
      for (let r = 0; r < rows; r++) {
        const row = plane + (<usize>(y0 + r)) * (<usize>width) * 2;
        let r0 = f32x4.splat(0);
        let rx = f32x4.splat(0);
        let rxx = f32x4.splat(0);
        let dx = lanes;
        for (let c = 0; c < columns; c += 4) {
          const v = f32x4.mul(f32x4.sub(four(row, x0 + c), skies), v128.load(wx + ((<usize>c) << 2)));
          const arm = f32x4.mul(v, dx);
          r0 = f32x4.add(r0, v);
          rx = f32x4.add(rx, arm);
          rxx = f32x4.add(rxx, f32x4.mul(arm, dx));
          dx = f32x4.add(dx, f32x4.splat(4));
        }
        const w = v128.load32_splat(wy + ((<usize>r) << 2));
        const dy = f32x4.splat(<f32>(y0 + r) - y);
        const t0 = f32x4.mul(r0, w);
        const tx = f32x4.mul(rx, w);
        const ty = f32x4.mul(t0, dy);
        v0 = f32x4.add(v0, t0);
        vx = f32x4.add(vx, tx);
        vy = f32x4.add(vy, ty);
        vxx = f32x4.add(vxx, f32x4.mul(rxx, w));
        vyy = f32x4.add(vyy, f32x4.mul(ty, dy));
        vxy = f32x4.add(vxy, f32x4.mul(tx, dy));
      }
      const s0 = total(v0);
      const sx = total(vx);
      const sy = total(vy);
      light = s0;
      // Twice the windowed offset: the step that a Gaussian star of the window's own width needs (Bertin, SExtractor XWIN).
      const stepX = s0 > 0 ? max(-sigma, min(sigma, (2 * sx) / s0)) : <f32>0;
      const stepY = s0 > 0 ? max(-sigma, min(sigma, (2 * sy) / s0)) : <f32>0;
      const settled = stepX * stepX + stepY * stepY < <f32>0.0009 * sigma * sigma;
      if (home || s0 <= 0 || settled || step == 7) {
        if (s0 <= 0 && !home && step > 0) {
          // Nothing to centre on out here.
          home = true;
          x = startX;
          y = startY;
          continue;
        }
        // About the centroid, which the last step goes to: so short a step leaves window and moments as they are.
        const offX = sx / s0;
        const offY = sy / s0;
        mxx = total(vxx) / s0 - offX * offX;
        myy = total(vyy) / s0 - offY * offY;
        mxy = total(vxy) / s0 - offX * offY;
        if (!home && settled) {
          x += stepX;
          y += stepY;
        }
        squares = sumOfSquares(wx, columns) * sumOfSquares(wy, rows);
        break;
      }
      x += stepX;
      y += stepY;
      if (abs(x - startX) > leash || abs(y - startY) > leash) {
        x = startX;
        y = startY;
        flags |= STAR_WANDERED;
        home = true;
      }
    }

    // Aperture with a soft edge.
    const x0 = max(<i32>floor(x - radius), 0);
    const x1 = min(<i32>ceil(x + radius), width - 1);
    const y0 = max(<i32>floor(y - radius), 0);
    const y1 = min(<i32>ceil(y + radius), height - 1);
    if (x - radius < -0.5 || y - radius < -0.5 || x + radius > <f32>width - 0.5 || y + radius > <f32>height - 0.5) flags |= STAR_BORDER;
    const edge = f32x4.splat(radius + 0.5);
    const zero = f32x4.splat(0);
    const one = f32x4.splat(1);
    let flux = zero;
    let arm = zero;
    let area = zero;
    let most = zero;
    let least = f32x4.splat(65535);
    const beyond = f32x4.splat(<f32>x1 - x + 0.01);
    const core = f32x4.splat(radius * 0.6);
    for (let r = y0; r <= y1; r++) {
      const row = plane + (<usize>r) * (<usize>width) * 2;
      const dy = <f32>r - y;
      const dy2 = f32x4.splat(dy * dy);
      let dx = f32x4.sub(f32x4(0, 1, 2, 3), f32x4.splat(x - <f32>x0));
      for (let c = x0; c <= x1; c += 4) {
        const raw = four(row, c);
        const distance = f32x4.sqrt(f32x4.add(f32x4.mul(dx, dx), dy2));
        let w = f32x4.pmax(zero, f32x4.pmin(one, f32x4.sub(edge, distance)));
        w = v128.and(w, f32x4.le(dx, beyond));
        const v = f32x4.mul(f32x4.sub(raw, skies), w);
        flux = f32x4.add(flux, v);
        arm = f32x4.add(arm, f32x4.mul(v, distance));
        area = f32x4.add(area, w);
        const inner = v128.and(f32x4.le(distance, core), f32x4.gt(w, zero));
        most = f32x4.pmax(most, v128.and(raw, inner));
        least = f32x4.pmin(least, v128.bitselect(raw, f32x4.splat(65535), f32x4.gt(w, zero)));
        dx = f32x4.add(dx, f32x4.splat(4));
      }
    }
    const sum = total(flux);
    const peak = max(
      max(f32x4.extract_lane(most, 0), f32x4.extract_lane(most, 1)),
      max(f32x4.extract_lane(most, 2), f32x4.extract_lane(most, 3)),
    );
    const low = min(
      min(f32x4.extract_lane(least, 0), f32x4.extract_lane(least, 1)),
      min(f32x4.extract_lane(least, 2), f32x4.extract_lane(least, 3)),
    );
    if (low == 0) flags |= STAR_HOLE;
    // Light of the Gaussian of the window's width that fits best, and its variance.
    const whole: f32 = 6.2831853 * sigma * sigma;
    const psf = squares > 0 ? (whole * light) / squares : <f32>0;
    const variance = (whole * whole * noise * noise) / max(squares, <f32>1e-6) + slope * max(psf, <f32>0);
    store<f32>(o, x);
    store<f32>(o, y, 4);
    store<f32>(o, sum, 8);
    store<f32>(o, psf / sqrt(variance), 12);
    store<f32>(o, total(arm) / sum, 16);
    store<f32>(o, peak, 20);
    store<f32>(o, mxx, 24);
    store<f32>(o, myy, 28);
    store<f32>(o, mxy, 32);
    store<f32>(o, sky, 36);
    store<f32>(o, psf, 40);
    store<f32>(o, total(area), 44);
    store<f32>(o, <f32>flags, 48);
    store<f32>(o, ringRatio(plane, width, height, x, y, total(arm) / sum, sky, circle), 52);
    store<f32>(o, noise, 56);
    store<f32>(o, local, 60);
  }
  store<i32>(scratch, touched);
}

/** Of weights padded with zeros. */
function sumOfSquares(weights: usize, count: i32): f32 {
  let sum = f32x4.splat(0);
  for (let k = 0; k < count; k += 4) {
    const w = v128.load(weights + ((<usize>k) << 2));
    sum = f32x4.add(sum, f32x4.mul(w, w));
  }
  return total(sum);
}

/** Light at the centre (five samples) over the mean on the circle of the half flux radius: below 1 in a donut. */
function ringRatio(plane: usize, width: i32, height: i32, x: f32, y: f32, hfr: f32, sky: f32, circle: usize): f32 {
  if (!(hfr > 0.5) || hfr > 200) return 1;
  let sum: f32 = 0;
  for (let k = 0; k < RING; k++) {
    const px = min(max(<i32>(x + hfr * load<f32>(circle + ((<usize>k) << 3)) + 0.5), 0), width - 1);
    const py = min(max(<i32>(y + hfr * load<f32>(circle + ((<usize>k) << 3), 4) + 0.5), 0), height - 1);
    sum += <f32>sample(plane, width, px, py);
  }
  const ring = sum / <f32>RING - sky;
  let centre: f32 = 0;
  const near = max(hfr * 0.2, <f32>0.5);
  for (let k = 0; k < RING; k += 4) {
    const px = min(max(<i32>(x + near * load<f32>(circle + ((<usize>k) << 3)) + 0.5), 0), width - 1);
    const py = min(max(<i32>(y + near * load<f32>(circle + ((<usize>k) << 3), 4) + 0.5), 0), height - 1);
    centre += <f32>sample(plane, width, px, py);
  }
  return ring > 0 ? (centre * 0.125 - sky) / ring : 1;
}

/** Largest count within `reach` pixels of (x, y). */
export function peakAround(plane: usize, width: i32, height: i32, x: i32, y: i32, reach: i32): i32 {
  const x0 = min(max(x - reach, 0), width - 1);
  const x1 = min(max(x + reach, 0), width - 1);
  const y0 = min(max(y - reach, 0), height - 1);
  const y1 = min(max(y + reach, 0), height - 1);
  let most: i32 = 0;
  for (let r = y0; r <= y1; r++) for (let c = x0; c <= x1; c++) most = max(most, sample(plane, width, c, r));
  return most;
}
