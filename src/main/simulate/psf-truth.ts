import { integratePsf, moffatAlpha, type PsfSamples, type PsfShape, samplePsf } from "./psf.ts";
import { axesOf, fitMoffat, type MoffatProfile, type ProfileSamples } from "./psf-fit.ts";

/** What a perfect measurement of a star's image would say, pixel response taken out. */
export interface PsfTruth {
  /** Of the Moffat profile that fits the noiseless image best, geometric mean of its axes, px. */
  fwhm: number;
  /** sqrt(1 - (b/a)^2) of that profile. */
  eccentricity: number;
  /** Direction of its major axis, degrees [0, 180) from +x towards +y. */
  angle: number;
  /** Half flux radius as N.I.N.A. defines it, sum(v r)/sum(v), within 2.5 FWHM; px. */
  hfr: number;
  /** Noise-equivalent area 1/sum(p^2) of the pixel-integrated image, px: SNR = F / sqrt(F + area (sky + readNoise^2)). */
  noiseArea: number;
  /** Share of the flux in the brightest pixel of a star centred on it. */
  peak: number;
  /** Share of the light missing in the centre against the ring: above 0 for a donut. */
  hole: number;
}

export function psfTruth(shape: PsfShape): PsfTruth {
  const samples = samplePsf(shape);
  const { oversample, side, density, reach } = samples;
  let peak = 0;
  for (let i = 0; i < density.length; i++) if (density[i] > peak) peak = density[i];
  const contour = contourMoments(density, side, 0.5 * peak);
  const scale = 1 / oversample;
  const { major, minor, angle } = axesOf(bestMoffat(samples, contour, shape.beta));
  const table = integratePsf(shape, samples);
  let squares = 0;
  const centre = (side - 1) / 2;
  for (let row = -table.radius; row <= table.radius; row++) {
    for (let column = -table.radius; column <= table.radius; column++) {
      squares += table.integrated[(centre + row * oversample) * side + centre + column * oversample] ** 2;
    }
  }
  const fwhm = Math.sqrt(major * minor);
  return {
    fwhm,
    eccentricity: Math.sqrt(Math.max(0, 1 - (minor / major) ** 2)),
    angle,
    hfr: halfFluxRadius(density, side, contour.x, contour.y, 2.5 * fwhm * oversample) * scale,
    noiseArea: 1 / squares,
    peak: table.integrated[centre * side + centre],
    hole: 1 - density[reach * side + reach] / peak,
  };
}

/** Fits the image within 2.2 times its width at half maximum, on some 30 x 30 samples, starting from its contour. */
function bestMoffat(image: PsfSamples, contour: ContourMoments, beta: number): MoffatProfile {
  const { density, side, oversample } = image;
  const width = 2 * Math.sqrt(contour.area / Math.PI);
  const reach = Math.min(2.2 * width, contour.x - 1, contour.y - 1, side - 2 - contour.x, side - 2 - contour.y);
  const step = reach / 16;
  const places: [number, number][] = [];
  for (let row = -16; row <= 16; row++) {
    for (let column = -16; column <= 16; column++) if (row * row + column * column <= 256) places.push([column * step, row * step]);
  }
  const samples: ProfileSamples = {
    x: Float64Array.from(places, ([x]) => x / oversample),
    y: Float64Array.from(places, ([, y]) => y / oversample),
    value: Float64Array.from(places, ([x, y]) => between(density, side, contour.x + x, contour.y + y)),
  };
  // The contour of an ellipse with half axes p, q has the second moments p^2/4 and q^2/4.
  const determinant = Math.max(1e-9, contour.xx * contour.yy - contour.xy ** 2);
  const unit = ((2 ** (1 / beta) - 1) / 4 / determinant) * oversample ** 2;
  const alpha = moffatAlpha(width / oversample, beta);
  const guess: MoffatProfile = {
    amplitude: samples.value.reduce((most, value) => Math.max(most, value), 0),
    a: contour.yy * unit || 1 / alpha ** 2,
    b: -2 * contour.xy * unit,
    c: contour.xx * unit || 1 / alpha ** 2,
    beta,
  };
  return fitMoffat(samples, guess);
}

interface ContourMoments {
  area: number;
  x: number;
  y: number;
  xx: number;
  yy: number;
  xy: number;
}

/**
 * Moments of the region within the outermost contour at `level`, holes filled: along rays from its middle outwards,
 * crossings interpolated between samples. Even-handed in all directions, so that a round image is exactly round.
 */
function contourMoments(density: Float32Array, side: number, level: number): ContourMoments {
  let count = 0;
  let x = 0;
  let y = 0;
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      if (density[row * side + column] < level) continue;
      count++;
      x += column;
      y += row;
    }
  }
  x /= count;
  y /= count;
  const moments: ContourMoments = { area: 0, x, y, xx: 0, yy: 0, xy: 0 };
  const rays = 360;
  for (let ray = 0; ray < rays; ray++) {
    const cosine = Math.cos((2 * Math.PI * ray) / rays);
    const sine = Math.sin((2 * Math.PI * ray) / rays);
    const square = outermost(density, side, x, y, cosine, sine, level) ** 2;
    moments.area += square / 2;
    moments.xx += (square * square * cosine * cosine) / 4;
    moments.yy += (square * square * sine * sine) / 4;
    moments.xy += (square * square * cosine * sine) / 4;
  }
  moments.xx /= moments.area;
  moments.yy /= moments.area;
  moments.xy /= moments.area;
  moments.area *= (2 * Math.PI) / rays;
  return moments;
}

/** Distance at which the last stretch above `level` ends along a ray; half-sample steps, then interpolated. */
function outermost(density: Float32Array, side: number, x: number, y: number, cosine: number, sine: number, level: number): number {
  const end = Math.min(x, y, side - 1 - x, side - 1 - y) - 1;
  let before = 0;
  for (let distance = Math.floor(end * 2) / 2; distance >= 0; distance -= 0.5) {
    const value = between(density, side, x + distance * cosine, y + distance * sine);
    if (value >= level) return distance + (0.5 * (value - level)) / Math.max(1e-30, value - before);
    before = value;
  }
  return 0;
}

function between(density: Float32Array, side: number, x: number, y: number): number {
  const column = Math.floor(x);
  const row = Math.floor(y);
  const i = row * side + column;
  const top = density[i] + (density[i + 1] - density[i]) * (x - column);
  const bottom = density[i + side] + (density[i + side + 1] - density[i + side]) * (x - column);
  return top + (bottom - top) * (y - row);
}

function halfFluxRadius(density: Float32Array, side: number, x: number, y: number, aperture: number): number {
  let flux = 0;
  let moment = 0;
  const low = Math.max(0, Math.floor(Math.min(x, y) - aperture));
  const high = Math.min(side - 1, Math.ceil(Math.max(x, y) + aperture));
  for (let row = low; row <= high; row++) {
    for (let column = low; column <= high; column++) {
      const distance = Math.hypot(column - x, row - y);
      if (distance > aperture) continue;
      const value = density[row * side + column];
      flux += value;
      moment += value * distance;
    }
  }
  return moment / flux;
}
