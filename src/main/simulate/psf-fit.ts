/** An elliptical Moffat profile A (1 + a x^2 + b x y + c y^2)^-beta about a fixed centre. */
export interface MoffatProfile {
  amplitude: number;
  a: number;
  b: number;
  c: number;
  beta: number;
}

/** Samples of an image about its centre: offsets in px and densities. */
export interface ProfileSamples {
  x: Float64Array;
  y: Float64Array;
  value: Float64Array;
}

const ITERATIONS = 40;

/**
 * Least squares (Levenberg-Marquardt) of a Moffat profile to noiseless samples, from a first guess. Where the image is no
 * Moffat profile (defocused, smeared) this is what measuring it as one gives at best. Steps in the logarithms of the
 * positive parameters, so that none leaves its range; beta is held within 1.1..30.
 */
export function fitMoffat(samples: ProfileSamples, guess: MoffatProfile): MoffatProfile {
  let now = guess;
  let error = residual(samples, now);
  let damping = 1e-3;
  for (let i = 0; i < ITERATIONS && damping < 1e8; i++) {
    const { matrix, gradient } = normalEquations(samples, now);
    const damped = matrix.map((row, k) => row.map((value, l) => (k === l ? value * (1 + damping) + 1e-300 : value)));
    const step = solve(damped, gradient);
    const next = stepped(now, step);
    const after = next === null ? Number.POSITIVE_INFINITY : residual(samples, next);
    if (next !== null && after < error) {
      const gained = error - after;
      now = next;
      error = after;
      damping /= 5;
      if (gained < 1e-10 * error) break;
    } else damping *= 4;
  }
  return now;
}

/** Parameters are ln A, ln a, b, ln c, ln beta. */
function stepped(from: MoffatProfile, step: number[]): MoffatProfile | null {
  const [dA, da, db, dc, dBeta] = step;
  if (!step.every((value) => Number.isFinite(value) && Math.abs(value) < 20)) return null;
  const next = {
    amplitude: from.amplitude * Math.exp(dA),
    a: from.a * Math.exp(da),
    b: from.b + db,
    c: from.c * Math.exp(dc),
    beta: Math.max(1.1, Math.min(30, from.beta * Math.exp(dBeta))),
  };
  return next.b * next.b < 4 * next.a * next.c ? next : null;
}

function residual(samples: ProfileSamples, { amplitude, a, b, c, beta }: MoffatProfile): number {
  const { x, y, value } = samples;
  let sum = 0;
  for (let i = 0; i < x.length; i++) {
    const q = a * x[i] * x[i] + b * x[i] * y[i] + c * y[i] * y[i];
    sum += (value[i] - amplitude * (1 + q) ** -beta) ** 2;
  }
  return sum;
}

function normalEquations(samples: ProfileSamples, { amplitude, a, b, c, beta }: MoffatProfile): { matrix: number[][]; gradient: number[] } {
  const { x, y, value } = samples;
  const matrix = Array.from({ length: 5 }, () => [0, 0, 0, 0, 0]);
  const gradient = [0, 0, 0, 0, 0];
  for (let i = 0; i < x.length; i++) {
    const base = 1 + a * x[i] * x[i] + b * x[i] * y[i] + c * y[i] * y[i];
    const model = amplitude * base ** -beta;
    const slope = (-beta * model) / base;
    const by = [model, slope * a * x[i] * x[i], slope * x[i] * y[i], slope * c * y[i] * y[i], -beta * model * Math.log(base)];
    const off = value[i] - model;
    for (let k = 0; k < 5; k++) {
      gradient[k] += by[k] * off;
      for (let l = 0; l <= k; l++) matrix[k][l] += by[k] * by[l];
    }
  }
  for (let k = 0; k < 5; k++) for (let l = k + 1; l < 5; l++) matrix[k][l] = matrix[l][k];
  return { matrix, gradient };
}

/** Gaussian elimination with pivoting; five unknowns. */
function solve(matrix: number[][], right: number[]): number[] {
  const rows = matrix.map((row, k) => [...row, right[k]]);
  const n = rows.length;
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let row = k + 1; row < n; row++) if (Math.abs(rows[row][k]) > Math.abs(rows[pivot][k])) pivot = row;
    [rows[k], rows[pivot]] = [rows[pivot], rows[k]];
    for (let row = k + 1; row < n; row++) {
      const factor = rows[row][k] / rows[k][k];
      for (let column = k; column <= n; column++) rows[row][column] -= factor * rows[k][column];
    }
  }
  const solution = new Array<number>(n).fill(0);
  for (let k = n - 1; k >= 0; k--) {
    let sum = rows[k][n];
    for (let column = k + 1; column < n; column++) sum -= rows[k][column] * solution[column];
    solution[k] = sum / rows[k][k];
  }
  return solution;
}

/** FWHM along both axes and the major axis' direction, degrees [0, 180). */
export function axesOf({ a, b, c, beta }: MoffatProfile): { major: number; minor: number; angle: number } {
  const mean = (a + c) / 2;
  const spread = Math.hypot((a - c) / 2, b / 2);
  const reach = 2 ** (1 / beta) - 1;
  const angle = (90 / Math.PI) * Math.atan2(-b, c - a);
  return {
    major: 2 * Math.sqrt(reach / Math.max(1e-12, mean - spread)),
    minor: 2 * Math.sqrt(reach / (mean + spread)),
    angle: angle < 0 ? angle + 180 : angle,
  };
}
