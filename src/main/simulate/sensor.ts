import type { SensorFault } from "./frame-plan.ts";
import { Random } from "./random.ts";
import type { SensorSpec } from "./spec.ts";

/** What stays with a sensor from frame to frame. */
interface FixedPattern {
  /** Relative sensitivities, picked by a hash of the pixel's place. */
  response: Float32Array;
  hot: { pixel: number; rate: number }[];
  columns: { x: number; gain: number; offset: number }[];
}

/** Pixels that read high whatever the light, with e-/s: the same for every frame of a night. */
export function hotPixelsOf(sensor: SensorSpec, seed: number): { x: number; y: number; rate: number }[] {
  return fixedPattern(sensor, seed).hot.map(({ pixel, rate }) => ({ x: pixel % sensor.width, y: Math.floor(pixel / sensor.width), rate }));
}

function fixedPattern(sensor: SensorSpec, seed: number): FixedPattern {
  const random = new Random(seed).fork(`sensor/${sensor.name}`);
  const pixels = sensor.width * sensor.height;
  const response = Float32Array.from({ length: 65536 }, () => 1 + sensor.prnu * random.normal());
  const hot = Array.from({ length: random.poisson((sensor.hotPixels * pixels) / 1e6) }, () => ({
    pixel: random.integer(pixels),
    rate: sensor.darkCurrent * random.logRange(30, 30_000),
  }));
  const columns = Array.from({ length: sensor.badColumns }, () => ({
    x: random.integer(sensor.width),
    gain: random.chance(0.3) ? 0 : random.range(0.7, 0.97),
    offset: random.range(-3, 12) * sensor.readNoise,
  }));
  return { response, hot, columns };
}

/**
 * Turns expected electrons into the numbers of a file: dark current, amplifier glow and hot pixels, photon noise, read
 * noise, banding, full well, converter. `electrons` is used up. `seed` is the sensor's, `random` the frame's.
 */
export function readOut(
  electrons: Float32Array,
  sensor: SensorSpec,
  exposure: number,
  fault: SensorFault | null,
  seed: number,
  random: Random,
): Uint16Array {
  const { width, height } = sensor;
  const pattern = fixedPattern(sensor, seed);
  addDark(electrons, sensor, exposure);
  for (const { pixel, rate } of pattern.hot) electrons[pixel] += rate * exposure;
  const data = new Uint16Array(width * height);
  const unit = 2 ** (16 - sensor.bits);
  const top = 65536 - unit;
  const perStep = 1 / (sensor.electronsPerAdu * unit);
  const pedestal = sensor.pedestal / unit;
  const readVariance = sensor.readNoise ** 2;
  const nearlyFull = sensor.fullWell - 6 * Math.sqrt(sensor.fullWell);
  const noise = random.fork("noise");
  const bands = random.fork("banding");
  for (let y = 0; y < height; y++) {
    const band = sensor.banding > 0 ? sensor.banding * bands.normal() : 0;
    for (let x = 0, i = y * width; x < width; x++, i++) {
      const seen = electrons[i] * pattern.response[(Math.imul(i, 0x9e3779b1) >>> 16) & 65535];
      // Far from both ends photon and read noise are one normal deviate, skewed as Poisson is (Cornish & Fisher 1938).
      let read = 0;
      if (seen > 40 && seen < nearlyFull) {
        const z = noise.normal();
        const variance = seen + readVariance;
        read = seen + Math.sqrt(variance) * z + ((z * z - 1) * seen) / (6 * variance);
      } else read = Math.min(sensor.fullWell, noise.poisson(seen)) + sensor.readNoise * noise.normal();
      const value = Math.round((read + band) * perStep + pedestal) * unit;
      data[i] = Math.max(0, Math.min(top, value));
    }
  }
  for (const column of pattern.columns) {
    for (let y = 0, i = column.x; y < height; y++, i += width) {
      const value = sensor.pedestal + (data[i] - sensor.pedestal) * column.gain + column.offset / sensor.electronsPerAdu;
      data[i] = Math.max(0, Math.min(top, Math.round(value / unit) * unit));
    }
  }
  if (fault) breakRows(data, sensor, fault, top, random.fork("fault"));
  return data;
}

/** Dark current and the amplifier's glow, which falls off from the last pixel of the first row. */
function addDark(electrons: Float32Array, sensor: SensorSpec, exposure: number): void {
  const { width, height } = sensor;
  const dark = sensor.darkCurrent * exposure;
  const glow = sensor.ampGlow * exposure;
  const reach = 0.12 * width;
  const across = Float64Array.from({ length: width }, (_, x) => Math.exp((x - width + 1) / reach));
  for (let y = 0; y < height; y++) {
    const here = glow * Math.exp(-y / reach);
    for (let x = 0, i = y * width; x < width; x++, i++) electrons[i] += dark + here * across[x];
  }
}

/** A download that broke: rows shifted sideways, missing, or full of lines. */
function breakRows(data: Uint16Array, sensor: SensorSpec, fault: SensorFault, top: number, random: Random): void {
  const { width, height } = sensor;
  const end = Math.min(height, fault.row + fault.rows);
  for (let y = fault.row; y < end; y++) {
    const row = data.subarray(y * width, (y + 1) * width);
    if (fault.kind === "black") row.fill(0);
    else if (fault.kind === "shifted") row.set([...row.subarray(width - fault.shift), ...row.subarray(0, width - fault.shift)]);
    else if (random.chance(0.5)) row.fill(Math.round(random.uniform() * top));
  }
}
