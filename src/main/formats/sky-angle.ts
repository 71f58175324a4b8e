import { type Keywords, numberFromText } from "./keywords.ts";

const SEXAGESIMAL = /^([+-]?)\s*(\d{1,3})\s*[:\s°hdHD]\s*(\d{1,2}(?:\.\d*)?)(?:\s*[:\s'mM]\s*(\d{1,2}(?:[.,]\d*)?))?\s*["s]?$/;

/** `12:34:56.7`, `-07 08 09`, `12h34m56s`, also without seconds, as units of its first part; null for anything else. */
export function parseSexagesimal(text: string): number | null {
  const match = SEXAGESIMAL.exec(text.trim());
  if (match === null) return null;
  const minutes = Number(match[3]);
  const seconds = Number((match[4] ?? "0").replace(",", "."));
  if (minutes >= 60 || seconds >= 60.001) return null;
  const value = Number(match[2]) + minutes / 60 + seconds / 3600;
  return match[1] === "-" ? -value : value;
}

/** Degrees from a number, a decimal string or `D M S`, within limits; null otherwise. */
export function degrees(keywords: Keywords, name: string, least: number, most: number): number | null {
  const raw = keywords.get(name);
  let value: number | null = null;
  if (typeof raw === "number") value = raw;
  else if (typeof raw === "string") value = parseSexagesimal(raw) ?? numberFromText(raw);
  return value !== null && value >= least && value <= most ? value : null;
}

/** Right ascension in degrees: `H M S` is hours, a number is degrees unless its comment speaks of hours alone. */
export function rightAscension(keywords: Keywords, name: string): number | null {
  const raw = keywords.get(name);
  if (typeof raw === "string") {
    const hours = parseSexagesimal(raw);
    if (hours !== null) return hours >= 0 && hours < 24 ? hours * 15 : null;
  }
  const value = keywords.number(name);
  if (value === null || value < 0 || value > 360) return null;
  const comment = keywords.comment(name);
  const inHours = /\b(?:hours?|hrs?)\b/i.test(comment) && !/\bdeg/i.test(comment) && value < 24;
  return inHours ? value * 15 : value;
}
