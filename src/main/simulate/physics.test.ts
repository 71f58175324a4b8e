import { describe, expect, it } from "vitest";
import { daysSince2000, horizontal, moonPosition, separation, siderealTime, sunPosition } from "./ephemeris.ts";
import { airmassAt, darkSky, moonlight, nanoLambert, surfaceMagnitude, twilight } from "./physics.ts";

const at = (text: string) => daysSince2000(Date.parse(text));

describe("ephemeris", () => {
  it("puts the sun on the equator at the equinox and 23.4 degrees up at the solstice", () => {
    const equinox = sunPosition(at("2024-03-20T03:06:00Z"));
    expect(Math.abs(equinox.declination)).toBeLessThan(0.02);
    expect(sunPosition(at("2024-06-20T20:51:00Z")).declination).toBeCloseTo(23.44, 1);
  });

  it("knows the moon's phases of January 2024", () => {
    const apart = (time: string) => separation(sunPosition(at(time)), moonPosition(at(time)));
    expect(apart("2024-01-11T11:57:00Z")).toBeLessThan(6);
    expect(apart("2024-01-25T17:54:00Z")).toBeGreaterThan(174);
    expect(Math.abs(apart("2024-01-18T03:53:00Z") - 90)).toBeLessThan(2);
  });

  it("knows sidereal time at Greenwich and altitudes by definition", () => {
    // Meeus, Astronomical Algorithms, example 12.b: 1987 April 10, 19:21:00 UT, mean sidereal time 8h34m57.0896s.
    expect(siderealTime(at("1987-04-10T19:21:00Z"), 0)).toBeCloseTo(128.7378734, 3);
    const zenith = horizontal({ rightAscension: 100, declination: 47 }, 100, 47);
    expect(zenith.altitude).toBeCloseTo(90, 4);
    const pole = horizontal({ rightAscension: 33, declination: 90 }, 100, 47);
    expect(pole.altitude).toBeCloseTo(47, 6);
    // East of the meridian at negative hour angle.
    expect(horizontal({ rightAscension: 160, declination: 0 }, 100, 47).azimuth).toBeLessThan(180);
  });
});

describe("sky brightness", () => {
  it("has the airmass of Kasten & Young's table", () => {
    expect(airmassAt(90)).toBeCloseTo(1, 3);
    expect(airmassAt(30)).toBeCloseTo(1.994, 2);
    expect(airmassAt(10)).toBeCloseTo(5.59, 1);
  });

  it("turns magnitudes to nanoLambert and back", () => {
    expect(surfaceMagnitude(nanoLambert(21.6))).toBeCloseTo(21.6, 6);
    // Krisciunas & Schaefer 1991: a dark zenith of 79 nL is 21.587 mag/arcsec^2.
    expect(nanoLambert(21.587)).toBeCloseTo(79, 0);
  });

  it("grows towards the horizon and with the moon as Krisciunas & Schaefer found", () => {
    const dark = nanoLambert(21.587);
    expect(darkSky(dark, 60, 0.172)).toBeGreaterThan(dark * 1.3);
    // Full moon 60 degrees away brightens a dark site by 3 to 4 magnitudes; a quarter moon by a tenth of that light.
    const full = moonlight(0, 60, 30, 60, 0.172);
    const change = surfaceMagnitude(dark) - surfaceMagnitude(dark + full);
    expect(change).toBeGreaterThan(2.5);
    expect(change).toBeLessThan(4.5);
    const quarter = moonlight(90, 60, 30, 60, 0.172);
    expect(quarter / full).toBeGreaterThan(0.05);
    expect(quarter / full).toBeLessThan(0.15);
    expect(moonlight(0, -5, 30, 60, 0.172)).toBe(0);
  });

  it("has twilight end smoothly near 18 degrees", () => {
    let before = twilight(-6, 90, 20);
    for (let altitude = -6.5; altitude > -18; altitude -= 0.5) {
      const now = twilight(altitude, 90, 20);
      expect(now).toBeLessThan(before);
      before = now;
    }
    expect(before).toBeLessThan(0.2 * nanoLambert(21.6));
  });
});
