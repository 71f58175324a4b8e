import { createStore } from "zustand/vanilla";
import type { WorkProgress } from "../../../shared/contract.ts";
import type { SortActionName } from "../../../shared/desktop-settings.ts";

/** What main does with files for the user now; one at a time, and it goes on while its dialog is closed. */
export interface RunningWork {
  what: "sort" | "finish" | "undo" | "export";
  /** How files are sorted; null while handing over. */
  action: SortActionName | null;
  /** The sort that is finished or taken back; null while a new one is made. */
  session: string | null;
  stopping: boolean;
}

export interface WorkState {
  running: RunningWork | null;
  progress: WorkProgress | null;
  /** Where counting began: work that is finished does not start from nothing. */
  began: { at: number; done: number } | null;
  /** Seconds until the last file; null until it is known. */
  left: number | null;
}

export const IDLE: WorkState = { running: null, progress: null, began: null, left: null };

export const workStore = createStore<WorkState>(() => IDLE);

/** The state once main has told how far it is; `now` in milliseconds. */
export function progressed(state: WorkState, progress: WorkProgress, now: number): WorkState {
  const began = state.began === null || progress.done < state.began.done ? { at: now, done: progress.done } : state.began;
  return { ...state, progress, began, left: remaining(began, progress, now) };
}

/** Files of a night are alike, so the rest takes as long by the file as what was done; unknown within the first second. */
function remaining(began: { at: number; done: number }, { done, total }: WorkProgress, now: number): number | null {
  const [files, seconds] = [done - began.done, (now - began.at) / 1000];
  return files < 2 || seconds < 1 ? null : ((total - done) * seconds) / files;
}
