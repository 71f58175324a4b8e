export interface LogisticPoint {
  x: number;
  y: 0 | 1;
}

/** Gaussian beliefs about slope and offset before any data: they keep a fit finite where the data are separable. */
export interface LogisticPrior {
  slope: number;
  slopeSigma: number;
  offset: number;
  offsetSigma: number;
}

export interface LogisticFit {
  slope: number;
  offset: number;
  /** Inverse Hessian at the optimum: var(slope), cov, var(offset). */
  covariance: [slope: number, both: number, offset: number];
}

export function sigmoid(x: number): number {
  return x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x));
}

export function logit(p: number): number {
  return Math.log(p / (1 - p));
}

/**
 * Fits P(y = 1) = sigmoid(slope x + offset) by maximum a posteriori: Newton's method on a convex loss, halving a step that
 * does not improve it, so it converges from anywhere.
 */
export function fitLogistic(points: readonly LogisticPoint[], prior: LogisticPrior): LogisticFit {
  let at = { slope: prior.slope, offset: prior.offset };
  let loss = lossAt(points, prior, at.slope, at.offset);
  for (let round = 0; round < 100; round++) {
    const { gradient, covariance } = derivatives(points, prior, at.slope, at.offset);
    const [vs, c, vo] = covariance;
    const step = { slope: vs * gradient[0] + c * gradient[1], offset: c * gradient[0] + vo * gradient[1] };
    let size = 1;
    let next = at;
    let better = Number.POSITIVE_INFINITY;
    for (; size > 1e-6; size /= 2) {
      next = { slope: at.slope - size * step.slope, offset: at.offset - size * step.offset };
      better = lossAt(points, prior, next.slope, next.offset);
      if (better <= loss) break;
    }
    if (!(better < loss)) break;
    const gain = loss - better;
    at = next;
    loss = better;
    if (gain < 1e-12 * (1 + loss)) break;
  }
  return { ...at, covariance: derivatives(points, prior, at.slope, at.offset).covariance };
}

function lossAt(points: readonly LogisticPoint[], prior: LogisticPrior, slope: number, offset: number): number {
  let loss = ((slope - prior.slope) / prior.slopeSigma) ** 2 / 2 + ((offset - prior.offset) / prior.offsetSigma) ** 2 / 2;
  for (const { x, y } of points) {
    // ln(1 + exp(-t)) without overflow.
    const t = (y === 1 ? 1 : -1) * (slope * x + offset);
    loss += t > 0 ? Math.log1p(Math.exp(-t)) : Math.log1p(Math.exp(t)) - t;
  }
  return loss;
}

function derivatives(
  points: readonly LogisticPoint[],
  prior: LogisticPrior,
  slope: number,
  offset: number,
): { gradient: [number, number]; covariance: LogisticFit["covariance"] } {
  let [gs, go] = [(slope - prior.slope) / prior.slopeSigma ** 2, (offset - prior.offset) / prior.offsetSigma ** 2];
  let [hss, hso, hoo] = [1 / prior.slopeSigma ** 2, 0, 1 / prior.offsetSigma ** 2];
  for (const { x, y } of points) {
    const p = sigmoid(slope * x + offset);
    const w = p * (1 - p);
    gs += (p - y) * x;
    go += p - y;
    hss += w * x * x;
    hso += w * x;
    hoo += w;
  }
  const determinant = hss * hoo - hso * hso;
  return { gradient: [gs, go], covariance: [hoo / determinant, -hso / determinant, hss / determinant] };
}
