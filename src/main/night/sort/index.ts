import { randomBytes } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import { DISK_FILES } from "./disk-files.ts";
import { processesHere } from "./processes.ts";
import type { SortTools } from "./tools.ts";

export { keptReportPath } from "./begin.ts";
export { sortedFolder, sortFolders } from "./folders.ts";
export { isSession, type SortAction } from "./journal-records.ts";
export { type SortSession, stateOf } from "./session.ts";
export { resumeSort, type SortOutcome, sortFrames, sortsIn, stoppedIn, type UndoOutcome, undoSort } from "./sort.ts";
export { planSort, type SortPlan } from "./survey.ts";
export type { SortProgress, SortTools } from "./tools.ts";

/** Sorting on this computer's disks. */
export function sortToolsHere(options: Pick<SortTools, "signal" | "onProgress"> = {}): SortTools {
  return {
    files: DISK_FILES,
    lock: { processes: processesHere(), random: () => randomBytes(3).toString("hex"), pause: (milliseconds) => setTimeout(milliseconds) },
    now: () => new Date(),
    ...options,
  };
}
