/** f32 values per star going in: x, y, amplitude, sky, FWHM; and coming out, in this order. */
export const MOFFAT_INPUTS = 5;
export const MOFFAT_OUTPUTS = {
  amplitude: 0,
  x: 1,
  y: 2,
  a: 3,
  b: 4,
  c: 5,
  sky: 6,
  beta: 7,
  residual: 8,
  converged: 9,
  evaluations: 10,
  varianceA: 11,
  varianceB: 12,
  varianceC: 13,
  covarianceAC: 14,
} as const;
export const MOFFAT_VALUES = 16;

/** Kernel that fits elliptical Moffat profiles. */
export interface MoffatKernels {
  /** See assembly/moffat.ts. */
  fitMoffats(
    plane: number,
    width: number,
    height: number,
    list: number,
    count: number,
    reach: number,
    beta: number,
    freeBeta: boolean,
    nodes: number,
    scratch: number,
    out: number,
  ): void;
}
