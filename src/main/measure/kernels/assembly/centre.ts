// Faint peaks moved to where the light about them has its centre.

import { gaussian } from "./stars";

const RECORD: usize = 32;
const STEPS: i32 = 2;

// @ts-ignore: decorator
@inline
function total(v: v128): f32 {
  return f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 1) + (f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3));
}

/** See CentreKernels. */
export function centrePeaks(
  plane: usize,
  width: i32,
  height: i32,
  records: usize,
  list: usize,
  count: i32,
  sigma: f32,
  leash: f32,
  scratch: usize,
): void {
  const reach = <i32>ceil(<f32>2 * sigma);
  const scale: f32 = <f32>-0.72134752 / (sigma * sigma);
  const wx = scratch;
  const wy = scratch + ((<usize>(2 * reach + 8)) << 2);
  for (let n = 0; n < count; n++) {
    const o = records + (<usize>load<i32>(list + ((<usize>n) << 2))) * RECORD;
    const startX = load<f32>(o);
    const startY = load<f32>(o, 4);
    const skies = f32x4.splat(load<f32>(o, 12));
    let x = startX;
    let y = startY;
    let near = true;
    for (let step = 0; step < STEPS && near; step++) {
      const x0 = max(<i32>(x + 0.5) - reach, 0);
      const y0 = max(<i32>(y + 0.5) - reach, 0);
      const columns = min(<i32>(x + 0.5) + reach, width - 1) - x0 + 1;
      const rows = min(<i32>(y + 0.5) + reach, height - 1) - y0 + 1;
      gaussian(x - <f32>x0, scale, columns, wx);
      gaussian(y - <f32>y0, scale, rows, wy);
      let v0 = f32x4.splat(0);
      let vx = f32x4.splat(0);
      let vy = f32x4.splat(0);
      const lanes = f32x4.sub(f32x4(0, 1, 2, 3), f32x4.splat(x - <f32>x0));
      for (let r = 0; r < rows; r++) {
        const row = plane + ((<usize>(y0 + r)) * (<usize>width) + <usize>x0) * 2;
        const w = v128.load32_splat(wy + ((<usize>r) << 2));
        let r0 = f32x4.splat(0);
        let dx = lanes;
        for (let c = 0; c < columns; c += 4) {
          const at = (<usize>c) << 1;
          const counts = f32x4.convert_i32x4_s(v128.load_ext<u16>(row + at));
          const v = f32x4.mul(f32x4.mul(f32x4.sub(counts, skies), v128.load(wx + (at << 1))), w);
          r0 = f32x4.add(r0, v);
          vx = f32x4.add(vx, f32x4.mul(v, dx));
          dx = f32x4.add(dx, f32x4.splat(4));
        }
        v0 = f32x4.add(v0, r0);
        vy = f32x4.add(vy, f32x4.mul(r0, f32x4.splat(<f32>(y0 + r) - y)));
      }
      const light = total(v0);
      if (light <= 0) {
        near = false;
        break;
      }
      x += max(-sigma, min(sigma, (2 * total(vx)) / light));
      y += max(-sigma, min(sigma, (2 * total(vy)) / light));
      near = abs(x - startX) <= leash && abs(y - startY) <= leash;
    }
    if (!near) continue;
    store<f32>(o, x);
    store<f32>(o, y, 4);
  }
}
