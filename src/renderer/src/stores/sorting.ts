import { createStore } from "zustand/vanilla";
import type { FrameRow, SortOutcomeView, SortPlanView, UnfinishedSort } from "../../../shared/contract.ts";
import type { SortActionName } from "../../../shared/desktop-settings.ts";
import type { ErrorEnvelope } from "../../../shared/errors.ts";
import { finalVerdict } from "../../../shared/final-verdict.ts";

/** A sort that is done and can be taken back. */
export interface DoneSort {
  session: string;
  output: string;
  action: SortActionName;
  files: number;
}

/** Which part of sorting the dialog shows. */
export type SortStage =
  | { name: "planning" }
  | { name: "asking"; sort: DoneSort }
  | { name: "running" }
  | { name: "done"; by: "sort" | "finish" | "undo"; action: SortActionName; outcome: SortOutcomeView; plan: SortPlanView | null }
  /** Called off or broken off: `unfinished` is what remains of it, null when nothing had been touched. */
  | { name: "ended"; why: ErrorEnvelope; unfinished: UnfinishedSort | null };

export type Move = SortPlanView["moves"][number];

export interface SortingState {
  stage: SortStage;
  /** Where to, by night: remembered for as long as the window is open. */
  outputs: Readonly<Record<string, string>>;
  /** The last dry run; stays in sight while another one is made. */
  plan: SortPlanView | null;
  looking: boolean;
  /** Why there is no dry run. */
  trouble: ErrorEnvelope | null;
  /** Moves by their place in the dry run, as far as they were asked for. */
  moves: ReadonlyMap<number, Move>;
}

export const sortingStore = createStore<SortingState>(() => ({
  stage: { name: "planning" },
  outputs: {},
  plan: null,
  looking: false,
  trouble: null,
  moves: new Map(),
}));

/** A page of the dry run's moves, put to those that are there. */
export function withPage(moves: ReadonlyMap<number, Move>, from: number, page: readonly Move[]): ReadonlyMap<number, Move> {
  const next = new Map(moves);
  for (const [index, move] of page.entries()) next.set(from + index, move);
  return next;
}

export interface SortedTally {
  clean: number;
  contaminated: number;
  review: number;
  /** Frames that lie in another verdict's folder than the one that holds for them now. */
  elsewhere: number;
}

/** Where the frames of the night lie by the folders they were sorted into; null when no row says so. */
export function sortedTally(rows: readonly FrameRow[]): SortedTally | null {
  const tally = { clean: 0, contaminated: 0, review: 0, elsewhere: 0 };
  for (const { frame } of rows) {
    const folder = frame.sortedTo?.split(/[/\\]/)[0];
    if (folder !== "clean" && folder !== "contaminated" && folder !== "review") continue;
    tally[folder] += 1;
    if (finalVerdict(frame) !== folder) tally.elsewhere += 1;
  }
  return tally.clean + tally.contaminated + tally.review === 0 ? null : tally;
}
