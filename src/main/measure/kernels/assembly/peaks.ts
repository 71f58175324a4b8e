// Peaks of a coarse plane looked at in the plane twice as fine: position, local sky, sharpness, and whether they are stars of their own.

// A peak's record: f32 x, y, height above its local sky, local sky, sky of the mesh, noise of the filtered plane; i32 flags, parent.
const RECORD: usize = 32;
const SIDE: i32 = 16;
const RING: i32 = 24;

export const PEAK_SHARP: i32 = 1;
export const PEAK_LINE: i32 = 2;
export const PEAK_SECOND: i32 = 4;
export const PEAK_KEPT: i32 = 8;
export const PEAK_BLENDED: i32 = 16;

/** Patch of the plane filtered with [1 2 1]^2, 16 x 16 samples from (x0, y0), as u16 rows of 32 bytes. */
function filterPatch(plane: usize, width: i32, height: i32, x0: i32, y0: i32, out: usize): void {
  const stride = (<usize>width) << 1;
  const left = plane + ((<usize>x0) << 1) - 16;
  for (let j = 0; j < SIDE; j++) {
    const y = y0 + j;
    const a = left + (<usize>max(y - 1, 0)) * stride;
    const b = left + (<usize>y) * stride;
    const c = left + (<usize>min(y + 1, height - 1)) * stride;
    const v0 = i16x8.avgr_u(i16x8.avgr_u(v128.load(a), v128.load(c)), v128.load(b));
    const v1 = i16x8.avgr_u(i16x8.avgr_u(v128.load(a, 16), v128.load(c, 16)), v128.load(b, 16));
    const v2 = i16x8.avgr_u(i16x8.avgr_u(v128.load(a, 32), v128.load(c, 32)), v128.load(b, 32));
    const v3 = i16x8.avgr_u(i16x8.avgr_u(v128.load(a, 48), v128.load(c, 48)), v128.load(b, 48));
    const l1 = v128.shuffle<u16>(v0, v1, 7, 8, 9, 10, 11, 12, 13, 14);
    const r1 = v128.shuffle<u16>(v1, v2, 1, 2, 3, 4, 5, 6, 7, 8);
    const l2 = v128.shuffle<u16>(v1, v2, 7, 8, 9, 10, 11, 12, 13, 14);
    const r2 = v128.shuffle<u16>(v2, v3, 1, 2, 3, 4, 5, 6, 7, 8);
    const o = out + ((<usize>j) << 5);
    v128.store(o, i16x8.avgr_u(i16x8.avgr_u(l1, r1), v1));
    v128.store(o, i16x8.avgr_u(i16x8.avgr_u(l2, r2), v2), 16);
  }
}

// @ts-ignore: decorator
@inline
function rounded(a: i32, b: i32): i32 {
  return (a + b + 1) >> 1;
}

/** The same at the frame's left and right edges, where whole vectors would look around the corner. */
function filterPatchAtEdge(plane: usize, width: i32, height: i32, x0: i32, y0: i32, out: usize): void {
  for (let j = 0; j < SIDE; j++) {
    const y = y0 + j;
    const up = max(y - 1, 0);
    const down = min(y + 1, height - 1);
    for (let i = 0; i < SIDE; i++) {
      const x = x0 + i;
      const l = max(x - 1, 0);
      const r = min(x + 1, width - 1);
      const left = rounded(rounded(pixelAt(plane, width, l, up), pixelAt(plane, width, l, down)), pixelAt(plane, width, l, y));
      const right = rounded(rounded(pixelAt(plane, width, r, up), pixelAt(plane, width, r, down)), pixelAt(plane, width, r, y));
      const mid = rounded(rounded(pixelAt(plane, width, x, up), pixelAt(plane, width, x, down)), pixelAt(plane, width, x, y));
      store<u16>(out + ((<usize>j) << 5) + ((<usize>i) << 1), <u16>rounded(rounded(left, right), mid));
    }
  }
}

// @ts-ignore: decorator
@inline
function patchAt(patch: usize, x: i32, y: i32): i32 {
  return <i32>load<u16>(patch + ((<usize>y) << 5) + ((<usize>x) << 1));
}

// @ts-ignore: decorator
@inline
function pixelAt(plane: usize, width: i32, x: i32, y: i32): i32 {
  return <i32>load<u16>(plane + ((<usize>y) * (<usize>width) + (<usize>x)) * 2);
}

/** The ninth lowest of 24 samples on a circle of 6.5 about (x, y): a sky that a neighbour on one side does not lift. */
function ringSky(patch: usize, x: i32, y: i32, offsets: usize, samples: usize): i32 {
  let least: i32 = 65535;
  let most: i32 = 0;
  for (let k = 0; k < RING; k++) {
    const dx = <i32>load<i8>(offsets + ((<usize>k) << 1));
    const dy = <i32>load<i8>(offsets + ((<usize>k) << 1), 1);
    const v = patchAt(patch, min(max(x + dx, 0), SIDE - 1), min(max(y + dy, 0), SIDE - 1));
    store<u16>(samples + ((<usize>k) << 1), <u16>v);
    least = min(least, v);
    most = max(most, v);
  }
  const a = v128.load(samples);
  const b = v128.load(samples, 16);
  const c = v128.load(samples, 32);
  // Bisection between the extremes: the least value that nine do not exceed.
  let low = least;
  let high = most;
  while (low < high) {
    const middle = (low + high) >> 1;
    const limits = i16x8.splat(<i16>middle);
    const inside =
      i16x8.bitmask(i16x8.le_u(a, limits)) | (i16x8.bitmask(i16x8.le_u(b, limits)) << 8) | (i16x8.bitmask(i16x8.le_u(c, limits)) << 16);
    if (popcnt(inside) >= 9) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Bits of the samples x..x + 7 of a patch row that reach `least` and are the highest of their 3x3 samples, ties to the last. */
// @ts-ignore: decorator
@inline
function peaksOf8(at: usize, least: v128): i32 {
  const v = v128.load(at);
  const high = i16x8.ge_u(v, least);
  if (!v128.any_true(high)) return 0;
  const before = i16x8.max_u(
    i16x8.max_u(v128.load(at - 34), v128.load(at - 32)),
    i16x8.max_u(v128.load(at - 30), v128.load(at - 2)),
  );
  const after = i16x8.max_u(
    i16x8.max_u(v128.load(at, 30), v128.load(at, 32)),
    i16x8.max_u(v128.load(at, 34), v128.load(at, 2)),
  );
  return i16x8.bitmask(v128.and(high, v128.and(i16x8.ge_u(v, before), i16x8.gt_u(v, after))));
}

/** The highest of the 6 x 6 samples from (x, y), the first in reading order: y * 16 + x. */
function highestOf6(patch: usize, x: i32, y: i32): i32 {
  const seen = i16x8(-1, -1, -1, -1, -1, -1, 0, 0);
  const at = patch + ((<usize>y) << 5) + ((<usize>x) << 1);
  let top = v128.load(at);
  for (let j: usize = 32; j < 192; j += 32) top = i16x8.max_u(top, v128.load(at + j));
  top = v128.and(top, seen);
  top = i16x8.max_u(top, v128.shuffle<u16>(top, top, 4, 5, 6, 7, 0, 1, 2, 3));
  top = i16x8.max_u(top, v128.shuffle<u16>(top, top, 2, 3, 0, 1, 6, 7, 4, 5));
  top = i16x8.max_u(top, v128.shuffle<u16>(top, top, 1, 0, 3, 2, 5, 4, 7, 6));
  for (let j = 0; j < 6; j++) {
    const mask = i16x8.bitmask(v128.and(i16x8.eq(v128.load(at + ((<usize>j) << 5)), top), seen));
    if (mask != 0) return ((y + j) << 4) + x + ctz<i32>(mask);
  }
  return (y << 4) + x;
}

/**
 * Looks at coarse peaks (four u16: x, y, value, 0) in the plane `ratio` times as fine, at least 16 x 16 pixels: the highest
 * sample of the filtered plane within 3 pixels, and further local maxima within 6 that stand `significance` x noise above
 * their local sky (PEAK_SECOND).
 * Single hot pixels are marked PEAK_SHARP: raw height above `sharpness` x filtered height; defective columns and rows
 * PEAK_LINE. `offsets`: 24 pairs of i8 on the ring; `scratch`: 1 KB. Writes records; returns how many.
 */
export function refinePeaks(
  plane: usize,
  width: i32,
  height: i32,
  peaks: usize,
  count: i32,
  ratio: i32,
  noise: f32,
  significance: f32,
  sharpness: f32,
  offsets: usize,
  scratch: usize,
  records: usize,
  capacity: i32,
): i32 {
  const patch = scratch;
  const sorted = scratch + 512;
  const rawNoise = noise / 0.375;
  let found: i32 = 0;
  for (let i = 0; i < count; i++) {
    const p = peaks + ((<usize>i) << 3);
    const cx = min(<i32>load<u16>(p) * ratio + (ratio >> 1), width - 1);
    const cy = min(<i32>load<u16>(p, 2) * ratio + (ratio >> 1), height - 1);
    const x0 = min(max(cx - 8, 0), width - SIDE);
    const y0 = min(max(cy - 8, 0), height - SIDE);
    if (x0 == 0 || x0 + SIDE == width) filterPatchAtEdge(plane, width, height, x0, y0, patch);
    else filterPatch(plane, width, height, x0, y0, patch);
    const px = cx - x0;
    const py = cy - y0;
    const reach = ratio == 1 ? 3 : 6;
    const fx = max(px - reach, 0);
    const tx = min(px + reach - 1, SIDE - 1);
    const fy = max(py - reach, 0);
    const ty = min(py + reach - 1, SIDE - 1);
    // The highest first, so that the others know what to stand out from.
    let bx = -1;
    let by = -1;
    // Away from the frame's edges the peak lies in the middle of its patch, and vectors reach all of its neighbours.
    const central = px == 8 && py == 8;
    if (central) {
      const at = highestOf6(patch, 5, 5);
      bx = at & 15;
      by = at >> 4;
    } else {
      let best = -1;
      for (let y = max(py - 3, 0); y <= min(py + 2, SIDE - 1); y++) {
        for (let x = max(px - 3, 0); x <= min(px + 2, SIDE - 1); x++) {
          const v = patchAt(patch, x, y);
          if (v > best) {
            best = v;
            bx = x;
            by = y;
          }
        }
      }
    }
    const sky = ringSky(patch, bx, by, offsets, sorted);
    const least = sky + <i32>(significance * noise);
    const leasts = i16x8.splat(<i16>min(least, 65535));
    for (let y = fy; y <= ty; y++) {
      let mask: i32 = -1;
      if (central) {
        const row = patch + ((<usize>y) << 5) + ((<usize>fx) << 1);
        mask = peaksOf8(row, leasts);
        if (tx - fx > 7) mask |= peaksOf8(row + 16, leasts) << 8;
        mask &= (1 << (tx - fx + 1)) - 1;
        if (y == by) mask |= 1 << (bx - fx);
      }
      for (let x = fx; mask != 0 && x <= tx; x++) {
        const here = mask & 1;
        mask = central ? mask >> 1 : mask;
        if (!here) continue;
        const main = x == bx && y == by;
        const v = patchAt(patch, x, y);
        if (!main && v < least) continue;
        const l = x > 0 ? patchAt(patch, x - 1, y) : 0;
        const r = x < SIDE - 1 ? patchAt(patch, x + 1, y) : 0;
        const u = y > 0 ? patchAt(patch, x, y - 1) : 0;
        const d = y < SIDE - 1 ? patchAt(patch, x, y + 1) : 0;
        if (!main && !central) {
          if (v < l || v < u || v <= r || v <= d) continue;
          if (x > 0 && y > 0 && v < patchAt(patch, x - 1, y - 1)) continue;
          if (x < SIDE - 1 && y > 0 && v < patchAt(patch, x + 1, y - 1)) continue;
          if (x > 0 && y < SIDE - 1 && v <= patchAt(patch, x - 1, y + 1)) continue;
          if (x < SIDE - 1 && y < SIDE - 1 && v <= patchAt(patch, x + 1, y + 1)) continue;
        }
        const local = main ? sky : ringSky(patch, x, y, offsets, sorted);
        const tall = <f32>(v - local);
        if (!main && tall < significance * noise) continue;
        let flags: i32 = main ? 0 : PEAK_SECOND;
        const gx = x0 + x;
        const gy = y0 + y;
        // What is highest in the outermost row may well be the wing of a star beyond it.
        if (gx == 0 || gy == 0 || gx == width - 1 || gy == height - 1) continue;
        const raw = <f32>(pixelAt(plane, width, gx, gy) - local);
        if (raw > sharpness * tall + rawNoise) flags |= PEAK_SHARP;
        const across = <f32>(pixelAt(plane, width, gx - 1, gy) + pixelAt(plane, width, gx + 1, gy)) * 0.5 - <f32>local;
        const along = <f32>(pixelAt(plane, width, gx, gy - 1) + pixelAt(plane, width, gx, gy + 1)) * 0.5 - <f32>local;
        const low = min(across, along);
        const big = max(across, along);
        if (low + 0.5 * rawNoise < 0.2 * raw && big > 0.5 * raw) flags |= PEAK_LINE;
        if (found >= capacity) return found;
        const o = records + (<usize>found) * RECORD;
        store<f32>(o, <f32>gx + vertex(l, v, r));
        store<f32>(o, <f32>gy + vertex(u, v, d), 4);
        store<f32>(o, tall, 8);
        store<f32>(o, <f32>local, 12);
        store<f32>(o, 0, 16);
        store<f32>(o, noise, 20);
        store<i32>(o, flags, 24);
        store<i32>(o, i, 28);
        found++;
      }
    }
  }
  return found;
}

/** Offset of the vertex of the parabola through three samples, at most half a pixel. */
function vertex(a: i32, b: i32, c: i32): f32 {
  const bend = a - 2 * b + c;
  if (bend >= 0 || a == 0 || c == 0) return 0;
  return max(<f32>-0.5, min(<f32>0.5, (0.5 * <f32>(a - c)) / <f32>bend));
}

/** The filtered plane at one pixel, edges repeated. */
function filteredAt(plane: usize, width: i32, height: i32, x: i32, y: i32): f32 {
  const l = max(x - 1, 0);
  const r = min(x + 1, width - 1);
  const u = max(y - 1, 0);
  const d = min(y + 1, height - 1);
  const corners = pixelAt(plane, width, l, u) + pixelAt(plane, width, r, u) + pixelAt(plane, width, l, d) + pixelAt(plane, width, r, d);
  const sides = pixelAt(plane, width, x, u) + pixelAt(plane, width, x, d) + pixelAt(plane, width, l, y) + pixelAt(plane, width, r, y);
  return <f32>(corners + 2 * sides + 4 * pixelAt(plane, width, x, y)) * 0.0625;
}

/** Pixels to one side; what is longer is a bleeding column or no star, and has no middle to go to. */
const LONGEST_PLATEAU: i32 = 24;

/** How many pixels on from (x, y) in steps of (dx, dy) reach `level`. */
function plateauTo(plane: usize, width: i32, height: i32, x: i32, y: i32, dx: i32, dy: i32, level: i32): i32 {
  for (let k = 1; k <= LONGEST_PLATEAU; k++) {
    const px = x + k * dx;
    const py = y + k * dy;
    if (px < 0 || py < 0 || px >= width || py >= height || pixelAt(plane, width, px, py) < level) return k - 1;
  }
  return LONGEST_PLATEAU;
}

/** A saturated star is as high all over its plateau: its record goes to the middle, found across and along in turn. */
function centreOnPlateau(plane: usize, width: i32, height: i32, record: usize, level: i32): void {
  let x = load<f32>(record);
  let y = load<f32>(record, 4);
  for (let round = 0; round < 3; round++) {
    const px = <i32>(x + 0.5);
    const py = <i32>(y + 0.5);
    if (pixelAt(plane, width, px, py) < level) break;
    const right = plateauTo(plane, width, height, px, py, 1, 0, level);
    const left = plateauTo(plane, width, height, px, py, -1, 0, level);
    if (max(left, right) < LONGEST_PLATEAU) x = <f32>px + <f32>(right - left) * 0.5;
    const mx = <i32>(x + 0.5);
    const down = plateauTo(plane, width, height, mx, py, 0, 1, level);
    const up = plateauTo(plane, width, height, mx, py, 0, -1, level);
    if (max(up, down) < LONGEST_PLATEAU) y = <f32>py + <f32>(down - up) * 0.5;
  }
  store<f32>(record, x);
  store<f32>(record, y, 4);
}

/**
 * Decides, brightest first (`order`: i32 indices), which records are stars of their own (PEAK_KEPT). A peak in the reach of a
 * brighter star must be parted from it by a saddle deep enough to be no noise of the star's light (`slope`: variance per count
 * of light, counts) and no lump of its profile (`lump`: share of the saddle's height); peaks that share light with another are PEAK_BLENDED.
 * Reach: where a Moffat profile (`alpha`, `beta`) of the star's height falls below half the noise. `heads`: one i32 per
 * 16 x 16 cell, -1; `nodes`: pairs of i32, `capacity` of them. Returns how many are kept.
 */
export function judgePeaks(
  plane: usize,
  width: i32,
  height: i32,
  records: usize,
  order: usize,
  count: i32,
  significance: f32,
  slope: f32,
  lump: f32,
  alpha: f32,
  beta: f32,
  ceiling: f32,
  heads: usize,
  nodes: usize,
  capacity: i32,
): i32 {
  const across = (width + 15) >> 4;
  const down = (height + 15) >> 4;
  let used: i32 = 0;
  let kept: i32 = 0;
  for (let n = 0; n < count; n++) {
    const self = load<i32>(order + ((<usize>n) << 2));
    const o = records + (<usize>self) * RECORD;
    let flags = load<i32>(o, 24);
    if (flags & (PEAK_SHARP | PEAK_LINE)) continue;
    const x = load<f32>(o);
    const y = load<f32>(o, 4);
    const tall = load<f32>(o, 8);
    const local = load<f32>(o, 12);
    const sky = load<f32>(o, 16);
    const noise = load<f32>(o, 20);
    const variance = noise * noise;
    const glow = max(local - sky, <f32>0);
    if (tall < significance * sqrt(variance + 0.14 * slope * glow)) continue;
    const cell = (min(<i32>y, height - 1) >> 4) * across + (min(<i32>x, width - 1) >> 4);
    let alone = true;
    for (let node = load<i32>(heads + ((<usize>cell) << 2)); node >= 0; node = load<i32>(nodes + ((<usize>node) << 3), 4)) {
      const other = records + (<usize>load<i32>(nodes + ((<usize>node) << 3))) * RECORD;
      const dx = load<f32>(other) - x;
      const dy = load<f32>(other, 4) - y;
      const d = sqrt(dx * dx + dy * dy);
      if (d < 1.5) {
        alone = false;
        break;
      }
      const wing = load<f32>(other, 8) * <f32>Math.exp(-beta * Math.log(1 + (d * d) / (alpha * alpha)));
      if (wing < 0.25 * noise) continue;
      // Down from this peak towards the brighter one: is there a saddle?
      const steps = <i32>d;
      const top = local + tall;
      let parted = false;
      for (let k = 1; k < steps; k++) {
        const t = <f32>k / d;
        const v = filteredAt(plane, width, height, <i32>(x + dx * t + 0.5), <i32>(y + dy * t + 0.5));
        const light = max(v - sky, <f32>0);
        const need = max(2.5 * sqrt(variance + 0.14 * slope * light), lump * light);
        if (top - v >= need) {
          parted = true;
          break;
        }
        // Past the middle of a rise that has not dipped there is none.
        if (v > top + need) break;
      }
      if (!parted) {
        alone = false;
        break;
      }
      if (wing > 0.02 * tall && d < 3 * alpha) flags |= PEAK_BLENDED;
      if (tall > 0.1 * load<f32>(other, 8) && d < 3 * alpha) store<i32>(other, load<i32>(other, 24) | PEAK_BLENDED, 24);
    }
    if (!alone) continue;
    store<i32>(o, flags | PEAK_KEPT, 24);
    kept++;
    // The pixel itself tells, but reading it takes longer than all else here.
    if (local + 4 * tall >= ceiling && <f32>pixelAt(plane, width, <i32>(x + 0.5), <i32>(y + 0.5)) >= ceiling) centreOnPlateau(plane, width, height, o, <i32>(0.9 * ceiling));
    // A saturated star reaches farther than its clipped height tells.
    const full = local + tall >= ceiling ? tall * 4 : tall;
    const rise = full / (0.5 * noise);
    const reach = rise > 1 ? min(alpha * <f32>Math.sqrt(Math.exp(Math.log(rise) / beta) - 1), <f32>240) : <f32>0;
    const c0 = max(<i32>(x - reach), 0) >> 4;
    const c1 = min(<i32>(x + reach), width - 1) >> 4;
    const r0 = max(<i32>(y - reach), 0) >> 4;
    const r1 = min(<i32>(y + reach), height - 1) >> 4;
    for (let r = r0; r <= r1; r++) {
      for (let c = c0; c <= c1; c++) {
        if (used >= capacity) break;
        const head = heads + ((<usize>(r * across + c)) << 2);
        store<i32>(nodes + ((<usize>used) << 3), self);
        store<i32>(nodes + ((<usize>used) << 3), load<i32>(head), 4);
        store<i32>(head, used);
        used++;
      }
    }
  }
  return kept;
}
