import { useMemo } from "react";
import { useStore } from "zustand";
import type { FrameRow } from "../../../../shared/contract.ts";
import { nightStore } from "../../stores/night.ts";
import { viewStore } from "../../stores/view.ts";
import { type Placed, visibleFrames } from "./visible-frames.ts";

/**
 * The rows to show, and the one that is selected. While the user has picked none it is the one that arrived first: it
 * stays the same while others arrive above it.
 */
export function useVisibleFrames(): { shown: FrameRow[]; selected: FrameRow | null } {
  const rows = useStore(nightStore, (state) => state.rows);
  const night = useStore(nightStore, (state) => state.head?.id);
  const verdict = useStore(viewStore, (state) => state.verdict);
  const group = useStore(viewStore, (state) => state.group);
  const words = useStore(viewStore, (state) => state.words);
  const sort = useStore(viewStore, (state) => state.sort);
  const picked = useStore(viewStore, (state) => state.selected);
  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever another list is asked for, frames are placed anew
  const placed = useMemo<Placed>(() => new Map(), [night, verdict, group, words, sort]);
  const shown = useMemo(() => visibleFrames(rows, { verdict, group, words, sort }, placed), [rows, verdict, group, words, sort, placed]);
  const first = rows[0]?.id;
  const selected = useMemo(() => {
    const byId = (id: string | null | undefined) => (id === null ? undefined : shown.find((row) => row.id === id));
    return byId(picked) ?? byId(first) ?? shown[0] ?? null;
  }, [shown, picked, first]);
  return { shown, selected };
}
