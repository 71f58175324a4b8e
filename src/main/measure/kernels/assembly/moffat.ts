// Elliptical Moffat profiles fitted by Levenberg-Marquardt, light integrated over the pixels.

import { touch } from "./touch";

// In: f32 x, y, amplitude, sky, fwhm. Out: 16 f32, see moffat-kernels.ts.
const IN: usize = 20;
const OUT: usize = 64;
const MOST: i32 = 8;

// @ts-ignore: decorator
@inline
function total(v: v128): f64 {
  return <f64>(f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 1)) + <f64>(f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3));
}

// @ts-ignore: decorator
@inline
/** log2 of u >= 1, to 2e-7 relative to 1: exponent plus atanh series of the mantissa about sqrt(1/2)..sqrt(2). */
function log2of(u: v128): v128 {
  const shifted = i32x4.sub(u, i32x4.splat(0x3f3504f3));
  const exponent = f32x4.convert_i32x4_s(i32x4.shr_s(shifted, 23));
  const mantissa = i32x4.add(v128.and(shifted, i32x4.splat(0x007fffff)), i32x4.splat(0x3f3504f3));
  const one = f32x4.splat(1);
  const s = f32x4.div(f32x4.sub(mantissa, one), f32x4.add(mantissa, one));
  const z = f32x4.mul(s, s);
  let p = f32x4.splat(0.4121985831);
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(0.5770780164));
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(0.9617966939));
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(2.8853900818));
  return f32x4.add(f32x4.mul(p, s), exponent);
}

// @ts-ignore: decorator
@inline
/** 2^x for -120 < x <= 0. */
function exp2of(x: v128): v128 {
  const magic = f32x4.splat(12582912.0);
  const held = f32x4.add(x, magic);
  const f = f32x4.sub(x, f32x4.sub(held, magic));
  let p = f32x4.splat(0.0013333558);
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(0.0096181291));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(0.0555041087));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(0.2402265070));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(0.6931471806));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(1));
  return i32x4.add(p, i32x4.shl(i32x4.sub(held, magic), 23));
}

/**
 * Residuals' sum of squares at parameters `p` (f64: amplitude, x, y, a, b, c, sky, beta; data scaled by 1 / unit), and the
 * normal equations: `normal` (8 x 8 f64, lower triangle) and `gradient` (8). Model: amplitude (1 + a dx^2 + 2 b dx dy + c dy^2)^-beta + sky,
 * integrated over the pixel by its Laplacian (h^2 / 24; `nodes` 1) or at 2 x 2 Gauss points (`nodes` 4). x, y are relative to (x0, y0).
 */
function equations(
  plane: usize, width: i32, x0: i32, y0: i32, columns: i32, rows: i32, unit: f32, p: usize, free: i32, nodes: i32, normal: usize, gradient: usize,
): f64 {
  const amplitude = f32x4.splat(<f32>load<f64>(p));
  const px = <f32>load<f64>(p, 8);
  const py = <f32>load<f64>(p, 16);
  const a = <f32>load<f64>(p, 24);
  const b = <f32>load<f64>(p, 32);
  const c = <f32>load<f64>(p, 40);
  const sky = f32x4.splat(<f32>load<f64>(p, 48));
  const beta = <f32>load<f64>(p, 56);
  const inverse = f32x4.splat(<f32>1 / unit);
  const as = f32x4.splat(a);
  const minusBeta = f32x4.splat(-beta);
  const one = f32x4.splat(1);
  const zero = f32x4.splat(0);
  const ln2 = f32x4.splat(0.69314718);
  const share: f32 = nodes == 4 ? 0.25 : 1;
  const shares = f32x4.splat(share);
  let chi = zero;
  let n00 = zero, n10 = zero, n11 = zero, n20 = zero, n21 = zero, n22 = zero;
  let n30 = zero, n31 = zero, n32 = zero, n33 = zero, n40 = zero, n41 = zero, n42 = zero, n43 = zero, n44 = zero;
  let n50 = zero, n51 = zero, n52 = zero, n53 = zero, n54 = zero, n55 = zero;
  let n60 = zero, n61 = zero, n62 = zero, n63 = zero, n64 = zero, n65 = zero, n66 = zero;
  let n70 = zero, n71 = zero, n72 = zero, n73 = zero, n74 = zero, n75 = zero, n76 = zero, n77 = zero;
  let g0 = zero, g1 = zero, g2 = zero, g3 = zero, g4 = zero, g5 = zero, g6 = zero, g7 = zero;
  const offset: f32 = 0.28867513;
  // Laplacian: f_xx + f_yy over 24 of u^-beta, factored by u^-beta.
  const curve = f32x4.splat((beta * (beta + 1)) / 24);
  const flat = f32x4.splat((-beta * 2 * (a + c)) / 24);
  for (let r = 0; r < rows; r++) {
    const row = plane + ((<usize>(y0 + r)) * (<usize>width) + (<usize>x0)) * 2;
    let base = f32x4.sub(f32x4(0, 1, 2, 3), f32x4.splat(px));
    for (let k = 0; k < columns; k += 4) {
      const data = f32x4.mul(f32x4.convert_i32x4_s(v128.load_ext<u16>(row + ((<usize>k) << 1))), inverse);
      let shape = zero, j1 = zero, j2 = zero, j3 = zero, j4 = zero, j5 = zero, j7 = zero;
      for (let node = 0; node < nodes; node++) {
        const ox: f32 = nodes == 1 ? 0 : (node & 1) == 0 ? -offset : offset;
        const oy: f32 = nodes == 1 ? 0 : (node & 2) == 0 ? -offset : offset;
        const dy = <f32>r - py + oy;
        const dx = f32x4.add(base, f32x4.splat(ox));
        const bdy = f32x4.splat(b * dy);
        const qx = f32x4.add(f32x4.mul(as, dx), bdy);
        const qy = f32x4.add(f32x4.mul(f32x4.splat(b), dx), f32x4.splat(c * dy));
        const u = f32x4.add(one, f32x4.add(f32x4.mul(qx, dx), f32x4.mul(qy, f32x4.splat(dy))));
        const log = log2of(u);
        const f = f32x4.mul(exp2of(f32x4.pmax(f32x4.mul(minusBeta, log), f32x4.splat(-100))), shares);
        const v = f32x4.div(one, u);
        // dF/dQ
        const g = f32x4.mul(f32x4.mul(minusBeta, f), v);
        if (nodes == 1) {
          const slope2 = f32x4.mul(f32x4.splat(4), f32x4.add(f32x4.mul(qx, qx), f32x4.mul(qy, qy)));
          const lap = f32x4.add(f32x4.mul(f32x4.mul(curve, slope2), f32x4.mul(v, v)), f32x4.mul(flat, v));
          shape = f32x4.add(f, f32x4.mul(f, lap));
        } else shape = f32x4.add(shape, f);
        const twice = f32x4.mul(g, f32x4.splat(-2));
        j1 = f32x4.add(j1, f32x4.mul(twice, qx));
        j2 = f32x4.add(j2, f32x4.mul(twice, qy));
        const gx = f32x4.mul(g, dx);
        j3 = f32x4.add(j3, f32x4.mul(gx, dx));
        j4 = f32x4.add(j4, f32x4.mul(gx, f32x4.splat(2 * dy)));
        j5 = f32x4.add(j5, f32x4.mul(g, f32x4.splat(dy * dy)));
        j7 = f32x4.sub(j7, f32x4.mul(f, f32x4.mul(log, ln2)));
      }
      base = f32x4.add(base, f32x4.splat(4));
      // Lanes beyond the patch count for nothing.
      const lanes = i32x4.splat(columns - k);
      const inside = i32x4.lt_s(i32x4(0, 1, 2, 3), lanes);
      const residual = v128.and(inside, f32x4.sub(f32x4.sub(data, sky), f32x4.mul(amplitude, shape)));
      chi = f32x4.add(chi, f32x4.mul(residual, residual));
      const j0 = v128.and(inside, shape);
      const j6 = v128.and(inside, one);
      const amp = v128.and(inside, amplitude);
      j1 = f32x4.mul(j1, amp);
      j2 = f32x4.mul(j2, amp);
      j3 = f32x4.mul(j3, amp);
      j4 = f32x4.mul(j4, amp);
      j5 = f32x4.mul(j5, amp);
      g0 = f32x4.add(g0, f32x4.mul(j0, residual));
      g1 = f32x4.add(g1, f32x4.mul(j1, residual));
      g2 = f32x4.add(g2, f32x4.mul(j2, residual));
      g3 = f32x4.add(g3, f32x4.mul(j3, residual));
      g4 = f32x4.add(g4, f32x4.mul(j4, residual));
      g5 = f32x4.add(g5, f32x4.mul(j5, residual));
      g6 = f32x4.add(g6, residual);
      n00 = f32x4.add(n00, f32x4.mul(j0, j0));
      n10 = f32x4.add(n10, f32x4.mul(j1, j0));
      n11 = f32x4.add(n11, f32x4.mul(j1, j1));
      n20 = f32x4.add(n20, f32x4.mul(j2, j0));
      n21 = f32x4.add(n21, f32x4.mul(j2, j1));
      n22 = f32x4.add(n22, f32x4.mul(j2, j2));
      n30 = f32x4.add(n30, f32x4.mul(j3, j0));
      n31 = f32x4.add(n31, f32x4.mul(j3, j1));
      n32 = f32x4.add(n32, f32x4.mul(j3, j2));
      n33 = f32x4.add(n33, f32x4.mul(j3, j3));
      n40 = f32x4.add(n40, f32x4.mul(j4, j0));
      n41 = f32x4.add(n41, f32x4.mul(j4, j1));
      n42 = f32x4.add(n42, f32x4.mul(j4, j2));
      n43 = f32x4.add(n43, f32x4.mul(j4, j3));
      n44 = f32x4.add(n44, f32x4.mul(j4, j4));
      n50 = f32x4.add(n50, f32x4.mul(j5, j0));
      n51 = f32x4.add(n51, f32x4.mul(j5, j1));
      n52 = f32x4.add(n52, f32x4.mul(j5, j2));
      n53 = f32x4.add(n53, f32x4.mul(j5, j3));
      n54 = f32x4.add(n54, f32x4.mul(j5, j4));
      n55 = f32x4.add(n55, f32x4.mul(j5, j5));
      n60 = f32x4.add(n60, j0);
      n61 = f32x4.add(n61, j1);
      n62 = f32x4.add(n62, j2);
      n63 = f32x4.add(n63, j3);
      n64 = f32x4.add(n64, j4);
      n65 = f32x4.add(n65, j5);
      n66 = f32x4.add(n66, j6);
      if (free == MOST) {
        j7 = f32x4.mul(j7, amp);
        g7 = f32x4.add(g7, f32x4.mul(j7, residual));
        n70 = f32x4.add(n70, f32x4.mul(j7, j0));
        n71 = f32x4.add(n71, f32x4.mul(j7, j1));
        n72 = f32x4.add(n72, f32x4.mul(j7, j2));
        n73 = f32x4.add(n73, f32x4.mul(j7, j3));
        n74 = f32x4.add(n74, f32x4.mul(j7, j4));
        n75 = f32x4.add(n75, f32x4.mul(j7, j5));
        n76 = f32x4.add(n76, j7);
        n77 = f32x4.add(n77, f32x4.mul(j7, j7));
      }
    }
  }
  store<f64>(gradient, total(g0)); store<f64>(gradient, total(g1), 8); store<f64>(gradient, total(g2), 16);
  store<f64>(gradient, total(g3), 24); store<f64>(gradient, total(g4), 32); store<f64>(gradient, total(g5), 40);
  store<f64>(gradient, total(g6), 48); store<f64>(gradient, total(g7), 56);
  store<f64>(normal, total(n00));
  store<f64>(normal, total(n10), 64); store<f64>(normal, total(n11), 72);
  store<f64>(normal, total(n20), 128); store<f64>(normal, total(n21), 136); store<f64>(normal, total(n22), 144);
  store<f64>(normal, total(n30), 192); store<f64>(normal, total(n31), 200); store<f64>(normal, total(n32), 208); store<f64>(normal, total(n33), 216);
  store<f64>(normal, total(n40), 256); store<f64>(normal, total(n41), 264); store<f64>(normal, total(n42), 272); store<f64>(normal, total(n43), 280);
  store<f64>(normal, total(n44), 288);
  store<f64>(normal, total(n50), 320); store<f64>(normal, total(n51), 328); store<f64>(normal, total(n52), 336); store<f64>(normal, total(n53), 344);
  store<f64>(normal, total(n54), 352); store<f64>(normal, total(n55), 360);
  store<f64>(normal, total(n60), 384); store<f64>(normal, total(n61), 392); store<f64>(normal, total(n62), 400); store<f64>(normal, total(n63), 408);
  store<f64>(normal, total(n64), 416); store<f64>(normal, total(n65), 424); store<f64>(normal, total(n66), 432);
  store<f64>(normal, total(n70), 448); store<f64>(normal, total(n71), 456); store<f64>(normal, total(n72), 464); store<f64>(normal, total(n73), 472);
  store<f64>(normal, total(n74), 480); store<f64>(normal, total(n75), 488); store<f64>(normal, total(n76), 496); store<f64>(normal, total(n77), 504);
  return total(chi);
}

/** Cholesky factor of the damped normal matrix into `factor`; false when it is not positive definite. */
function factorise(normal: usize, free: i32, damping: f64, factor: usize): bool {
  for (let i = 0; i < free; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = load<f64>(normal + ((<usize>(i * MOST + j)) << 3));
      if (i == j) sum *= 1 + damping;
      for (let k = 0; k < j; k++) {
        sum -= load<f64>(factor + ((<usize>(i * MOST + k)) << 3)) * load<f64>(factor + ((<usize>(j * MOST + k)) << 3));
      }
      if (i == j) {
        if (!(sum > 1e-12 * load<f64>(normal + ((<usize>(i * MOST + i)) << 3)))) return false;
        store<f64>(factor + ((<usize>(i * MOST + i)) << 3), Math.sqrt(sum));
      } else store<f64>(factor + ((<usize>(i * MOST + j)) << 3), sum / load<f64>(factor + ((<usize>(j * MOST + j)) << 3)));
    }
  }
  return true;
}

/** Solves factor factor^T x = right, in place. */
function solve(factor: usize, free: i32, right: usize): void {
  for (let i = 0; i < free; i++) {
    let sum = load<f64>(right + ((<usize>i) << 3));
    for (let k = 0; k < i; k++) sum -= load<f64>(factor + ((<usize>(i * MOST + k)) << 3)) * load<f64>(right + ((<usize>k) << 3));
    store<f64>(right + ((<usize>i) << 3), sum / load<f64>(factor + ((<usize>(i * MOST + i)) << 3)));
  }
  for (let i = free - 1; i >= 0; i--) {
    let sum = load<f64>(right + ((<usize>i) << 3));
    for (let k = i + 1; k < free; k++) sum -= load<f64>(factor + ((<usize>(k * MOST + i)) << 3)) * load<f64>(right + ((<usize>k) << 3));
    store<f64>(right + ((<usize>i) << 3), sum / load<f64>(factor + ((<usize>(i * MOST + i)) << 3)));
  }
}

// @ts-ignore: decorator
@inline
function dot(a: usize, b: usize, count: i32): f64 {
  let sum: f64 = 0;
  for (let k = 0; k < count; k++) sum += load<f64>(a + ((<usize>k) << 3)) * load<f64>(b + ((<usize>k) << 3));
  return sum;
}

/** Share of the residuals' sum of squares: among 200 pixels a quarter of what one parameter takes up of the noise by itself. */
const NEGLIGIBLE: f64 = 3e-4;

/**
 * Fits `count` stars of the plane in patches of `reach` pixels to each side. `beta` is where the exponent begins, and stays
 * unless `freeBeta`. `scratch`: 2 KB. Levenberg (1944), Marquardt (1963): damping by the diagonal, tenfold up, a tenth down.
 */
export function fitMoffats(
  plane: usize, width: i32, height: i32, list: usize, count: i32, reach: i32, beta: f64, freeBeta: bool, nodes: i32, scratch: usize, out: usize,
): void {
  const p = scratch;
  const trial = scratch + 64;
  const gradient = scratch + 128;
  const nextGradient = scratch + 192;
  const step = scratch + 256;
  const normal = scratch + 320;
  const nextNormal = normal + 512;
  const factor = nextNormal + 512;
  const free = freeBeta ? 8 : 7;
  let touched: i32 = 0;
  for (let n = 0; n < count; n++) {
    const i = list + (<usize>n) * IN;
    const o = out + (<usize>n) * OUT;
    if (n + 1 < count) touched += touch(plane, width, height, <i32>load<f32>(i, IN), <i32>load<f32>(i, IN + 4), reach + 1);
    const cx = <i32>floor(load<f32>(i) + <f32>0.5);
    const cy = <i32>floor(load<f32>(i, 4) + <f32>0.5);
    const x0 = max(cx - reach, 0);
    const y0 = max(cy - reach, 0);
    const columns = min(cx + reach, width - 1) - x0 + 1;
    const rows = min(cy + reach, height - 1) - y0 + 1;
    const unit = max(load<f32>(i, 8), <f32>1);
    const alpha = <f64>load<f32>(i, 16) / (2 * Math.sqrt(Math.pow(2, 1 / beta) - 1));
    store<f64>(p, 1);
    store<f64>(p, <f64>(load<f32>(i) - <f32>x0), 8);
    store<f64>(p, <f64>(load<f32>(i, 4) - <f32>y0), 16);
    store<f64>(p, 1 / (alpha * alpha), 24);
    store<f64>(p, 0, 32);
    store<f64>(p, 1 / (alpha * alpha), 40);
    store<f64>(p, <f64>(load<f32>(i, 12) / unit), 48);
    store<f64>(p, beta, 56);
    const firstX = load<f64>(p, 8);
    const firstY = load<f64>(p, 16);
    let chi = equations(plane, width, x0, y0, columns, rows, unit, p, free, nodes, normal, gradient);
    let damping: f64 = 1e-3;
    let evaluations: i32 = 1;
    let converged = false;
    let refused: i32 = 0;
    while (evaluations < 30 && refused < 8) {
      if (!factorise(normal, free, damping, factor)) {
        damping *= 10;
        refused++;
        continue;
      }
      memory.copy(step, gradient, 64);
      solve(factor, free, step);
      for (let k: usize = 0; k < 8; k++) {
        store<f64>(trial + (k << 3), load<f64>(p + (k << 3)) + (<i32>k < free ? load<f64>(step + (k << 3)) : 0));
      }
      const a = load<f64>(trial, 24);
      const b = load<f64>(trial, 32);
      const c = load<f64>(trial, 40);
      const e = load<f64>(trial, 56);
      const sane =
        load<f64>(trial) > 0 && a > 1e-5 && c > 1e-5 && a * c - b * b > 0.01 * a * c && a < 50 && c < 50 && e > 1.05 && e < 40 &&
        Math.abs(load<f64>(trial, 8) - firstX) < <f64>reach && Math.abs(load<f64>(trial, 16) - firstY) < <f64>reach;
      if (!sane) {
        damping *= 10;
        refused++;
        continue;
      }
      // A step that will gain so little is taken without looking where it led: the one after it would gain a square less.
      const promise = dot(step, gradient, free);
      if (promise < NEGLIGIBLE * chi && refused == 0) {
        memory.copy(p, trial, 64);
        chi -= promise;
        converged = true;
        break;
      }
      const next = equations(plane, width, x0, y0, columns, rows, unit, trial, free, nodes, nextNormal, nextGradient);
      evaluations++;
      if (!(next < chi * 1.0000001)) {
        // At the bottom the derivatives, taken without the pixel's integration, can point a hair beyond it.
        if (next < chi * 1.0005) {
          converged = true;
          break;
        }
        damping *= 10;
        refused++;
        continue;
      }
      refused = 0;
      const gain = (chi - next) / (next + 1e-30);
      chi = next;
      memory.copy(p, trial, 64);
      memory.copy(normal, nextNormal, 512);
      memory.copy(gradient, nextGradient, 64);
      damping = Math.max(damping * 0.1, 1e-9);
      if (gain < 1e-4) {
        converged = true;
        break;
      }
    }
    const points = <f64>(columns * rows);
    const spread = chi / Math.max(points - <f64>free, 1);
    // Variances of a, b, c (and the covariance of a and c) from the inverse of the undamped matrix.
    let vaa: f64 = 0;
    let vcc: f64 = 0;
    let vbb: f64 = 0;
    let vac: f64 = 0;
    if (factorise(normal, free, 0, factor)) {
      for (let k: i32 = 3; k < 6; k++) {
        memory.fill(step, 0, 64);
        store<f64>(step + ((<usize>k) << 3), 1);
        solve(factor, free, step);
        if (k == 3) {
          vaa = load<f64>(step, 24) * spread;
          vac = load<f64>(step, 40) * spread;
        } else if (k == 4) vbb = load<f64>(step, 32) * spread;
        else vcc = load<f64>(step, 40) * spread;
      }
    } else converged = false;
    store<f32>(o, <f32>load<f64>(p) * unit);
    store<f32>(o, <f32>load<f64>(p, 8) + <f32>x0, 4);
    store<f32>(o, <f32>load<f64>(p, 16) + <f32>y0, 8);
    store<f32>(o, <f32>load<f64>(p, 24), 12);
    store<f32>(o, <f32>load<f64>(p, 32), 16);
    store<f32>(o, <f32>load<f64>(p, 40), 20);
    store<f32>(o, <f32>load<f64>(p, 48) * unit, 24);
    store<f32>(o, <f32>load<f64>(p, 56), 28);
    store<f32>(o, <f32>Math.sqrt(spread) * unit, 32);
    store<f32>(o, converged ? 1 : 0, 36);
    store<f32>(o, <f32>evaluations, 40);
    store<f32>(o, <f32>vaa, 44);
    store<f32>(o, <f32>vbb, 48);
    store<f32>(o, <f32>vcc, 52);
    store<f32>(o, <f32>vac, 56);
    store<f32>(o, 0, 60);
  }
  store<i32>(scratch, touched);
}
