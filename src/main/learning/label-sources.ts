import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Report, ReportFrame } from "../../shared/domain.ts";
import { codeOfSystemError, type ErrorCode, NebuliftError } from "../../shared/errors.ts";
import { parseReport } from "../../shared/report-reading.ts";
import type { Decisions } from "../storage/index.ts";
import { type Label, parseLabels } from "./labels.ts";
import { matchLabels } from "./matching.ts";

/** What `simulate` writes, and what people call theirs. */
const BESIDE_FRAMES = ["truth.csv", "labels.csv"];
/** A report of 100 000 frames has about 300 MB; strings end at 512 MB. */
const MOST_BYTES = 450_000_000;

export interface FoundLabels {
  labels: Label[];
  /** Where they are from, in words. */
  sources: string[];
  notUnderstood: Map<string, number>;
}

/** Reads a report. Throws `bad-report`, `file-permission`, `file-io`. */
export async function readReport(path: string): Promise<Report> {
  return parseReport(await textOf(path, "bad-report"), path);
}

/**
 * The labels of a report's frames: those of the named file; without one truth.csv and labels.csv in the graded folder, and
 * for frames that these leave out what the user decided. Throws `bad-labels`, `file-permission`, `file-io`.
 */
export async function labelsOf(report: Report, file: string | null, decisions: Pick<Decisions, "latest"> | null): Promise<FoundLabels> {
  if (file !== null) return { sources: [file], ...parseLabels(await textOf(file, "bad-labels"), file) };
  const found: FoundLabels = { labels: [], sources: [], notUnderstood: new Map() };
  for (const name of BESIDE_FRAMES) {
    const path = join(report.input, name);
    if (!(await exists(path))) continue;
    const { labels, notUnderstood } = parseLabels(await textOf(path, "bad-labels"), path);
    found.labels.push(...labels);
    found.sources.push(path);
    for (const [word, rows] of notUnderstood) found.notUnderstood.set(word, rows);
  }
  const decided = decidedLabels(report.frames, decisions, found.labels);
  if (decided.length > 0) {
    found.labels.push(...decided);
    found.sources.push(`${decided.length} decision${decided.length === 1 ? "" : "s"} of yours`);
  }
  if (found.labels.length > 0) return found;
  const where = `${BESIDE_FRAMES.join(" or ")} in ${report.input}`;
  throw new NebuliftError("bad-labels", `there is no ${where}, and no frame of the report was decided; --truth names a file`);
}

function decidedLabels(frames: readonly ReportFrame[], decisions: Pick<Decisions, "latest"> | null, known: readonly Label[]): Label[] {
  const labelled = new Set(matchLabels(frames, known).pairs.map((pair) => pair.frame));
  const latest = decisions?.latest(frames.flatMap((frame) => frame.content ?? [])) ?? new Map();
  return frames.flatMap((frame): Label[] => {
    const kept = latest.get(frame.content ?? "");
    const said = kept ? { verdict: kept.after, cause: kept.cause } : (frame.decided ?? null);
    // Sent to review says that the user does not know either.
    if (labelled.has(frame) || (said?.verdict !== "clean" && said?.verdict !== "contaminated")) return [];
    return [
      {
        path: frame.path,
        truth: said.verdict,
        causes: said.cause && said.verdict !== "clean" ? [said.cause] : [],
        present: [],
        severity: null,
      },
    ];
  });
}

async function exists(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch (error) {
    if (codeOfSystemError(error) === "file-missing") return false;
    throw new NebuliftError(codeOfSystemError(error, "file-io"), path, error);
  }
}

async function textOf(path: string, wrong: ErrorCode): Promise<string> {
  try {
    const info = await stat(path);
    if (!info.isFile()) throw new NebuliftError(wrong, `${path} is no file`);
    if (info.size > MOST_BYTES) throw new NebuliftError(wrong, `${path} has ${info.size} bytes`);
    return await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof NebuliftError) throw error;
    const code = codeOfSystemError(error, "file-io");
    throw code === "file-missing" ? new NebuliftError(wrong, `${path} does not exist`, error) : new NebuliftError(code, path, error);
  }
}
