import type { Reason, ReportFrame } from "../../../../shared/domain.ts";
import { Icon } from "../../components/Icon.tsx";
import { measured, sigmas } from "../../quantities.ts";
import { texts } from "../../texts.ts";
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
      {frame.reasons.map((reason, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: reasons of one frame have no other name and never change places
        <li key={index} className={`why-item why-${reason.severity}`}>
          <Icon name={SEVERITY_ICON[reason.severity]} size={15} />
          <div>
            <p className="why-name">
              <strong>{texts.reasons[reason.code].name}</strong>
              {reason.severity !== "hard" && <span className="quiet">{texts.frame.soft}</span>}
            </p>
            <p className="why-what">{texts.reasons[reason.code].what}.</p>
            <p className="why-evidence">{evidence(reason)}</p>
          </div>
        </li>
      ))}
    </ul>
  );
}

function evidence(reason: Reason): string {
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
