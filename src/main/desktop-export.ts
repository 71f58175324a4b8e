import { lstat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { ExportOutcome, MethodInput } from "../shared/contract.ts";
import { NebuliftError } from "../shared/errors.ts";
import {
  approvedLights,
  csvReport,
  type OpenReport,
  type ReportServices,
  reportText,
  type StackerList,
  saveReport,
} from "./report-services.ts";

export type ExportWish = MethodInput<"export.run">;
export type ExportKind = ExportWish["kind"];

export interface ExportPlace {
  title: string;
  /** A free name beside the night. */
  suggestion: string;
  /** Null for a folder that is made. */
  file: { extension: string; name: string } | null;
}

interface Kind {
  /** What it is called when a place is chosen for it. */
  title: string;
  /** Follows the night's name. */
  suffix: string;
  file: ExportPlace["file"];
}

const text = (extension: string, name: string): Kind["file"] => ({ extension, name });

const KINDS: Record<ExportKind, Kind> = {
  siril: { title: "A new folder for Siril", suffix: "for Siril", file: null },
  pixinsight: { title: "A new folder for PixInsight", suffix: "for PixInsight", file: null },
  "weights-copies": { title: "A new folder for copies with weights", suffix: "weighted", file: null },
  "weights-sidecars": { title: "A new folder for the weights", suffix: "weights", file: null },
  dss: { title: "A file list for DeepSkyStacker", suffix: "for DeepSkyStacker", file: text("txt", "DeepSkyStacker file list") },
  app: { title: "A list of the approved frames", suffix: "approved", file: text("txt", "List of frames") },
  csv: { title: "A table of all frames", suffix: "frames", file: text("csv", "Table") },
  json: { title: "The night's report for programs", suffix: "report", file: text("json", "Report for programs") },
  html: { title: "The night's report to read", suffix: "report", file: text("html", "Report to read") },
};

/** What the user is asked, with a name that is free: one key agrees to it. */
export async function exportPlace(kind: ExportKind, root: string): Promise<ExportPlace> {
  const { title, suffix, file } = KINDS[kind];
  const ending = file === null ? "" : `.${file.extension}`;
  // A drive has no name, and nothing lies beside it.
  const name = basename(root) || "night";
  for (let i = 1; ; i++) {
    const suggestion = join(dirname(root), `${name} ${suffix}${i === 1 ? "" : ` ${i}`}${ending}`);
    if (!(await isTaken(suggestion))) return { title, suggestion, file };
  }
}

async function isTaken(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

interface Running {
  signal: AbortSignal;
  onProgress: (done: number, total: number) => void;
}

/** Writes it. Throws `output-exists`, `output-unwritable`, `disk-full`, `file-missing` where no frame is left, `cancelled`. */
export async function exportNight(
  reports: ReportServices,
  open: OpenReport,
  { kind, path, agreed, includeReview }: ExportWish & { path: string; agreed: boolean },
  { signal, onProgress }: Running,
): Promise<ExportOutcome> {
  const running = { signal, onDone: onProgress };
  const counts = approvedLights(open, { includeReview });
  const told = (notes: string[] = []): ExportOutcome => ({ place: path, ...counts, notes: notes.slice(0, MOST_NOTES) });
  const write = (content: string): Promise<void> => saveReport(path, content, { agreed });
  switch (kind) {
    case "csv":
      await write(csvReport(open.report));
      return told();
    case "json":
      await write(reportText(open.report));
      return told();
    case "html": {
      const page = await reports.html(open, running);
      if (signal.aborted) throw new NebuliftError("cancelled", "");
      await write(page);
      return told();
    }
    case "dss":
    case "app": {
      requireFrames(open);
      const list = reports.list(kind, open, { includeReview, place: path });
      await write(list.text);
      return told(leftOut(list));
    }
    case "pixinsight":
      requireFrames(open);
      return told(leftOut(await reports.pixinsight(open, path, { includeReview })));
    case "siril": {
      requireFrames(open);
      const { copied, missing } = await reports.siril(open, path, { includeReview });
      const notes = copied > 0 ? [`${frames(copied)} copied: this disk knows no links.`] : [];
      return told([...notes, ...gone(missing)]);
    }
    case "weights-copies":
    case "weights-sidecars": {
      requireFrames(open);
      const place = { kind: kind === "weights-copies" ? ("copies" as const) : ("sidecars" as const), folder: path };
      const { unweighted, failed } = await reports.weights(open, place, { includeReview, ...running });
      const notes = failed.map((one) => `${one.path}: ${one.error.message}`);
      if (unweighted.length > 0) notes.unshift(`${frames(unweighted.length)} left out: no weight was measured.`);
      return told([...gone(open.files.filter(({ found }) => !found).map(({ frame }) => frame.path)), ...notes]);
    }
  }
}

const MOST_NOTES = 20;

function requireFrames({ files, root }: OpenReport): void {
  if (!files.some(({ found }) => found)) throw new NebuliftError("file-missing", `none of the frames is below ${root}`);
}

function leftOut({ missing, unlistable }: StackerList): string[] {
  const odd = unlistable.length > 0 ? [`${frames(unlistable.length)} left out: line breaks or tabs in their names.`] : [];
  return [...gone(missing), ...odd];
}

function gone(missing: readonly string[]): string[] {
  return missing.length > 0
    ? [`${frames(missing.length)} left out: not there any more, ${missing.slice(0, 3).join(", ")}${missing.length > 3 ? " …" : ""}`]
    : [];
}

function frames(count: number): string {
  return count === 1 ? "1 frame was" : `${count} frames were`;
}
