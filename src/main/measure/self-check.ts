import { flatMeasurements } from "../../shared/flat-measurements.ts";
import type { PixelSource } from "../../shared/pixels.ts";
import { Kernels } from "./kernels/kernels.ts";
import { measurePrepared } from "./measure.ts";
import { prepareFrame } from "./prepare.ts";

const WIDTH = 384;
const HEIGHT = 256;
const STARS = 40;
/** Single precision in another order. */
const TOLERANCE = 2e-3;
const HINTS = { saturation: null, bitDepth: 16 };

/** A frame of Gaussian stars on noise, the same everywhere. */
function starField(): PixelSource {
  let state = 1;
  const uniform = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const pixels = new Float64Array(WIDTH * HEIGHT);
  for (let star = 0; star < STARS; star++) {
    const [x, y, peak] = [10 + uniform() * (WIDTH - 20), 10 + uniform() * (HEIGHT - 20), 400 * 40 ** uniform()];
    for (let dy = -8; dy <= 8; dy++) {
      for (let dx = -8; dx <= 8; dx++) {
        const [px, py] = [Math.round(x) + dx, Math.round(y) + dy];
        pixels[py * WIDTH + px] += peak * Math.exp(-((px - x) ** 2 + (py - y) ** 2) / (2 * 1.5 ** 2));
      }
    }
  }
  const samples = new Uint8Array(pixels.length * 2);
  const view = new DataView(samples.buffer);
  pixels.forEach((light, i) => {
    // The sum of uniform numbers: near enough to normal.
    const noise = uniform() + uniform() + uniform() + uniform() - 2;
    view.setUint16(2 * i, Math.min(65535, Math.round(1000 + light + 20 * noise)), true);
  });
  return {
    width: WIDTH,
    height: HEIGHT,
    planes: 1,
    cfa: null,
    coding: { type: "u16", littleEndian: true, zero: 0, scale: 1, blank: null },
    readRows: (_, firstRow, rows, into) => into.set(samples.subarray(firstRow * WIDTH * 2, (firstRow + rows) * WIDTH * 2)),
  };
}

/** Measures a small frame with the kernels and with their plain TypeScript; the measurement that differs, or null. */
export function measuringKernelsDiffer(): string | null {
  const source = starField();
  const [ours, theirs] = [Kernels.load(), Kernels.reference()].map((kernels) => {
    const metadata = HINTS as Parameters<typeof measurePrepared>[2];
    return flatMeasurements(
      measurePrepared(prepareFrame(kernels, source, metadata), source, metadata, () => undefined),
      null,
    );
  });
  if (!((ours.stars ?? 0) > STARS / 2)) return `stars: ${ours.stars} of ${STARS}`;
  for (const [name, value] of Object.entries(ours)) {
    const other = theirs[name as keyof typeof theirs];
    if (value === other) continue;
    if (value === null || other === null || Math.abs(value - other) > TOLERANCE * Math.max(Math.abs(value), Math.abs(other), 1e-3))
      return `${name}: ${value}, not ${other}`;
  }
  return null;
}
