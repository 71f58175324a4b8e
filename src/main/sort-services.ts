import { readFile } from "node:fs/promises";
import type { Report } from "../shared/domain.ts";
import { codeOfSystemError, NebuliftError } from "../shared/errors.ts";
import { finalVerdict } from "../shared/final-verdict.ts";
import { parseReport } from "../shared/report-reading.ts";
import {
  isSession,
  keptReportPath,
  planSort,
  reportText,
  resumeSort,
  type SortAction,
  type SortOutcome,
  type SortPlan,
  type SortProgress,
  type SortSession,
  sortedFolder,
  sortFolders,
  sortFrames,
  sortsIn,
  sortToolsHere,
  stateOf,
  stoppedIn,
  type UndoOutcome,
  undoSort,
} from "./night/index.ts";
import type { Sorts } from "./storage/index.ts";

export type { SortAction, SortOutcome, SortPlan, UndoOutcome };

export interface SortWish {
  input: string;
  output: string;
  action: SortAction;
  keepFolders: boolean;
}

/** The latest sort of an input that was not taken back, be it whole or half-done. */
export interface StandingSort {
  session: string;
  output: string;
  action: SortAction;
  /** Files that lie sorted, sidecars among them, and files that could not be. */
  files: number;
  failed: number;
  /** Where each file of the input lies now, relative to the output. */
  places: Map<string, string>;
}

/** A sort, or its undoing, that stopped in the middle. */
export interface StoppedSort {
  session: string;
  input: string;
  output: string;
  action: SortAction;
  /** Milliseconds since 1970. */
  when: number;
  doing: "sorting" | "undoing";
  done: number;
  total: number;
}

export interface Running {
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: SortProgress) => void) | undefined;
}

/** Sorts that are looked through for one that stopped: nobody leaves one that long. */
const LOOKED_AT = 30;

/** Sorting frames into folders by verdict, and back. */
export class SortServices {
  readonly #parts: { sorts: Sorts | null; app: string };

  constructor(parts: { sorts: Sorts | null; app: string }) {
    this.#parts = parts;
  }

  /**
   * To be asked before hours of grading: whether the folders will do, and which sort of the same kind was interrupted
   * there. Throws `sort-folders`, `folder-missing`, `sort-unfinished` (one of another kind), `output-exists`, `output-unwritable`.
   */
  async interrupted({ input, output, action, keepFolders }: SortWish): Promise<string | null> {
    const { files } = sortToolsHere();
    const folders = await sortFolders(files, input, output);
    if (folders.existing !== folders.output) return null;
    for (const session of await sortsIn(files, folders.output)) {
      const { header } = session;
      const state = stateOf(session);
      if (state !== "unfinished" && state !== "undoing") continue;
      const same = header.input === folders.input && header.action === action && header.keepFolders === keepFolders;
      if (state === "unfinished" && same) return header.session;
      throw new NebuliftError("sort-unfinished", `${header.action} of ${header.input}, ${header.when}, session ${header.session}`);
    }
    return null;
  }

  /** What a sort would do; nothing is touched. */
  async plan(report: Report, wish: SortWish): Promise<SortPlan> {
    return (await this.planned(report, wish)).plan;
  }

  /** The same, with the output as it is without links. Throws `cancelled` once the signal fires. */
  async planned(
    report: Report,
    { input, output, ...options }: SortWish,
    signal?: AbortSignal,
  ): Promise<{ output: string; plan: SortPlan }> {
    const { files } = sortToolsHere();
    const folders = await sortFolders(files, input, output);
    return { output: folders.output, plan: await planSort(files, folders, { ...options, frames: gradedFrames(report), signal }) };
  }

  /** Sorts. The outcome is null when every frame was in its place. See night/sort/sort.ts for what it throws. */
  async sort(report: Report, wish: SortWish, running: Running = {}): Promise<{ plan: SortPlan; outcome: SortOutcome | null }> {
    const request = {
      ...wish,
      frames: gradedFrames(report),
      app: this.#parts.app,
      settings: report.settings,
      report: reportText(report),
    };
    return sortFrames(request, sortToolsHere(running), ({ session, output, input, action }) =>
      this.#parts.sorts?.add({ session, output, input, action }),
    );
  }

  /** Finishes the sort (or the undoing) in a folder, of a session, or the latest of all. Throws `no-sort` when there is none. */
  async resume(which: string | undefined, running: Running = {}): Promise<SortOutcome | UndoOutcome> {
    const { output, session } = await this.#find(
      which,
      "finish",
      (sort) => ["unfinished", "undoing"].includes(stateOf(sort)) || (stateOf(sort) === "finished" && sort.items.some(({ done }) => !done)),
    );
    return resumeSort(output, session, sortToolsHere(running));
  }

  /** Takes back the latest sort in a folder, the one of a session, or the latest of all. Throws `no-sort` when there is none. */
  async undo(which: string | undefined, running: Running = {}): Promise<UndoOutcome> {
    const { output, session } = await this.#find(which, "take back", (sort) => !["undone", "planned"].includes(stateOf(sort)));
    return undoSort(output, session, sortToolsHere(running));
  }

  /** Sorts that stopped in the middle, the latest first; only those whose folders are both there now. */
  async stopped(): Promise<StoppedSort[]> {
    const { files } = sortToolsHere();
    const found: StoppedSort[] = [];
    for (const { output, input, session } of this.#parts.sorts?.latest(LOOKED_AT) ?? []) {
      const sort = await orNull(() => stoppedIn(files, output, session));
      if (sort !== null && (await orNull(() => sortedFolder(files, input))) !== null) found.push(stoppedOf(sort));
    }
    return found;
  }

  /** The latest sort of these frames that stands; null when there is none. Folders that are not there have none. */
  async standing(input: string): Promise<StandingSort | null> {
    const known = (this.#parts.sorts?.latest() ?? []).filter((sort) => sort.input === input);
    for (const { output, session } of known) {
      const sorts = await sortsOrNone(output);
      const sort = sorts.find(({ header }) => header.session === session);
      if (!sort || ["undone", "planned"].includes(stateOf(sort))) continue;
      const files = sort.items.filter((item) => item.done && !item.undo.done).length;
      if (files === 0 && stateOf(sort) === "finished") continue;
      const { header, items } = sort;
      const failed = items.filter((item) => item.failed !== null).length;
      return { session, output: header.output, action: header.action, files, failed, places: placesIn(sorts, input) };
    }
    return null;
  }

  /** Whether a sort that is known here went into this folder. */
  hasSortedInto(output: string): boolean {
    return (this.#parts.sorts?.latest() ?? []).some((sort) => sort.output === output);
  }

  /** The report of the night as it was when it was sorted. Throws `bad-report`, `file-io`. */
  async keptReport({ header }: SortOutcome): Promise<Report> {
    const path = keptReportPath(header.output, header.session);
    try {
      return parseReport(await readFile(path, "utf8"), path);
    } catch (error) {
      if (error instanceof NebuliftError) throw error;
      throw new NebuliftError(codeOfSystemError(error, "file-io"), path, error);
    }
  }

  async #find(
    which: string | undefined,
    what: string,
    wanted: (session: SortSession) => boolean,
  ): Promise<{ output: string; session: string }> {
    const { files } = sortToolsHere();
    const nothing = (where: string): NebuliftError => new NebuliftError("no-sort", `none to ${what}${where}`);
    if (which !== undefined && isSession(which)) {
      const known = this.#parts.sorts?.find(which);
      if (!known) throw nothing(` of session ${which} known here; name its folder`);
      return known;
    }
    if (which !== undefined) {
      const output = await sortedFolder(files, which);
      const session = (await sortsIn(files, output)).filter(wanted).at(-1);
      if (!session) throw nothing(` in ${output}`);
      return { output, session: session.header.session };
    }
    for (const { output, session } of this.#parts.sorts?.latest() ?? []) {
      const sorts = await sortsOrNone(output);
      if (sorts.some((sort) => sort.header.session === session && wanted(sort))) return { output, session };
    }
    throw nothing("; name the folder that was sorted into");
  }
}

async function sortsOrNone(output: string): Promise<SortSession[]> {
  return (await orNull(() => sortsIn(sortToolsHere().files, output))) ?? [];
}

/** A drive that is not connected has nothing. */
async function orNull<T>(look: () => Promise<T>): Promise<T | null> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof NebuliftError) return null;
    throw error;
  }
}

function stoppedOf(sort: SortSession): StoppedSort {
  const { header, items } = sort;
  const { session, input, output, action, when } = header;
  const undoing = stateOf(sort) === "undoing";
  const touched = undoing ? items.filter((item) => item.begun) : items;
  const done = touched.filter((item) => (undoing ? item.undo.done : item.done)).length;
  return { session, input, output, action, when: Date.parse(when), doing: undoing ? "undoing" : "sorting", done, total: touched.length };
}

/** What all sorts of an input into one output, oldest first, have put where, and was not taken back. */
function placesIn(sorts: readonly SortSession[], input: string): Map<string, string> {
  const places = new Map<string, string>();
  for (const sort of sorts) {
    if (sort.header.input !== input) continue;
    for (const { plan, to, done, undo } of sort.items) if (done && !undo.done) places.set(plan.frame, to);
  }
  return places;
}

/** What the user decided counts before the program's verdict. */
function gradedFrames(report: Report): { path: string; verdict: ReturnType<typeof finalVerdict> }[] {
  return report.frames.map((frame) => ({ path: frame.path, verdict: finalVerdict(frame) }));
}

/** The report with the places that its frames have now. */
export function withPlaces<T extends Report>(report: T, places: ReadonlyMap<string, string>): T {
  return { ...report, frames: report.frames.map((frame) => ({ ...frame, sortedTo: places.get(frame.path) ?? null })) };
}
