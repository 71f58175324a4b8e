import type { ExportOutcome, SortOutcomeView, SortPlanView, UnfinishedSort } from "../shared/contract.ts";
import type { Report } from "../shared/domain.ts";
import { ERROR_CATALOGUE, type ErrorCode } from "../shared/errors.ts";
import { type ExportKind, type ExportPlace, type ExportWish, exportNight, exportPlace } from "./desktop-export.ts";
import type { ReportServices } from "./report-services.ts";
import type { SortAction, SortOutcome, SortPlan, SortServices, StandingSort, UndoOutcome } from "./sort-services.ts";

interface Night {
  report: Report;
  root: string;
}

interface Wish {
  output: string;
  action: SortAction;
  keepFolders: boolean;
}

interface Running {
  signal: AbortSignal;
  onProgress: (done: number, total: number) => void;
}

/** Lists of what went wrong are for reading: beyond this many only their number is told. */
const MOST_FAILURES = 50;
const MOST_FOLDERS = 1000;

/** Sorting and handing over, in the words of the contract with the window. */
export class DesktopWork {
  readonly #sorting: SortServices;
  readonly #reports: ReportServices;

  constructor(parts: { sorting: SortServices; reports: ReportServices }) {
    this.#sorting = parts.sorting;
    this.#reports = parts.reports;
  }

  async planSort({ report, root }: Night, wish: Wish, signal: AbortSignal): Promise<SortPlanView> {
    const { output, plan } = await this.#sorting.planned(report, { ...wish, input: root }, signal);
    return planView(output, plan, report);
  }

  async sort({ report, root }: Night, wish: Wish, running: Running): Promise<SortOutcomeView> {
    const { plan, outcome } = await this.#sorting.sort(report, { ...wish, input: root }, inServices(running));
    if (outcome !== null) return sortedView(outcome, plan.missing);
    return { what: "nothing-to-do", session: null, output: wish.output, files: 0, ...failures(plan.missing) };
  }

  async undoSort(session: string, running: Running): Promise<SortOutcomeView> {
    return undoneView(await this.#sorting.undo(session, inServices(running)));
  }

  async finishSort(session: string, running: Running): Promise<SortOutcomeView> {
    const outcome = await this.#sorting.resume(session, inServices(running));
    return "kept" in outcome ? undoneView(outcome) : sortedView(outcome, []);
  }

  unfinishedSorts(): Promise<UnfinishedSort[]> {
    return this.#sorting.stopped();
  }

  standingSort(root: string): Promise<StandingSort | null> {
    return this.#sorting.standing(root);
  }

  hasSortedInto(output: string): boolean {
    return this.#sorting.hasSortedInto(output);
  }

  exportPlace(kind: ExportKind, { root }: Night): Promise<ExportPlace> {
    return exportPlace(kind, root);
  }

  /** Frames that were moved are found where they were sorted to. */
  async export(night: Night, wish: ExportWish, place: { path: string; agreed: boolean }, running: Running): Promise<ExportOutcome> {
    const open = await this.#reports.ofNight(night.report, night.root, await this.#sorting.standing(night.root));
    return exportNight(this.#reports, open, { ...wish, ...place }, running);
  }
}

function inServices({ signal, onProgress }: Running): Parameters<SortServices["undo"]>[1] {
  return { signal, onProgress: ({ done, total }) => onProgress(done, total) };
}

function planView(output: string, plan: SortPlan, report: Report): SortPlanView {
  const frames = new Set(report.frames.map(({ path }) => path));
  const placed = plan.files.filter(({ frame }) => frames.has(frame));
  const into = (verdict: string): number => placed.filter(({ to }) => to.startsWith(`${verdict}/`)).length;
  const bytesInto = (verdict: string): number =>
    plan.files.reduce((sum, { to, facts }) => sum + (to.startsWith(`${verdict}/`) ? facts.size : 0), 0);
  return {
    output,
    clean: into("clean"),
    contaminated: into("contaminated"),
    review: into("review"),
    bytes: { clean: bytesInto("clean"), contaminated: bytesInto("contaminated"), review: bytesInto("review") },
    sidecars: plan.files.length - placed.length,
    staying: plan.staying,
    settled: [...plan.settled.keys()].filter((path) => frames.has(path)).length,
    missing: failures(plan.missing).failed,
    bytesNeeded: plan.bytesNeeded,
    bytesFree: plan.bytesFree,
    newFolders: plan.newFolders.slice(0, MOST_FOLDERS),
    total: plan.files.length,
    moves: plan.files.map(({ from, to }) => ({ from, to })),
  };
}

function sortedView({ header, sorted, failed }: SortOutcome, missing: SortPlan["missing"]): SortOutcomeView {
  return { what: "sorted", session: header.session, output: header.output, files: sorted, ...failures([...missing, ...failed]) };
}

function undoneView({ header, undone, kept }: UndoOutcome): SortOutcomeView {
  return { what: "undone", session: header.session, output: header.output, files: undone, ...failures(kept) };
}

function failures(all: readonly { path: string; code: string; detail: string }[]): Pick<SortOutcomeView, "failed" | "failures"> {
  const failed = all.slice(0, MOST_FAILURES).map(({ path, code, detail }) => ({ path, code: knownCode(code), detail }));
  return { failed, failures: all.length };
}

/** Journals outlive the program that wrote them: a later one may know more codes. */
function knownCode(code: string): ErrorCode {
  return Object.hasOwn(ERROR_CATALOGUE, code) ? (code as ErrorCode) : "internal";
}
