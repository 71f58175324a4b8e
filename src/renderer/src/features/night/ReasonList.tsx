import type { Reason, ReportFrame } from "../../../../shared/domain.ts";
import { Icon } from "../../components/Icon.tsx";
import { measured, sigmas } from "../../quantities.ts";
import { texts } from "../../texts/index.ts";
import { metricLabel, unitText } from "./metric-words.ts";

const SEVERITY_ICON = { hard: "contaminated", soft: "review", info: "info" } as const;

/** Each reason with its evidence: what was measured, what the night has, how far off, and where. */
export function ReasonList({ frame }: { frame: ReportFrame }) {
  if (frame.error !== null) {
    return (
      <div className="why-words">
        <p>{frame.error.message}</p>
        <p className="quiet">{frame.error.action}</p>
      </div>
    );
  }
  if (frame.verdict === "not-light") return <p className="why-words">{texts.frame.notLight(frame.notLight ?? "")}</p>;
  if (frame.reasons.length === 0) return <p className="why-words quiet">{texts.frame.clean}</p>;
  return (
    <ul className="why">
      {gathered(frame.reasons).map(({ code, severity, reasons }) => (
        <li key={code} className={`why-item why-${severity}`}>
          <Icon name={SEVERITY_ICON[severity]} size={15} />
          <div>
            <p className="why-name">
              <strong>{texts.reasons[code].name}</strong>
              {severity !== "hard" && <span className="quiet">{texts.frame.soft}</span>}
            </p>
            <p className="why-what">{texts.reasons[code].what}.</p>
            {reasons.map((reason) => (
              <p key={reason.metric} className="why-evidence">
                {evidence(reason)}
              </p>
            ))}
          </div>
        </li>
      ))}
    </ul>
  );
}

const GRAVITY = { hard: 0, soft: 1, info: 2 } as const;

/** One cause can have several pieces of evidence; it is named once, by the gravest of them. */
function gathered(reasons: Reason[]): { code: Reason["code"]; severity: Reason["severity"]; reasons: Reason[] }[] {
  const byCode = Map.groupBy(reasons, ({ code }) => code);
  return [...byCode].map(([code, own]) => {
    const sorted = own.toSorted((a, b) => GRAVITY[a.severity] - GRAVITY[b.severity]);
    return { code, severity: sorted[0]?.severity ?? "info", reasons: sorted };
  });
}

function evidence(reason: Reason): string {
  if (reason.code === "too-few" && reason.value !== null && reason.limit !== null) return texts.frame.fewer(reason.value, reason.limit);
  const printed = unitText(reason.unit);
  const unit = printed === "" ? "" : `\u2009${printed}`;
  const parts: string[] = [];
  if (reason.value !== null) parts.push(`${metricLabel(reason.metric)} ${measured(reason.value)}${unit}`);
  if (reason.baseline !== null) parts.push(`${texts.frame.night.toLowerCase()} ${measured(reason.baseline)}${unit}`);
  if (reason.limit !== null) parts.push(`${texts.frame.limit} ${measured(reason.limit)}${unit}`);
  if (reason.z !== null) parts.push(sigmas(reason.z));
  if (reason.where?.cells !== undefined && reason.where.cells.length > 0) parts.push(texts.frame.cells(reason.where.cells.length));
  if (reason.where?.lines !== undefined && reason.where.lines.length > 0) parts.push(texts.frame.lines(reason.where.lines.length));
  return parts.join(" · ");
}
