import { open } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { type ErrorEnvelope, NebuliftError, toNebuliftError } from "../../../shared/errors.ts";
import { type Approval, isApproved, weightOf } from "./approval.ts";
import { freeName, newFolder, writeNew } from "./new-files.ts";
import type { ReportedFile } from "./open-report.ts";
import { beginJournal, type HeaderEdit, rewriteCopy, rewriteInPlace } from "./rewrite.ts";

/** How a header takes a keyword: formats/header-edit.ts, given by whoever composes the program. */
export interface HeaderWriter {
  keywordEdit(path: string, keyword: { name: string; value: number; comment: string }): HeaderEdit;
  keywordValue(path: string, name: string): number | null;
}

export type WeightPlace =
  /** Copies of the approved frames in a new or empty folder, with the keyword. */
  | { kind: "copies"; folder: string }
  /** One small text file a frame in a new or empty folder, and a table of all. */
  | { kind: "sidecars"; folder: string }
  /** The frames themselves. `journal` keeps what their headers were; it must not exist yet. */
  | { kind: "in-place"; journal: string };

export interface WeightOptions extends Approval {
  app: string;
  headers: HeaderWriter;
  signal?: AbortSignal | undefined;
  onDone?: ((done: number, total: number) => void) | undefined;
  /** A file's content was changed by its new header: what was known of it is to be carried over. */
  onRewritten?: ((path: string, before: string | null) => Promise<void>) | undefined;
}

export interface WeightExport {
  written: number;
  /** Approved frames without a measured weight. */
  unweighted: string[];
  failed: { path: string; error: ErrorEnvelope }[];
}

const KEYWORD = "SSWEIGHT";

/**
 * Gives the approved frames the weight that PixInsight's stacking reads (SSWEIGHT, as SubframeSelector writes it): the
 * frame's worth against the night's typical good frame, which has 1. Pixels stay byte for byte. A frame whose format
 * takes no keyword (`failed`) does not stop the others. Throws `output-exists`, `output-unwritable`, `disk-full`, `cancelled`.
 */
export async function exportWeights(files: readonly ReportedFile[], place: WeightPlace, options: WeightOptions): Promise<WeightExport> {
  const approved = files.filter(({ frame, found }) => found && isApproved(frame, options));
  const weighted = approved.filter(({ frame }) => weightOf(frame) !== null);
  const result: WeightExport = {
    written: 0,
    unweighted: approved.filter((file) => !weighted.includes(file)).map(({ frame }) => frame.path),
    failed: [],
  };
  const write = await writerFor(place, options);
  for (const file of weighted) {
    if (options.signal?.aborted) throw new NebuliftError("cancelled", `${result.written} of ${weighted.length} frames were written`);
    try {
      await write(file, weightOf(file.frame) ?? 1);
      result.written++;
      options.onDone?.(result.written, weighted.length);
    } catch (error) {
      const fault = toNebuliftError(error, "output-unwritable");
      if (["disk-full", "cancelled", "output-exists"].includes(fault.code)) throw fault;
      result.failed.push({ path: file.frame.path, error: fault.toEnvelope() });
    }
  }
  if (place.kind === "sidecars") await writeTable(weighted, place.folder);
  return result;
}

type Write = (file: ReportedFile, weight: number) => Promise<void>;

async function writerFor(place: WeightPlace, options: WeightOptions): Promise<Write> {
  const { headers, app, signal } = options;
  const keyword = (value: number) => ({ name: KEYWORD, value, comment: `weight for stacking, by Nebulift ${app}` });
  const verify = (value: number) => (path: string) => {
    const found = headers.keywordValue(path, KEYWORD);
    if (found !== value) throw new NebuliftError("copy-differs", `${path}: ${KEYWORD} reads back as ${found}`);
  };
  if (place.kind === "in-place") {
    const journal = await beginJournal(place.journal, KEYWORD, app);
    return async ({ file, frame }, value) => {
      await rewriteInPlace(file, headers.keywordEdit(file, keyword(value)), verify(value), journal, signal);
      await options.onRewritten?.(file, frame.content ?? null);
    };
  }
  const folder = resolve(place.folder);
  await newFolder(folder);
  const used = new Set<string>();
  if (place.kind === "copies") {
    return async ({ file, frame }, value) => {
      const target = freeName(used, folder, file);
      await rewriteCopy(file, target, headers.keywordEdit(file, keyword(value)), verify(value), signal);
      await options.onRewritten?.(target, frame.content ?? null);
    };
  }
  return ({ file }, value) => writeNew(`${freeName(used, folder, file)}.${KEYWORD.toLowerCase()}`, `${KEYWORD}=${value}\n`);
}

async function writeTable(files: readonly ReportedFile[], folder: string): Promise<void> {
  const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
  const rows = files.map(({ file, frame }) => `${quoted(file)},${quoted(basename(file))},${weightOf(frame)}\r\n`);
  await writeNew(join(resolve(folder), "weights.csv"), `path,file,${KEYWORD}\r\n${rows.join("")}`);
}

/** A free place for a journal beside the report. */
export async function journalBeside(reportPath: string, now: number): Promise<string> {
  const stamp = new Date(now).toISOString().replace(/[-:]|\.\d+/g, "");
  for (let i = 1; ; i++) {
    const path = `${reportPath}.weights-${stamp}${i === 1 ? "" : `-${i}`}.jsonl`;
    try {
      await (await open(path, "r")).close();
    } catch {
      // Nothing readable is there; writing it will tell whether it is free.
      return path;
    }
  }
}
