/** Flags of a measured star. */
export const MEASURED = { border: 1, wandered: 2, hole: 4 } as const;
/** f32 values per star going in (x, y, sky, noise) and coming out, in this order. */
export const STAR_INPUTS = 4;
export const STAR_OUTPUTS = {
  x: 0,
  y: 1,
  flux: 2,
  snr: 3,
  hfr: 4,
  peak: 5,
  mxx: 6,
  myy: 7,
  mxy: 8,
  sky: 9,
  psfFlux: 10,
  area: 11,
  flags: 12,
  ringRatio: 13,
  noise: 14,
  skyOffset: 15,
} as const;
export const STAR_VALUES = 16;

/** Kernels that measure stars one by one. */
export interface StarKernels {
  /** See assembly/stars.ts. */
  measureStars(
    plane: number,
    width: number,
    height: number,
    list: number,
    count: number,
    sigma: number,
    radius: number,
    ring: number,
    leash: number,
    slope: number,
    circle: number,
    scratch: number,
    out: number,
  ): void;
  /** Largest count within `reach` pixels of (x, y). */
  peakAround(plane: number, width: number, height: number, x: number, y: number, reach: number): number;
}
