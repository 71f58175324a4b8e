/** P(seen) = 1 / (1 + exp(-(intercept + slope x))). */
export interface LogisticFit {
  intercept: number;
  slope: number;
  /** x at which half are seen. */
  half: number;
}

/**
 * Fits a logistic curve by Newton's method. A weak prior on the standardised slope (that of one observation in a hundred) keeps
 * it finite where seen and unseen do not overlap. Null when all or none were seen, or x does not vary.
 */
export function fitLogistic(points: readonly { x: number; seen: boolean }[]): LogisticFit | null {
  const seen = points.filter((point) => point.seen).length;
  if (seen === 0 || seen === points.length) return null;
  const centre = points.reduce((sum, { x }) => sum + x, 0) / points.length;
  const spread = Math.sqrt(points.reduce((sum, { x }) => sum + (x - centre) ** 2, 0) / points.length);
  if (!(spread > 0)) return null;
  const prior = 0.01;
  let intercept = 0;
  let slope = 0;
  for (let round = 0; round < 100; round++) {
    let g0 = 0;
    let g1 = -prior * slope;
    let h00 = 1e-9;
    let h01 = 0;
    let h11 = prior;
    for (const point of points) {
      const z = (point.x - centre) / spread;
      const p = 1 / (1 + Math.exp(-(intercept + slope * z)));
      const off = (point.seen ? 1 : 0) - p;
      const weight = p * (1 - p);
      g0 += off;
      g1 += off * z;
      h00 += weight;
      h01 += weight * z;
      h11 += weight * z * z;
    }
    const determinant = h00 * h11 - h01 * h01;
    // Damped: far from the solution Newton's step may overshoot into where all weights vanish.
    const limit = (step: number) => Math.max(-2, Math.min(2, step));
    const step0 = limit((h11 * g0 - h01 * g1) / determinant);
    const step1 = limit((h00 * g1 - h01 * g0) / determinant);
    intercept += step0;
    slope += step1;
    if (Math.abs(step0) + Math.abs(step1) < 1e-9) break;
  }
  return { intercept: intercept - (slope * centre) / spread, slope: slope / spread, half: centre - (intercept / slope) * spread };
}
