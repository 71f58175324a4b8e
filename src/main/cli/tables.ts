import { stripVTControlCharacters } from "node:util";
import type { Report, ReportFrame, VerdictKind } from "../../shared/domain.ts";
import { shortNumber } from "../../shared/quantity-words.ts";
import { whyLines } from "../../shared/words.ts";

const MARKS: Record<VerdictKind, string> = { clean: "✓", contaminated: "✗", review: "?", "not-light": "·", unreadable: "!" };
const COLOURS: Record<VerdictKind, string> = { clean: "32", contaminated: "31", review: "33", "not-light": "90", unreadable: "35" };

function coloured(kind: VerdictKind, text: string): string {
  return process.stdout.isTTY && !process.env["NO_COLOR"] ? `\u001b[${COLOURS[kind]}m${text}\u001b[0m` : text;
}

/** File names can hold control characters that would move the cursor: they are shown, never obeyed. */
export function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not reach the terminal
  return stripVTControlCharacters(text).replace(/[\u0000-\u001f\u007f-\u009f]/g, "?");
}

/** One line a frame: mark, name, the numbers that people know, and why. */
export function frameLines(frames: readonly ReportFrame[]): string {
  const width = Math.min(48, Math.max(5, ...frames.map((frame) => printable(frame.path).length)));
  const head = `  ${"frame".padEnd(width)}  ${"FWHM".padStart(6)} ${"HFR".padStart(6)} ${"ecc".padStart(5)} ${"stars".padStart(6)} ${"sky".padStart(7)} ${"P(bad)".padStart(6)}  why`;
  const lines = frames.map((frame) => {
    const number = (name: string, size: number): string => {
      const value = frame.measurements?.[name];
      return (typeof value === "number" ? shortNumber(value) : "").padStart(size);
    };
    const path = printable(frame.path);
    const name = path.length > width ? `…${path.slice(1 - width)}` : path.padEnd(width);
    const chance = frame.probability === null ? "" : `${Math.round(frame.probability * 100)}%`;
    const numbers = `${number("fwhm", 6)} ${number("hfr", 6)} ${number("eccentricity", 5)} ${number("stars", 6)} ${number("background", 7)} ${chance.padStart(6)}`;
    return `${coloured(frame.verdict, MARKS[frame.verdict])} ${name}  ${numbers}  ${printable(whyLines(frame).join("; "))}`;
  });
  return [head, ...lines].join("\n");
}

function minutesText(minutes: number): string {
  if (minutes === 0) return "";
  if (minutes < 1) return ` (${Math.round(minutes * 60)} s)`;
  return minutes < 90
    ? ` (${Math.round(minutes)} min)`
    : ` (${Math.floor(minutes / 60)} h ${String(Math.round(minutes % 60)).padStart(2, "0")} min)`;
}

/** The night in a few lines. */
export function summaryLines({ summary, groups, frames }: Report): string {
  const { minutes } = summary;
  const line = (kind: VerdictKind, name: string, count: number, time: number): string =>
    `${coloured(kind, `${MARKS[kind]} ${String(count).padStart(5)} ${name}`)}${minutesText(time)}`;
  const lines = [
    line("clean", "clean", summary.clean, minutes.clean),
    line("contaminated", "contaminated", summary.contaminated, minutes.contaminated),
    line("review", "to review", summary.review, minutes.review),
  ];
  if (summary.notLight > 0) lines.push(line("not-light", "not lights", summary.notLight, 0));
  if (summary.unreadable > 0) lines.push(line("unreadable", "unreadable", summary.unreadable, 0));
  const causes = new Map<string, number>();
  for (const frame of frames) {
    if (frame.verdict === "contaminated" && frame.reasons[0])
      causes.set(frame.reasons[0].code, (causes.get(frame.reasons[0].code) ?? 0) + 1);
  }
  const named = [...causes].sort((a, b) => b[1] - a[1]).map(([code, count]) => `${code} ${count}`);
  if (named.length > 0) lines.push(`  lost to: ${named.join(", ")}`);
  if (minutes.keptDespiteTrail > 0)
    lines.push(`  kept although a trail crosses the frame:${minutesText(minutes.keptDespiteTrail)}; stacking removes it`);
  const few = groups.filter((group) => Object.keys(group.baseline).length === 0).length;
  if (few > 0) lines.push(`  ${few} of ${groups.length} groups have too few frames to be judged against the night`);
  return lines.join("\n");
}
