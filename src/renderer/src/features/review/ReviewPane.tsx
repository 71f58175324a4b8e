import { useEffect, useMemo, useRef, useState } from "react";
import { useStore } from "zustand";
import type { FrameRow, NightHead } from "../../../../shared/contract.ts";
import { decideHere, enterReview, growQueue, makeQueue, step, stepHistory, visit } from "../../stores/actions/review.ts";
import { nightStore } from "../../stores/night.ts";
import { reviewStore, withPending } from "../../stores/review.ts";
import { viewStore } from "../../stores/view.ts";
import { texts } from "../../texts/index.ts";
import { useCommands } from "../../use-commands.ts";
import { useVisibleFrames } from "../night/use-visible-frames.ts";
import { Filmstrip } from "./Filmstrip.tsx";
import { InfoStrip } from "./InfoStrip.tsx";
import { placesToPrefetch } from "./prefetch.ts";
import { QueueBar } from "./QueueBar.tsx";
import { EmptyQueue, QueueEnd } from "./QueueEnd.tsx";
import { referenceFor } from "./reference.ts";
import { tallyOf } from "./tally.ts";
import { Viewer } from "./Viewer.tsx";
import { FITTED, type View } from "./view-transform.ts";
import { WhyPanel } from "./WhyPanel.tsx";
import "./review.css";

/** Frames one after the other, big, each decided by one key. */
export function ReviewPane({ head }: { head: NightHead }) {
  const { shown: visible } = useVisibleFrames();
  const shown = useMemo(() => visible.map(({ id }) => id), [visible]);
  useQueue(head.id, shown);
  const state = useStore(reviewStore);
  const rows = useRows();
  const [view, setView] = useState<View>(FITTED);
  const { ids, at, ended, way, pinned } = state;
  const queued = useMemo(() => ids.flatMap((id) => rows.get(id) ?? []), [ids, rows]);
  const tally = useMemo(() => tallyOf(queued), [queued]);
  const row = rows.get(ids[at] ?? "") ?? null;
  const reference = useMemo(() => (row === null ? null : referenceFor(row, [...rows.values()], pinned)), [row, rows, pinned]);
  const next = useMemo(
    () => placesToPrefetch(at, ids.length, way).flatMap((place) => rows.get(ids[place] ?? "") ?? []),
    [ids, rows, at, way],
  );
  const more = useCameSince(ended, ids.length);
  const walking = ids.length > 0;
  const looking = walking && !ended;
  useCommands({
    "review.keep": looking ? () => void decideHere("clean") : null,
    "review.reject": looking ? () => void decideHere("contaminated") : null,
    "review.doubt": looking ? () => void decideHere("review") : null,
    "review.clear": looking && row?.frame.decided ? () => void decideHere(null) : null,
    "review.undo": () => void stepHistory("undo"),
    "review.redo": () => void stepHistory("redo"),
    "review.next": walking ? () => step(1) : null,
    "review.previous": walking ? () => step(-1) : null,
    "review.first": walking ? () => step(-ids.length) : null,
    "review.last": walking ? () => step(ids.length - 1 - at) : null,
  });

  // Another night's queue is not this one's; it is made anew in the same breath.
  if (state.night !== head.id) return <main className="review" aria-label={texts.review.label} />;
  const undecided = queued.length === 0 ? -1 : ids.findIndex((id) => isOpen(rows.get(id)));
  return (
    <main className="review" aria-label={texts.review.label}>
      <QueueBar head={head} state={state} shown={shown} tally={tally} />
      {!walking && <EmptyQueue head={head} kind={state.kind} shown={shown} />}
      {walking && ended && <QueueEnd state={state} shown={shown} tally={tally} firstOpen={undecided < 0 ? null : undecided} more={more} />}
      {looking && (
        <div className="review-main">
          <div className="review-look">
            <Viewer
              row={row}
              reference={reference}
              pinned={reference !== null && reference.id === pinned}
              next={next}
              view={view}
              onView={setView}
            />
            <InfoStrip head={head} row={row} />
            <Filmstrip ids={ids} rows={rows} at={at} />
          </div>
          {row === null ? <aside className="why-panel" aria-label={texts.review.why.label} /> : <WhyPanel row={row} />}
        </div>
      )}
    </main>
  );
}

function isOpen(row: FrameRow | undefined): boolean {
  return row !== undefined && !row.frame.decided && row.frame.verdict !== "unreadable" && row.frame.verdict !== "not-light";
}

/** All rows of the night, with what was just decided before main has confirmed it. */
function useRows(): ReadonlyMap<string, FrameRow> {
  const rows = useStore(nightStore, (night) => night.rows);
  const pending = useStore(reviewStore, (review) => review.pending);
  return useMemo(() => new Map(rows.map((row) => [row.id, withPending(row, pending)])), [rows, pending]);
}

/** Keeps the queue with the night, and follows the frame that other parts of the window choose. */
function useQueue(night: string, shown: readonly string[]): void {
  const rows = useStore(nightStore, (state) => state.rows);
  const latest = useRef(shown);
  latest.current = shown;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another night is another walk
  useEffect(() => {
    enterReview(latest.current);
    return viewStore.subscribe(({ selected, pane }, before) => {
      if (selected === null || selected === before.selected || pane !== "review" || visit(selected)) return;
      makeQueue("all", latest.current, selected);
    });
  }, [night]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what came in makes the queue grow
  useEffect(() => growQueue(latest.current), [rows]);
}

/** How many frames joined the queue since its end was reached. */
function useCameSince(ended: boolean, length: number): number {
  const reached = useRef(length);
  if (!ended) reached.current = length;
  return length - reached.current;
}
