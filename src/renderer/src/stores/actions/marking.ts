import type { DecidedVerdict } from "../../../../shared/domain.ts";
import { isLight } from "../../../../shared/review-order.ts";
import { texts } from "../../texts/index.ts";
import { rowOf } from "../night.ts";
import { meant, nextAfter } from "../selection.ts";
import { say, toast, viewStore } from "../view.ts";
import { decide, stepDecisions } from "./decisions.ts";

/** Decisions on the frames that are picked in a list; `order` is that list as it is shown. */

const words = texts.nightPane.picked;

/** Decides on what is meant and goes on to the next frame; several at once can be taken back from where it is said. */
export async function mark(verdict: DecidedVerdict | null, order: readonly string[]): Promise<void> {
  const ids = meant(viewStore.getState(), order).filter(mayBeDecided);
  if (ids.length === 0) return;
  // Going back to the program's word is to see what it says, so the frame stays before the eyes.
  const next = verdict === null ? (ids[0] ?? null) : nextAfter(ids, order);
  viewStore.setState({ selected: next, picked: new Set() });
  const done = verdict === null ? words.cleared(ids.length) : words.done[verdict](ids.length);
  if (ids.length === 1) say(done);
  else toast(done, { label: words.undo, run: () => void takeBack("undo") });
  await decide(ids, verdict);
}

function mayBeDecided(id: string): boolean {
  const row = rowOf(id);
  return row !== null && isLight(row.frame);
}

/** Steps through decisions, and shows the frames that the step was about. */
export async function takeBack(way: "undo" | "redo"): Promise<void> {
  const ids = await stepDecisions(way);
  const [first] = ids ?? [];
  if (ids === null || first === undefined) return say(way === "undo" ? words.nothing : words.nothingAgain);
  viewStore.setState({ selected: first, picked: ids.length > 1 ? new Set(ids) : new Set() });
  say(way === "undo" ? words.undone(ids.length) : words.redone(ids.length));
}
