import { useMemo } from "react";
import { useStore } from "zustand";
import type { FrameRow } from "../../../../shared/contract.ts";
import { nightStore } from "../../stores/night.ts";
import { viewStore } from "../../stores/view.ts";
import { visibleFrames } from "./visible-frames.ts";

/** The rows to show, and the one that is selected: the first while the user has picked none that is shown. */
export function useVisibleFrames(): { shown: FrameRow[]; selected: FrameRow | null } {
  const rows = useStore(nightStore, (state) => state.rows);
  const verdict = useStore(viewStore, (state) => state.verdict);
  const words = useStore(viewStore, (state) => state.words);
  const sort = useStore(viewStore, (state) => state.sort);
  const picked = useStore(viewStore, (state) => state.selected);
  const shown = useMemo(() => visibleFrames(rows, { verdict, words, sort }), [rows, verdict, words, sort]);
  const selected = useMemo(() => shown.find((row) => row.id === picked) ?? shown[0] ?? null, [shown, picked]);
  return { shown, selected };
}
