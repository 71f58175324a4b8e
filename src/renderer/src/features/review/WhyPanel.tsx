import type { FrameRow } from "../../../../shared/contract.ts";
import type { ReportFrame } from "../../../../shared/domain.ts";
import { DecisionHistory } from "../../components/DecisionHistory.tsx";
import { Icon } from "../../components/Icon.tsx";
import { Shortened } from "../../components/Shortened.tsx";
import { VerdictBadge } from "../../components/VerdictBadge.tsx";
import { decisionText } from "../../decision-text.ts";
import { percent } from "../../quantities.ts";
import { revealFrame } from "../../stores/actions/reveal.ts";
import { texts } from "../../texts/index.ts";
import { useFrameDetail } from "../../use-frame-detail.ts";
import { DecisionKeys } from "./DecisionKeys.tsx";
import { NearLimits, WhyReasons } from "./WhyReasons.tsx";
import "./why.css";

/** Why the frame was judged as it was, what the user said of it, and the keys that say it. */
export function WhyPanel({ row }: { row: FrameRow }) {
  const known = useFrameDetail(row);
  const words = texts.review.why;
  return (
    <aside className="why-panel" aria-label={words.label}>
      <header className="why-head">
        <h2>
          <Shortened text={row.name} />
        </h2>
        <dl className="why-verdicts">
          <div>
            <dt>{words.program}</dt>
            <dd>
              <VerdictBadge kind={row.frame.verdict} />
              {row.frame.probability !== null && (
                <span className="why-likely">{words.risk(percent(row.frame.probability), feeling(row.frame.probability))}</span>
              )}
            </dd>
          </div>
          <div>
            <dt>{words.you}</dt>
            <dd>
              <OwnVerdict frame={row.frame} />
            </dd>
          </div>
        </dl>
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys */}
      <section className="why-words" tabIndex={0} aria-label={words.reasons}>
        <WhyReasons frame={row.frame} />
        {known?.detail && <NearLimits evidence={known.detail.evidence} frame={row.frame} />}
        {known?.error && (
          <p className="why-failed">
            {words.detailFailed}. <span className="quiet">{known.error.message}</span>
          </p>
        )}
        {known?.detail && known.detail.history.length > 0 && <DecisionHistory history={known.detail.history} />}
        <p className="why-file">
          <button type="button" className="button button-small" onClick={() => void revealFrame(row.id)}>
            {words.reveal}
          </button>
        </p>
      </section>
      <DecisionKeys row={row} />
    </aside>
  );
}

/** A probability in words: few people feel the difference between 0.4 and 0.6. */
function feeling(probability: number): string {
  const { surely, rather, torn } = texts.review.why;
  if (probability < 0.1) return surely.fine;
  if (probability < 0.4) return rather.fine;
  if (probability <= 0.6) return torn;
  return probability <= 0.9 ? rather.harm : surely.harm;
}

function isLight({ verdict }: ReportFrame): boolean {
  return verdict !== "unreadable" && verdict !== "not-light";
}

function OwnVerdict({ frame }: { frame: ReportFrame }) {
  const { decided } = frame;
  const words = texts.review.why;
  if (!decided) return <span className="quiet">{isLight(frame) ? words.undecided : words.undecidable}</span>;
  return (
    <span className={`verdict verdict-${decided.verdict}`}>
      <Icon name={decided.verdict} size={14} />
      {decisionText(decided)}
    </span>
  );
}
