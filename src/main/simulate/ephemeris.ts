/** Where sun, moon and target stand: low-precision formulae, good to 0.3 degrees, which is all that sky brightness needs. */

const RADIAN = Math.PI / 180;
export const sinDegrees = (angle: number): number => Math.sin(angle * RADIAN);
export const cosDegrees = (angle: number): number => Math.cos(angle * RADIAN);

export interface Equatorial {
  /** Degrees. */
  rightAscension: number;
  declination: number;
}

export interface Horizontal {
  /** Degrees above the horizon, geometric. */
  altitude: number;
  /** Degrees from north through east. */
  azimuth: number;
  /** Degrees, -180..180, negative before the meridian. */
  hourAngle: number;
  /** Degrees from north through east to the zenith, as seen at the target. */
  parallactic: number;
}

/** Days since J2000.0 of a time in milliseconds since 1970. */
export const daysSince2000 = (time: number): number => time / 86_400_000 - 10957.5;

/** Astronomical Almanac, page C5: 0.01 degrees between 1950 and 2050. */
export function sunPosition(days: number): Equatorial {
  const anomaly = 357.528 + 0.9856003 * days;
  const longitude = 280.46 + 0.9856474 * days + 1.915 * sinDegrees(anomaly) + 0.02 * sinDegrees(2 * anomaly);
  return fromEcliptic(longitude, 0, days);
}

/** Astronomical Almanac, page D46: 0.3 degrees in longitude, 0.2 in latitude. Geocentric. */
export function moonPosition(days: number): Equatorial {
  const t = days / 36525;
  const longitude =
    218.32 +
    481267.881 * t +
    6.29 * sinDegrees(135.0 + 477198.87 * t) -
    1.27 * sinDegrees(259.3 - 413335.36 * t) +
    0.66 * sinDegrees(235.7 + 890534.22 * t) +
    0.21 * sinDegrees(269.9 + 954397.74 * t) -
    0.19 * sinDegrees(357.5 + 35999.05 * t) -
    0.11 * sinDegrees(186.5 + 966404.03 * t);
  const latitude =
    5.13 * sinDegrees(93.3 + 483202.02 * t) +
    0.28 * sinDegrees(228.2 + 960400.89 * t) -
    0.28 * sinDegrees(318.3 + 6003.15 * t) -
    0.17 * sinDegrees(217.6 - 407332.21 * t);
  return fromEcliptic(longitude, latitude, days);
}

function fromEcliptic(longitude: number, latitude: number, days: number): Equatorial {
  const obliquity = 23.439 - 4e-7 * days;
  const x = cosDegrees(latitude) * cosDegrees(longitude);
  const y = cosDegrees(obliquity) * cosDegrees(latitude) * sinDegrees(longitude) - sinDegrees(obliquity) * sinDegrees(latitude);
  const z = sinDegrees(obliquity) * cosDegrees(latitude) * sinDegrees(longitude) + cosDegrees(obliquity) * sinDegrees(latitude);
  return { rightAscension: wrap360(Math.atan2(y, x) / RADIAN), declination: Math.asin(z) / RADIAN };
}

/** Local mean sidereal time, degrees; longitude east positive (IAU 1982, linear part). */
export function siderealTime(days: number, longitude: number): number {
  return wrap360(280.46061837 + 360.98564736629 * days + longitude);
}

export function horizontal(position: Equatorial, sidereal: number, latitude: number): Horizontal {
  const hourAngle = wrap180(sidereal - position.rightAscension);
  const dec = position.declination;
  const sine = sinDegrees(latitude) * sinDegrees(dec) + cosDegrees(latitude) * cosDegrees(dec) * cosDegrees(hourAngle);
  const azimuth = Math.atan2(
    -cosDegrees(dec) * sinDegrees(hourAngle),
    sinDegrees(dec) * cosDegrees(latitude) - cosDegrees(dec) * cosDegrees(hourAngle) * sinDegrees(latitude),
  );
  const parallactic = Math.atan2(
    sinDegrees(hourAngle) * cosDegrees(latitude),
    sinDegrees(latitude) * cosDegrees(dec) - sinDegrees(dec) * cosDegrees(latitude) * cosDegrees(hourAngle),
  );
  return {
    altitude: Math.asin(Math.max(-1, Math.min(1, sine))) / RADIAN,
    azimuth: wrap360(azimuth / RADIAN),
    hourAngle,
    parallactic: parallactic / RADIAN,
  };
}

/** Angle between two directions, degrees. */
export function separation(a: Equatorial, b: Equatorial): number {
  const cosine =
    sinDegrees(a.declination) * sinDegrees(b.declination) +
    cosDegrees(a.declination) * cosDegrees(b.declination) * cosDegrees(a.rightAscension - b.rightAscension);
  return Math.acos(Math.max(-1, Math.min(1, cosine))) / RADIAN;
}

export const wrap360 = (angle: number): number => angle - 360 * Math.floor(angle / 360);
export const wrap180 = (angle: number): number => wrap360(angle + 180) - 180;
