import { createStore } from "zustand/vanilla";
import type { FrameRow } from "../../../shared/contract.ts";
import type { DecidedVerdict, ReasonCode } from "../../../shared/domain.ts";
import type { QueueKind } from "./review-queue.ts";

/** A decision that main has not confirmed yet; `token` tells it from a later one about the same frame. */
export interface PendingDecision {
  token: number;
  verdict: DecidedVerdict | null;
  cause: ReasonCode | null;
  when: number;
}

/** The walk through the frames: its order is made once and only grows at its end. */
export interface ReviewState {
  /** The night the queue was made for; null before the first look. */
  night: string | null;
  kind: QueueKind;
  ids: readonly string[];
  at: number;
  /** Gone past the last frame. */
  ended: boolean;
  /** Direction of the last step. */
  way: 1 | -1;
  /** The reference that others are compared with; null: the best of the frame's group. */
  pinned: string | null;
  pending: ReadonlyMap<string, PendingDecision>;
}

export const EMPTY_REVIEW: ReviewState = {
  night: null,
  kind: "doubtful",
  ids: [],
  at: 0,
  ended: false,
  way: 1,
  pinned: null,
  pending: new Map(),
};

export const reviewStore = createStore<ReviewState>(() => EMPTY_REVIEW);

/** The row as it will be once main has confirmed what was just decided. */
export function withPending(row: FrameRow, pending: ReadonlyMap<string, PendingDecision>): FrameRow {
  const own = pending.get(row.id);
  if (own === undefined) return row;
  const decided = own.verdict === null ? null : { verdict: own.verdict, cause: own.cause, when: own.when };
  return { ...row, frame: { ...row.frame, decided } };
}

/** The queue one or more frames on or back: past the last one lies its end, before the first one nothing. */
export function stepped(state: ReviewState, by: number): Partial<ReviewState> {
  const { ids, at, ended } = state;
  if (ids.length === 0) return {};
  const way = by < 0 ? -1 : 1;
  const from = ended ? ids.length : at;
  const to = Math.max(0, from + by);
  // From the end, one step back is the frame that was last before the eyes.
  if (to >= ids.length) return { at: ids.length - 1, ended: true, way };
  return { at: to, ended: false, way };
}
