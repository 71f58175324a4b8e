import { stripVTControlCharacters } from "node:util";
import type { Report, ReportFrame, VerdictKind } from "../../shared/domain.ts";
import { finalVerdict } from "../../shared/final-verdict.ts";
import { durationText, shortNumber } from "../../shared/quantity-words.ts";
import { whyLines } from "../../shared/words.ts";
import { type Amount, type FilterTime, timePerFilter, titledGroups, worthOfGroup, worthSentences } from "../services.ts";
import { columnsOf, endWithin, padEndTo, wrapped } from "./text-columns.ts";

/** File names can hold control characters that would move the cursor or turn the writing: they are shown, never obeyed. */
export function printable(text: string): string {
  return stripVTControlCharacters(text).replace(/\p{Cc}|\p{Bidi_Control}/gu, "?");
}

/** Where a table is printed: how wide it may be (null: as wide as it likes, for files and pipes) and whether in colour. */
export interface Looks {
  columns: number | null;
  colour: boolean;
}

/** Colour and width belong to people: a pipe gets neither, nor does who sets NO_COLOR (no-color.org) to anything. */
export function looksOf(stream: { isTTY?: boolean; columns?: number }, environment: Readonly<Record<string, string | undefined>>): Looks {
  const terminal = stream.isTTY === true;
  return {
    columns: terminal && stream.columns ? Math.max(40, stream.columns) : null,
    colour: terminal && !environment["NO_COLOR"] && environment["TERM"] !== "dumb",
  };
}

function ownLooks(): Looks {
  return looksOf(process.stdout, process.env);
}

const MARKS: Record<VerdictKind, string> = { clean: "✓", contaminated: "✗", review: "?", "not-light": "·", unreadable: "!" };
const COLOURS: Record<VerdictKind, string> = { clean: "32", contaminated: "31", review: "33", "not-light": "90", unreadable: "35" };

function coloured(kind: VerdictKind, text: string, looks: Looks): string {
  return looks.colour ? `\u001b[${COLOURS[kind]}m${text}\u001b[0m` : text;
}

const NUMBERS = [
  ["fwhm", "FWHM", 6],
  ["hfr", "HFR", 6],
  ["eccentricity", "ecc", 5],
  ["stars", "stars", 6],
  ["background", "sky", 7],
] as const;
/** Mark and its space before the name; two spaces, the numbers, P(bad) and two spaces after it. */
const BESIDE = 2 + 2 + NUMBERS.reduce((sum, [, , size]) => sum + size + 1, 0) + 6 + 2;
/** Reasons stand beside the numbers where they have at least this much room, else below them. */
const ROOM_FOR_WHY = 50;
const LONGEST_NAME = 48;

/** One line a frame: mark, name, the numbers that people know, and why; on a terminal long reasons go on in lines of their own. */
export function frameLines(frames: readonly ReportFrame[], looks: Looks = ownLooks()): string {
  const names = frames.map((frame) => printable(frame.path));
  const longest = names.reduce((most, name) => Math.max(most, columnsOf(name)), 5);
  // A pipe gets whole names. A terminal keeps room for the reasons first.
  const width = looks.columns === null ? longest : Math.max(12, Math.min(longest, LONGEST_NAME, looks.columns - BESIDE));
  const left = BESIDE + width;
  const beside = looks.columns === null || looks.columns - left >= ROOM_FOR_WHY;
  const head =
    `  ${"frame".padEnd(width)}  ${NUMBERS.map(([, label, size]) => label.padStart(size)).join(" ")} ${"P(bad)"}  ${beside ? "why" : ""}`.trimEnd();
  const lines = frames.map((frame, index) => {
    const kind = finalVerdict(frame);
    const numbers = NUMBERS.map(([name, , size]) => {
      const value = frame.measurements?.[name];
      return (typeof value === "number" ? shortNumber(value) : "").padStart(size);
    }).join(" ");
    const chance = (frame.probability === null ? "" : `${Math.round(frame.probability * 100)}%`).padStart(6);
    const start = `${coloured(kind, MARKS[kind], looks)} ${padEndTo(endWithin(names[index], width), width)}  ${numbers} ${chance}`;
    const why = whyLines(frame).map(printable);
    if (frame.decided) why.unshift(`your decision (graded ${frame.verdict})`);
    if (why.length === 0) return start.trimEnd();
    if (looks.columns === null) return `${start}  ${why.join("; ")}`;
    const indent = beside ? left : 4;
    const told = why.flatMap((line) => wrapped(line, (looks.columns ?? 0) - indent));
    const below = " ".repeat(indent);
    return beside ? `${start}  ${told.join(`\n${below}`)}` : `${start}\n${told.map((line) => below + line).join("\n")}`;
  });
  return [head, ...lines].join("\n");
}

/** The night in a few lines: verdicts, time kept and lost per filter and cause, what keeping doubtful frames would do. */
export function summaryLines(report: Report, looks: Looks = ownLooks()): string {
  const { summary, groups, frames } = report;
  const counts = new Map<VerdictKind, Amount>();
  for (const frame of frames) {
    const count = counts.get(finalVerdict(frame)) ?? { frames: 0, minutes: 0 };
    counts.set(finalVerdict(frame), count);
    count.frames++;
    count.minutes += (frame.metadata?.exposure ?? 0) / 60;
  }
  const line = (kind: VerdictKind, name: string): string => {
    const { frames: count, minutes } = counts.get(kind) ?? { frames: 0, minutes: 0 };
    const graded = kind !== "not-light" && kind !== "unreadable";
    const time = graded && minutes > 0 ? `  ${durationText(minutes)}` : "";
    return `${coloured(kind, `${MARKS[kind]} ${String(count).padStart(5)} ${time ? name.padEnd(12) : name}`, looks)}${time}`;
  };
  const lines = [line("clean", "clean"), line("review", "to review"), line("contaminated", "contaminated")];
  if (counts.has("not-light")) lines.push(line("not-light", "not lights"));
  if (counts.has("unreadable")) lines.push(line("unreadable", "unreadable"));
  const notes = [...filterLines(timePerFilter(frames)), ...worthLines(report)];
  if (summary.minutes.keptDespiteTrail > 0)
    notes.push(`${durationText(summary.minutes.keptDespiteTrail)} kept although a trail crosses the frame: stacking removes it.`);
  const few = groups.filter((group) => Object.keys(group.baseline).length === 0).length;
  if (few > 0)
    notes.push(
      few === groups.length
        ? "Too few frames to be judged against the night."
        : `${few} of ${groups.length} groups have too few frames to be judged against the night.`,
    );
  const columns = looks.columns;
  return [
    ...lines,
    ...notes.flatMap((note) =>
      columns === null ? [`  ${note}`] : wrapped(note, columns - 4).map((part, i) => (i === 0 ? "  " : "    ") + part),
    ),
  ].join("\n");
}

/** "L     kept 3 h 05 min of 4 h 10 min, 10 min to review, lost: clouds 40 min, focus 15 min" */
function filterLines(rows: readonly FilterTime[]): string[] {
  const width = rows.reduce((most, { filter }) => Math.max(most, columnsOf(printable(filter))), 0);
  return rows.map((row) => {
    const all = row.kept.minutes + row.review.minutes + row.lost.minutes;
    const text = ({ frames, minutes }: Amount): string =>
      all > 0 ? durationText(minutes) : `${frames} ${frames === 1 ? "frame" : "frames"}`;
    const total = { frames: row.kept.frames + row.review.frames + row.lost.frames, minutes: all };
    const parts = [`kept ${text(row.kept)} of ${text(total)}`];
    if (row.review.frames > 0) parts.push(`${text(row.review)} to review`);
    if (row.causes.length > 0) parts.push(`lost: ${row.causes.map((cause) => `${cause.cause} ${text(cause)}`).join(", ")}`);
    const untimed = all > 0 && row.untimed > 0 ? ` (${row.untimed} without an exposure time not counted)` : "";
    return `${padEndTo(printable(row.filter), width)}  ${parts.join(", ")}${untimed}`;
  });
}

/** One line a group whose doubtful or contaminated frames could be kept or not. */
function worthLines(report: Report): string[] {
  return titledGroups(report).flatMap(({ group, frames, title }) => {
    const worth = worthOfGroup(group, frames);
    const sentences = worth ? worthSentences(worth) : [];
    return sentences.length > 0 ? [`${printable(title)}: ${sentences.join(" ")}`] : [];
  });
}
