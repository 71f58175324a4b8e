import type { Keywords } from "./keywords.ts";

const START = ["DATE-OBS", "DATE_OBS", "DATEOBS", "DATE-BEG", "DATE-STA", "DATE-STR", "UTC-OBS", "UT-OBS", "OBSDATE", "STARTUTC"];
const TIME_OF_DAY = [
  "TIME-OBS",
  "TIME_OBS",
  "TIMEOBS",
  "UT-OBS",
  "UTC-OBS",
  "UT-START",
  "UTSTART",
  "UTCSTART",
  "UT",
  "UTC",
  "TIME-BEG",
  "TM-START",
];
const MIDDLE = ["DATE-AVG", "DATE-MID", "MIDPOINT", "DATEMID"];
const END = ["DATE-END", "DATE_END", "DATEEND"];
const MODIFIED_JULIAN = ["MJD-OBS", "MJD_OBS", "MJD-BEG", "MJD", "EXPSTART", "OBSMJD"];
const JULIAN = ["JD-OBS", "JD", "JD_OBS", "JD-BEG", "JD_UTC", "JD-UTC", "JULIAN", "OBSJD"];

const DAY = 86_400_000;
/** 1970-01-01T00:00 as Julian date; MJD = JD - 2400000.5. */
const EPOCH_JULIAN = 2_440_587.5;
const EPOCH_MODIFIED = 40_587;

/**
 * Start of the exposure, ms since 1970 UTC. Zones in the value are honoured, without one it is UTC; a date alone is joined
 * with the time of day in a keyword of its own, and is not enough without one. `exposure` in seconds leads from the middle
 * or the end to the start where only those are given.
 */
export function timeFromKeywords(keywords: Keywords, exposure: number | null): number | null {
  for (const name of START) {
    const stamp = parseStamp(keywords.text(name) ?? "");
    if (stamp === null) continue;
    if (stamp.timeOfDay !== null) return stamp.day + stamp.timeOfDay;
    const timeOfDay = timeOfDayFrom(keywords);
    if (timeOfDay !== null) return stamp.day + timeOfDay;
  }
  return julian(keywords, MODIFIED_JULIAN, EPOCH_MODIFIED) ?? julian(keywords, JULIAN, EPOCH_JULIAN) ?? backFrom(keywords, exposure);
}

function backFrom(keywords: Keywords, exposure: number | null): number | null {
  if (exposure === null) return null;
  for (const [names, share] of [[MIDDLE, 0.5] as const, [END, 1] as const]) {
    for (const name of names) {
      const stamp = parseStamp(keywords.text(name) ?? "");
      if (stamp !== null && stamp.timeOfDay !== null) return Math.round(stamp.day + stamp.timeOfDay - exposure * 1000 * share);
    }
  }
  return null;
}

function julian(keywords: Keywords, names: string[], epoch: number): number | null {
  for (const name of names) {
    const value = keywords.number(name);
    if (value === null) continue;
    const time = Math.round((value - epoch) * DAY);
    if (plausible(time)) return time;
  }
  return null;
}

/** Digitised plates are older than computers; nothing is newer than a clock that was set wrong by a century. */
function plausible(time: number): boolean {
  return time >= Date.UTC(1880, 0, 1) && time < Date.UTC(2200, 0, 1);
}

interface Stamp {
  /** Midnight UTC of the date. */
  day: number;
  /** ms after it, the zone taken off; null when the value is a date alone. */
  timeOfDay: number | null;
}

const YEAR_FIRST = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T\s_]+(\S.*))?$/i;
const YEAR_LAST = /^(\d{1,2})[-/.](\d{1,2})[-/.](\d{2}|\d{4})(?:[T\s]+(\S.*))?$/i;

/** ISO 8601, and dd/mm/yy as before 1999; two digits below 70 are of this century: amateur cameras are no older. */
function parseStamp(text: string): Stamp | null {
  const first = YEAR_FIRST.exec(text.trim());
  if (first !== null) return stamp(Number(first[1]), Number(first[2]), Number(first[3]), first[4]);
  const last = YEAR_LAST.exec(text.trim());
  if (last === null) return null;
  let year = Number(last[3]);
  if (last[3].length === 2) year += year < 70 ? 2000 : 1900;
  const [one, two] = [Number(last[1]), Number(last[2])];
  return two > 12 ? stamp(year, one, two, last[4]) : stamp(year, two, one, last[4]);
}

function stamp(year: number, month: number, date: number, clock: string | undefined): Stamp | null {
  // Date.UTC takes the years 0 to 99 for 1900 to 1999.
  if (year < 100) return null;
  const day = Date.UTC(year, month - 1, date);
  const back = new Date(day);
  if (back.getUTCMonth() !== month - 1 || back.getUTCDate() !== date || !plausible(day)) return null;
  if (clock === undefined) return { day, timeOfDay: null };
  const timeOfDay = parseClock(clock);
  return timeOfDay === null ? null : { day, timeOfDay };
}

const CLOCK = /^(\d{1,2})[:\s](\d{1,2})(?:[:\s](\d{1,2}(?:[.,]\d*)?))?\s*(AM|PM)?\s*(Z|UTC?|GMT|[+-]\d{1,2}(?::?\d{2})?)?$/i;

/** ms after midnight UTC. */
function parseClock(text: string): number | null {
  const match = CLOCK.exec(text.trim());
  if (match === null) return null;
  let hours = Number(match[1]);
  const minutes = Number(match[2]);
  const seconds = Number((match[3] ?? "0").replace(",", "."));
  if (match[4] !== undefined) hours = (hours % 12) + (match[4].toUpperCase() === "PM" ? 12 : 0);
  if (hours > 24 || minutes > 59 || seconds >= 61) return null;
  return Math.round((hours * 3600 + minutes * 60 + seconds) * 1000) - zoneOffset(match[5] ?? "");
}

/** `-0700`, `+01:00`, `+2` as ms east of Greenwich; `Z`, `UT`, `UTC`, `GMT` and nothing are 0. */
function zoneOffset(zone: string): number {
  const match = /^([+-])(\d{1,2}):?(\d{2})?$/.exec(zone);
  if (match === null) return 0;
  const offset = (Number(match[2]) * 60 + Number(match[3] ?? "0")) * 60_000;
  return match[1] === "-" ? -offset : offset;
}

/** Text is a clock; a number is hours up to 24 and seconds above (ESO, MIDAS). */
function timeOfDayFrom(keywords: Keywords): number | null {
  for (const name of TIME_OF_DAY) {
    const raw = keywords.get(name);
    if (typeof raw === "string") {
      const clock = parseClock(raw);
      if (clock !== null) return clock;
    } else if (typeof raw === "number" && raw >= 0 && raw < 86_401) {
      return Math.round(raw * (raw <= 24 && name !== "TM-START" ? 3_600_000 : 1000));
    }
  }
  return null;
}
