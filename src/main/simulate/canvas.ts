import { blurExtent, moffatAlpha, type PsfTable, wingDensity } from "./psf.ts";

/** Expected electrons per pixel, row by row, before any noise. */
export interface Canvas {
  width: number;
  height: number;
  electrons: Float32Array;
  /** Channel of the pixel at [(y & 1) * 2 + (x & 1)]. */
  mosaic: readonly [number, number, number, number];
}

/** Light spread far beyond the core: dew, haze and the optics' own aureole (an exponential disk). */
export interface Halo {
  share: number;
  scale: number;
}

/**
 * Draws a star of `perChannel` electrons at (x, y), which must be whole steps of the table. Light fainter than `floor`
 * e- per pixel is left out; stars that reach beyond the table get the profile's wings.
 */
export function drawStar(
  canvas: Canvas,
  table: PsfTable,
  x: number,
  y: number,
  perChannel: readonly number[],
  halo: Halo,
  floor: number,
): void {
  const brightest = Math.max(...perChannel);
  const core = perChannel.map((electrons) => electrons * (1 - halo.share));
  const wanted = reachOf(table, brightest, floor);
  drawCore(canvas, table, x, y, core, Math.min(table.radius, wanted));
  if (wanted > table.radius) drawRadial(canvas, x, y, core, table.radius, wanted, (square) => wingDensity(table.shape, square));
  const peak = halo.share / (2 * Math.PI * halo.scale ** 2);
  if (brightest * peak > floor) {
    const reach = halo.scale * Math.log((brightest * peak) / floor);
    const light = perChannel.map((electrons) => electrons * peak);
    drawRadial(canvas, x, y, light, -1, reach, (square) => Math.exp(-Math.sqrt(square) / halo.scale));
  }
}

/** Radius in px within which a star's profile is above `floor`; never less than holds 90 % of its light. */
function reachOf(table: PsfTable, electrons: number, floor: number): number {
  const { shape } = table;
  const alpha = moffatAlpha(shape.fwhm, shape.beta);
  const peak = (electrons * (shape.beta - 1)) / (Math.PI * alpha * alpha);
  const blur = blurExtent(shape);
  const reach = peak > floor ? alpha * Math.sqrt((peak / floor) ** (1 / shape.beta) - 1) : 0;
  return Math.ceil(Math.min(2500, Math.max(reach, 1.5 * shape.fwhm) + blur));
}

function drawCore(canvas: Canvas, table: PsfTable, x: number, y: number, perChannel: readonly number[], radius: number): void {
  const { oversample, side, integrated } = table;
  const { width, height, electrons, mosaic } = canvas;
  const column = Math.round(x);
  const row = Math.round(y);
  const centre = (side - 1) / 2;
  const stepX = Math.round((column - x) * oversample);
  const stepY = Math.round((row - y) * oversample);
  const fromX = Math.max(0, column - radius);
  const toX = Math.min(width - 1, column + radius);
  for (let py = Math.max(0, row - radius); py <= Math.min(height - 1, row + radius); py++) {
    const line = (centre + stepY + (py - row) * oversample) * side + centre + stepX;
    const even = perChannel[mosaic[(py & 1) * 2]];
    const odd = perChannel[mosaic[(py & 1) * 2 + 1]];
    for (let px = fromX; px <= toX; px++) {
      electrons[py * width + px] += (px & 1 ? odd : even) * integrated[line + (px - column) * oversample];
    }
  }
}

/** A round profile by distance^2 from (x, y), where it lies outside the square `inner` and inside the circle `outer`. */
function drawRadial(
  canvas: Canvas,
  x: number,
  y: number,
  perChannel: readonly number[],
  inner: number,
  outer: number,
  profile: (square: number) => number,
): void {
  const { width, height, electrons, mosaic } = canvas;
  const column = Math.round(x);
  const row = Math.round(y);
  // Steps of 1/4 px^2 near, coarser far: one table instead of a power per pixel.
  const table = Float32Array.from({ length: 1026 }, (_, i) => profile(((i / 1024) * outer) ** 2));
  const scale = 1024 / outer;
  for (let py = Math.max(0, Math.ceil(y - outer)); py <= Math.min(height - 1, Math.floor(y + outer)); py++) {
    const half = Math.sqrt(Math.max(0, outer * outer - (py - y) ** 2));
    const near = Math.abs(py - row) <= inner;
    for (let px = Math.max(0, Math.ceil(x - half)); px <= Math.min(width - 1, Math.floor(x + half)); px++) {
      if (near && Math.abs(px - column) <= inner) continue;
      const position = Math.sqrt((px - x) ** 2 + (py - y) ** 2) * scale;
      const i = Math.floor(position);
      const value = table[i] + (table[i + 1] - table[i]) * (position - i);
      electrons[py * width + px] += perChannel[mosaic[(py & 1) * 2 + (px & 1)]] * value;
    }
  }
}

/**
 * Diffraction spikes of a spider: light per unit length falls with the square of the distance, `share` of the star in
 * all. Vanes make a pair of spikes each; opposite vanes share theirs (4 vanes: 4 spikes, 3 vanes: 6).
 */
export function drawSpikes(
  canvas: Canvas,
  x: number,
  y: number,
  perChannel: readonly number[],
  spikes: { arms: number; angle: number; share: number; width: number; length: number },
  floor: number,
): void {
  const { arms, angle, share, width, length } = spikes;
  const sigma = width / 2.3548;
  for (let arm = 0; arm < arms; arm++) {
    const direction = ((angle + (360 * arm) / arms) * Math.PI) / 180;
    const light = perChannel.map((electrons) => (electrons * share) / arms / (sigma * Math.sqrt(2 * Math.PI)));
    const ridge = Math.max(...light);
    if (ridge / length < floor) continue;
    const reach = length * (Math.sqrt(ridge / (floor * length)) - 1);
    drawRidge(canvas, [x, y], [x + reach * Math.cos(direction), y + reach * Math.sin(direction)], 2.5 * sigma, (along, across, channel) => {
      const fall = length / (along + length) ** 2;
      return light[channel] * fall * Math.exp(-0.5 * (across / sigma) ** 2);
    });
  }
}

/** Adds `value(along, across, channel)` e- at every pixel within `half` px of a segment; square ends. */
export function drawRidge(
  canvas: Canvas,
  from: readonly [number, number],
  to: readonly [number, number],
  half: number,
  value: (along: number, across: number, channel: number) => number,
): void {
  const { width, height, electrons, mosaic } = canvas;
  const length = Math.hypot(to[0] - from[0], to[1] - from[1]);
  if (length < 1e-6) return;
  const dx = (to[0] - from[0]) / length;
  const dy = (to[1] - from[1]) / length;
  const steep = Math.abs(dy) > Math.abs(dx);
  const [main, cross] = steep ? [dy, dx] : [dx, dy];
  const [mainSize, crossSize] = steep ? [height, width] : [width, height];
  const [m0, c0] = steep ? [from[1], from[0]] : [from[0], from[1]];
  const m1 = m0 + main * length;
  const reach = half / Math.abs(main);
  for (let m = Math.max(0, Math.ceil(Math.min(m0, m1) - half)); m <= Math.min(mainSize - 1, Math.floor(Math.max(m0, m1) + half)); m++) {
    const middle = c0 + ((m - m0) * cross) / main;
    for (let c = Math.max(0, Math.ceil(middle - reach)); c <= Math.min(crossSize - 1, Math.floor(middle + reach)); c++) {
      const x = steep ? c : m;
      const y = steep ? m : c;
      const along = (x - from[0]) * dx + (y - from[1]) * dy;
      if (along < 0 || along > length) continue;
      const across = (y - from[1]) * dx - (x - from[0]) * dy;
      electrons[y * width + x] += value(along, across, mosaic[(y & 1) * 2 + (x & 1)]);
    }
  }
}
