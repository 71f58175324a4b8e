import { useStore } from "zustand";
import type { RuleDraft } from "../../../../../shared/contract.ts";
import { Icon } from "../../../components/Icon.tsx";
import { integration } from "../../../quantities.ts";
import type { TrialAnswer } from "../../../stores/actions/rules.ts";
import { nightStore } from "../../../stores/night.ts";
import { texts } from "../../../texts/index.ts";

const words = texts.nightPane.rules;

/** What the rule would do to the night, or why it is none. One line, always there, so that the form stays where it is. */
export function RuleTrial({ draft, answer }: { draft: RuleDraft | null; answer: TrialAnswer | null }) {
  const open = useStore(nightStore, (state) => state.head !== null);
  if (answer !== null && draft !== null && "refused" in answer) {
    return (
      <p className="rule-trial rule-refused" role="alert">
        <Icon name="unreadable" size={14} />
        <span>{withoutPlace(answer.refused.detail) || answer.refused.message}</span>
      </p>
    );
  }
  return (
    <p className="rule-trial" role="status">
      {told(open, draft, answer)}
    </p>
  );
}

function told(open: boolean, draft: RuleDraft | null, answer: TrialAnswer | null): string {
  if (!open) return words.noNight;
  if (draft === null) return words.incomplete;
  if (answer === null || !("trial" in answer)) return texts.nightPane.plots.counting;
  const { affected, changed } = answer.trial;
  if (affected === null || affected.frames === 0) return words.touchesNone;
  return words.touches(affected.frames, integration(affected.minutes), changed);
}

/** Main names line and field of a rules file; here there is only the one field that was just typed into. */
function withoutPlace(detail: string): string {
  return detail.replace(/^.*?rules\[\d+\](\.\w+)?: /, "");
}
