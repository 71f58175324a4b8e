import { createStore } from "zustand/vanilla";
import type { FrameRow, NightChange, NightHead, NightSnapshot } from "../../../shared/contract.ts";

/** A mirror of the night that main holds. Rows keep the order in which main first told of them. */
export interface NightState {
  revision: number;
  head: NightHead | null;
  rows: readonly FrameRow[];
}

export const EMPTY_NIGHT: NightState = { revision: 0, head: null, rows: [] };

export const nightStore = createStore<NightState>(() => EMPTY_NIGHT);

export function mirrored(snapshot: NightSnapshot): NightState {
  return { revision: snapshot.revision, head: snapshot.head, rows: snapshot.rows };
}

/** The state after a change, or null when a change before this one was missed and a snapshot is needed. */
export function changed(state: NightState, change: NightChange): NightState | null {
  if (change.revision <= state.revision) return state;
  if (change.base !== state.revision || change.head.id !== state.head?.id) return null;
  return { revision: change.revision, head: change.head, rows: without(merged(state.rows, change.rows), change.gone) };
}

function merged(rows: readonly FrameRow[], news: readonly FrameRow[]): readonly FrameRow[] {
  if (news.length === 0) return rows;
  const byId = new Map(news.map((row) => [row.id, row]));
  const kept = rows.map((row) => {
    const newer = byId.get(row.id);
    byId.delete(row.id);
    return newer ?? row;
  });
  kept.push(...byId.values());
  return kept;
}

function without(rows: readonly FrameRow[], gone: readonly string[]): readonly FrameRow[] {
  if (gone.length === 0) return rows;
  const left = new Set(gone);
  return rows.filter((row) => !left.has(row.id));
}

/** The frame of this id as it is now. */
export function rowOf(id: string | null): FrameRow | null {
  return id === null ? null : (nightStore.getState().rows.find((row) => row.id === id) ?? null);
}
