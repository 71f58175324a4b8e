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

const SKY = 6;
const BETA = 7;
/** See assembly/moffat.ts. */
const NEGLIGIBLE = 3e-4;

/** What a fit sees of the plane: a patch, its samples over `unit`. */
interface FitPatch {
  columns: number;
  rows: number;
  data: Float64Array;
}

/** Residual sum of squares, normal matrix and gradient; parameters: amplitude, x, y, a, b, c, sky, beta. See assembly/moffat.ts. */
function equations(patch: FitPatch, p: readonly number[], free: number, nodes: number) {
  const [amplitude, px, py, a, b, c, sky, beta] = p;
  const normal = Array.from({ length: free }, () => new Float64Array(free));
  const gradient = new Float64Array(free);
  const offset = nodes === 4 ? Math.sqrt(3) / 6 : 0;
  let chi = 0;
  for (let r = 0; r < patch.rows; r++) {
    for (let k = 0; k < patch.columns; k++) {
      const j = new Float64Array(8);
      for (let node = 0; node < nodes; node++) {
        const dx = k - px + ((node & 1) === 0 ? -offset : offset);
        const dy = r - py + ((node & 2) === 0 ? -offset : offset);
        const [qx, qy] = [a * dx + b * dy, b * dx + c * dy];
        const u = 1 + qx * dx + qy * dy;
        const f = u ** -beta / nodes;
        const g = (-beta * f) / u;
        const bend = (beta * (beta + 1) * 4 * (qx * qx + qy * qy)) / (u * u) - (2 * beta * (a + c)) / u;
        j[0] += nodes === 1 ? f + (f * bend) / 24 : f;
        j[1] -= 2 * g * qx * amplitude;
        j[2] -= 2 * g * qy * amplitude;
        j[3] += g * dx * dx * amplitude;
        j[4] += 2 * g * dx * dy * amplitude;
        j[5] += g * dy * dy * amplitude;
        j[BETA] -= f * Math.log(u) * amplitude;
      }
      j[SKY] = 1;
      const residual = patch.data[r * patch.columns + k] - sky - amplitude * j[0];
      chi += residual * residual;
      for (let m = 0; m < free; m++) {
        gradient[m] += j[m] * residual;
        for (let n = 0; n <= m; n++) normal[m][n] += j[m] * j[n];
      }
    }
  }
  return { chi, normal, gradient };
}

/** Cholesky factor of the damped matrix, or null. */
function factorise(normal: readonly Float64Array[], damping: number): Float64Array[] | null {
  const factor = normal.map((row) => new Float64Array(row.length));
  for (let i = 0; i < normal.length; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = normal[i][j] * (i === j ? 1 + damping : 1);
      for (let k = 0; k < j; k++) sum -= factor[i][k] * factor[j][k];
      if (i !== j) factor[i][j] = sum / factor[j][j];
      else if (sum > 1e-12 * normal[i][i]) factor[i][i] = Math.sqrt(sum);
      else return null;
    }
  }
  return factor;
}

function solve(factor: readonly Float64Array[], right: ArrayLike<number>): number[] {
  const x = Array.from(right).slice(0, factor.length);
  for (let i = 0; i < x.length; i++) {
    for (let k = 0; k < i; k++) x[i] -= factor[i][k] * x[k];
    x[i] /= factor[i][i];
  }
  for (let i = x.length - 1; i >= 0; i--) {
    for (let k = i + 1; k < x.length; k++) x[i] -= factor[k][i] * x[k];
    x[i] /= factor[i][i];
  }
  return x;
}

function isSane(p: readonly number[], first: readonly number[], reach: number): boolean {
  const [amplitude, x, y, a, b, c, , beta] = p;
  const shape = a > 1e-5 && c > 1e-5 && a * c - b * b > 0.01 * a * c && a < 50 && c < 50;
  return amplitude > 0 && shape && beta > 1.05 && beta < 40 && Math.abs(x - first[1]) < reach && Math.abs(y - first[2]) < reach;
}

/** Levenberg-Marquardt from `first`, with the same damping and end as the kernel. */
function fitProfile(patch: FitPatch, first: readonly number[], free: number, nodes: number, reach: number) {
  let p = [...first];
  let now = equations(patch, p, free, nodes);
  let [damping, evaluations, refused, converged] = [1e-3, 1, 0, false];
  while (evaluations < 30 && refused < 8 && !converged) {
    const factor = factorise(now.normal, damping);
    const step = factor === null ? null : solve(factor, now.gradient);
    const trial = step === null ? null : p.map((value, k) => value + (k < free ? step[k] : 0));
    if (trial === null || !isSane(trial, first, reach)) {
      damping *= 10;
      refused++;
      continue;
    }
    const promise = step === null ? 0 : step.reduce((sum, value, k) => sum + value * now.gradient[k], 0);
    if (promise < NEGLIGIBLE * now.chi && refused === 0) {
      [p, now, converged] = [trial, { ...now, chi: now.chi - promise }, true];
      break;
    }
    const next = equations(patch, trial, free, nodes);
    evaluations++;
    if (!(next.chi < now.chi * 1.0000001)) {
      if (next.chi < now.chi * 1.0005) converged = true;
      damping *= 10;
      refused++;
      continue;
    }
    refused = 0;
    converged = (now.chi - next.chi) / (next.chi + 1e-30) < 1e-4;
    [p, now] = [trial, next];
    damping = Math.max(damping * 0.1, 1e-9);
  }
  const spread = now.chi / Math.max(patch.columns * patch.rows - free, 1);
  const factor = factorise(now.normal, 0);
  const unit = (k: number) => Array.from({ length: free }, (_, i) => (i === k ? 1 : 0));
  const inverse = factor === null ? null : [3, 4, 5].map((k) => solve(factor, unit(k)).map((v) => v * spread));
  return { p, spread, evaluations, converged: converged && inverse !== null, inverse };
}

/** The same in plain TypeScript: what the kernel is tested against, and the fallback without WebAssembly SIMD. */
export function referenceMoffat(memory: WebAssembly.Memory): MoffatKernels {
  return {
    fitMoffats(plane, width, height, list, count, reach, beta, freeBeta, nodes, _scratch, out) {
      const pixels = new Uint16Array(memory.buffer, plane, width * height);
      const inputs = new Float32Array(memory.buffer, list, count * MOFFAT_INPUTS);
      const outputs = new Float32Array(memory.buffer, out, count * MOFFAT_VALUES);
      for (let n = 0; n < count; n++) {
        const [x, y, height0, sky, fwhm] = inputs.subarray(n * MOFFAT_INPUTS, (n + 1) * MOFFAT_INPUTS);
        const [cx, cy] = [Math.floor(x + 0.5), Math.floor(y + 0.5)];
        const [x0, y0] = [Math.max(cx - reach, 0), Math.max(cy - reach, 0)];
        const columns = Math.min(cx + reach, width - 1) - x0 + 1;
        const rows = Math.min(cy + reach, height - 1) - y0 + 1;
        const unit = Math.max(height0, 1);
        const data = Float64Array.from({ length: columns * rows }, (_, i) => {
          return pixels[(y0 + Math.floor(i / columns)) * width + x0 + (i % columns)] / unit;
        });
        const inverseSquare = ((2 * Math.sqrt(2 ** (1 / beta) - 1)) / fwhm) ** 2;
        const first = [1, x - x0, y - y0, inverseSquare, 0, inverseSquare, sky / unit, beta];
        const { p, spread, evaluations, converged, inverse } = fitProfile({ columns, rows, data }, first, freeBeta ? 8 : 7, nodes, reach);
        const shape = [p[0] * unit, p[1] + x0, p[2] + y0, p[3], p[4], p[5], p[SKY] * unit, p[BETA]];
        const errors = inverse === null ? [0, 0, 0, 0] : [inverse[0][3], inverse[1][4], inverse[2][5], inverse[0][5]];
        outputs.set([...shape, Math.sqrt(spread) * unit, converged ? 1 : 0, evaluations, ...errors, 0], n * MOFFAT_VALUES);
      }
    },
  };
}
