import { useId } from "react";
import type { RulesState } from "../../../../../shared/contract.ts";
import { percent } from "../../../quantities.ts";
import { texts } from "../../../texts/index.ts";
import { NumberField } from "./NumberField.tsx";
import type { KeepRules } from "./use-kept-rules.ts";

const words = texts.nightPane.rules;
const POLICIES = ["auto", "strict", "ignore"] as const;

/** How trails are taken, and how sure Nebulift has to be to decide alone. */
export function JudgingChoices({ rules, keep }: { rules: RulesState; keep: KeepRules }) {
  const { document, trails, review, leastGroup } = rules;
  const [from, to] = [useId(), useId()];
  const group = useId();
  return (
    <section className="rules-part">
      <fieldset className="policies">
        <legend>{words.trails}</legend>
        {POLICIES.map((policy) => (
          <label key={policy} className="policy">
            <input
              type="radio"
              name="trails"
              checked={trails === policy}
              onChange={() => void keep({ ...document, trails: policy }, words.changed)}
            />
            <span className="radio-dot" aria-hidden="true" />
            <span>
              {words.trailPolicies[policy].name}
              <span className="limit-what">{words.trailPolicies[policy].what}</span>
            </span>
          </label>
        ))}
      </fieldset>
      <h3>{words.band}</h3>
      <p className="quiet small">{words.bandWhat(percent(review[0]), percent(review[1]))}</p>
      <div className="band">
        <label htmlFor={from}>{words.bandFrom}</label>
        <NumberField
          id={from}
          value={review[0]}
          within={[0, review[1]]}
          onChange={(next) => void keep({ ...document, review: [next, review[1]] }, words.changed)}
        />
        <label htmlFor={to}>{words.bandTo}</label>
        <NumberField
          id={to}
          value={review[1]}
          within={[review[0], 1]}
          onChange={(next) => void keep({ ...document, review: [review[0], next] }, words.changed)}
        />
      </div>
      <div className="band">
        <label htmlFor={group}>{words.leastGroup}</label>
        <NumberField
          id={group}
          value={leastGroup}
          within={[3, 1000]}
          onChange={(next) => void keep({ ...document, leastGroup: Math.round(next) }, words.changed)}
        />
      </div>
    </section>
  );
}
