import type { ReportFrame } from "../../../../shared/domain.ts";
import { finalVerdict } from "../../../../shared/final-verdict.ts";
import { Icon } from "../../components/Icon.tsx";
import { VerdictBadge } from "../../components/VerdictBadge.tsx";
import { texts } from "../../texts/index.ts";
import "./frame-verdict.css";

/** What holds for the frame, and whether it was the user who said so. */
export function FrameVerdict({ frame }: { frame: ReportFrame }) {
  const verdict = finalVerdict(frame);
  return (
    <span className="frame-verdict">
      <VerdictBadge kind={verdict} />
      {frame.decided != null && (
        <span className="yours" data-tip={decidedWords(frame)}>
          <Icon name="you" size={12} />
          <span className="for-ears">{decidedWords(frame)}</span>
        </span>
      )}
    </span>
  );
}

export function decidedWords({ verdict, decided }: ReportFrame): string {
  const words = texts.nightPane;
  return decided?.verdict === verdict ? words.yoursAgreed : words.yoursAgainst(texts.verdicts[verdict].one);
}
