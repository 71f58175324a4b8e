import type { MethodInput, SortOutcomeView, UnfinishedSort } from "../../../../shared/contract.ts";
import { toNebuliftError } from "../../../../shared/errors.ts";
import { call } from "../../bridge.ts";
import { texts } from "../../texts/index.ts";
import { refreshInfo } from "../connect.ts";
import { infoStore } from "../info.ts";
import { nightStore } from "../night.ts";
import { type DoneSort, type SortingState, type SortStage, sortingStore, withPage } from "../sorting.ts";
import { say, toast, viewStore } from "../view.ts";
import { workStore } from "../work.ts";
import { attempt } from "./attempt.ts";
import { runWork } from "./work.ts";

/** Planning, running, finishing and taking back sorts. What comes of it is in the sorting store, for its dialog to show. */

export type SortWish = MethodInput<"sort.start">;

const show = (state: Partial<SortingState>): void => sortingStore.setState(state);

/** Opens the dialog on what is running, else on a new dry run. */
export function openSort(): void {
  const { running } = workStore.getState();
  const sorting = running !== null && running.what !== "export";
  show(sorting ? { stage: { name: "running" } } : { stage: { name: "planning" }, plan: null, trouble: null, moves: new Map() });
  viewStore.setState({ dialog: "sort" });
}

/** Opens the dialog on what it showed last: how a sort that went on without it has ended. */
export function reopenSort(): void {
  viewStore.setState({ dialog: "sort" });
}

export function askToUndo(sort: DoneSort): void {
  show({ stage: { name: "asking", sort } });
  viewStore.setState({ dialog: "sort" });
}

export function chooseSortFolder(): Promise<void> {
  return attempt(async () => {
    const night = nightKey();
    const output = await call("sort.chooseFolder", undefined);
    if (output !== null && night !== null) show({ outputs: { ...sortingStore.getState().outputs, [night]: output } });
  });
}

/** Names the open night for what is remembered of it in this window. */
export function nightKey(): string | null {
  return nightStore.getState().head?.paths.join("\n") ?? null;
}

let looking: AbortController | null = null;

/** Makes the dry run; one that was under way is given up for it. */
export async function lookAhead(wish: SortWish): Promise<void> {
  looking?.abort();
  const mine = new AbortController();
  looking = mine;
  asked.clear();
  show({ looking: true, trouble: null });
  try {
    const plan = await call("sort.plan", { ...wish, from: 0 }, mine.signal);
    if (looking === mine) show({ plan, looking: false, moves: withPage(new Map(), 0, plan.moves) });
  } catch (thrown) {
    if (looking === mine) show({ plan: null, looking: false, trouble: toNebuliftError(thrown).toEnvelope() });
  }
}

export function stopLooking(): void {
  looking?.abort();
  looking = null;
}

const asked = new Set<number>();

/** Asks for the page of moves that begins here, once. */
export async function loadMoves(wish: SortWish, from: number): Promise<void> {
  const mine = looking;
  if (asked.has(from) || sortingStore.getState().moves.has(from)) return;
  asked.add(from);
  await attempt(async () => {
    const { moves } = await call("sort.plan", { ...wish, from }, mine?.signal);
    if (looking === mine) show({ moves: withPage(sortingStore.getState().moves, from, moves) });
  });
  asked.delete(from);
}

export function startSort(wish: SortWish): Promise<void> {
  const { plan } = sortingStore.getState();
  return carry("sort", wish.action, null, wish.output, plan, (signal) => call("sort.start", wish, signal));
}

export function finishSort({ session, output, action }: UnfinishedSort): Promise<void> {
  return carry("finish", action, session, output, null, (signal) => call("sort.finish", { session }, signal));
}

export function undoSort({ session, output, action }: Pick<DoneSort, "session" | "output" | "action">): Promise<void> {
  return carry("undo", action, session, output, null, (signal) => call("sort.undo", { session }, signal));
}

type Way = Extract<SortStage, { name: "done" }>["by"];

async function carry(
  by: Way,
  action: DoneSort["action"],
  session: string | null,
  output: string,
  plan: SortingState["plan"],
  run: (signal: AbortSignal) => Promise<SortOutcomeView>,
): Promise<void> {
  if (workStore.getState().running !== null) return;
  show({ stage: { name: "running" } });
  viewStore.setState({ dialog: "sort" });
  const result = await runWork({ what: by, action, session }, run);
  if (result === null) return;
  await refreshInfo();
  if ("value" in result) {
    show({ stage: { name: "done", by, action, outcome: result.value, plan } });
    announce(texts.work.outcome.headline(by, action, result.value));
  } else {
    const why = result.error.toEnvelope();
    show({ stage: { name: "ended", why, unfinished: remainder(session, output) } });
    announce(why.code === "cancelled" ? texts.work.outcome.stopped : why.message);
  }
}

/** What is left of work that ended early. Errors before the first file leave nothing behind. */
function remainder(session: string | null, output: string): UnfinishedSort | null {
  const sorts = infoStore.getState().info?.unfinishedSorts ?? [];
  const own = sorts.filter((sort) => (session === null ? sort.output === output : sort.session === session));
  return own.sort((a, b) => b.when - a.when)[0] ?? null;
}

/** To ears always; to eyes by a toast when the dialog that would say it is closed. */
function announce(text: string): void {
  if (viewStore.getState().dialog === "sort") say(text);
  else toast(text, { label: texts.work.running.details, run: reopenSort });
}
