import { quantiserSteps, ZIGZAG } from "./jpeg-tables.ts";

/** Scale factors of the transform below: its outputs come out multiplied by 8 * s[row] * s[column]. */
const AAN_SCALE = Float64Array.from({ length: 8 }, (_, k) => (k === 0 ? 1 : Math.SQRT2 * Math.cos((k * Math.PI) / 16)));

/** What each transformed coefficient is multiplied by, in the order of the stream: one over its quantiser step and the transform's scale. */
export function multipliersOf(kind: "luminance" | "chrominance", quality: number): Float32Array {
  const steps = quantiserSteps(kind, quality);
  return Float32Array.from(ZIGZAG, (at) => {
    const [row, column] = [at >> 3, at & 7];
    return 1 / ((steps[at] ?? 1) * (AAN_SCALE[row] ?? 1) * (AAN_SCALE[column] ?? 1) * 8);
  });
}

/**
 * Forward cosine transform of a block of 8 x 8 samples about zero, in place: Arai, Agui, Nakajima 1988 ("A fast DCT-SQ
 * scheme for images"), 5 multiplications for eight samples; the rest is folded into `multipliersOf`.
 */
export function transform(block: Float32Array): void {
  for (let at = 0; at < 64; at += 8) line(block, at, 1);
  for (let at = 0; at < 8; at++) line(block, at, 8);
}

function line(b: Float32Array, at: number, step: number): void {
  const a0 = b[at] + b[at + 7 * step];
  const a7 = b[at] - b[at + 7 * step];
  const a1 = b[at + step] + b[at + 6 * step];
  const a6 = b[at + step] - b[at + 6 * step];
  const a2 = b[at + 2 * step] + b[at + 5 * step];
  const a5 = b[at + 2 * step] - b[at + 5 * step];
  const a3 = b[at + 3 * step] + b[at + 4 * step];
  const a4 = b[at + 3 * step] - b[at + 4 * step];
  // Even part.
  const e0 = a0 + a3;
  const e3 = a0 - a3;
  const e1 = a1 + a2;
  const e2 = a1 - a2;
  b[at] = e0 + e1;
  b[at + 4 * step] = e0 - e1;
  const z1 = (e2 + e3) * Math.SQRT1_2;
  b[at + 2 * step] = e3 + z1;
  b[at + 6 * step] = e3 - z1;
  // Odd part.
  const o0 = a4 + a5;
  const o1 = a5 + a6;
  const o2 = a6 + a7;
  const z5 = (o0 - o2) * 0.3826834323650898;
  const z2 = 0.541196100146197 * o0 + z5;
  const z4 = 1.3065629648763766 * o2 + z5;
  const z3 = o1 * Math.SQRT1_2;
  const z11 = a7 + z3;
  const z13 = a7 - z3;
  b[at + 5 * step] = z13 + z2;
  b[at + 3 * step] = z13 - z2;
  b[at + step] = z11 + z4;
  b[at + 7 * step] = z11 - z4;
}
