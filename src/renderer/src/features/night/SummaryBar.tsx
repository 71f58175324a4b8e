import { useStore } from "zustand";
import type { NightHead } from "../../../../shared/contract.ts";
import type { ReportSummary, VerdictKind } from "../../../../shared/domain.ts";
import { Icon } from "../../components/Icon.tsx";
import { integration, whole } from "../../quantities.ts";
import { viewStore } from "../../stores/view.ts";
import { texts } from "../../texts/index.ts";
import { ProgressStrip } from "./ProgressStrip.tsx";
import { RulesButton } from "./RulesButton.tsx";
import "./summary.css";

const KINDS: { kind: VerdictKind; count: (summary: ReportSummary) => number; minutes?: (summary: ReportSummary) => number }[] = [
  { kind: "clean", count: (summary) => summary.clean, minutes: (summary) => summary.minutes.clean },
  { kind: "review", count: (summary) => summary.review, minutes: (summary) => summary.minutes.review },
  { kind: "contaminated", count: (summary) => summary.contaminated, minutes: (summary) => summary.minutes.contaminated },
  { kind: "not-light", count: (summary) => summary.notLight },
  { kind: "unreadable", count: (summary) => summary.unreadable },
];

/** The night in one line; each number is a switch that shows only its frames. */
export function SummaryBar({ head }: { head: NightHead }) {
  const shown = useStore(viewStore, (state) => state.verdict);
  const { summary } = head;
  // While it runs, how far it is stands there.
  const ended = head.state === "done" || head.state === "cancelled";
  return (
    <section className="summary" aria-label={texts.summary.label}>
      <div className="tallies">
        {KINDS.map(({ kind, count, minutes }) => {
          const number = summary === null ? 0 : count(summary);
          const time = summary === null || minutes === undefined || number === 0 ? "" : integration(minutes(summary));
          return (
            <button
              key={kind}
              type="button"
              className={`tally verdict-${kind}`}
              aria-pressed={shown === kind}
              disabled={number === 0 && shown !== kind}
              onClick={() => viewStore.setState({ verdict: shown === kind ? null : kind, picked: new Set() })}
            >
              <Icon name={kind} size={18} />
              <span className="tally-number">{whole(number)}</span>
              <span className="tally-name">
                {texts.verdicts[kind].many}
                <span className="tally-time">{time}</span>
              </span>
            </button>
          );
        })}
      </div>
      <div className="summary-end">
        <ProgressStrip head={head}>
          {ended && summary !== null && summary.minutes.keptDespiteTrail > 0 && (
            <p className="quiet small summary-note">{texts.summary.keptDespiteTrail(integration(summary.minutes.keptDespiteTrail))}</p>
          )}
        </ProgressStrip>
      </div>
      <RulesButton />
    </section>
  );
}
