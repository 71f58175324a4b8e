import { userInfo } from "node:os";
import { join } from "node:path";
import type { Report, ReportFrame, Stretch } from "../shared/domain.ts";
import { NebuliftError } from "../shared/errors.ts";
import { isLight } from "../shared/review-order.ts";
import { type Engine, identifyFile } from "./engine/index.ts";
import { decodeJpeg, keywordEdit, keywordValue, type ScreenPicture } from "./formats/index.ts";
import {
  type CuratedExport,
  dssFileList,
  exportCurated,
  exportSiril,
  exportWeights,
  htmlReport,
  isApproved,
  journalBeside,
  listedLights,
  type NightSort,
  newFolder,
  type OpenReport,
  openNight,
  openReport,
  type PictureSources,
  pathList,
  picturesOf,
  type QueueKind,
  type ReportedFile,
  ReviewSession,
  reviewQueue,
  type SirilExport,
  subframeSelectorCsv,
  subframeSelectorScript,
  undoJournal,
  type WeightExport,
  type WeightPlace,
  writeNew,
} from "./night/index.ts";
import type { Decisions } from "./storage/index.ts";

export { csvReport, reportText, saveReport } from "./night/index.ts";
export type { OpenReport, QueueKind, ReportedFile, ReviewSession, ScreenPicture, WeightPlace };

export interface ReportParts {
  /** Null without the store. */
  decisions: Decisions | null;
  engine: Engine;
  app: string;
}

export interface ListOptions {
  includeReview: boolean;
  /** Where the list will lie; null when that is not known. */
  place: string | null;
}

/** A list for a stacker, and what could not be in it. */
export interface StackerList {
  text: string;
  approved: number;
  missing: string[];
  unlistable: string[];
}

interface Running {
  signal?: AbortSignal;
  onDone?: (done: number, total: number) => void;
}

/** What can be done with a report after it was written. */
export class ReportServices {
  readonly #parts: ReportParts;

  constructor(parts: ReportParts) {
    this.#parts = parts;
  }

  /** Reads a report, finds its frames, and puts the decisions of the store beside its verdicts. */
  open(path: string, root?: string): Promise<OpenReport> {
    return openReport(path, { root, decisions: this.#parts.decisions ?? undefined });
  }

  /** A walk through the frames to decide about. Throws `bad-usage` without the store: decisions would be lost. */
  review({ files }: OpenReport, kind: QueueKind): ReviewSession {
    const { decisions, app } = this.#parts;
    if (!decisions) throw new NebuliftError("bad-usage", "decisions are not kept without the store");
    return new ReviewSession(reviewQueue(files, kind), decisions, { who: whoIsThis(), app });
  }

  /** A picture of a frame in pixels for a terminal. Without `stretch` in the frame's own. */
  async picture(
    file: string,
    { width, stretch, signal }: { width: number; stretch: Stretch | null; signal?: AbortSignal },
  ): Promise<{ picture: ScreenPicture /** Picture pixels per sensor pixel. */; scale: number; flipped: boolean }> {
    const { jpeg, scale, summary } = await this.#parts.engine.preview(file, { width, stretch, signal, quality: 92 });
    return { picture: await decodeJpeg(jpeg), scale, flipped: summary.rowOrder === "bottom-up" };
  }

  list(kind: "dss" | "app" | "subframe-selector" | "subframe-selector-script", report: OpenReport, options: ListOptions): StackerList {
    const { files, missing, unlistable } = listedLights(report.files);
    const { app } = this.#parts;
    const text = {
      dss: () => dssFileList(files, options, options.place),
      app: () => pathList(files, options),
      "subframe-selector": () => subframeSelectorCsv(files, options, app),
      "subframe-selector-script": () => subframeSelectorScript(files, options, app),
    }[kind]();
    return { text, approved: pathList(files, options).split("\n").length - 1, missing, unlistable };
  }

  /** A night that is open, with the places that a sort gave to its frames. */
  ofNight(report: Report, root: string, sort: NightSort | null): Promise<OpenReport> {
    return openNight(report, root, sort);
  }

  /** What PixInsight takes: SubframeSelector's table, a script that opens it, and the approved frames' paths. */
  pixinsightFiles(
    report: OpenReport,
    { includeReview }: { includeReview: boolean },
  ): { files: { name: string; text: string }[]; list: StackerList } {
    const list = (kind: Parameters<ReportServices["list"]>[0]): StackerList => this.list(kind, report, { includeReview, place: null });
    const approved = list("app");
    return {
      files: [
        { name: "subframe-selector.csv", text: list("subframe-selector").text },
        { name: "subframe-selector.js", text: list("subframe-selector-script").text },
        { name: "approved.txt", text: approved.text },
      ],
      list: approved,
    };
  }

  /** The same in a new or empty folder. Throws `output-exists`, `output-unwritable`, `disk-full`. */
  async pixinsight(report: OpenReport, folder: string, options: { includeReview: boolean }): Promise<StackerList> {
    const { files, list } = this.pixinsightFiles(report, options);
    await newFolder(folder);
    for (const { name, text } of files) await writeNew(join(folder, name), text);
    return list;
  }

  /** The report as one page with pictures of what was flagged. */
  async html({ report, files }: OpenReport, { signal, onDone }: Running): Promise<string> {
    const fileOf = new Map(files.map(({ frame, file, found }) => [frame.path, found ? file : null]));
    const sources: PictureSources = {
      fileOf: ({ path }) => fileOf.get(path) ?? null,
      stretchOf: (frame) => nightStretchOf(report, frame),
      measurementOf: async ({ path }) => {
        const file = fileOf.get(path);
        return file ? this.#parts.engine.remembered(file) : null;
      },
    };
    return htmlReport(report, await picturesOf(this.#parts.engine, report, sources, { signal, onDone }));
  }

  /** A working folder for Siril. */
  async siril(report: OpenReport, folder: string, options: { includeReview: boolean }): Promise<SirilExport & { missing: string[] }> {
    const { files, missing, unlistable } = listedLights(report.files);
    return { ...(await exportSiril(files, folder, options, this.#parts.app)), missing: [...missing, ...unlistable] };
  }

  curated(report: OpenReport, folder: string, options: { decidedOnly: boolean } & Running): Promise<CuratedExport> {
    return exportCurated(report.files, folder, { ...options, onCopied: options.onDone });
  }

  /** SSWEIGHT for PixInsight. Decisions go along with files whose headers change. */
  weights(report: OpenReport, place: WeightPlace, options: { includeReview: boolean } & Running): Promise<WeightExport> {
    return exportWeights(report.files, place, {
      ...options,
      app: this.#parts.app,
      headers: { keywordEdit, keywordValue },
      onRewritten: (path, before) => this.#carryOver(path, before),
    });
  }

  journalFor(reportPath: string): Promise<string> {
    return journalBeside(reportPath, Date.now());
  }

  undoWeights(journal: string): ReturnType<typeof undoJournal> {
    return undoJournal(journal);
  }

  async #carryOver(path: string, before: string | null): Promise<void> {
    const { decisions } = this.#parts;
    const kept = before === null ? undefined : decisions?.latest([before]).get(before);
    if (!decisions || !kept) return;
    const { content } = await identifyFile(path);
    decisions.add({ ...kept, content, path, before: kept.program });
  }
}

/** How many lights a report has, and how many of them go to a stacker. */
export function approvedLights({ report }: OpenReport, approval: { includeReview: boolean }): { lights: number; approved: number } {
  const lights = report.frames.filter(isLight);
  return { lights: lights.length, approved: lights.filter((frame) => isApproved(frame, approval)).length };
}

/** The stretch that a frame shares with its night; null when the report does not have it. */
export function nightStretchOf(report: Report, frame: ReportFrame): Stretch | null {
  return report.groups.find(({ id }) => id === frame.group)?.stretch ?? null;
}

/** Whose decisions these are. */
export function whoIsThis(): string {
  try {
    return userInfo().username;
  } catch {
    // Containers may run as a user without a name.
    return "unknown";
  }
}
