import { medianOf, skyAt } from "./background.ts";
import type { MoffatFit } from "./moffat.ts";
import type { PreparedFrame } from "./prepared.ts";

const STARS = 40;
/** Steep profiles have almost nothing out there: this share of the light keeps the ratio from measuring noise. */
const FLOOR = 0.02;

/**
 * Light between 2 and 4 FWHM over light within 2, against what the fitted profile has there (both with 2 % added): 1 when the
 * profile holds, more with dew, haze or defocus. Median over the brightest fitted stars; null with fewer than 3.
 */
export function measureHalo(frame: PreparedFrame, fits: readonly MoffatFit[]): number | null {
  const ratios: number[] = [];
  const bright = [...fits].sort((a, b) => b.amplitude - a.amplitude).slice(0, STARS);
  for (const fit of bright) {
    const ratio = haloOf(frame, fit);
    if (ratio !== null) ratios.push(ratio);
  }
  return ratios.length < 3 ? null : medianOf(ratios);
}

/** Share of a Moffat profile's light within r FWHM: 1 - (1 + (r / alpha)^2)^(1 - beta). */
function within(r: number, beta: number): number {
  const alpha = 1 / (2 * Math.sqrt(2 ** (1 / beta) - 1));
  return 1 - (1 + (r / alpha) ** 2) ** (1 - beta);
}

function haloOf(frame: PreparedFrame, fit: MoffatFit): number | null {
  const { kernels, width, height, black, step, mesh } = frame;
  const reach = Math.ceil(4 * fit.fwhm);
  const [cx, cy] = [Math.round(fit.x), Math.round(fit.y)];
  if (cx < reach || cy < reach || cx >= width - reach || cy >= height - reach || reach > 200) return null;
  const pixels = kernels.u16(frame.pixels, width * height);
  const sky = (skyAt(mesh, fit.x, fit.y) - black) / step;
  const inner = (2 * fit.fwhm) ** 2;
  const outer = (4 * fit.fwhm) ** 2;
  let core = 0;
  // The ring in eight sectors: their median leaves neighbours out.
  const sectors = new Float64Array(8);
  const areas = new Float64Array(8);
  for (let y = cy - reach; y <= cy + reach; y++) {
    const dy = y - fit.y;
    for (let x = cx - reach; x <= cx + reach; x++) {
      const dx = x - fit.x;
      const square = dx * dx + dy * dy;
      if (square > outer) continue;
      const light = pixels[y * width + x] - sky;
      if (square <= inner) core += light;
      else {
        const sector = (dx > 0 ? 1 : 0) | (dy > 0 ? 2 : 0) | (Math.abs(dx) > Math.abs(dy) ? 4 : 0);
        sectors[sector] += light;
        areas[sector]++;
      }
    }
  }
  if (!(core > 0)) return null;
  const ring = medianOf(Array.from(sectors, (sum, i) => sum / Math.max(1, areas[i]))) * areas.reduce((a, b) => a + b, 0);
  const expected = (within(4, fit.beta) - within(2, fit.beta)) / within(2, fit.beta);
  return Math.max(0, ring / core + FLOOR) / (expected + FLOOR);
}
