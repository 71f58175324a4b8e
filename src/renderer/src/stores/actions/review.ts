import type { FrameRow } from "../../../../shared/contract.ts";
import type { DecidedVerdict, ReasonCode } from "../../../../shared/domain.ts";
import { finalVerdict } from "../../../../shared/final-verdict.ts";
import { call } from "../../bridge.ts";
import { texts } from "../../texts/index.ts";
import { nightStore, rowOf } from "../night.ts";
import { type PendingDecision, reviewStore, stepped, withPending } from "../review.ts";
import { grownQueue, type QueueKind, queueOf } from "../review-queue.ts";
import { say, toast, viewStore } from "../view.ts";
import { attempt } from "./attempt.ts";
import { stepDecisions } from "./decisions.ts";

/** Walking through frames and deciding about them. */

function source(shown: readonly string[]) {
  const { head, rows } = nightStore.getState();
  return { rows, shown, seed: head?.paths.join("\n") ?? "" };
}

/** The frame before the eyes is the same in every pane. */
function look(): void {
  const { ids, at } = reviewStore.getState();
  const selected = ids[at];
  if (selected !== undefined && viewStore.getState().selected !== selected) viewStore.setState({ selected });
}

/** Makes a queue anew, and begins at `frame` when it is in it. */
export function makeQueue(kind: QueueKind, shown: readonly string[], frame: string | null = null): void {
  const night = nightStore.getState().head?.id ?? null;
  const ids = queueOf(kind, source(shown));
  const pinned = reviewStore.getState().night === night ? reviewStore.getState().pinned : null;
  reviewStore.setState({ night, kind, ids, at: Math.max(0, frame === null ? 0 : ids.indexOf(frame)), ended: false, way: 1, pinned });
  look();
}

/** What came in since stands behind what is there. */
export function growQueue(shown: readonly string[]): void {
  const { kind, ids } = reviewStore.getState();
  // While nothing is there yet nothing can jump, so the order may still be the right one.
  if (ids.length === 0) makeQueue(kind, shown, viewStore.getState().selected);
  else reviewStore.setState({ ids: grownQueue(ids, kind, source(shown)) });
}

/** On coming to the pane: goes on with this night's queue, or makes one. */
export function enterReview(shown: readonly string[]): void {
  const { night, kind, ids } = reviewStore.getState();
  const { selected } = viewStore.getState();
  const same = night === nightStore.getState().head?.id;
  const changed = kind === "shown" && ids.join() !== queueOf("shown", source(shown)).join();
  if (!same) makeQueue("doubtful", shown, selected);
  else if (changed) makeQueue("shown", shown, selected);
  else growQueue(shown);
  if (selected === null || !visit(selected)) look();
}

/** Goes to this frame where the queue has it; false where it has not. */
export function visit(id: string): boolean {
  const { ids, at, ended } = reviewStore.getState();
  const place = ids.indexOf(id);
  if (place < 0) return false;
  if (place !== at || ended) goTo(place);
  return true;
}

/** Shows this frame in the review pane, whatever queue it takes; what the night pane shows, in its order, is preferred. */
export function reviewFrame(id: string, shown: readonly string[]): void {
  const { night } = reviewStore.getState();
  if (night !== nightStore.getState().head?.id || !visit(id)) makeQueue(shown.includes(id) ? "shown" : "all", shown, id);
  viewStore.setState({ pane: "review", dialog: null, selected: id });
}

export function goTo(at: number): void {
  reviewStore.setState((state) => ({ at, ended: false, way: at < state.at ? -1 : 1 }));
  look();
}

export function step(by: number): void {
  reviewStore.setState((state) => stepped(state, by));
  look();
}

export function pin(id: string | null): void {
  reviewStore.setState({ pinned: id });
  const name = rowOf(id)?.name;
  toast(name === undefined ? texts.review.unpinned : texts.review.pinned(name));
}

// ---------------------------------------------------------------- decisions

let tokens = 0;
let before: Promise<void> = Promise.resolve();

/** One after the other, in the order of the keys: an undo must not overtake the decision it is about. */
function inTurn(work: () => Promise<void>): Promise<void> {
  before = before.then(work, work);
  return before;
}

/**
 * Decides about the frame before the eyes and goes on to the next one at once. A null verdict takes the user's decision
 * back and stays, because what the program says is what one wants to see then. When it cannot be kept, the mark goes away
 * again, the frame comes back and the error is shown.
 */
export function decideHere(verdict: DecidedVerdict | null, cause: ReasonCode | null = null): Promise<void> {
  const { ids, at, ended } = reviewStore.getState();
  const row = rowOf(ids[at] ?? null);
  if (ended || row === null) return Promise.resolve();
  const refusal = refusalOf(row);
  if (refusal !== null) {
    toast(refusal);
    return Promise.resolve();
  }
  const agreed = verdict === "contaminated" ? (cause ?? row.frame.reasons[0]?.code ?? null) : null;
  tokens += 1;
  const token = tokens;
  setPending(row.id, { token, verdict, cause: agreed, when: Date.now() });
  say(spoken(row, at, ids.length));
  if (verdict !== null) step(1);
  return inTurn(() =>
    attempt(async () => {
      try {
        await call("decisions.decide", { ids: [row.id], verdict, cause: agreed });
      } catch (error) {
        visit(row.id);
        throw error;
      } finally {
        if (reviewStore.getState().pending.get(row.id)?.token === token) setPending(row.id, null);
      }
    }),
  );
}

/** Why nobody can decide about this frame; null when one can. */
function refusalOf({ frame, name }: FrameRow): string | null {
  if (frame.verdict === "unreadable") return texts.review.cannotDecide.unreadable(name);
  if (frame.verdict === "not-light") return texts.review.cannotDecide.notLight(name);
  return null;
}

function spoken(row: FrameRow, at: number, count: number): string {
  const frame = withPending(row, reviewStore.getState().pending).frame;
  const decided = frame.decided?.verdict;
  const place = texts.review.place(at + 1, count);
  return decided === undefined
    ? texts.review.said.cleared(place, texts.verdicts[finalVerdict(frame)].one)
    : `${texts.review.said[decided]} ${place}`;
}

function setPending(id: string, decision: PendingDecision | null): void {
  const pending = new Map(reviewStore.getState().pending);
  if (decision === null) pending.delete(id);
  else pending.set(id, decision);
  reviewStore.setState({ pending });
}

/** Takes the last decision back, or makes it again, and goes to the frame it was about. */
export function stepHistory(way: "undo" | "redo"): Promise<void> {
  return inTurn(async () => {
    const { trouble } = viewStore.getState();
    const ids = await stepDecisions(way);
    if (ids === null) {
      if (viewStore.getState().trouble === trouble) toast(way === "undo" ? texts.review.nothingToUndo : texts.review.nothingToRedo);
      return;
    }
    const id = ids.at(-1) ?? null;
    const row = rowOf(id);
    if (row === null || id === null) return;
    const verdict = texts.verdicts[finalVerdict(row.frame)].one;
    const inQueue = visit(id);
    const { at, ids: queue } = reviewStore.getState();
    if (inQueue) say(texts.review.said[way](texts.review.place(at + 1, queue.length), verdict));
    else toast(texts.review.said[way](row.name, verdict));
  });
}
