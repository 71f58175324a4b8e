import {
  cosDegrees,
  daysSince2000,
  type Equatorial,
  horizontal,
  moonPosition,
  separation,
  siderealTime,
  sunPosition,
  wrap180,
} from "./ephemeris.ts";
import { artificialLight, type Band, darkSky, moonlight, nanoLambert, skyPhotons, surfaceMagnitude, twilight } from "./physics.ts";
import type { SiteSpec } from "./spec.ts";

/** The clear sky over the field at one time, in photons/s/m^2/arcsec^2 within one band. */
export interface ClearSky {
  /** At the field's centre. */
  level: number;
  /** Relative change over the whole width and over the whole height of the frame. */
  slope: [du: number, dv: number];
  /** Light that an opaque cloud would send down. */
  cloud: number;
}

export interface Bodies {
  sunAltitude: number;
  sunAzimuth: number;
  moon: Equatorial;
  moonAltitude: number;
  /** Degrees, 0 full. */
  moonPhase: number;
}

/** A field as the camera sees it: where it points and how sky directions lie on the sensor. */
export interface FieldPointing {
  centre: Equatorial;
  /** Degrees. */
  width: number;
  height: number;
  /** Angle of the sensor's +x from east through north, degrees, flip included. */
  angle: number;
}

export function bodiesAt(time: number, site: SiteSpec): Bodies {
  const days = daysSince2000(time);
  const sidereal = siderealTime(days, site.longitude);
  const sun = sunPosition(days);
  const moon = moonPosition(days);
  const sunSeen = horizontal(sun, sidereal, site.latitude);
  return {
    sunAltitude: sunSeen.altitude,
    sunAzimuth: sunSeen.azimuth,
    moon,
    moonAltitude: horizontal(moon, sidereal, site.latitude).altitude,
    moonPhase: 180 - separation(sun, moon),
  };
}

export function clearSky(time: number, site: SiteSpec, field: FieldPointing, band: Band): ClearSky {
  const bodies = bodiesAt(time, site);
  const at = (du: number, dv: number) => skyTowards(offsetPointing(field, du, dv), time, site, bodies, band);
  const centre = at(0, 0);
  const right = at(0.5, 0).level;
  const left = at(-0.5, 0).level;
  const last = at(0, 0.5).level;
  const first = at(0, -0.5).level;
  return { level: centre.level, slope: [(right - left) / centre.level, (last - first) / centre.level], cloud: centre.cloud };
}

/** The sky direction at (du, dv) shares of the frame from its centre. Rows run down: +y is 90 degrees clockwise of +x. */
function offsetPointing(field: FieldPointing, du: number, dv: number): Equatorial {
  const x = du * field.width;
  const y = -dv * field.height;
  const east = x * cosDegrees(field.angle) - y * cosDegrees(field.angle - 90);
  const north = x * cosDegrees(field.angle - 90) + y * cosDegrees(field.angle);
  const declination = Math.max(-89.9, Math.min(89.9, field.centre.declination + north));
  return { rightAscension: field.centre.rightAscension + east / Math.max(0.05, cosDegrees(declination)), declination };
}

function skyTowards(point: Equatorial, time: number, site: SiteSpec, bodies: Bodies, band: Band): { level: number; cloud: number } {
  const seen = horizontal(point, siderealTime(daysSince2000(time), site.longitude), site.latitude);
  const zenithDistance = Math.min(88, 90 - seen.altitude);
  const extinction = band.extinction + site.haze;
  const zenith = nanoLambert(site.zenithSky);
  const pristine = Math.min(zenith, nanoLambert(21.95));
  const natural = darkSky(pristine, zenithDistance, extinction);
  const artificial = artificialLight(zenith - pristine, site.domeStrength, wrap180(seen.azimuth - site.domeAzimuth), zenithDistance);
  const moon = moonlight(bodies.moonPhase, bodies.moonAltitude, zenithDistance, separation(point, bodies.moon), extinction);
  const sun = twilight(bodies.sunAltitude, wrap180(seen.azimuth - bodies.sunAzimuth), zenithDistance);
  const photons = (brightness: number, colour: number) =>
    brightness > 0 ? skyPhotons(band, surfaceMagnitude(brightness) + colour * band.skyColour) : 0;
  // Airglow is red; street lamps less so; moon and sun are of the stars' own colour.
  const level = photons(natural, 1) + photons(artificial, 0.5) + photons(moon + sun, 0);
  // Clouds over a town send its light back two- to fourfold (Kyba et al. 2011, PLoS ONE 6, e17307); over a dark site they are dark.
  const cloud = photons(0.15 * natural, 1) + photons(3 * artificial, 0.5) + photons(0.9 * (moon + sun), 0);
  return { level, cloud };
}
