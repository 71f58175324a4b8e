/** Days and hours as people say them, in the computer's own time zone: nights before and work that was interrupted. */

const DAY = 86_400_000;

function parts(time: number, zone: string | undefined): Record<string, string> {
  const format = new Intl.DateTimeFormat("en", {
    timeZone: zone,
    year: "numeric",
    month: "short",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  return Object.fromEntries(format.formatToParts(time).map(({ type, value }) => [type, value]));
}

/** "today", "yesterday", "Nov 27", "Nov 27, 2025" where it was another year. */
export function dayText(time: number, now: number, zone?: string): string {
  const [then, today, yesterday] = [parts(time, zone), parts(now, zone), parts(now - DAY, zone)];
  const same = (other: Record<string, string>) => ["year", "month", "day"].every((part) => then[part] === other[part]);
  if (same(today)) return "today";
  if (same(yesterday)) return "yesterday";
  const day = `${then["month"]} ${then["day"]}`;
  return then["year"] === today["year"] ? day : `${day}, ${then["year"]}`;
}

/** "02:14" */
export function hourText(time: number, zone?: string): string {
  const { hour, minute } = parts(time, zone);
  return `${hour}:${minute}`;
}

/** "today at 02:14", "on Nov 27 at 02:14" */
export function dayAndHour(time: number, now: number, zone?: string): string {
  const day = dayText(time, now, zone);
  return `${day === "today" || day === "yesterday" ? day : `on ${day}`} at ${hourText(time, zone)}`;
}
