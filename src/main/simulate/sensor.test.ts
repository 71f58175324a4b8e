import { describe, expect, it } from "vitest";
import { SENSORS } from "./equipment.ts";
import { Random } from "./random.ts";
import { readOut } from "./sensor.ts";

/** A quiet sensor that gives ten steps an electron, so that rounding does not count. */
const SENSOR = {
  ...SENSORS[0],
  width: 700,
  height: 500,
  electronsPerAdu: 0.1,
  pedestal: 2000,
  fullWell: 6000,
  hotPixels: 0,
  prnu: 0,
  darkCurrent: 0,
  readNoise: 3,
};

describe("readOut", () => {
  it.each([12, 45, 90, 2000])("of %f electrons has the mean, variance and skewness of photon and read noise", (mean) => {
    const data = readOut(new Float32Array(SENSOR.width * SENSOR.height).fill(mean), SENSOR, 1, null, 1, new Random(mean));
    const values = Float64Array.from(data, (value) => (value - SENSOR.pedestal) * SENSOR.electronsPerAdu);
    const average = values.reduce((a, b) => a + b) / values.length;
    let second = 0;
    let third = 0;
    for (const value of values) {
      second += (value - average) ** 2 / values.length;
      third += (value - average) ** 3 / values.length;
    }
    const variance = mean + SENSOR.readNoise ** 2;
    const error = 1 / Math.sqrt(values.length);
    expect(Math.abs(average - mean)).toBeLessThan(5 * Math.sqrt(variance) * error);
    expect(Math.abs(second / variance - 1)).toBeLessThan(5 * Math.SQRT2 * error);
    expect(Math.abs(third / second ** 1.5 - mean / variance ** 1.5)).toBeLessThan(5 * Math.sqrt(6) * error);
  });

  it("never holds more than the full well and its read noise", () => {
    const data = readOut(new Float32Array(SENSOR.width * SENSOR.height).fill(50_000), SENSOR, 1, null, 1, new Random(5));
    const most = data.reduce((a, b) => Math.max(a, b));
    expect((most - SENSOR.pedestal) * SENSOR.electronsPerAdu).toBeLessThan(SENSOR.fullWell + 7 * SENSOR.readNoise);
  });
});
