import { createHash } from "node:crypto";
import { join } from "node:path";
import { codeOfSystemError, NebuliftError } from "../../../shared/errors.ts";
import type { SortFolders } from "./folders.ts";
import { Journal, journalPath, KEPT_FOLDER, sessionsIn } from "./journal.ts";
import type { JournalRecord, SessionHeader, SortAction } from "./journal-records.ts";
import type { SortFiles } from "./sort-files.ts";
import { placeIn, type SortPlan } from "./survey.ts";
import { type HeldLocks, type OpenSort, type SortTools, stampOf } from "./tools.ts";

export interface JournalRequest {
  action: SortAction;
  keepFolders: boolean;
  app: string;
  settings: Record<string, unknown>;
  /** Kept beside the journal: what was known of the night when it was sorted. */
  report: string;
}

/** The report of the night as it was when it was sorted. */
export function keptReportPath(output: string, session: string): string {
  return join(output, KEPT_FOLDER, `sort-${session}.report.json`);
}

/** Throws `disk-full` where the copies do not fit, unless the file system shares their blocks. */
export async function checkSpace(
  { files: planned, bytesNeeded, bytesFree }: SortPlan,
  folders: SortFolders,
  tools: SortTools,
): Promise<void> {
  if (bytesNeeded <= bytesFree) return;
  const smallest = planned.filter(({ how }) => how === "copy").sort((a, b) => a.facts.size - b.facts.size)[0];
  if (smallest && (await sharesBlocks(placeIn(folders.input, smallest.from), folders.output, tools))) return;
  const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(2)} GB`;
  throw new NebuliftError("disk-full", `${gigabytes(bytesNeeded)} needed, ${gigabytes(bytesFree)} free in ${folders.output}`);
}

/** Tries it: no file system says so before. */
async function sharesBlocks(path: string, output: string, { files, lock }: SortTools): Promise<boolean> {
  const trial = join(output, KEPT_FOLDER, `trial-${lock.random()}.part`);
  try {
    if (!(await files.clone(path, trial))) return false;
    await files.unlink(trial);
    return true;
  } catch (error) {
    throw new NebuliftError(codeOfSystemError(error) === "disk-full" ? "disk-full" : "output-unwritable", trial, error);
  }
}

/** Writes the plan; after this the sort can be finished, and taken back, by anybody. Throws `output-unwritable`, `disk-full`. */
export async function beginJournal(
  request: JournalRequest,
  folders: SortFolders,
  plan: SortPlan,
  held: HeldLocks,
  tools: SortTools,
): Promise<OpenSort> {
  const { files } = tools;
  const now = tools.now();
  const session = `${await stampAfterAll(files, folders.output, now)}-${tools.lock.random()}`;
  const header: SessionHeader = {
    what: "session",
    schema: 1,
    session,
    app: request.app,
    action: request.action,
    input: folders.input,
    output: folders.output,
    keepFolders: request.keepFolders,
    when: now.toISOString(),
    settings: request.settings,
  };
  const kept = join(folders.output, KEPT_FOLDER);
  try {
    await keepReport(keptReportPath(folders.output, session), request.report, files);
    const journal = await Journal.create(files, journalPath(folders.output, session), [header, ...planRecords(plan)]);
    try {
      await journal.commit();
      await files.syncFolder(kept);
    } catch (error) {
      await journal.close();
      throw error;
    }
    return { journal, input: folders.input, output: folders.output, clones: { possible: true }, held };
  } catch (error) {
    if (error instanceof NebuliftError) throw error;
    throw new NebuliftError(codeOfSystemError(error) === "disk-full" ? "disk-full" : "output-unwritable", kept, error);
  }
}

function planRecords(plan: SortPlan): JournalRecord[] {
  const planned = plan.files.map(({ facts, ...file }, n): JournalRecord => ({ what: "plan", n, ...file, ...stampOf(facts) }));
  const digest = createHash("sha256").update(planned.map((record) => JSON.stringify(record)).join("\n"));
  return [
    ...plan.newFolders.map((path): JournalRecord => ({ what: "folder", path })),
    ...planned,
    { what: "ready", items: planned.length, bytes: plan.bytesNeeded, digest: digest.digest("hex") },
  ];
}

async function keepReport(path: string, text: string, files: SortFiles): Promise<void> {
  const file = await files.create(path);
  try {
    await file.write(new TextEncoder().encode(text));
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Sorts as time does, and after all that are there, even where the clock was once wrong: what came later is undone first. */
async function stampAfterAll(files: SortFiles, output: string, now: Date): Promise<string> {
  const last = (await sessionsIn(files, output)).at(-1)?.slice(0, 18) ?? "";
  const [, day, time, milliseconds] = /^(\d{8})-(\d{6})(\d{3})$/.exec(last) ?? [];
  if (stamp(now) > last || day === undefined) return stamp(now);
  const iso = `${day.replace(/(....)(..)(..)/, "$1-$2-$3")}T${time.replace(/(..)(..)(..)/, "$1:$2:$3")}.${milliseconds}Z`;
  const next = Date.parse(iso) + 1;
  if (!(next < LAST_TIME)) throw new NebuliftError("journal-damaged", `${last} in ${output} is no time`);
  return stamp(new Date(next));
}

const LAST_TIME = Date.parse("9999-12-31T23:59:59.999Z");

/** 20261120-231502123, UTC. */
function stamp(date: Date): string {
  return date.toISOString().replace(/[-:.]/g, "").replace("T", "-").slice(0, 18);
}
