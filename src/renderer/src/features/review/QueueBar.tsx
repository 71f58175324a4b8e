import type { NightHead } from "../../../../shared/contract.ts";
import { integration } from "../../quantities.ts";
import { makeQueue } from "../../stores/actions/review.ts";
import type { ReviewState } from "../../stores/review.ts";
import { QUEUE_KINDS } from "../../stores/review-queue.ts";
import { texts } from "../../texts/index.ts";
import { Hint } from "../hints/Hint.tsx";
import type { Tally } from "./tally.ts";

interface BarParts {
  head: NightHead;
  state: ReviewState;
  shown: readonly string[];
  tally: Tally;
}

/** Which frames are walked through, and how far one has come. */
export function QueueBar({ head, state, shown, tally }: BarParts) {
  const { kind, ids, at } = state;
  const words = texts.review.progress;
  const running = head.state === "grading" || head.state === "scanning" ? words.grading : head.state === "watching" ? words.watching : null;
  const done = ids.length === 0 ? 0 : tally.decided / ids.length;
  return (
    <header className="queue-bar">
      <div className="queue-kinds" role="toolbar" aria-label={texts.review.queueLabel}>
        {QUEUE_KINDS.map((name) => (
          <button
            key={name}
            type="button"
            className="queue-kind"
            aria-pressed={name === kind}
            data-tip={texts.review.queues[name].what}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => makeQueue(name, shown, ids[at] ?? null)}
          >
            {texts.review.queues[name].name}
          </button>
        ))}
      </div>
      <p className="queue-running quiet">
        {running}
        {running === null && ids.length > 0 && (
          <Hint id="review-keys" until={["review.keep", "review.reject", "review.doubt"]}>
            {texts.review.hint}
            <span className="hint-more">{texts.review.hintMore}</span>
          </Hint>
        )}
      </p>
      {ids.length > 0 && (
        <p className="queue-progress">
          <strong>{words.of(at + 1, ids.length)}</strong>
          <span>{words.decided(tally.decided)}</span>
          <span className="quiet">{words.doubt(integration(tally.minutesInDoubt))}</span>
          <span className="queue-track" aria-hidden="true">
            <span className="queue-fill" style={{ transform: `scaleX(${done})` }} />
          </span>
        </p>
      )}
    </header>
  );
}
