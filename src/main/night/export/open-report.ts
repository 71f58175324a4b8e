import { readFile, stat } from "node:fs/promises";
import { dirname, isAbsolute, join, relative, resolve } from "node:path";
import type { Report, ReportFrame, ReportSort } from "../../../shared/domain.ts";
import { codeOfSystemError, NebuliftError } from "../../../shared/errors.ts";
import { parseReport } from "../../../shared/report-reading.ts";
import { identifyFile } from "../../engine/index.ts";
import type { Decisions } from "../../storage/index.ts";
import { withDecisions } from "../decided.ts";

/** A frame of a report, and where its file is now. */
export interface ReportedFile {
  frame: ReportFrame;
  /** Absolute path, with the system's separators. */
  file: string;
  /** False when no file is there (any more). */
  found: boolean;
}

export interface OpenReport {
  report: Report;
  files: ReportedFile[];
  /** The folder that the frames' paths are relative to. */
  root: string;
}

export interface OpenReportOptions {
  /** Where the frames lie now; by default where they were graded, or else beside the report. */
  root?: string | undefined;
  /** What the user decided since (or before) the report was written. */
  decisions?: Pick<Decisions, "latest"> | undefined;
}

/** No report of 100 000 frames comes near. */
const LARGEST = 1 << 30;

/**
 * Reads a report and finds its frames. Decisions in the store win over those in the report: they are newer or the same.
 * Throws `bad-report`, `folder-missing`, `file-permission`, `file-io`.
 */
export async function openReport(path: string, options: OpenReportOptions = {}): Promise<OpenReport> {
  const report = parseReport(await textOf(path), path);
  const root = await rootOf(path, report, options.root);
  const files = await findFiles(report, root, { name: path, sorted: options.root === undefined });
  const { decisions } = options;
  if (!decisions) return { report, files, root };
  const known = withDecisions(await Promise.all(files.map(withContent)), decisions);
  const frames = known.map((frame, i) => (frame.decided ? frame : { ...frame, decided: report.frames[i]?.decided ?? null }));
  return { report: { ...report, frames }, files: files.map((file, i) => ({ ...file, frame: frames[i] ?? file.frame })), root };
}

/** The last sort of a night, as far as its report tells of it. */
export type NightSort = Pick<ReportSort, "action" | "output" | "session"> & { files: number; places: ReadonlyMap<string, string> };

/** A night that is open, as if its report had been read: with the decisions that it has, and the places that its frames have now. */
export async function openNight(given: Report, root: string, sort: NightSort | null): Promise<OpenReport> {
  const report = sort === null ? given : { ...given, frames: placed(given.frames, sort.places), sort: sortOf(sort) };
  return { report, files: await findFiles(report, root, { name: root, sorted: true }), root };
}

function placed(frames: readonly ReportFrame[], places: ReadonlyMap<string, string>): ReportFrame[] {
  return frames.map((frame) => ({ ...frame, sortedTo: places.get(frame.path) ?? null }));
}

function sortOf({ action, output, session, files }: NightSort): ReportSort {
  return { action, output, session, journal: null, sorted: files, failed: [], plan: null, bytesNeeded: 0, bytesFree: 0 };
}

/** Where the frames lie: below the root, or with `sorted` also where they were sorted to. */
function findFiles(report: Report, root: string, { name, sorted }: { name: string; sorted: boolean }): Promise<ReportedFile[]> {
  return Promise.all(
    report.frames.map(async (frame): Promise<ReportedFile> => {
      const file = within(root, frame.path, name);
      if (await isFile(file)) return { frame, file, found: true };
      const place = sorted ? sortedPlace(report, frame, name) : null;
      return place !== null && (await isFile(place)) ? { frame, file: place, found: true } : { frame, file, found: false };
    }),
  );
}

async function textOf(path: string): Promise<string> {
  try {
    const { size } = await stat(path);
    if (size > LARGEST) throw new NebuliftError("bad-report", `${path}: ${size} bytes`);
    return await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof NebuliftError) throw error;
    const code = codeOfSystemError(error, "bad-report");
    throw new NebuliftError(
      code === "file-missing" ? "bad-report" : code,
      code === "file-missing" ? `there is no file ${path}` : path,
      error,
    );
  }
}

/** A report may have travelled with its frames: where it says, beside it, or where the user says. */
async function rootOf(path: string, report: Report, given: string | undefined): Promise<string> {
  if (given !== undefined) {
    const root = resolve(given);
    if (!(await isFolder(root))) throw new NebuliftError("folder-missing", given);
    return root;
  }
  const stated = resolve(dirname(path), report.input);
  const beside = dirname(resolve(path));
  for (const root of [stated, beside]) {
    for (const frame of report.frames.slice(0, 20)) if (await isFile(within(root, frame.path, path))) return root;
  }
  return stated;
}

/** Reports come from anywhere: none may point at files outside its folder. */
function within(root: string, path: string, report: string): string {
  const file = join(root, path);
  const way = relative(root, file);
  if (isAbsolute(path) || way.startsWith("..") || isAbsolute(way))
    throw new NebuliftError("bad-report", `${report}: "${path}" lies outside its folder`);
  return file;
}

/** Where a frame went that is not where it was graded any more. */
function sortedPlace({ sort }: Report, frame: ReportFrame, name: string): string | null {
  return sort && frame.sortedTo ? within(sort.output, frame.sortedTo, name) : null;
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (stats) => stats.isFile(),
    () => false,
  );
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
}

/** Reports of before decisions were kept do not say what their files hold. */
async function withContent({ frame, file, found }: ReportedFile): Promise<ReportFrame> {
  if (frame.content || !found) return frame;
  try {
    return { ...frame, content: (await identifyFile(file)).content };
  } catch (error) {
    // Gone or unreadable since: it has no decision that could be found.
    if (error instanceof NebuliftError) return frame;
    throw error;
  }
}
