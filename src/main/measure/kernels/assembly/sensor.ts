const TILE: i32 = 64;

/**
 * See SensorKernels. Row by row over all tiles of the band: memory is then read in one stream, which is what this takes its
 * time for.
 */
export function sensorBand(
  pixels: usize,
  rowPixels: i32,
  tiles: i32,
  height: i32,
  ceiling: i32,
  parameters: usize,
  rows: usize,
  columns: usize,
  tallies: usize,
): void {
  const zero = i16x8.splat(0);
  const rowBytes = <usize>rowPixels << 1;
  // While the band is summed, 16-bit column sums stand in the first half of each tile's columns, and the four lanes of its
  // squares in its tallies.
  memory.fill(columns, 0, (<usize>tiles * <usize>TILE) << 2);
  memory.fill(tallies, 0, <usize>tiles << 4);
  for (let y = 0; y < height; y++) {
    const row = pixels + <usize>y * rowBytes;
    for (let t = 0; t < tiles; t++) {
      const p = parameters + ((<usize>t) << 5);
      const lows = v128.load16_splat(p);
      const shift = load<i32>(p, 4);
      const spans = v128.load16_splat(p, 8);
      const half = i16x8.shr_u(spans, 1);
      const brights = v128.load16_splat(p, 12);
      const start = row + ((<usize>t) << 7);
      const sums = columns + ((<usize>t) << 8);
      let total = i32x4.splat(0);
      let squares = v128.load(tallies + ((<usize>t) << 4));
      for (let b: usize = 0; b < 128; b += 16) {
        const v = v128.load(start + b);
        const dark = i16x8.eq(i16x8.sub_sat_u(v, brights), zero);
        const held = i16x8.min_u(i16x8.shr_u(i16x8.sub_sat_u(v, lows), shift), spans);
        const d = v128.bitselect(held, half, v128.andnot(dark, i16x8.eq(v, zero)));
        total = i32x4.add(total, i32x4.extadd_pairwise_i16x8_u(d));
        squares = i32x4.add(squares, i32x4.dot_i16x8_s(d, d));
        v128.store(sums + b, i16x8.add(v128.load(sums + b), d));
      }
      v128.store(tallies + ((<usize>t) << 4), squares);
      store<i32>(rows + ((<usize>(t * height + y)) << 2), sum(total));
    }
  }
  for (let t = 0; t < tiles; t++) {
    const sums = columns + ((<usize>t) << 8);
    for (let x = TILE - 1; x >= 0; x--) store<i32>(sums + ((<usize>x) << 2), <i32>load<u16>(sums + ((<usize>x) << 1)));
    const tally = tallies + ((<usize>t) << 4);
    store<i32>(tally, sum(v128.load(tally)));
    store<i64>(tally, 0, 4);
    store<i32>(tally, 0, 12);
  }
  countOddities(pixels, rowBytes, tiles, height, ceiling, parameters, tallies);
}

/** Holes, saturated and hot pixels: a second look at the band, which by now is in the cache; nearly all vectors have none. */
function countOddities(pixels: usize, rowBytes: usize, tiles: i32, height: i32, ceiling: i32, parameters: usize, tallies: usize): void {
  const zero = i16x8.splat(0);
  const ceilings = i16x8.splat(<i16>ceiling);
  for (let y = 0; y < height; y++) {
    const row = pixels + <usize>y * rowBytes;
    const inside = y > 0 && y < height - 1;
    for (let t = 0; t < tiles; t++) {
      const p = parameters + ((<usize>t) << 5);
      const brights = v128.load16_splat(p, 12);
      const start = row + ((<usize>t) << 7);
      for (let b: usize = 0; b < 128; b += 16) {
        const v = v128.load(start + b);
        const above = i16x8.sub_sat_u(v, brights);
        const isHole = i16x8.eq(v, zero);
        if (!v128.any_true(v128.or(above, isHole))) continue;
        const tally = tallies + ((<usize>t) << 4);
        const full = v128.andnot(i16x8.eq(i16x8.sub_sat_u(ceilings, v), zero), i16x8.eq(above, zero));
        store<i32>(tally, load<i32>(tally, 4) + popcnt<i32>(i16x8.bitmask(isHole)), 4);
        store<i32>(tally, load<i32>(tally, 8) + popcnt<i32>(i16x8.bitmask(full)), 8);
        if (!inside) continue;
        const sky = load<i32>(p, 16);
        const hot = load<i32>(p, 20);
        const from: usize = b == 0 ? 1 : 0;
        const to: usize = b == 112 ? 7 : 8;
        for (let i = from; i < to; i++) {
          const at = start + b + (i << 1);
          if (<i32>load<u16>(at) > hot && isHot(at, rowBytes, sky)) store<i32>(tally, load<i32>(tally, 12) + 1, 12);
        }
      }
    }
  }
}

// @ts-ignore: decorator
@inline
function sum(v: v128): i32 {
  return i32x4.extract_lane(v, 0) + i32x4.extract_lane(v, 1) + i32x4.extract_lane(v, 2) + i32x4.extract_lane(v, 3);
}

// @ts-ignore: decorator
@inline
function isHot(p: usize, rowBytes: usize, sky: i32): bool {
  const centre = <i32>load<u16>(p);
  const left = <i32>load<u16>(p - 2);
  const right = <i32>load<u16>(p + 2);
  const above = <i32>load<u16>(p - rowBytes);
  const below = <i32>load<u16>(p + rowBytes);
  if (left > centre || right > centre || above > centre || below > centre) return false;
  if (<i32>load<u16>(p - rowBytes - 2) > centre || <i32>load<u16>(p - rowBytes + 2) > centre) return false;
  if (<i32>load<u16>(p + rowBytes - 2) > centre || <i32>load<u16>(p + rowBytes + 2) > centre) return false;
  return 20 * (left + right + above + below - 4 * sky) < 7 * (centre - sky);
}
