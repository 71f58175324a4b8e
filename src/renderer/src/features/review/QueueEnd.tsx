import { useRef } from "react";
import { useStore } from "zustand";
import type { NightHead } from "../../../../shared/contract.ts";
import { finalVerdict } from "../../../../shared/final-verdict.ts";
import { Icon } from "../../components/Icon.tsx";
import { integration } from "../../quantities.ts";
import { goTo, makeQueue } from "../../stores/actions/review.ts";
import { canRun, commandStore, runCommand } from "../../stores/commands.ts";
import { nightStore } from "../../stores/night.ts";
import type { ReviewState } from "../../stores/review.ts";
import { type QueueKind, queueOf } from "../../stores/review-queue.ts";
import { showPane } from "../../stores/view.ts";
import { texts } from "../../texts/index.ts";
import { CommandKey } from "../hints/CommandKey.tsx";
import type { Tally } from "./tally.ts";
import { useLostFocus } from "./use-lost-focus.ts";
import "./queue-end.css";

interface EndParts {
  state: ReviewState;
  shown: readonly string[];
  tally: Tally;
  /** Place in the queue of the first frame that nobody decided; null when there is none. */
  firstOpen: number | null;
  /** Frames that came in since the end was reached. */
  more: number;
}

/** Past the last frame: what was decided, what it gained, and what could be next. */
export function QueueEnd({ state, shown, tally, firstOpen, more }: EndParts) {
  const words = texts.review.end;
  const rows = useStore(nightStore, (night) => night.rows);
  const undo = useStore(nightStore, (night) => night.head?.undo ?? 0);
  const section = useRef<HTMLElement>(null);
  useLostFocus(section);
  useStore(commandStore);
  const inDoubt = rows.filter(({ frame }) => finalVerdict(frame) === "review").length;
  const flagged = queueOf("flagged", { rows, shown, seed: "" }).length;
  const counts: [keyof typeof words & ("kept" | "rejected" | "doubt" | "open"), number, "clean" | "contaminated" | "review" | null][] = [
    ["kept", tally.kept, "clean"],
    ["rejected", tally.rejected, "contaminated"],
    ["doubt", tally.doubt, "review"],
    ["open", tally.open, null],
  ];
  const doubtful = state.kind === "doubtful";
  return (
    <section ref={section} className="queue-end" aria-labelledby="queue-end-title" data-pane-main="" tabIndex={-1}>
      <span className={`verdict-${inDoubt === 0 ? "clean" : "review"}`}>
        <Icon name={inDoubt === 0 ? "clean" : "review"} size={40} />
      </span>
      <h2 id="queue-end-title">{doubtful && inDoubt > 0 ? words.titleStill(inDoubt) : words.title(state.kind)}</h2>
      {tally.decided === 0 ? (
        <p className="quiet">{words.none}</p>
      ) : (
        <ul className="end-counts">
          {counts.map(
            ([name, count, kind]) =>
              count > 0 && (
                <li key={name} className={kind === null ? "quiet" : `verdict-${kind}`}>
                  {kind !== null && <Icon name={kind} size={15} />}
                  <span>{words[name](count)}</span>
                </li>
              ),
          )}
        </ul>
      )}
      {tally.gained > 0 && <p className="end-time">{words.gained(integration(tally.gained))}</p>}
      {tally.lost > 0 && <p className="end-time">{words.lost(integration(tally.lost))}</p>}
      <div className="end-next">
        {more > 0 && (
          <button type="button" className="button button-main" onClick={() => goTo(state.at + 1)}>
            {words.more(more)}: {words.goOn}
          </button>
        )}
        {more === 0 && canRun("night.sort") && (
          <button type="button" className="button button-main" onClick={() => runCommand("night.sort")}>
            {words.sort}
          </button>
        )}
      </div>
      <div className="end-next">
        {firstOpen !== null && (
          <button type="button" className="button" onClick={() => goTo(firstOpen)}>
            {words.firstOpen}
          </button>
        )}
        {doubtful && flagged > state.ids.length && (
          <button type="button" className="button" onClick={() => makeQueue("flagged", shown)}>
            {words.flagged(flagged)}
          </button>
        )}
        {state.kind !== "audit" && (
          <button type="button" className="button" onClick={() => makeQueue("audit", shown)}>
            {words.audit}
          </button>
        )}
        <button type="button" className="button" onClick={() => goTo(0)}>
          {words.first}
        </button>
        {undo > 0 && (
          <button type="button" className="button" onClick={() => runCommand("review.undo")}>
            {words.undo}
            <CommandKey id="review.undo" />
          </button>
        )}
      </div>
    </section>
  );
}

const OTHERS: readonly QueueKind[] = ["doubtful", "flagged", "all", "audit"];

/** A queue without frames: why that is, and what there is to look at instead. */
export function EmptyQueue({ head, kind, shown }: { head: NightHead; kind: QueueKind; shown: readonly string[] }) {
  const rows = useStore(nightStore, (night) => night.rows);
  const section = useRef<HTMLElement>(null);
  useLostFocus(section);
  const words = texts.review.empty;
  const { title, lead } = words[kind];
  const lights = rows.filter(({ frame }) => frame.verdict !== "not-light" && frame.verdict !== "unreadable").length;
  const running = head.state === "grading" || head.state === "scanning" || head.state === "simulating";
  const fine = !running && (kind === "doubtful" || kind === "flagged");
  const source = { rows, shown, seed: head.paths.join("\n") };
  return (
    <section ref={section} className="queue-end" aria-labelledby="queue-end-title" data-pane-main="" tabIndex={-1}>
      <span className={fine ? "verdict-clean" : "quiet"}>
        <Icon name={fine ? "clean" : "info"} size={40} />
      </span>
      <h2 id="queue-end-title">{title}</h2>
      <p className="quiet">{running ? words.soFar(head.progress.finished, head.progress.found) : lead(lights)}</p>
      <div className="end-next">
        {OTHERS.filter((other) => other !== kind).map((other) => {
          const { length } = queueOf(other, source);
          return (
            length > 0 && (
              <button key={other} type="button" className="button" onClick={() => makeQueue(other, shown)}>
                {words.look(texts.review.queues[other].name, length)}
              </button>
            )
          );
        })}
        <button type="button" className="button" onClick={() => showPane("night")}>
          {words.toNight}
        </button>
      </div>
    </section>
  );
}
