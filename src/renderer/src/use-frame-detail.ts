import { useEffect } from "react";
import { useStore } from "zustand";
import type { FrameRow } from "../../shared/contract.ts";
import { needDetail } from "./stores/actions/detail.ts";
import { detailStore, type KnownDetail } from "./stores/detail.ts";

/** ms: whoever flies past needs no closer look. */
const SETTLED = 90;

/** What main knows of a frame beyond its row, once the eye has come to rest on it. */
export function useFrameDetail(row: FrameRow): KnownDetail | undefined {
  const known = useStore(detailStore, (state) => state.known.get(row.id));
  useEffect(() => {
    if (row.frame.error !== null) return;
    const ended = new AbortController();
    const timer = setTimeout(() => void needDetail(row, ended.signal), SETTLED);
    return () => {
      clearTimeout(timer);
      ended.abort();
    };
  }, [row]);
  return known;
}
