import type { Report, ReportFrame, ReportGroup } from "../../shared/domain.ts";

export interface TitledGroup {
  group: ReportGroup;
  /** In the order of time, those without a time last, by path. */
  frames: ReportFrame[];
  /** "NGC 1514 · L · 300 s", with whatever else tells it from the other groups of the night. */
  title: string;
}

/** The groups of a report with their frames and a name for people. */
export function titledGroups(report: Report): TitledGroup[] {
  const members = new Map<string, ReportFrame[]>();
  for (const frame of report.frames) {
    if (frame.group === null) continue;
    const list = members.get(frame.group);
    if (list) list.push(frame);
    else members.set(frame.group, [frame]);
  }
  const groups = report.groups.flatMap((group) => {
    const frames = members.get(group.id);
    return frames ? [{ group, frames: inTime(frames) }] : [];
  });
  const short = groups.map(({ frames }) => shortTitle(frames));
  const shared = repeated(short);
  const named = groups.map(({ frames }, i) => (shared.has(short[i]) ? `${short[i]}${startText(frames)}` : short[i]));
  const still = repeated(named);
  return groups.map((entry, i) => ({ ...entry, title: still.has(named[i]) ? `${named[i]} · ${entry.group.id}` : named[i] }));
}

function repeated(titles: readonly string[]): Set<string> {
  const seen = new Set<string>();
  return new Set(titles.filter((title) => seen.size === seen.add(title).size));
}

export function inTime(frames: readonly ReportFrame[]): ReportFrame[] {
  const time = (frame: ReportFrame): number => frame.metadata?.time ?? Number.POSITIVE_INFINITY;
  return [...frames].sort((a, b) => (time(a) === time(b) ? (a.path < b.path ? -1 : 1) : time(a) - time(b)));
}

function shortTitle(frames: readonly ReportFrame[]): string {
  const first = frames[0]?.metadata;
  const exposure = first?.exposure;
  return [
    first?.object?.trim() || "no object",
    first?.filter?.trim() || "no filter",
    typeof exposure === "number" ? `${Number(exposure.toPrecision(3))} s` : null,
  ]
    .filter((part) => part !== null)
    .join(" · ");
}

function startText(frames: readonly ReportFrame[]): string {
  const time = frames[0]?.metadata?.time;
  return typeof time === "number" ? ` · from ${timeText(time)}` : "";
}

/** "2026-09-15 01:19" in UTC; a time no calendar knows as a dash. */
export function timeText(time: number): string {
  return Math.abs(time) <= 8.64e15 ? new Date(time).toISOString().slice(0, 16).replace("T", " ") : "\u2013";
}
