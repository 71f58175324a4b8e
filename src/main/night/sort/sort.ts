import { join } from "node:path";
import { codeOfSystemError, NebuliftError, toNebuliftError } from "../../../shared/errors.ts";
import { undoItems } from "./backward.ts";
import { beginJournal, checkSpace, type JournalRequest } from "./begin.ts";
import { systemCode } from "./disk-files.ts";
import { makeFolders, type SortFolders, sortedFolder, sortFolders } from "./folders.ts";
import { sortItems } from "./forward.ts";
import { hasEnded, Journal, journalPath, KEPT_FOLDER, readJournal, sessionsIn } from "./journal.ts";
import type { SessionHeader } from "./journal-records.ts";
import { refuseIfLocked, takeLock } from "./lock.ts";
import type { SortItem, SortSession, Trouble } from "./session.ts";
import { stateOf } from "./session.ts";
import type { SortFiles } from "./sort-files.ts";
import { planSort, type SortPlan, type SurveyOptions } from "./survey.ts";
import type { HeldLocks, OpenSort, SortTools } from "./tools.ts";

export interface SortRequest extends SurveyOptions, JournalRequest {
  input: string;
  output: string;
}

/** What a sort has come to. Counts are of files, sidecars among them. */
export interface SortOutcome {
  header: SessionHeader;
  journal: string;
  sorted: number;
  /** Where each file of the input is now, relative to the output; what earlier sorts had put in its place among them. */
  places: Map<string, string>;
  failed: (Trouble & { path: string })[];
  /** A sort that had died was found, and its lock taken away. */
  tookOver: boolean;
}

export interface UndoOutcome {
  header: SessionHeader;
  journal: string;
  undone: number;
  kept: (Trouble & { path: string })[];
  tookOver: boolean;
}

/**
 * Plans, writes the journal, and sorts. Null when everything is in its place already. Throws `sort-unfinished`,
 * `sort-busy`, `sort-folders`, `disk-full`, `output-unwritable`, `cancelled`, and what sortItems throws; whatever was begun
 * then can be finished by resumeSort and taken back by undoSort.
 */
export async function sortFrames(
  request: SortRequest,
  tools: SortTools,
  onJournal: (header: SessionHeader, journal: string) => void,
): Promise<{ plan: SortPlan; outcome: SortOutcome | null }> {
  const { files } = tools;
  const folders = await told(request.output, () => sortFolders(files, request.input, request.output));
  await told(folders.output, () => makeFolders(files, folders.existing, join(folders.output, KEPT_FOLDER)));
  return locked({ ...folders, moves: request.action === "move" }, tools, async (held) => {
    await refuseUnfinished(files, folders.output);
    const plan = await planSort(files, folders, { ...request, signal: tools.signal });
    if (plan.files.length === 0) return { plan, outcome: null };
    await checkSpace(plan, folders, tools);
    const sort = await beginJournal(request, folders, plan, held, tools);
    onJournal(sort.journal.session.header, sort.journal.path);
    const outcome = await runForward(sort, tools);
    for (const [path, to] of plan.settled) outcome.places.set(path, to);
    return { plan, outcome };
  });
}

/** Goes on with a sort, or with its undoing, whichever was under way; files that could not be sorted are tried again. */
export async function resumeSort(output: string, session: string, tools: SortTools): Promise<SortOutcome | UndoOutcome> {
  return openSort(output, session, tools, async (sort) => {
    const { journal } = sort;
    const state = stateOf(journal.session);
    if (state === "undone") throw new NebuliftError("no-sort", `the sort ${session} was taken back; there is nothing to finish`);
    if (state === "undoing") return runBackward(sort, tools);
    if (state === "finished") {
      if (!journal.session.items.some((item) => !item.done)) return outcomeOf(sort);
      await refuseOlder(tools.files, sort.output, session);
    }
    journal.note({ what: "resumed", when: tools.now().toISOString() });
    // Nothing was touched before the plan was whole: there is nothing to go on with.
    if (state === "planned") return end(sort, tools);
    return runForward(sort, tools);
  });
}

/** Takes a sort back. Throws `no-sort` when it was taken back before, or when a later one stands on it. */
export async function undoSort(output: string, session: string, tools: SortTools): Promise<UndoOutcome> {
  return openSort(output, session, tools, async (sort) => {
    const { journal } = sort;
    const state = stateOf(journal.session);
    if (state === "undone") throw new NebuliftError("no-sort", `the sort ${session} was taken back before`);
    await refuseOlder(tools.files, sort.output, session);
    if (state !== "undoing") journal.note({ what: "undo", when: tools.now().toISOString() });
    return runBackward(sort, tools);
  });
}

/** The sorts whose journals lie in an output folder, oldest first. */
export async function sortsIn(files: SortFiles, output: string): Promise<SortSession[]> {
  const folder = await sortedFolder(files, output);
  const sessions: SortSession[] = [];
  for (const id of await sessionsIn(files, folder)) sessions.push(await readJournal(files, journalPath(folder, id)));
  return sessions;
}

/** The sort of this session where it stopped in the middle; null when it has ended or is not there. */
export async function stoppedIn(files: SortFiles, output: string, session: string): Promise<SortSession | null> {
  const path = journalPath(await sortedFolder(files, output), session);
  if (await hasEnded(files, path)) return null;
  const sort = await readJournal(files, path);
  return ["unfinished", "undoing"].includes(stateOf(sort)) ? sort : null;
}

// ---------------------------------------------------------------- one at a time

function locked<T>(
  { input, output, moves }: SortFolders & { moves: boolean },
  tools: SortTools,
  work: (held: HeldLocks) => Promise<T>,
): Promise<T> {
  const { files, lock } = tools;
  const by = { ...lock, since: tools.now().toISOString() };
  return told(output, async () => {
    const own = await takeLock(files, join(output, KEPT_FOLDER), "sort", by);
    try {
      if (!moves) await refuseIfLocked(files, input, "move", lock.processes);
      let source = moves ? await takeLock(files, input, "move", by) : null;
      const tookOver = own.tookOver || source?.tookOver === true;
      const leaveInput = async (): Promise<void> => {
        const taken = source;
        source = null;
        await taken?.release();
      };
      try {
        return await work({ tookOver, leaveInput });
      } finally {
        await leaveInput();
      }
    } finally {
      await own.release();
    }
  });
}

/** What the system says of a folder that is only looked at, in words people can act on. */
async function told<T>(place: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof NebuliftError || systemCode(error) === "") throw error;
    throw new NebuliftError(codeOfSystemError(error, "file-io"), `${place}: ${systemCode(error)}`, error);
  }
}

async function openSort<T>(givenOutput: string, session: string, tools: SortTools, work: (sort: OpenSort) => Promise<T>): Promise<T> {
  const { files } = tools;
  const output = await sortedFolder(files, givenOutput);
  const path = journalPath(output, session);
  const { header } = await readJournal(files, path);
  const input = await sortedFolder(files, header.input);
  return locked({ input, output, existing: output, moves: header.action === "move" }, tools, async (held) => {
    // Read again: another process may have worked on it until a moment ago.
    const journal = await Journal.open(files, path);
    try {
      return await work({ journal, input, output, clones: { possible: true }, held });
    } finally {
      await journal.close();
    }
  });
}

async function refuseUnfinished(files: SortFiles, output: string): Promise<void> {
  for (const id of await sessionsIn(files, output)) {
    const session = await readJournal(files, journalPath(output, id));
    if (["unfinished", "undoing"].includes(stateOf(session)))
      throw new NebuliftError(
        "sort-unfinished",
        `${session.header.action} of ${session.header.input} into ${output}, ${session.header.when}`,
      );
  }
}

/** A later sort may have taken what an earlier one placed further: they are taken back last first. */
async function refuseOlder(files: SortFiles, output: string, session: string): Promise<void> {
  for (const id of await sessionsIn(files, output)) {
    if (id <= session) continue;
    const later = await readJournal(files, journalPath(output, id));
    if (!["undone", "planned"].includes(stateOf(later)))
      throw new NebuliftError("no-sort", `${id} sorted into the same folder later; undo that one first`);
  }
}

// ---------------------------------------------------------------- running

async function runForward(sort: OpenSort, tools: SortTools): Promise<SortOutcome> {
  await untilStopped(sort, tools, () => sortItems(sort, tools));
  return end(sort, tools);
}

async function end(sort: OpenSort, tools: SortTools): Promise<SortOutcome> {
  const outcome = outcomeOf(sort);
  // Before the last line: whoever dies in between leaves a sort that is looked after, and no lock that nobody looks for.
  await sort.held.leaveInput();
  sort.journal.note({ what: "end", when: tools.now().toISOString(), sorted: outcome.sorted, failed: outcome.failed.length });
  await sort.journal.close();
  return outcome;
}

function outcomeOf({ journal: { session, path }, held }: OpenSort): SortOutcome {
  const done = session.items.filter((item) => item.done);
  return {
    header: session.header,
    journal: path,
    sorted: done.length,
    places: new Map(done.map(({ plan, to }) => [plan.frame, to])),
    failed: session.items.flatMap(({ plan, failed }) => (failed ? [{ path: plan.frame, ...failed }] : [])),
    tookOver: held.tookOver,
  };
}

async function runBackward(sort: OpenSort, tools: SortTools): Promise<UndoOutcome> {
  await untilStopped(sort, tools, () => undoItems(sort, tools));
  const { journal, held } = sort;
  await held.leaveInput();
  const kept = journal.session.items.flatMap(({ plan, undo }) => (undo.kept ? [{ path: plan.frame, ...undo.kept }] : []));
  const undone = journal.session.items.filter((item: SortItem) => item.done && item.undo.done).length;
  journal.note({ what: "undo-end", when: tools.now().toISOString(), undone, kept: kept.length });
  await journal.close();
  return { header: journal.session.header, journal: journal.path, undone, kept, tookOver: held.tookOver };
}

async function untilStopped({ journal }: OpenSort, tools: SortTools, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const stopped = toNebuliftError(error);
    const { items } = journal.session;
    const undoing = stateOf(journal.session) === "undoing";
    const at = `${items.filter((item) => (undoing ? item.undo.done : item.done)).length} of ${items.length} files ${undoing ? "taken back" : "sorted"}`;
    journal.note({ what: "stopped", when: tools.now().toISOString(), why: stopped.code });
    await closeStopped(journal);
    throw new NebuliftError(stopped.code, stopped.detail === "" ? at : `${stopped.detail}; ${at}`, error);
  }
}

/** The reason of the stop is what is told, and on a full disk the last lines may not fit: the disk itself tells them. */
async function closeStopped(journal: Journal): Promise<void> {
  try {
    await journal.close();
  } catch (error) {
    if (!(error instanceof NebuliftError)) throw error;
  }
}
