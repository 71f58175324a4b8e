import type { FrameDetail } from "../../../shared/contract.ts";
import { dayText, hourText } from "../dates.ts";
import { decisionText } from "../decision-text.ts";
import { texts } from "../texts/index.ts";
import "./decision-history.css";

/** What was decided about a frame before, the last first; by the clock on the wall, because people decide by that. */
export function DecisionHistory({ history }: { history: FrameDetail["history"] }) {
  const now = Date.now();
  return (
    <section className="decision-history">
      <h3>{texts.frame.history}</h3>
      <ol>
        {history.toReversed().map(({ verdict, cause, when }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two decisions can be alike in everything, their order is their name
          <li key={index}>
            <time dateTime={new Date(when).toISOString()}>{momentText(when, now)}</time>
            <span>{verdict === null ? texts.frame.takenBack : decisionText({ verdict, cause })}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}

function momentText(when: number, now: number): string {
  const day = dayText(when, now);
  return day === "today" ? hourText(when) : `${day} ${hourText(when)}`;
}
