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

const RING_POINTS = 32;

class StarPlane {
  readonly pixels: Uint16Array;
  readonly width: number;
  readonly height: number;
  readonly circle: Float32Array;

  constructor(memory: WebAssembly.Memory, plane: number, width: number, height: number, circle: Float32Array) {
    this.pixels = new Uint16Array(memory.buffer, plane, width * height);
    this.width = width;
    this.height = height;
    this.circle = circle;
  }

  at(x: number, y: number): number {
    return this.pixels[y * this.width + x];
  }

  private inside(v: number, size: number, spare: number): number {
    return Math.min(Math.max(v, 0), size - 1 - spare);
  }

  /** Median of 32 means of 2x2 pixels on a circle. */
  ringMedian(x: number, y: number, radius: number): number {
    const sums = Array.from({ length: RING_POINTS }, (_, k) => {
      const px = this.inside(Math.floor(x + radius * this.circle[2 * k]), this.width, 1);
      const py = this.inside(Math.floor(y + radius * this.circle[2 * k + 1]), this.height, 1);
      return this.at(px, py) + this.at(px + 1, py) + this.at(px, py + 1) + this.at(px + 1, py + 1);
    }).sort((a, b) => a - b);
    return (sums[15] + sums[16]) / 8;
  }

  /** Mean of every `every`-th point of the circle of `radius`. */
  circleMean(x: number, y: number, radius: number, every: number): number {
    let sum = 0;
    for (let k = 0; k < RING_POINTS; k += every) {
      const px = this.inside(Math.trunc(x + radius * this.circle[2 * k] + 0.5), this.width, 0);
      const py = this.inside(Math.trunc(y + radius * this.circle[2 * k + 1] + 0.5), this.height, 0);
      sum += this.at(px, py);
    }
    return (sum * every) / RING_POINTS;
  }

  ringRatio(x: number, y: number, hfr: number, sky: number): number {
    if (!(hfr > 0.5) || hfr > 200) return 1;
    const ring = this.circleMean(x, y, hfr, 1) - sky;
    return ring > 0 ? (this.circleMean(x, y, Math.max(hfr * 0.2, 0.5), 4) - sky) / ring : 1;
  }
}

/** Sums under a Gaussian window about (x, y): light, first and second moments, and the sum of the squared weights. */
function windowSums(plane: StarPlane, x: number, y: number, sky: number, sigma: number) {
  const reach = Math.ceil(3 * sigma);
  const sums = { light: 0, x: 0, y: 0, xx: 0, yy: 0, xy: 0, squares: 0 };
  const [cx, cy] = [Math.trunc(x + 0.5), Math.trunc(y + 0.5)];
  for (let py = Math.max(cy - reach, 0); py <= Math.min(cy + reach, plane.height - 1); py++) {
    for (let px = Math.max(cx - reach, 0); px <= Math.min(cx + reach, plane.width - 1); px++) {
      const [dx, dy] = [px - x, py - y];
      const w = Math.exp(-(dx * dx + dy * dy) / (2 * sigma * sigma));
      const v = w * (plane.at(px, py) - sky);
      sums.light += v;
      sums.x += v * dx;
      sums.y += v * dy;
      sums.xx += v * dx * dx;
      sums.yy += v * dy * dy;
      sums.xy += v * dx * dy;
      sums.squares += w * w;
    }
  }
  return sums;
}

/** Light, arm, area, highest and lowest sample of the aperture with its soft edge. */
function apertureSums(plane: StarPlane, x: number, y: number, sky: number, radius: number) {
  const sums = { flux: 0, arm: 0, area: 0, peak: 0, low: 65535 };
  for (let py = Math.max(Math.floor(y - radius), 0); py <= Math.min(Math.ceil(y + radius), plane.height - 1); py++) {
    for (let px = Math.max(Math.floor(x - radius), 0); px <= Math.min(Math.ceil(x + radius), plane.width - 1); px++) {
      const distance = Math.hypot(px - x, py - y);
      const w = Math.max(0, Math.min(1, radius + 0.5 - distance));
      if (w === 0) continue;
      const raw = plane.at(px, py);
      sums.flux += w * (raw - sky);
      sums.arm += w * (raw - sky) * distance;
      sums.area += w;
      if (distance <= radius * 0.6) sums.peak = Math.max(sums.peak, raw);
      sums.low = Math.min(sums.low, raw);
    }
  }
  return sums;
}

/**
 * The windowed centroid, or where it began when it wanders beyond the leash; with the window's sums there. The last, very
 * short step leaves the window as it is: only the moments are taken about where it leads.
 */
function settle(plane: StarPlane, startX: number, startY: number, sky: number, sigma: number, leash: number) {
  let [x, y] = [startX, startY];
  const clamp = (v: number) => Math.max(-sigma, Math.min(sigma, v));
  for (let step = 0; step < 8; step++) {
    const sums = windowSums(plane, x, y, sky, sigma);
    if (sums.light <= 0) return { x: startX, y: startY, wandered: false, window: windowSums(plane, startX, startY, sky, sigma) };
    const [stepX, stepY] = [clamp((2 * sums.x) / sums.light), clamp((2 * sums.y) / sums.light)];
    const settled = stepX * stepX + stepY * stepY < 0.0009 * sigma * sigma;
    if (settled) return { x: x + stepX, y: y + stepY, wandered: false, window: sums };
    if (step === 7) return { x, y, wandered: false, window: sums };
    x += stepX;
    y += stepY;
    if (Math.abs(x - startX) > leash || Math.abs(y - startY) > leash) break;
  }
  return { x: startX, y: startY, wandered: true, window: windowSums(plane, startX, startY, sky, sigma) };
}

/** The same in plain TypeScript: what the kernels are tested against, and the fallback without WebAssembly SIMD. */
export function referenceStars(memory: WebAssembly.Memory): StarKernels {
  return {
    measureStars(plane, width, height, list, count, sigma, radius, ring, leash, slope, circle, _scratch, out) {
      const pixels = new StarPlane(memory, plane, width, height, new Float32Array(memory.buffer, circle, 2 * RING_POINTS));
      const inputs = new Float32Array(memory.buffer, list, count * STAR_INPUTS);
      const outputs = new Float32Array(memory.buffer, out, count * STAR_VALUES);
      for (let n = 0; n < count; n++) {
        const [startX, startY, mesh, noise] = inputs.subarray(n * STAR_INPUTS, (n + 1) * STAR_INPUTS);
        const local = pixels.ringMedian(startX, startY, ring) - mesh;
        const error = 0.22 * noise;
        const sky = mesh + (local * local > error * error ? local * (1 - (error * error) / (local * local)) : 0);
        const { x, y, wandered, window } = settle(pixels, startX, startY, sky, sigma, leash);
        const aperture = apertureSums(pixels, x, y, sky, radius);
        const cut = x - radius < -0.5 || y - radius < -0.5 || x + radius > width - 0.5 || y + radius > height - 0.5;
        const whole = 2 * Math.PI * sigma * sigma;
        const psfFlux = window.squares > 0 ? (whole * window.light) / window.squares : 0;
        const variance = (whole * noise) ** 2 / Math.max(window.squares, 1e-6) + slope * Math.max(psfFlux, 0);
        const hfr = aperture.arm / aperture.flux;
        const flags = (cut ? MEASURED.border : 0) | (wandered ? MEASURED.wandered : 0) | (aperture.low === 0 ? MEASURED.hole : 0);
        const values = { x, y, flux: aperture.flux, snr: psfFlux / Math.sqrt(variance), hfr, peak: aperture.peak };
        const [offX, offY] = [window.x / window.light, window.y / window.light];
        const moments = {
          mxx: window.xx / window.light - offX * offX,
          myy: window.yy / window.light - offY * offY,
          mxy: window.xy / window.light - offX * offY,
        };
        const rest = { sky, psfFlux, area: aperture.area, flags, ringRatio: pixels.ringRatio(x, y, hfr, sky), noise, skyOffset: local };
        for (const [name, value] of Object.entries({ ...values, ...moments, ...rest })) {
          outputs[n * STAR_VALUES + STAR_OUTPUTS[name as keyof typeof STAR_OUTPUTS]] = value;
        }
      }
    },
    peakAround(plane, width, height, x, y, reach) {
      const pixels = new Uint16Array(memory.buffer, plane, width * height);
      const clamp = (v: number, size: number) => Math.min(Math.max(v, 0), size - 1);
      let most = 0;
      for (let py = clamp(y - reach, height); py <= clamp(y + reach, height); py++) {
        for (let px = clamp(x - reach, width); px <= clamp(x + reach, width); px++) most = Math.max(most, pixels[py * width + px]);
      }
      return most;
    },
  };
}
