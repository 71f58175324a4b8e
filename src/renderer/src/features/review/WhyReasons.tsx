import type { Evidence, Reason, ReportFrame } from "../../../../shared/domain.ts";
import { metricNamed } from "../../../../shared/night-metrics.ts";
import { reasonFact } from "../../../../shared/reason-fact.ts";
import { Icon } from "../../components/Icon.tsx";
import { percent, sigmas, unbroken } from "../../quantities.ts";
import { texts } from "../../texts/index.ts";
import { asReason, nearLimits } from "./near-limits.ts";
import { ReasonBar } from "./ReasonBar.tsx";

const SEVERITY_ICON = { hard: "contaminated", soft: "review", info: "info" } as const;
const GRAVITY = { hard: 0, soft: 1, info: 2 } as const;

interface Cause {
  title: string;
  what: string | null;
  severity: Reason["severity"];
  reasons: Reason[];
}

/** Each cause with what was measured of it, in words and on a bar. */
export function WhyReasons({ frame }: { frame: ReportFrame }) {
  if (frame.error !== null) {
    return (
      <div>
        <p>{frame.error.message}</p>
        <p className="quiet">{frame.error.action}</p>
      </div>
    );
  }
  if (frame.verdict === "not-light") return <p>{texts.frame.notLight(frame.notLight ?? "")}</p>;
  if (frame.reasons.length === 0) return <p className="quiet">{texts.frame.clean}</p>;
  return (
    <ul className="causes">
      {causesOf(frame.reasons).map(({ title, what, severity, reasons }) => (
        <li key={title} className={`cause cause-${severity}`}>
          <Icon name={SEVERITY_ICON[severity]} size={15} />
          <div>
            <p className="cause-name">
              <strong>{title}</strong>
              {severity !== "hard" && <span className="quiet">{texts.review.why.noted}</span>}
            </p>
            {what !== null && <p className="quiet">{what}.</p>}
            {reasons.map((reason) => (
              <Fact key={reason.metric} reason={reason} />
            ))}
          </div>
        </li>
      ))}
    </ul>
  );
}

/** One cause can be seen by several measurements; it is named once, by the gravest. A rule of the user's stands by itself. */
function causesOf(reasons: readonly Reason[]): Cause[] {
  const words = texts.review.why;
  const named = Map.groupBy(reasons, ({ code, rule, severity }) =>
    rule === undefined ? texts.reasons[code].name : severity === "info" ? words.ruleKept(rule) : words.rule(rule),
  );
  return [...named].map(([title, own]) => {
    const sorted = own.toSorted((a, b) => GRAVITY[a.severity] - GRAVITY[b.severity]);
    const first = sorted[0];
    const metrics = Map.groupBy(sorted, ({ metric }) => metric);
    return {
      title,
      what: first === undefined || first.rule !== undefined ? null : texts.reasons[first.code].what,
      severity: first?.severity ?? "info",
      // Beyond the night's limit and beyond the absolute one is one fact: the graver is said.
      reasons: [...metrics.values()].flatMap(([gravest]) => gravest ?? []),
    };
  });
}

function Fact({ reason }: { reason: Reason }) {
  return (
    <div className="fact">
      <p>
        {sentence(reasonFact(reason))}
        {reason.z !== null && <Aside>{sigmas(reason.z)}</Aside>}
      </p>
      <ReasonBar value={reason.value} night={reason.baseline} limit={reason.limit} beyond={harmful(reason.metric)} />
    </div>
  );
}

/** After a wide space rather than a margin, which would indent it where it goes to a line of its own. */
function Aside({ children }: { children: string }) {
  return (
    <>
      {"\u2002"}
      <span className="fact-sigma">{children}</span>
    </>
  );
}

/** What would have been named next: it shows how sure the verdict is. */
export function NearLimits({ evidence, frame }: { evidence: readonly Evidence[]; frame: ReportFrame }) {
  const near = nearLimits(evidence, frame.reasons);
  if (near.length === 0) return null;
  return (
    <section className="why-near">
      <h3>{texts.review.why.near}</h3>
      <ul>
        {near.map((one) => (
          <li key={one.metric} className="fact">
            <p>
              {sentence(reasonFact(asReason(one)))}
              <Aside>{texts.review.why.passed(percent(one.chance))}</Aside>
            </p>
            <ReasonBar value={one.value} night={null} limit={one.limit} beyond={one.beyond} />
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Reasons do not carry on which side of their limit harm lies; what is good of their metric tells. */
function harmful(metric: string): "above" | "below" | null {
  const better = metricNamed(metric)?.better ?? null;
  return better === null ? null : better === "lower" ? "above" : "below";
}

function sentence(fact: string): string {
  return unbroken(fact.charAt(0).toUpperCase() + fact.slice(1));
}
