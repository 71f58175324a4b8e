import type { ReportFrame } from "../../../../shared/domain.ts";
import { finalVerdict } from "../../../../shared/final-verdict.ts";
import { Icon } from "../../components/Icon.tsx";
import { texts } from "../../texts/index.ts";

/** What holds for a frame, and by whose word: filled and with a person where the user said so. */
export function VerdictTag({ frame, words = true }: { frame: ReportFrame; words?: boolean }) {
  const kind = finalVerdict(frame);
  const own = frame.decided !== null && frame.decided !== undefined && frame.verdict !== "unreadable";
  const name = own && frame.decided ? texts.review.why.decided[frame.decided.verdict] : texts.verdicts[kind].one;
  return (
    <span className={`verdict verdict-${kind}${own ? " verdict-own" : ""}`}>
      <Icon name={kind} size={14} />
      {own && <Icon name="you" size={12} />}
      <span className={words ? undefined : "for-ears"}>
        {name}
        {own && <span className="for-ears"> ({texts.review.strip.you})</span>}
      </span>
    </span>
  );
}
