import { daysSince2000, type Equatorial, type Horizontal, horizontal, siderealTime, sunPosition, wrap360 } from "./ephemeris.ts";
import { bodiesAt } from "./sky.ts";
import type { SiteSpec } from "./spec.ts";

const MINUTE = 60_000;
const DAY = 86_400_000;

/** When the sun reaches an altitude in the evening (falling) or morning (rising) of the night after `noon`, ms since 1970. */
export function timeOfSun(site: SiteSpec, noon: number, altitude: number, rising: boolean): number | null {
  for (let minute = 0; minute < 1440; minute += 2) {
    const time = noon + minute * MINUTE;
    const before = sunAltitude(site, time - 2 * MINUTE);
    const now = sunAltitude(site, time);
    if (rising ? before < altitude && now >= altitude : before > altitude && now <= altitude) return time;
  }
  return null;
}

function sunAltitude(site: SiteSpec, time: number): number {
  const days = daysSince2000(time);
  return horizontal(sunPosition(days), siderealTime(days, site.longitude), site.latitude).altitude;
}

/** Local noon of the day that holds `time`. */
export function localNoon(site: SiteSpec, time: number): number {
  return Math.floor(time / DAY) * DAY + DAY / 2 - (site.longitude / 360) * DAY;
}

/** Start of a dark stretch of `duration` ms in the night after `noon`, at `share` of what room there is. */
export function darkStart(site: SiteSpec, noon: number, duration: number, share: number): number {
  for (const altitude of [-18, -15, -12, -9]) {
    const dusk = timeOfSun(site, noon, altitude, false);
    const dawn = dusk === null ? null : timeOfSun(site, dusk, altitude, true);
    if (dusk !== null && dawn !== null && dawn - dusk >= duration) return dusk + (dawn - dusk - duration) * share;
  }
  // A night too long for its darkness begins at the end of dusk and runs into dawn.
  return timeOfSun(site, noon, -12, false) ?? noon + DAY / 2;
}

/**
 * A start of `duration` ms in a moonless night whose moon rises, at least half lit, at `share` of it. Looks through the
 * thirteen months after `from`; null where no night is so long and dark.
 */
export function startBeforeMoonrise(site: SiteSpec, from: number, duration: number, share: number): number | null {
  for (let day = 0; day < 400; day++) {
    const noon = localNoon(site, from + day * DAY);
    const dusk = timeOfSun(site, noon, -18, false);
    const dawn = dusk === null ? null : timeOfSun(site, dusk, -18, true);
    if (dusk === null || dawn === null) continue;
    for (let time = dusk; time + duration < dawn; time += 10 * MINUTE) {
      const rise = time + share * duration;
      const before = bodiesAt(rise - 10 * MINUTE, site);
      const after = bodiesAt(rise + 10 * MINUTE, site);
      if (before.moonAltitude < 0 && after.moonAltitude >= 0 && after.moonPhase < 80) return time;
    }
  }
  return null;
}

/** A dark stretch of `duration` ms with the moon down, or hardly lit, in the first such night after `from`; the darkest there is where none is. */
export function moonlessStart(site: SiteSpec, from: number, duration: number, share: number): number {
  const dim = (time: number) => {
    const { moonAltitude, moonPhase } = bodiesAt(time, site);
    return moonAltitude < -1 || moonPhase > 150;
  };
  for (let day = 0; day < 60; day++) {
    const start = darkStart(site, localNoon(site, from + day * DAY), duration, share);
    if ([0, 0.5, 1].every((part) => dim(start + part * duration))) return start;
  }
  return darkStart(site, localNoon(site, from), duration, share);
}

/** Right ascension that stands `hours` past the meridian at a time. */
export function rightAscensionAt(site: SiteSpec, time: number, hours: number): number {
  return wrap360(siderealTime(daysSince2000(time), site.longitude) - 15 * hours);
}

/**
 * A start of `duration` ms in the dark whose moon stands at least 20 degrees high all along, `phase` degrees from full at most.
 * Looks through the thirteen months after `from`; null if none is found.
 */
export function startUnderMoon(site: SiteSpec, from: number, duration: number, phase: number): number | null {
  for (let day = 0; day < 400; day++) {
    const noon = localNoon(site, from + day * DAY);
    const dusk = timeOfSun(site, noon, -18, false);
    const dawn = dusk === null ? null : timeOfSun(site, dusk, -18, true);
    if (dusk === null || dawn === null) continue;
    for (let time = dusk; time + duration < dawn; time += 20 * MINUTE) {
      const bodies = [0, 0.5, 1].map((share) => bodiesAt(time + share * duration, site));
      if (bodies.every((b) => b.moonAltitude > 20) && bodies[0].moonPhase < phase) return time;
    }
  }
  return null;
}

/** The field, among those tried all over the sky, for which `cost` is least at the start and the end of a stretch. */
export function fieldWhere(
  site: SiteSpec,
  start: number,
  duration: number,
  cost: (start: Horizontal, end: Horizontal, field: Equatorial) => number,
): Equatorial {
  let best = { rightAscension: 0, declination: 0 };
  let least = Number.POSITIVE_INFINITY;
  const seenAt = (field: Equatorial, time: number) => horizontal(field, siderealTime(daysSince2000(time), site.longitude), site.latitude);
  for (let declination = -60; declination <= 80; declination += 2.5) {
    for (let hours = -6; hours <= 6; hours += 0.1) {
      const field = { rightAscension: rightAscensionAt(site, start, hours), declination };
      const value = cost(seenAt(field, start), seenAt(field, start + duration), field);
      if (value < least) {
        least = value;
        best = field;
      }
    }
  }
  return best;
}
