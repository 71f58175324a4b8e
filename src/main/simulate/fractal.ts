/**
 * Gradient noise on a lattice (Perlin 1985, with the quintic fade of 2002), hashed from a seed: endless, so that a cloud
 * field can drift across the frame without being stored. About -0.7..0.7 per octave.
 */
function gradientNoise(seed: number, x: number, y: number): number {
  const x0 = Math.floor(x);
  const y0 = Math.floor(y);
  const fx = x - x0;
  const fy = y - y0;
  const u = fx * fx * fx * (fx * (fx * 6 - 15) + 10);
  const v = fy * fy * fy * (fy * (fy * 6 - 15) + 10);
  const a = lattice(seed, x0, y0, fx, fy);
  const b = lattice(seed, x0 + 1, y0, fx - 1, fy);
  const c = lattice(seed, x0, y0 + 1, fx, fy - 1);
  const d = lattice(seed, x0 + 1, y0 + 1, fx - 1, fy - 1);
  const top = a + (b - a) * u;
  const bottom = c + (d - c) * u;
  return top + (bottom - top) * v;
}

function lattice(seed: number, x: number, y: number, fx: number, fy: number): number {
  let h = Math.imul(x, 0x27d4eb2f) ^ Math.imul(y, 0x165667b1) ^ seed;
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
  h = Math.imul(h ^ (h >>> 12), 0x297a2d39);
  const direction = (h >>> 17) & 63;
  return gradientX[direction] * fx + gradientY[direction] * fy;
}

const gradientX = Float64Array.from({ length: 64 }, (_, i) => Math.cos((i * Math.PI) / 32));
const gradientY = Float64Array.from({ length: 64 }, (_, i) => Math.sin((i * Math.PI) / 32));

/**
 * Fractal sum of octaves; `gain` 0.5 gives a power spectrum near k^-3 to k^-4 in two dimensions, as clouds have
 * (Kolmogorov turbulence: k^-11/3). Standard deviation about 0.3, mean 0.
 */
export function fractalNoise(seed: number, x: number, y: number, octaves: number, gain = 0.52): number {
  let sum = 0;
  let amplitude = 1;
  let frequency = 1;
  for (let octave = 0; octave < octaves; octave++) {
    // The octaves are turned and shifted against each other, else their lattices show as a cross pattern.
    const turned = octave & 1;
    const px = turned ? 0.8 * x - 0.6 * y : x;
    const py = turned ? 0.6 * x + 0.8 * y : y;
    sum += amplitude * gradientNoise(seed + octave * 0x3c6ef372, px * frequency + 17.31 * octave, py * frequency - 9.17 * octave);
    amplitude *= gain;
    frequency *= 2;
  }
  return sum;
}

/** Ridges where the noise crosses zero, 0..1: filaments of nebulae. */
export function ridgedNoise(seed: number, x: number, y: number, octaves: number): number {
  let sum = 0;
  let amplitude = 0.5;
  let frequency = 1;
  for (let octave = 0; octave < octaves; octave++) {
    const ridge = 1 - Math.min(1, 2.2 * Math.abs(gradientNoise(seed + octave * 0x1b873593, x * frequency, y * frequency)));
    sum += amplitude * ridge * ridge;
    amplitude *= 0.5;
    frequency *= 2;
  }
  return sum;
}
