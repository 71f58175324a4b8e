import { join, relative, resolve, sep } from "node:path";
import type { ReportFrame } from "../../../shared/domain.ts";
import { NebuliftError } from "../../../shared/errors.ts";
import { finalVerdict } from "../../../shared/final-verdict.ts";
import { isLight } from "../../../shared/review-order.ts";
import { copyNew, freeName, newFolder, writeNew } from "./new-files.ts";
import type { ReportedFile } from "./open-report.ts";

export interface CuratedOptions {
  /** Only frames that the user decided about. */
  decidedOnly?: boolean | undefined;
  signal?: AbortSignal | undefined;
  onCopied?: ((done: number, total: number) => void) | undefined;
}

export interface CuratedExport {
  copied: number;
  missing: string[];
}

/**
 * Copies lights into `clean/`, `contaminated/<cause>/` and `review/` below a new or empty folder, with `labels.csv` that
 * `evaluate` and training read. Originals are only read; nothing is ever overwritten. The labels are written last: a
 * folder with `labels.csv` is complete. Throws `output-exists`, `output-unwritable`, `disk-full`, `copy-differs`, `cancelled`.
 */
export async function exportCurated(files: readonly ReportedFile[], folder: string, options: CuratedOptions = {}): Promise<CuratedExport> {
  const root = resolve(folder);
  await newFolder(root);
  const wanted = files.filter(({ frame }) => isLight(frame) && (!options.decidedOnly || frame.decided));
  const present = wanted.filter(({ found }) => found);
  const used = new Set<string>();
  const rows: string[][] = [["path", "label", "cause", "by", "verdict", "probability", "content", "source"]];
  for (const [i, { frame, file }] of present.entries()) {
    if (options.signal?.aborted) throw new NebuliftError("cancelled", `${i} of ${present.length} frames were copied`);
    const target = freeName(used, join(root, ...placeOf(frame)), file);
    await copyNew(file, target, options.signal);
    rows.push(rowOf(frame, relative(root, target).split(sep).join("/"), file));
    options.onCopied?.(i + 1, present.length);
  }
  await writeNew(join(root, "labels.csv"), rows.map((row) => `${row.map(field).join(",")}\r\n`).join(""));
  return { copied: present.length, missing: wanted.filter(({ found }) => !found).map(({ frame }) => frame.path) };
}

function causeOf(frame: ReportFrame): string {
  return frame.decided?.cause ?? frame.reasons[0]?.code ?? "unnamed";
}

function placeOf(frame: ReportFrame): string[] {
  const verdict = finalVerdict(frame);
  return verdict === "contaminated" ? ["contaminated", causeOf(frame)] : [verdict];
}

function rowOf(frame: ReportFrame, path: string, source: string): string[] {
  const verdict = finalVerdict(frame);
  const cause = verdict === "contaminated" ? causeOf(frame) : "";
  const by = frame.decided ? "user" : "program";
  return [path, verdict, cause === "unnamed" ? "" : cause, by, frame.verdict, String(frame.probability ?? ""), frame.content ?? "", source];
}

function field(text: string): string {
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
