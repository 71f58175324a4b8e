import type { ReasonCode } from "../../shared/domain.ts";
import { NebuliftError } from "../../shared/errors.ts";
import type { LabelTruth } from "../../shared/evaluation.ts";
import { type CsvRecord, csvRecords } from "./csv.ts";
import { causeOf, meaningOf } from "./label-words.ts";

/** What is known to be true of one frame. */
export interface Label {
  /** As the source gives it, with `/`: relative to any folder, absolute, or a bare name. */
  path: string;
  truth: LabelTruth;
  /** Main cause first; empty when the source names none. */
  causes: ReasonCode[];
  /** What the source says is in the frame beside its causes, harmful or not: naming it is no mistake. */
  present: ReasonCode[];
  /** Greatest harm over its limit, 1 at the limit; null when unknown. */
  severity: number | null;
}

export interface LabelFile {
  labels: Label[];
  /** Labels whose words say nothing about good or bad, with how many rows have them. */
  notUnderstood: Map<string, number>;
}

const PATH_NAMES = ["path", "file", "filename", "name", "frame", "image"];
const LABEL_NAMES = ["label", "verdict", "class", "truth", "decision", "quality"];
const CAUSE_NAMES = ["cause", "causes", "reason", "reasons"];

interface Columns {
  path: number;
  label: number;
  causes: number[];
  defects: number;
  trails: number;
  severity: number;
}

/**
 * Reads labels from CSV: simulate's truth.csv, a report's CSV corrected by hand, or two columns with or without a header.
 * Throws `bad-labels` when no path and label can be told apart or no row has an understood label.
 */
export function parseLabels(text: string, source: string): LabelFile {
  const records = csvRecords(text);
  const header = columnsOf(records[0]?.fields ?? []);
  const columns = header ?? withoutHeader(records);
  if (!columns) throw new NebuliftError("bad-labels", `${source}: the first line names no path and no label column`);
  const file: LabelFile = { labels: [], notUnderstood: new Map() };
  for (const record of header ? records.slice(1) : records) readRow(record, columns, file);
  if (file.labels.length === 0) {
    const seen = [...file.notUnderstood.keys()].slice(0, 3).map((word) => `"${word.slice(0, 40)}"`);
    const what = seen.length > 0 ? `no label is understood, e.g. ${seen.join(", ")}` : "no labels in it";
    throw new NebuliftError("bad-labels", `${source}: ${what}`);
  }
  return file;
}

function columnsOf(fields: readonly string[]): Columns | null {
  const names = fields.map((field) => field.trim().toLowerCase());
  const first = (wanted: readonly string[]): number => wanted.map((name) => names.indexOf(name)).find((index) => index >= 0) ?? -1;
  const [path, label] = [first(PATH_NAMES), first(LABEL_NAMES)];
  if (path < 0 || label < 0) return null;
  const causes = CAUSE_NAMES.map((name) => names.indexOf(name)).filter((index) => index >= 0);
  return { path, label, causes, ...extras(names) };
}

/** Columns of simulate's truth.csv (docs/simulate.md). */
function extras(names: readonly string[]): Pick<Columns, "defects" | "trails" | "severity"> {
  return { defects: names.indexOf("defects"), trails: names.indexOf("trails"), severity: names.indexOf("severity") };
}

function withoutHeader([first]: readonly CsvRecord[]): Columns | null {
  const label = first?.fields[1];
  return label !== undefined && meaningOf(label) ? { path: 0, label: 1, causes: [2], ...extras([]) } : null;
}

function readRow({ fields }: CsvRecord, columns: Columns, file: LabelFile): void {
  const path = (fields[columns.path] ?? "").trim().replaceAll("\\", "/");
  const word = (fields[columns.label] ?? "").trim();
  if (path === "" || word === "") return;
  const meaning = meaningOf(word);
  if (!meaning) {
    file.notUnderstood.set(word, (file.notUnderstood.get(word) ?? 0) + 1);
    return;
  }
  if (meaning.truth === null) return;
  const named = columns.causes.flatMap((column) => causesIn(fields[column] ?? ""));
  const severity = Number.parseFloat(fields[columns.severity] ?? "");
  file.labels.push({
    path,
    truth: meaning.truth,
    causes: [...new Set([...named, ...meaning.causes])],
    present: [
      ...new Set([...causesIn(fields[columns.defects] ?? ""), ...((fields[columns.trails] ?? "").trim() === "" ? [] : ["trail" as const])]),
    ],
    severity: Number.isFinite(severity) ? severity : null,
  });
}

/** `clouds;focus`, `stray light`, `moonrise:0.77`, and the blanks between codes that a report's CSV has. */
function causesIn(text: string): ReasonCode[] {
  return text.split(/[;|,+]/).flatMap((strong) => {
    const part = strong.replace(/:[^:]*$/, "");
    const whole = causeOf(part);
    return whole ? [whole] : part.split(/\s+/).flatMap((word) => causeOf(word) ?? []);
  });
}
