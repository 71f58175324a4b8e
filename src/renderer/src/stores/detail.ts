import { createStore } from "zustand/vanilla";
import type { FrameDetail, FrameRow } from "../../../shared/contract.ts";
import type { ErrorEnvelope } from "../../../shared/errors.ts";

/** What main was asked about single frames. */
export interface KnownDetail {
  /** The row as it was when main was asked: another verdict or decision makes the detail old. */
  row: FrameRow;
  detail: FrameDetail | null;
  error: ErrorEnvelope | null;
}

export const detailStore = createStore<{ known: ReadonlyMap<string, KnownDetail> }>(() => ({ known: new Map() }));

/** Enough to go back a while without asking again. */
const MOST_KNOWN = 60;

export function withDetail(known: ReadonlyMap<string, KnownDetail>, id: string, detail: KnownDetail): ReadonlyMap<string, KnownDetail> {
  const next = new Map(known);
  next.delete(id);
  next.set(id, detail);
  for (const old of next.keys()) {
    if (next.size <= MOST_KNOWN) break;
    next.delete(old);
  }
  return next;
}
