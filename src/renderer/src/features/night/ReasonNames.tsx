import type { ReportFrame } from "../../../../shared/domain.ts";
import { texts } from "../../texts/index.ts";

/** Why, in as few words as a table row has room for: what counts first, what was only noted after it. */
export function ReasonNames({ frame }: { frame: ReportFrame }) {
  if (frame.verdict === "not-light") return <span className="quiet">{frame.notLight ?? ""}</span>;
  if (frame.error !== null) return <span className="quiet">{frame.error.message}</span>;
  const counting = names(frame, (severity) => severity === "hard");
  const noted = names(frame, (severity) => severity !== "hard").filter((name) => !counting.includes(name));
  return (
    <span className="reason-names">
      {counting.join(", ")}
      {counting.length > 0 && noted.length > 0 && ", "}
      {noted.length > 0 && <span className="quiet">{noted.join(", ")}</span>}
    </span>
  );
}

function names(frame: ReportFrame, wanted: (severity: string) => boolean): string[] {
  return [
    ...new Set(frame.reasons.filter((reason) => wanted(reason.severity)).map((reason) => reason.rule ?? texts.reasons[reason.code].name)),
  ];
}
