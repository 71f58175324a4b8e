import { useEffect, useMemo, useState } from "react";
import type { RuleDraft } from "../../../../../shared/contract.ts";
import { RulesTrials, type TrialAnswer } from "../../../stores/actions/rules.ts";
import { nightStore } from "../../../stores/night.ts";
import { rulesStore } from "../../../stores/rules.ts";
import { type RulePlace, tryingRule } from "./rules-document.ts";

/** What main says of a rule that is being written; null while there is no answer for it. */
export function useRuleTrial(draft: RuleDraft | null, instead: RulePlace | null): TrialAnswer | null {
  const trials = useMemo(() => new RulesTrials(), []);
  const [answer, setAnswer] = useState<TrialAnswer | null>(null);
  // The same rule is not asked about twice for being another object.
  const asked = draft === null ? null : JSON.stringify(draft);
  const place = JSON.stringify(instead);
  useEffect(() => {
    if (asked === null || nightStore.getState().head === null) {
      trials.stop();
      setAnswer(null);
      return;
    }
    const document = rulesStore.getState().rules?.document ?? {};
    trials.ask({ document: tryingRule(document, JSON.parse(asked), JSON.parse(place)), rule: true, told: setAnswer });
  }, [asked, place, trials]);
  useEffect(() => () => trials.stop(), [trials]);
  return answer;
}
