import type { Reason, ReportFrame } from "../../../../shared/domain.ts";
import { reasonFact } from "../../../../shared/reason-fact.ts";
import { ruleText } from "../../../../shared/rule-words.ts";
import { Icon } from "../../components/Icon.tsx";
import { sigmas, unbroken } from "../../quantities.ts";
import { texts } from "../../texts/index.ts";
import { type GatheredReasons, gatheredReasons } from "./gathered-reasons.ts";

const SEVERITY_ICON = { hard: "contaminated", soft: "review", info: "info" } as const;

/** Each reason with its evidence: what was measured, what the night has, how far off, and where. */
export function ReasonList({ frame }: { frame: ReportFrame }) {
  if (frame.error !== null) {
    return (
      <div className="reason-words">
        <p>{frame.error.message}</p>
        <p className="quiet">{frame.error.action}</p>
      </div>
    );
  }
  if (frame.verdict === "not-light") return <p className="reason-words">{texts.frame.notLight(frame.notLight ?? "")}</p>;
  if (frame.reasons.length === 0) return <p className="reason-words quiet">{texts.frame.clean}</p>;
  return (
    <ul className="reason-list">
      {gatheredReasons(frame.reasons).map(({ key, rule, code, severity, reasons }) => (
        <li key={key} className={`reason reason-${severity}`}>
          <Icon name={SEVERITY_ICON[severity]} size={15} />
          <div>
            <p className="reason-name">
              <strong>{rule === null ? texts.reasons[code].name : capitalised(ruleText({ ...firstOf(reasons), value: null }))}</strong>
              {severity === "soft" && <span className="quiet">{texts.frame.soft}</span>}
            </p>
            {rule === null && <p className="reason-what">{texts.reasons[code].what}.</p>}
            {reasons.map((reason) => (
              <p key={reason.metric} className="reason-evidence">
                {evidence(reason)}
              </p>
            ))}
          </div>
        </li>
      ))}
    </ul>
  );
}

function firstOf([reason]: GatheredReasons["reasons"]): Reason {
  return reason;
}

function capitalised(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}

function evidence(reason: Reason): string {
  const fact = reason.rule !== undefined && reason.value === null ? "" : capitalised(reasonFact(reason));
  const parts = fact === "" ? [] : [fact];
  // What is told in words above has its sigmas nowhere else.
  if (reason.z !== null && !fact.includes("sigma")) parts.push(sigmas(reason.z));
  if (reason.where?.cells !== undefined && reason.where.cells.length > 0) parts.push(texts.frame.cells(reason.where.cells.length));
  return unbroken(parts.join(" · "));
}
